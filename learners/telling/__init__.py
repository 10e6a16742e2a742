"""How people are told something: notifications, mails, their words, colours and Markdown; what is
told, and when, is left to who tells it."""
