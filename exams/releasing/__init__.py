"""How somebody stands on the way to their exam, its release with what holds from then on, and its
start; what it asks is left to `defining`."""
