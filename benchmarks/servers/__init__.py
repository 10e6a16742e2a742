"""Web servers beside each other: how each fares while many clients are slow, with two workers."""
