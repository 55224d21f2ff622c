"""The canvas on which the frames of an animation are drawn, one over the other.

Pillow's readers compose frames as well, but not as browsers do: an APNG's half-transparent pixels replace what is under
them, and a GIF's cleared boxes show its background colour.
"""

from enum import Enum

from PIL import Image

from ...box import Pixels

#: Pixels that are drawn at a time: converting a whole frame would take the memory of another canvas.
STRIP = 500_000


class Then(Enum):
    """What happens to a frame before the next one is drawn."""

    KEEP = 0
    CLEAR = 1
    RESTORE = 2


class Canvas:
    """A canvas of that size, in pixels, transparent at first. Its mode is L, LA, RGB or RGBA, whichever suffices."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._image: Image.Image | None = None

    @property
    def image(self) -> Image.Image:
        """What is to be seen. The next frame may be drawn into it."""
        return self._in_mode("LA") if self._image is None else self._image

    def visible(self, box: Pixels) -> Pixels:
        """The part of a box that lies on the canvas. Its sides may be 0."""
        right, bottom = min(box[2], self.size[0]), min(box[3], self.size[1])
        return min(box[0], right), min(box[1], bottom), right, bottom

    def cut(self, box: Pixels) -> Image.Image | None:
        """What is within a box, to be put back; None if that is nothing."""
        return self._image.crop(box) if self._image else None

    def draw(self, frame: Image.Image, corner: tuple[int, int], *, over: bool) -> None:
        """Draw a frame (mode L, LA, RGB or RGBA) with its upper left at `corner`, where it may reach beyond the canvas.
        Composed `over` what is there, or in place of it."""
        clear = frame.mode in ("LA", "RGBA")
        if frame.size == self.size and corner == (0, 0) and (not clear or not over or self._image is None):
            self._image = frame
            return
        left, top, right, bottom = self.visible((*corner, corner[0] + frame.width, corner[1] + frame.height))
        if left == right or top == bottom:
            return
        canvas = self._in_mode(joint(self._image.mode if self._image else "LA", frame.mode))
        rows = max(1, STRIP // (right - left))
        for upper in range(top, bottom, rows):
            lower = min(upper + rows, bottom)
            strip = frame.crop((0, upper - top, right - left, lower - top)).convert(canvas.mode)
            if clear and over:
                canvas.alpha_composite(strip, (left, upper))
            else:
                canvas.paste(strip, (left, upper))

    def clear(self, box: Pixels) -> None:
        """Make a box transparent, as far as it lies on the canvas."""
        left, top, right, bottom = self.visible(box)
        if self._image is None or left == right or top == bottom:
            return
        canvas = self._in_mode(joint(self._image.mode, "LA"))
        canvas.paste(Image.new(canvas.mode, (right - left, bottom - top)), (left, top))

    def put_back(self, kept: Image.Image | None, box: Pixels) -> None:
        """Put back what was `cut` out of a box."""
        if kept is None:
            self.clear(box)
        else:
            self.draw(kept, box[:2], over=False)

    def _in_mode(self, mode: str) -> Image.Image:
        if self._image is None:
            self._image = Image.new(mode, self.size)
        elif self._image.mode != mode:
            self._image = self._image.convert(mode)
        return self._image


def joint(one: str, other: str) -> str:
    """The mode, of L, LA, RGB and RGBA, that has the channels of two others."""
    return max(one.rstrip("A"), other.rstrip("A"), key=len) + ("A" if "A" in one + other else "")
