"""A short silent film made of still slides: H.264 in an MP4, as every browser plays it.

No encoder is at hand where the demo is loaded, and none is needed: slides are drawn by us. A block
of one colour is said to be like its neighbours; every other is sent as it is (I_PCM). Each slide is
a whole picture, so that one can go to any moment. The standard: ITU-T H.264, in its baseline
profile; the boxes: ISO/IEC 14496-12 and 14496-15.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import pack

from PIL import Image

BLOCK = 16  # pixels; a picture is as many whole blocks wide and high
SCALE = 1000  # moments in a second
# What says 'nothing differs' depends on how much the blocks to the left and above hold.
NOTHING = ((2, "1"), (4, "11"), (8, "1111"), (17, "000011"))
PLAIN, AS_IT_IS = 0, 16
UPRIGHT = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class _Bits:
    """Bits one after the other, as the standard writes them."""

    def __init__(self) -> None:
        self.done = bytearray()
        self.left = ""

    def put(self, bits: str) -> None:
        self.left += bits
        whole = len(self.left) // 8 * 8
        self.done += bytes(int(self.left[at : at + 8], 2) for at in range(0, whole, 8))
        self.left = self.left[whole:]

    def number(self, value: int, width: int) -> None:
        self.put(f"{value:0{width}b}")

    def golomb(self, *values: int) -> None:
        for value in values:
            digits = f"{value + 1:b}"
            self.put("0" * (len(digits) - 1) + digits)

    def raw(self, content: bytes) -> None:
        """Add whole bytes, from the next whole byte on."""
        self.put("0" * (-len(self.left) % 8))
        self.done += content

    def unit(self, header: int) -> bytes:
        """Return what was written as one unit, in which no three bytes look like a beginning."""
        self.put("1")
        self.put("0" * (-len(self.left) % 8))
        found, zeros = bytearray([header]), 0
        for byte in self.done:
            if zeros >= 2 and byte <= 3:
                found.append(3)
                zeros = 0
            found.append(byte)
            zeros = zeros + 1 if byte == 0 else 0
        return bytes(found)


@dataclass(frozen=True)
class _Shape:
    """How large the pictures of a film are, and the two units that say how they are written."""

    wide: int
    high: int

    @property
    def width(self) -> int:
        return self.wide * BLOCK

    @property
    def height(self) -> int:
        return self.high * BLOCK

    def described(self) -> bytes:
        sizes, rules = _size_of_pictures(self.wide, self.high), _rules_of_pictures()
        both = pack(">H", len(sizes)) + sizes + b"\1" + pack(">H", len(rules)) + rules
        return _box(
            b"avc1",
            pack(">6xH16xHH", 1, self.width, self.height),
            pack(">IIIH32xHh", 0x480000, 0x480000, 0, 1, 24, -1),
            _box(b"avcC", bytes([1, *sizes[1:4], 0xFF, 0xE1]), both),
        )


def film(slides: Sequence[Image.Image], seconds: int) -> bytes:
    """Return an MP4 in which each slide, all of one size, is seen for so many seconds."""
    shape = _Shape(slides[0].width // BLOCK, slides[0].height // BLOCK)
    units = [_picture(slide, shape.wide, shape.high, n) for n, slide in enumerate(slides)]
    pictures = [pack(">I", len(unit)) + unit for unit in units]
    start = _box(b"ftyp", b"isom", pack(">I", 512), b"isomiso2avc1mp41")
    length = seconds * SCALE
    offset = len(start) + len(_contents(shape, pictures, length, 0)) + 8
    return start + _contents(shape, pictures, length, offset) + _box(b"mdat", *pictures)


def _size_of_pictures(wide: int, high: int) -> bytes:
    bits = _Bits()
    for byte in (66, 0xC0, 30):  # constrained baseline, level 3
        bits.number(byte, 8)
    bits.golomb(0, 0, 2, 0)  # which; numbers of 4 bits; in order of time; nothing to look back to
    bits.put("0")
    bits.golomb(wide - 1, high - 1)
    bits.put("110")  # whole frames, nothing cut off
    bits.put("1" + "001" + "101" + "10" + "0000000")  # colours from 0 to 255, nothing else to say
    return bits.unit(0x67)


def _rules_of_pictures() -> bytes:
    bits = _Bits()
    bits.golomb(0, 0)
    bits.put("00")  # variable lengths, in one piece
    bits.golomb(0, 0, 0)
    bits.put("000")
    bits.golomb(0, 0, 0)  # quality and colour as they are
    bits.put("100")  # edges may be left alone
    return bits.unit(0x68)


def _picture(slide: Image.Image, wide: int, high: int, number: int) -> bytes:
    """Return a whole picture, block after block."""
    bits = _Bits()
    bits.golomb(0, 7, 0)
    bits.number(0, 4)
    bits.golomb(number % 2)  # two whole pictures in a row are told apart
    bits.put("00")
    bits.golomb(0, 1)  # the same quality; edges left alone
    colours: dict[tuple[int, int], tuple[int, ...] | None] = {}
    held: dict[tuple[int, int], int] = {}
    for at, parts in _blocks(slide, wide, high):
        around = [near for near in ((at[0] - 1, at[1]), (at[0], at[1] - 1)) if near in held]
        colours[at] = _colour(parts)
        if colours[at] and around and {colours[near] for near in around} == {colours[at]}:
            held[at] = PLAIN
            bits.golomb(3, 0, 0)
            bits.put(_nothing([held[near] for near in around]))
        else:
            held[at] = AS_IT_IS
            bits.golomb(25)
            bits.raw(b"".join(parts))
    return bits.unit(0x65)


def _blocks(
    slide: Image.Image, wide: int, high: int
) -> Iterator[tuple[tuple[int, int], list[bytes]]]:
    """Yield where each block is, with its brightness and its two colours, these half as fine."""
    luma, *chroma = slide.convert("YCbCr").split()
    half = [plane.resize((wide * 8, high * 8), Image.Resampling.BOX) for plane in chroma]
    for y in range(high):
        for x in range(wide):
            planes = ((luma, 16), (half[0], 8), (half[1], 8))
            boxes = [(p, (x * n, y * n, x * n + n, y * n + n)) for p, n in planes]
            yield (x, y), [plane.crop(box).tobytes() for plane, box in boxes]


def _colour(block: Sequence[bytes]) -> tuple[int, ...] | None:
    """Return the one colour of a block; None where it has several."""
    return tuple(part[0] for part in block) if all(len(set(part)) == 1 for part in block) else None


def _nothing(held: Sequence[int]) -> str:
    """Say that a block differs in nothing, given what the blocks around it hold."""
    number = (sum(held) + len(held) - 1) // len(held)
    return next(bits for limit, bits in NOTHING if number < limit)


def _box(name: bytes, *content: bytes) -> bytes:
    inner = b"".join(content)
    return pack(">I", len(inner) + 8) + name + inner


def _full(name: bytes, flags: int, *content: bytes) -> bytes:
    return _box(name, pack(">I", flags), *content)


def _contents(shape: _Shape, pictures: Sequence[bytes], length: int, offset: int) -> bytes:
    """Return the table of contents: one track, in which every picture lasts as long."""
    whole = len(pictures) * length
    times = pack(">IIIIIH10x", 0, 0, SCALE, whole, 0x10000, 0x100)
    head = _full(b"mvhd", 0, times, UPRIGHT, pack(">24xI", 2))
    track = pack(">IIIII8xHHHxx", 0, 0, 1, 0, whole, 0, 0, 0)
    size = pack(">II", shape.width << 16, shape.height << 16)
    here = _box(b"dinf", _full(b"dref", 0, pack(">I", 1), _full(b"url ", 1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", 0, pack(">IIIIHH", 0, 0, SCALE, whole, 0x55C4, 0)),
        _full(b"hdlr", 0, pack(">I4s12x", 0, b"vide"), b"slides\0"),
        _box(b"minf", _full(b"vmhd", 1, bytes(8)), here, _table(shape, pictures, length, offset)),
    )
    return _box(b"moov", head, _box(b"trak", _full(b"tkhd", 7, track, UPRIGHT, size), media))


def _table(shape: _Shape, pictures: Sequence[bytes], length: int, offset: int) -> bytes:
    """Return where each picture is, how long it is seen, and how it was written."""
    number = len(pictures)
    sizes = (pack(">I", len(picture)) for picture in pictures)
    return _box(
        b"stbl",
        _full(b"stsd", 0, pack(">I", 1), shape.described()),
        _full(b"stts", 0, pack(">III", 1, number, length)),
        _full(b"stsc", 0, pack(">IIII", 1, 1, number, 1)),
        _full(b"stsz", 0, pack(">II", 0, number), *sizes),
        _full(b"stco", 0, pack(">II", 1, offset)),
    )
