"""The codes by which anybody checks a certificate: unguessable, and easy to type from paper."""

import re
import secrets

# Crockford's base 32: what looks alike stands for the same, so that a misreading still finds it.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("OILU", "011V")
LENGTH = 12  # 32¹² codes: finding one of a million takes 10¹² tries
GROUP = 4
LONGEST_TYPED = 60
NUMBER = re.compile(r".+[\s./–-]\d{4}[\s./–-]\d{6}")


def new_code() -> str:
    """Return an unguessable code, without the hyphens that it is shown with."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """Return a code in groups of four: 7F3K-92QX-MB4T."""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def is_number(typed: str) -> bool:
    """Whether somebody typed the number of a certificate, VAV-2026-004217, in place of its code."""
    return NUMBER.fullmatch(typed[:LONGEST_TYPED].strip()) is not None


def read(typed: str) -> str:
    """Return the code that somebody typed, in whatever case and with whatever between; '' if it
    cannot be one."""
    letters = "".join(c for c in typed[:LONGEST_TYPED].upper() if c.isalnum())
    code = letters.translate(LOOKALIKES)
    return code if len(code) == LENGTH and not set(code) - set(ALPHABET) else ""
