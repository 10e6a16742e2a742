"""What each role may do, and how long somebody may work in a programme; who has a right on one row
is left to the querysets of its model."""
