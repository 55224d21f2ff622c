"""Animated GIFs, written block by block: Pillow chooses disposal methods itself, and they are what is tested."""

from dataclasses import dataclass
from struct import pack

from PIL import Image


@dataclass(frozen=True, slots=True)
class Part:
    """A frame as the file stores it: the part of the screen that it covers, and how it is disposed of."""

    image: Image.Image  # mode P, with the file's palette
    left: int
    top: int
    hundredths: int
    #: 1: keep; 2: clear its area; 3: restore what was there before. There are no others: they keep.
    disposal: int
    #: The index of the transparent palette entry.
    clear: int | None = None


def gif(size: tuple[int, int], palette: list[int], parts: list[Part], loop: int | None, *, late: bool = False) -> bytes:
    """The file. `palette` has 256 colours; `loop` is the number of repetitions: 0 for ever, None for none. `late`: it
    stands behind the frames, under the other name that it may have."""
    file = b"GIF89a" + pack("<HHBBB", *size, 0xF7, 0, 0) + bytes(palette)
    told = b""
    if loop is not None:
        told = b"\x21\xff\x0b" + (b"ANIMEXTS1.0" if late else b"NETSCAPE2.0") + b"\x03\x01" + pack("<H", loop) + b"\0"
    if not late:
        file += told
    for part in parts:
        flags = part.disposal << 2 | (part.clear is not None)
        file += b"\x21\xf9\x04" + pack("<BHB", flags, part.hundredths, part.clear or 0) + b"\0"
        file += b"\x2c" + pack("<HHHHB", part.left, part.top, *part.image.size, 0) + pixels(part.image)
    return file + (told if late else b"") + b"\x3b"


def pixels(image: Image.Image) -> bytes:
    """A frame's indexes as uncompressed LZW: codes of 9 bits, with a clear code before they would grow."""
    codes = [256]
    for number, index in enumerate(image.tobytes()):
        if number and number % 250 == 0:
            codes.append(256)
        codes.append(index)
    codes.append(257)
    packed, bits, held = bytearray(), 0, 0
    for code in codes:
        bits |= code << held
        held += 9
        while held >= 8:
            packed.append(bits & 255)
            bits >>= 8
            held -= 8
    packed.append(bits & 255)
    blocks = (packed[start : start + 255] for start in range(0, len(packed), 255))
    return b"\x08" + b"".join(bytes([len(block)]) + bytes(block) for block in blocks) + b"\0"


def shown(size: tuple[int, int], palette: list[int], parts: list[Part]) -> list[Image.Image]:
    """What a viewer sees, mode RGBA: each frame laid over the previous ones, as the specification (GIF89a, 23) says."""
    screen, frames = Image.new("RGBA", size, (0, 0, 0, 0)), []
    for part in parts:
        before = screen.copy()
        colours = part.image.copy()
        colours.putpalette(palette)
        mask = part.image.point([0 if index == part.clear else 255 for index in range(256)], "L")
        screen.paste(colours.convert("RGBA"), (part.left, part.top), mask)
        frames.append(screen.copy())
        if part.disposal == 2:
            screen.paste((0, 0, 0, 0), (part.left, part.top, part.left + mask.width, part.top + mask.height))
        elif part.disposal == 3:
            screen = before
    return frames
