"""Who sees and may do what of the ground, and by whom every floor is tried."""
