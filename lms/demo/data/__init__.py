"""What the demo is written down in, and how it is read; what is made of it is left to
`chapters`."""
