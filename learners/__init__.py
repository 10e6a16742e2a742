"""The ground: the relational model that every app shares, and the rules about it; nothing here
knows who stands above."""
