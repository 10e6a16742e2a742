"""Keys of rows as addresses and forms name them."""

DIGITS = 18  # what a column of keys holds for certain


def key_in(text: str) -> int | None:
    """Return the key that a text names; None for what cannot be one."""
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS
    return int(text) if is_number else None
