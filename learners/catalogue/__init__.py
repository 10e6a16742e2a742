"""What is on offer, which version stands in for which, and what is put aside; whether somebody gets
in is left to `enrolling`."""
