"""How alike two pictures are, whatever made them."""

from msgspec import Struct
from PIL import Image, ImageChops

from ..filters.canvas import background_color
from ..reading.checks import check_memory
from ..reading.colour.conversion import prepare, to_srgb
from ..reading.modes import to_workable
from ..reading.opened import Opened
from ..reading.orientation import make_upright
from .similarity import WINDOW, ssim

WHITE = (255, 255, 255)


class Likeness(Struct, frozen=True):
    """The SSIM, None for pictures that are smaller than its window; and the mean difference of levels, 0 to 255."""

    ssim: float | None
    levels: float


def likeness(one: Opened, other: Opened) -> Likeness | None:
    """How alike two pictures look on white; None if their sizes differ. Of animations, the first frames.

    Raises as `Opened` does.
    """
    if one.header.upright != other.header.upright:
        return None
    before, after = as_seen(one), as_seen(other)
    counts = ImageChops.difference(before, after).histogram()
    levels = sum(level % 256 * count for level, count in enumerate(counts)) / sum(counts)
    return Likeness(ssim(before, after) if min(before.size) >= WINDOW else None, levels)


def as_seen(original: Opened) -> Image.Image:
    """The whole picture, upright, in sRGB and on white. Mode RGB."""
    header = original.header
    check_memory(header, original.limits, 1)
    prepared, _ = prepare(to_workable(original.pixels(1, 1)), header.colours, 1)
    image = make_upright(to_srgb(prepared, header.colours), header.orientation)
    original.release()
    return background_color(image, WHITE).convert("RGB")
