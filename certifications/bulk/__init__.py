"""Assigning to many: whom it is for, what would happen, the work of it, and rules that keep on."""
