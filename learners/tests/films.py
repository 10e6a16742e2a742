"""Films and pictures of phones for tests: no more than the boxes that say what they are."""

from struct import pack


def box(name: bytes, *parts: bytes) -> bytes:
    """Return a box as most files have it."""
    content = b"".join(parts)
    return pack(">I", 8 + len(content)) + name + content


def long_box(name: bytes, *parts: bytes) -> bytes:
    """Return a box with a length of 64 bits, as films of gigabytes have them."""
    content = b"".join(parts)
    return pack(">I", 1) + name + pack(">Q", 16 + len(content)) + content


def open_box(name: bytes, *parts: bytes) -> bytes:
    """Return a box that says that it goes on until the end."""
    return pack(">I", 0) + name + b"".join(parts)


def brands(first: bytes, *others: bytes) -> bytes:
    """Return what a file says that it is, and what it is like."""
    return box(b"ftyp", first, pack(">I", 512), *others)


def a_track(kind: bytes, way: bytes) -> bytes:
    """Return a track of pictures (`vide`), sound (`soun`) or something else, written this way."""
    about = box(b"hdlr", bytes(8), kind, bytes(13))
    ways = box(b"stsd", pack(">II", 0, 1), box(way, bytes(70)))
    many = box(b"stts", bytes(4_000))
    inner = box(b"minf", box(b"dinf"), box(b"stbl", many, ways))
    return box(
        b"trak", box(b"tkhd", bytes(84)), box(b"mdia", box(b"mdhd", bytes(24)), about, inner)
    )


def about_film(*tracks: bytes) -> bytes:
    """Return the box in which a film says what it is made of."""
    return box(b"moov", box(b"mvhd", bytes(100)), *tracks)


def a_film(
    pictures: bytes | None = b"avc1", sound: bytes | None = b"mp4a", brand: bytes = b"isom"
) -> bytes:
    """Return a film with its pictures and sound written in these ways."""
    given = {b"vide": pictures, b"soun": sound}
    tracks = [a_track(kind, way) for kind, way in given.items() if way]
    others = () if brand == b"qt  " else (b"isom", b"mp41")
    return brands(brand, *others) + box(b"mdat", bytes(64)) + about_film(*tracks)


def a_photo(*sizes: tuple[int, int], first: bytes = b"heic", others: bytes = b"mif1heic") -> bytes:
    """Return a HEIC that claims to have pictures of these sizes, or of 4032 by 3024 pixels."""
    said = [box(b"ispe", pack(">III", 0, *size)) for size in sizes or [(4032, 3024)]]
    listed = box(b"iprp", box(b"ipco", box(b"hvcC", bytes(20)), *said))
    meta = box(b"meta", bytes(4), box(b"hdlr", bytes(25)), box(b"iinf", bytes(6)), listed)
    return brands(first, others) + meta + box(b"mdat", bytes(200))
