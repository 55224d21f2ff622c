"""Whether a recipe needs the focus of an original, and detecting it in the original's pixels."""

from PIL import Image

from ..filters.canvas import background_color
from ..focus import edges, yunet
from ..focus.edges import Edges
from ..focus.faces import Face, Focus
from ..frame.geometry import Geometry, needs_focus
from ..frame.sizes import contained_size
from ..reading.checks import check_memory
from ..reading.colour.conversion import prepare, to_srgb
from ..reading.decoding import decode_scale, shrink_factor
from ..reading.modes import to_workable
from ..reading.opened import Opened
from ..reading.orientation import make_upright, swap_sides, turn_focus
from ..recipe import Recipe
from .render import turn_of

#: The background of transparent pictures for detectors.
WHITE = (255, 255, 255)


def wants_focus(original: Opened, recipe: Recipe) -> bool:
    """Whether a settled recipe needs the focus of an original. Reads only its header. Raises as `Opened` does."""
    if not recipe.geometry.smart:
        return False
    header = original.header
    return needs_focus(recipe.geometry, *swap_sides(header.size, turn_of(header, recipe.geometry)))


def detect(original: Opened, detector: str) -> Focus:
    """Detect the focus of an original with a detector of this process, yunet.NAME or edges.NAME.

    The picture is upright, whatever a recipe says, so all recipes share the focus. Raises as `Opened` does, and
    whatever a detector raises that fails.
    """
    small = reduce(original)
    if detector not in (yunet.NAME, edges.NAME):
        raise ValueError(f"{detector!r} is not a detector of this process")
    return Focus(detector, yunet.detect(small) if detector == yunet.NAME else (), Edges.of(small), edges.MEASURE)


def reduce(original: Opened) -> Image.Image:
    """Reduce an original for detectors: upright, in sRGB, mode RGB, sides of at most yunet.SIDE pixels.

    Raises as `Opened` does.
    """
    header = original.header
    size = contained_size(*header.size, yunet.SIDE, yunet.SIDE, enlarge=False)
    # A box filter takes a third of the time of Lanczos, and faces are found as well.
    pixels = to_workable(decode_enough(original, size))
    prepared, _ = prepare(pixels, header.colours, pixels.width / size[0])
    small = prepared.resize(size, Image.Resampling.BOX)
    return background_color(make_upright(to_srgb(small, header.colours), header.orientation), WHITE).convert("RGB")


def decode_enough(original: Opened, size: tuple[int, int]) -> Image.Image:
    """Decode as few pixels of an original, not yet upright, as suffice for that size. Raises as `Opened` does."""
    header, box = original.header, (0, 0, *original.header.size)
    scale = decode_scale(header, box, size, original.content)
    check_memory(header, original.limits, scale)
    return original.pixels(scale, shrink_factor(box, size))


def faces(original: Opened, geometry: Geometry, focus: Focus) -> tuple[Face, ...]:
    """The faces of an original's focus, turned as the recipe turns the original.

    Reads only the original's header. Raises as `Opened` does.
    """
    header = original.header
    return turn_focus(focus, header.orientation, turn_of(header, geometry)).faces
