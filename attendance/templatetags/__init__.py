"""Words and signs of the register for its templates; what they say is decided elsewhere."""
