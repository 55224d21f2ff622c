"""Animated PNGs, written chunk by chunk: Pillow chooses itself what a frame covers and what becomes of it."""

import zlib
from dataclasses import dataclass
from struct import pack

from PIL import Image

from .spaces import chunk


@dataclass(frozen=True, slots=True)
class Part:
    """A frame as the file stores it."""

    image: Image.Image  # mode RGBA
    left: int
    top: int
    #: How long it is shown, as a fraction of a second.
    time: tuple[int, int]
    #: 0: keep; 1: clear its area; 2: restore what was there before.
    disposal: int = 0
    #: Whether it is laid over what is there, instead of in its place.
    over: bool = False


def apng(size: tuple[int, int], parts: list[Part], still: Image.Image | None = None) -> bytes:
    """The file, which plays for ever; with a `still` before the animation that is no part of it."""
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", pack(">IIBBBBB", *size, 8, 6, 0, 0, 0))
    file += chunk(b"acTL", pack(">II", len(parts), 0))
    if still:
        file += chunk(b"IDAT", packed(still))
    number = 0
    for part in parts:
        place = (*part.image.size, part.left, part.top)
        control = pack(">IIIIIHHBB", number, *place, *part.time, part.disposal, part.over)
        file += chunk(b"fcTL", control)
        number += 1
        if number == 1 and not still:
            file += chunk(b"IDAT", packed(part.image))
        else:
            file += chunk(b"fdAT", pack(">I", number) + packed(part.image))
            number += 1
    return file + chunk(b"IEND", b"")


def packed(image: Image.Image) -> bytes:
    rows, length = image.tobytes(), image.width * 4
    return zlib.compress(b"".join(b"\0" + rows[at : at + length] for at in range(0, len(rows), length)))


def shown(size: tuple[int, int], parts: list[Part]) -> list[Image.Image]:
    """What a viewer sees, mode RGBA, as the specification (PNG, third edition, 11.3.6) says."""
    screen, frames = Image.new("RGBA", size, (0, 0, 0, 0)), []
    for part in parts:
        before = screen.copy()
        if part.over:
            screen.alpha_composite(part.image, (part.left, part.top))
        else:
            screen.paste(part.image, (part.left, part.top))
        frames.append(screen.copy())
        if part.disposal == 1:
            right, bottom = part.left + part.image.width, part.top + part.image.height
            screen.paste((0, 0, 0, 0), (part.left, part.top, right, bottom))
        elif part.disposal == 2:
            screen = before
    return frames
