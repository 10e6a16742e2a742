"""How names and addresses are stored so that both databases find and sort them alike.

Neither SQLite nor PostgreSQL folds accents and case in the same way, so what is searched and
sorted is worked out here, in Python, and stored beside what people see.
"""

import unicodedata

FAMILY_NAME_PARTICLES = frozenset(
    "'s 't aan af al bij da das de del della den der des di do dos du el het in la las le les "
    "los of op over te ten ter tot uit uijt van vanden vander ver vom von voor zu zum zur".split()
)

TURNS_WRITING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Letters that are no other letter with an accent, and are typed as one all the same.
BARE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe"}
)


def folded(text: str) -> str:
    """Return the text without case and accents, with single spaces: 'Zoë  ÇELIK' → 'zoe celik'."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    decomposed = unicodedata.normalize("NFKD", decomposed).casefold().translate(BARE_LETTERS)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.split())


def normalised_email(address: str) -> str:
    """Return the address as it is stored and compared: NFKC, lower case, without spaces around."""
    compatible = unicodedata.normalize("NFKC", address).lower()
    return unicodedata.normalize("NFKC", compatible).strip().lower()


def sort_name(name: str) -> str:
    """Return the name as it is sorted: family name with its particles first, then what precedes it.

    'Emma Van den Broeck' → 'van den broeck, emma'; 'Thi Mai Nguyen' → 'nguyen, thi mai'. Particles
    count as part of the family name, as in Flanders; a person can be given another sort name.
    """
    words = folded(name).split()
    if len(words) < 2:
        return " ".join(words)
    particles = (i for i, word in enumerate(words[1:-1], 1) if word in FAMILY_NAME_PARTICLES)
    start = next(particles, len(words) - 1)
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"


def initials(name: str) -> str:
    """Return one or two capitals for the round picture of somebody without a photo."""
    words = name.split()
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()


def cleaned(name: str) -> str:
    """Return a name on one line, without what turns the direction of writing round; marks that
    Arabic, Hebrew and Persian names need stay."""
    kept = (letter for letter in " ".join(name.split()) if letter not in TURNS_WRITING)
    return "".join(letter for letter in kept if unicodedata.category(letter) != "Cc").strip()
