"""What a certification asks, its versions, and what a change would do before it is made; who is to
earn it is left to `assigning`."""
