"""How each cycle of a certification stands, what fulfils it and when the next begins, worked out
from what was done; what a certification asks is left to `defining`."""
