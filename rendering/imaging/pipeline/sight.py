"""What is to be kept in sight of an original: whether somebody has to look, and what is then found."""

from PIL import Image

from ..filters.canvas import background_color
from ..focus import edges, yunet
from ..focus.edges import Edges
from ..focus.faces import Face, Focus
from ..frame.geometry import Geometry, needs_focus
from ..frame.sizes import contained
from ..reading.decoding import decode, part, shrinking
from ..reading.limits import Limits, check_memory
from ..reading.modes import workable
from ..reading.opening import opened
from ..reading.orientation import orientation, swapped, turned_focus, upright
from ..reading.profiles import to_srgb
from ..recipe import Recipe
from .render import turn_of

#: What is behind a transparent picture when it is looked at.
WHITE = (255, 255, 255)


def looks(content: bytes, recipe: Recipe, limits: Limits) -> bool:
    """Whether a settled recipe wants the focus of an original, of which only the header is read. Raises as `render`."""
    if not recipe.geometry.smart:
        return False
    with opened(content, limits) as image:
        return needs_focus(recipe.geometry, *swapped(image.size, turn_of(image, content, recipe.geometry)))


def found(content: bytes, limits: Limits, detector: str) -> Focus:
    """The focus of an original as yunet.NAME or edges.NAME, the detectors of this process, see it.

    It is found in the upright picture whatever a recipe says, and so the same for all. Raises as `render` for what the
    original is, and whatever a detector that cannot work raises.
    """
    with opened(content, limits) as image:
        small = reduced(image, content, limits)
    if detector not in (yunet.NAME, edges.NAME):
        raise ValueError(f"{detector!r} is no detector of this process")
    return Focus(detector, yunet.detect(small) if detector == yunet.NAME else (), Edges.of(small))


def reduced(image: Image.Image, content: bytes, limits: Limits) -> Image.Image:
    """An opened picture as it is looked at: upright, in sRGB, mode RGB, no side over yunet.SIDE."""
    turn, profile = orientation(image, content), image.info.get("icc_profile")
    size = contained(*image.size, yunet.SIDE, yunet.SIDE, enlarge=False)
    # Averaging is a third of the work of the exact resampling, and faces are found as well.
    small = workable(decoded(image, content, limits)).resize(size, Image.Resampling.BOX)
    return background_color(upright(to_srgb(small, profile), turn), WHITE).convert("RGB")


def decoded(image: Image.Image, content: bytes, limits: Limits) -> Image.Image:
    """As much of an opened picture as it takes to look at it. Raises TooLarge."""
    whole, size = (0, 0, *image.size), contained(*image.size, yunet.SIDE, yunet.SIDE, enlarge=False)
    scale = part(image, whole, size, content)
    check_memory(image, limits, scale)
    return decode(image, content, scale, shrinking(whole, size), grey=False)


def faces(content: bytes, geometry: Geometry, limits: Limits, focus: Focus) -> tuple[Face, ...]:
    """The faces of an original's focus, where they are once it stands as the recipe wants it, which may be otherwise
    than the camera says. Only the header is read. Raises as `render`."""
    with opened(content, limits) as image:
        return turned_focus(focus, orientation(image, content), turn_of(image, content, geometry)).faces
