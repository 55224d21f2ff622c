"""What is to be kept in sight of an original: whether somebody has to look, and what is then found."""

from .focus import edges, yunet
from .focus.edges import Edges
from .focus.faces import Face, Focus
from .geometry import Fit, Geometry, needs_focus, plan
from .limits import Limits
from .orientation import orientation, swapped, turned_focus
from .recipe import Recipe
from .render import developed, opened, turn_of

#: How a picture is reduced to be looked at.
REDUCED = Geometry(yunet.SIDE, yunet.SIDE, Fit.CONTAIN)


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
        turn = orientation(image, content)
        small = developed(image, plan(REDUCED, *swapped(image.size, turn), limits), turn, limits).convert("RGB")
    if detector not in (yunet.NAME, edges.NAME):
        raise ValueError(f"{detector!r} is no detector of this process")
    return Focus(detector, yunet.detect(small) if detector == yunet.NAME else (), Edges.of(small))


def faces(content: bytes, geometry: Geometry, limits: Limits, focus: Focus) -> tuple[Face, ...]:
    """The faces of an original's focus, where they are once it stands as the recipe wants it, which may be otherwise
    than the camera says. Only the header is read. Raises as `render`."""
    with opened(content, limits) as image:
        return turned_focus(focus, orientation(image, content), turn_of(image, content, geometry)).faces
