"""The pages of assignments: each fetches what its user may see, calls one function, and shows or
leads on."""
