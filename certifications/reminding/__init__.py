"""Who is reminded of which moment of a round, and when; what the moments lead to is left to
`cycles`."""
