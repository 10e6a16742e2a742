"""Sets the product up on a machine that has little more than Python.

Only the standard library in here, because nothing else is there yet.
"""
