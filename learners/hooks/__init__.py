"""Where apps hook in: what one can offer the others, and who offers what; what it offers is left to
each app."""
