"""Signs and words of the pages of assignments."""
