"""Who is reminded of which moment of a cycle, and when; what the moments lead to is left to
`cycles`."""
