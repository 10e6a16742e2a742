"""What a programme asks beside its courses: themes, assignments and their versions, and what a
change would do before it is made; what people make of it is left to `assignments`."""
