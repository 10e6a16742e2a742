"""What assignments offer the roof and the other apps, piece by piece; `offer.py` is the list of
it."""
