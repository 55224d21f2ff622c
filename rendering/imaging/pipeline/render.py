"""From an original's bytes and a recipe to a derivative's bytes.

open -> check -> plan -> decode no more than needed -> resample once -> sRGB -> upright -> flip -> filter -> encode
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from ..animation.frames import Timing, extent, play, plays, together
from ..encoding import PHOTOGRAPHIC, choose
from ..errors import BadRecipe, BrokenPicture, PictureError, TooLarge, UnsupportedFormat
from ..filters.grammar.room import Load, Room, nothing
from ..focus.faces import Focus
from ..frame.geometry import Frame, Geometry, Pixels, Trim, plan
from ..frame.trim import inner_box
from ..notes import Notes
from ..parameters import shown
from ..reading import headers
from ..reading.credits import Credits, credits_of
from ..reading.decoding import decode, part, shrinking
from ..reading.faults import of_the_file
from ..reading.limits import Limits, check_filters, check_memory, too_long
from ..reading.modes import solid, workable
from ..reading.opening import Picture, opened, probe, word
from ..reading.orientation import orientation, stored_box, swapped, turned, turned_focus, upright, upright_box
from ..reading.profiles import to_srgb
from ..recipe import Recipe
from .resampling import resampled
from .writing import encoded, has_alpha

logger = logging.getLogger(__name__)

#: Reads the file of another picture: its path to its bytes.
Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Derivative:
    """A picture that was made. `type` is its media type; width and height are in pixels."""

    content: bytes
    type: str
    width: int
    height: int
    frames: int = 1
    notes: Notes = Notes()


@dataclass(frozen=True, slots=True)
class Finished:
    """A derivative with all done but the encoding: its frames, of which a still has one, in mode L, LA, RGB or RGBA."""

    stills: list[Image.Image]
    timing: Timing | None
    #: The original's format, as a word of encoding.FORMATS as far as they go.
    original: str
    #: Whose picture it is, where that is handed on; why the first frame stands for an animation, as in Notes.
    owners: Credits | None
    flattened: str


def render(
    content: bytes, recipe: Recipe, limits: Limits, overlay: Fetch | None = None, focus: Focus | None = None
) -> Derivative:
    """Make the derivative that a settled recipe asks for. `overlay` reads the files of `recipe.overlays`, by path;
    `focus` is what `sight.py` finds in the original, where it says that this recipe wants it.

    Raises UnsupportedFormat, BrokenPicture or TooLarge for what the original is, TooLarge for what the recipe asks for,
    and whatever `overlay` raises.
    """
    made = finished(content, recipe, limits, overlay, focus)
    still, timing = made.stills[0], made.timing
    chosen = choose(recipe.encoding, made.original, has_alpha(still), animated=timing is not None)
    content, oversize = encoded(
        made.stills, timing, chosen, recipe.encoding, made.owners, photographic=made.original in PHOTOGRAPHIC
    )
    return Derivative(
        content=content,
        type=chosen.type,
        width=still.width,
        height=still.height,
        frames=len(made.stills),
        notes=Notes(made.flattened, oversize),
    )


def finished(
    content: bytes, recipe: Recipe, limits: Limits, overlay: Fetch | None = None, focus: Focus | None = None
) -> Finished:
    """The pixels that `render` encodes. Raises as it does."""
    with opened(content, limits) as image:
        turn = turn_of(image, content, recipe.geometry)
        trimmed = trimmed_box(image, recipe.geometry.trim, turn, limits)
        focus = focus_for(recipe.geometry, image, content, focus)
        frame = plan(recipe.geometry, *swapped(image.size, turn), limits, trimmed, focus)
        name = word(image)
        count, *sides = extent(image, content, limits.frames)
        chosen = choose(recipe.encoding, name, alpha=True, animated=True)
        moving = count > 1 and not recipe.encoding.still and chosen.animated
        flattened = too_long(count, (sides, list(frame.size)), limits) if moving else ""
        if flattened and recipe.encoding.keep_animation:
            raise TooLarge(f"{flattened}, and it is to be shown whole or not at all")
        if moving and not flattened:
            stills, timing = developed_frames(image, content, frame, turn, count, limits, lossy=chosen.lossy)
            if not timing:
                flattened = "The animation is damaged, the picture before it is not"
                if recipe.encoding.keep_animation:
                    raise BrokenPicture(f"{flattened}, and it is to be shown whole or not at all")
        else:
            stills, timing = [developed(image, content, frame, turn, limits, grey=turns_grey(recipe))], None
        owners = credits_of(image, content) if recipe.encoding.keep_copyright else None
    del image  # the whole original, decoded: filters may need the memory
    check_filters(len(recipe.filters), len(stills), *frame.size, limits)
    room = Room(frame.canvas, loader(overlay, limits), limits, len(stills))
    for call in recipe.filters:
        stills = [call(still, room) for still in stills]
    return Finished(together([solid(still) for still in stills]), timing, name, owners, flattened)


def turn_of(image: Image.Image, content: bytes, geometry: Geometry) -> int:
    """The orientation from which an opened picture has to be turned upright."""
    return turned(orientation(image, content) if geometry.upright else 1, geometry.turn)


def focus_for(geometry: Geometry, image: Image.Image, content: bytes, focus: Focus | None) -> Focus | None:
    """What an opened picture has to keep in sight, as it stands once it is turned as the recipe wants it: what was
    found, or what the recipe itself says."""
    focus = focus or (geometry.smart.focus if geometry.smart else None)
    return focus and turned_focus(focus, orientation(image, content), turn_of(image, content, geometry))


def planned(
    content: bytes, recipe: Recipe, limits: Limits, focus: Focus | None = None
) -> tuple[Picture, Frame, Pixels]:
    """What an original is, the frame that a settled recipe asks of it, and what trimming leaves of it; nothing is made.

    Raises as `render` does.
    """
    picture = probe(content, limits)
    with opened(content, limits) as image:
        turn = turn_of(image, content, recipe.geometry)
        width, height = swapped(image.size, turn)
        trimmed = trimmed_box(image, recipe.geometry.trim, turn, limits) or (0, 0, width, height)
        focus = focus_for(recipe.geometry, image, content, focus)
        frame = plan(recipe.geometry, width, height, limits, trimmed, focus)
    return replace(picture, width=width, height=height), frame, trimmed


def loader(overlay: Fetch | None, limits: Limits) -> Load:
    """What opens the other pictures that filters ask for, each once, as carefully as an original."""

    @lru_cache
    def load(path: str) -> Image.Image:
        assert overlay
        content = overlay(path)
        try:
            with opened(content, limits) as image:
                turn = orientation(image, content)
                frame = plan(Geometry(), *swapped(image.size, turn), limits)
                return developed(image, content, frame, turn, limits)
        except PictureError as error:
            # That the recipe names no picture is the recipe's fault, not the original's.
            kind = BadRecipe if isinstance(error, UnsupportedFormat) else type(error)
            raise kind(f"{shown(path)}, which is to be laid over the picture: {error}") from error

    return load if overlay else nothing


def turns_grey(recipe: Recipe) -> bool:
    """Whether colours are not needed at all: the first filter drops them."""
    return bool(recipe.filters) and recipe.filters[0].filter.name == "grayscale"


def trimmed_box(image: Image.Image, trim: Trim | None, turn: int, limits: Limits) -> Pixels | None:
    """What trimming leaves of an opened picture, as a box of the upright picture. For this, all of it is decoded."""
    if not trim:
        return None
    check_memory(image, limits)
    image.load()
    width, height = swapped(image.size, turn)
    corner = (width - 1, height - 1, width, height) if trim.from_bottom_right else (0, 0, 1, 1)
    left, top, _, _ = stored_box(corner, turn, image.size)
    inner = inner_box(workable(image), (int(left), int(top)), trim.tolerance)
    if not inner:
        return None
    left, top, right, bottom = upright_box(inner, turn, image.size)
    return int(left), int(top), int(right), int(bottom)


def developed_frames(
    image: Image.Image, content: bytes, frame: Frame, turn: int, count: int, limits: Limits, *, lossy: bool
) -> tuple[list[Image.Image], Timing | None]:
    """The frames of an animation, for a format that loses detail or not. One still, and no timing, of an animated PNG
    whose animation is nonsense: the format has it that programs then show the picture alone."""
    stills, durations = [], []
    try:
        for shot, duration in play(image, count):
            still = developed(shot, content, frame, turn, limits, film=lossy)
            stills.append(still.copy() if still is shot else still)  # which the next frame would change
            durations.append(duration)
    except Exception as error:  # as in `opened`, where the still ends if it is no better
        if image.format != "PNG" or not headers.png_ends(content) or not of_the_file(error):
            raise
        logger.info("A broken animation became a still", exc_info=True)
        with opened(content, limits) as again:
            return [developed(again, content, frame, turn, limits)], None
    return stills, Timing(tuple(durations), plays(image, content))


def developed(
    image: Image.Image,
    content: bytes,
    frame: Frame,
    turn: int,
    limits: Limits,
    *,
    grey: bool = False,
    film: bool = False,
) -> Image.Image:
    """The frame of an opened picture: decoded, resampled, in sRGB, upright, flipped. Mode L, LA, RGB or RGBA."""
    box, size = stored_box(frame.box, turn, image.size), swapped(frame.size, turn)
    profile = image.info.get("icc_profile")
    scale = part(image, box, size, content)
    check_memory(image, limits, scale)
    # With a profile, luma is not what a grey of the colours would be.
    image = decode(image, content, scale, shrinking(box, size), grey=grey and not profile)
    if scale > 1:
        left, top, right, bottom = (side / scale for side in box)
        box = (left, top, min(right, image.width), min(bottom, image.height))
    reduced_well = isinstance(image, JpegImageFile)
    still = to_srgb(resampled(workable(image), box, size, reduced_well=reduced_well, film=film), profile)
    still = upright(still, turn)
    if frame.flip_horizontally:
        still = still.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if frame.flip_vertically:
        still = still.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return still
