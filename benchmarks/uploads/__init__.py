"""Files that come in in pieces: what they cost the others, and what they outlive."""
