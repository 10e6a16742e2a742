"""Meetings and marks: the register in which a teacher says who was there and how it went; what that
earns is left to `certifications`."""
