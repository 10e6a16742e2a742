"""Who comes in, for how long and with how much, what browsers are told to refuse, and what is kept
of a person; what an app holds of them is left to what it offers."""
