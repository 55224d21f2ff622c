"""Nine-patch pictures: frames with marks that say which of their parts stretch.

The format is Android's. The outermost row or column of pixels on each side is not part of the picture. Black pixels in
it are marks: above and on the left they mark the parts that stretch, below and on the right the area of the content.
Without marks below or on the right, the content fills the parts that stretch.
"""

from typing import Self

from msgspec import Struct
from PIL.Image import Image, Resampling, new

from ..errors import BadRecipe
from .bands import premultiply, unpremultiply

#: The smallest side of a nine-patch picture, in pixels: a single pixel between two marks.
SMALLEST = 3

#: A part of a side: its first pixel, the pixel after its last, and whether it stretches.
Part = tuple[int, int, bool]


class NinePatch(Struct, frozen=True):
    image: Image
    columns: tuple[Part, ...]
    rows: tuple[Part, ...]
    #: Pixels from the content to the left, top, right and bottom edge.
    padding: tuple[int, int, int, int]

    @classmethod
    def read(cls, marked: Image) -> Self:
        """Read a picture with its marks. Raises BadRecipe for one that is too small or has none."""
        marked = marked.convert("RGBA")
        width, height = marked.size
        if min(width, height) < SMALLEST:
            raise BadRecipe(
                f"The frame is not a nine-patch picture: it has {width} x {height} pixels, and needs at least "
                f"{SMALLEST} x {SMALLEST}, for a row or column of marks on each side of a picture"
            )
        image = marked.crop((1, 1, width - 1, height - 1))
        columns = parts(marked.crop((1, 0, width - 1, 1)))
        rows = parts(marked.crop((0, 1, 1, height - 1)))
        if not any(part[2] for part in columns) or not any(part[2] for part in rows):
            raise BadRecipe(
                "The frame is not a nine-patch picture: black pixels in its top row and left column must mark the "
                "parts that stretch"
            )
        left, right = margins(parts(marked.crop((1, height - 1, width - 1, height))), columns)
        top, bottom = margins(parts(marked.crop((width - 1, 1, width, height - 1))), rows)
        return cls(image, columns, rows, (left, top, right, bottom))

    def stretch(self, size: tuple[int, int]) -> Image:
        """Stretch the frame to a size in pixels. Returns mode RGBA."""
        image = premultiply(self.image)
        wide = new(image.mode, (size[0], image.height))
        for (start, end, _), (left, right) in zip(self.columns, ends(self.columns, size[0]), strict=True):
            if right > left:
                piece = image.crop((start, 0, end, image.height))
                wide.paste(piece.resize((right - left, image.height), Resampling.BILINEAR), (left, 0))
        high = new(image.mode, size)
        for (start, end, _), (top, bottom) in zip(self.rows, ends(self.rows, size[1]), strict=True):
            if bottom > top:
                piece = wide.crop((0, start, size[0], end))
                high.paste(piece.resize((size[0], bottom - top), Resampling.BILINEAR), (0, top))
        return unpremultiply(high)


def parts(line: Image) -> tuple[Part, ...]:
    """Split a line of marks (mode RGBA, one pixel thick) into parts. A mark is opaque black."""
    pixels = line.tobytes()
    marks = [pixels[at : at + 4] == b"\0\0\0\xff" for at in range(0, len(pixels), 4)]
    starts = [at for at in range(len(marks)) if at == 0 or marks[at] != marks[at - 1]]
    return tuple((start, end, marks[start]) for start, end in zip(starts, [*starts[1:], len(marks)], strict=True))


def margins(content: tuple[Part, ...], stretching: tuple[Part, ...]) -> tuple[int, int]:
    """Pixels from the content to both ends of a side. Content without marks fills the parts that stretch."""
    marked = [part for part in content if part[2]] or [part for part in stretching if part[2]]
    return marked[0][0], content[-1][1] - marked[-1][1]


def ends(parts: tuple[Part, ...], length: int) -> list[tuple[int, int]]:
    """Where each part begins and ends on a side of that length.

    Parts that do not stretch keep their size, or shrink alike where even they do not fit.
    """
    fixed = sum(end - start for start, end, stretches in parts if not stretches)
    elastic = sum(end - start for start, end, stretches in parts if stretches)
    shrink = min(1.0, length / max(1, fixed))
    grow = max(0, length - fixed) / max(1, elastic)
    found, position = [], 0.0
    for start, end, stretches in parts:
        after = position + (end - start) * (grow if stretches else shrink)
        found.append((round(position), round(after)))
        position = after
    return found
