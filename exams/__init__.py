"""Assignments and what follows them: what a programme asks, what is handed in, and how it is
judged; what that earns is left to `certifications`."""
