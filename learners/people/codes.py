"""The codes that become paid time: unguessable, and easy to type from paper."""

import secrets

from learners.models.subscription_code import LENGTH

# Without what is taken for something else: no 0 and O, no 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUP = 4
LONGEST_TYPED = 60


def new_code() -> str:
    """Return an unguessable code, without the dashes that it is shown with."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return a code in groups of four: 7F3K-92QX-MB4T."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def read(typed: str) -> str:
    """Return the code that somebody typed, in whatever case and with whatever between; '' if it
    cannot be one."""
    code = "".join(c for c in typed[:LONGEST_TYPED].upper() if c.isalnum())
    return code if len(code) == LENGTH and not set(code) - set(ALPHABET) else ""
