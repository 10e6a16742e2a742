"""Long work that can be left and found again, and writing many rows at once; what is done is left
to who asks for it."""
