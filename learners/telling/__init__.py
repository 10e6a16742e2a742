"""How people are told something: notifications, mails, their words, days as people say them,
colours and Markdown; what is told, and when, is left to who tells it."""
