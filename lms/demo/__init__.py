"""What exists in demo mode only: a story to walk through, and who can be tried in it."""
