"""Taking in a file in pieces, so that a lost connection, a closed laptop or a killed process costs
nothing that arrived; and the field of a form in which one chooses it."""
