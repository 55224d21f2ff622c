"""What is to be kept in sight of an original: whether somebody has to look, and what is then found."""

from PIL import Image

from ..filters.canvas import background_color
from ..focus import edges, yunet
from ..focus.edges import Edges
from ..focus.faces import Face, Focus
from ..frame.geometry import Geometry, needs_focus
from ..frame.sizes import contained
from ..reading.checks import check_memory
from ..reading.decoding import part, shrinking
from ..reading.modes import workable
from ..reading.opened import Opened
from ..reading.orientation import swapped, turned_focus, upright
from ..reading.profiles import to_srgb
from ..recipe import Recipe
from .render import turn_of

#: What is behind a transparent picture when it is looked at.
WHITE = (255, 255, 255)


def looks(original: Opened, recipe: Recipe) -> bool:
    """Whether a settled recipe wants the focus of an original, of which only the header is read. Raises as `render`."""
    if not recipe.geometry.smart:
        return False
    header = original.header
    return needs_focus(recipe.geometry, *swapped(header.size, turn_of(header, recipe.geometry)))


def found(original: Opened, detector: str) -> Focus:
    """The focus of an original as yunet.NAME or edges.NAME, the detectors of this process, see it.

    It is found in the upright picture whatever a recipe says, and so the same for all. Raises as `render` for what the
    original is, and whatever a detector that cannot work raises.
    """
    small = reduced(original)
    if detector not in (yunet.NAME, edges.NAME):
        raise ValueError(f"{detector!r} is no detector of this process")
    return Focus(detector, yunet.detect(small) if detector == yunet.NAME else (), Edges.of(small))


def reduced(original: Opened) -> Image.Image:
    """An original as it is looked at: upright, in sRGB, mode RGB, no side over yunet.SIDE pixels. Raises as `render`
    for what the original is."""
    header = original.header
    size = contained(*header.size, yunet.SIDE, yunet.SIDE, enlarge=False)
    # Averaging is a third of the work of the exact resampling, and faces are found as well.
    small = workable(enough(original, size)).resize(size, Image.Resampling.BOX)
    return background_color(upright(to_srgb(small, header.profile), header.orientation), WHITE).convert("RGB")


def enough(original: Opened, size: tuple[int, int]) -> Image.Image:
    """As many of an original's pixels, as stored, as it takes to reduce it to that size. Raises as `render` for what
    the original is."""
    header, box = original.header, (0, 0, *original.header.size)
    scale = part(header, box, size, original.content)
    check_memory(header, original.limits, scale)
    return original.pixels(scale, shrinking(box, size))


def faces(original: Opened, geometry: Geometry, focus: Focus) -> tuple[Face, ...]:
    """The faces of an original's focus, where they are once it stands as the recipe wants it, which may be otherwise
    than the camera says. Only the header is read. Raises as `render`."""
    header = original.header
    return turned_focus(focus, header.orientation, turn_of(header, geometry)).faces
