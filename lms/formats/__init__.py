"""How the house writes dates and times, past what Django knows of a language."""
