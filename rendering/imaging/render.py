"""From an original's bytes and a recipe to a derivative's bytes. The only file that opens pictures.

open -> check -> plan -> decode no more than needed -> resample once -> sRGB -> upright -> flip -> filter -> encode
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO

from PIL import (  # noqa: F401  # the plugins say what can be opened; left to itself, Pillow would look for all there are
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from . import headers
from .encoding import FORMATS, choose
from .errors import BadRecipe, BrokenPicture, PictureError, TooLarge, UnsupportedFormat
from .filters.room import Load, Room, nothing
from .focus.faces import Focus
from .frames import Timing, extent, play, plays, together
from .geometry import Frame, Geometry, Pixels, Trim, plan
from .limits import READABLE, Limits, animates, check_bytes, check_filters, check_header, check_memory, spelled
from .modes import solid, transparent, workable
from .orientation import Box, orientation, stored_box, swapped, turned, turned_focus, upright, upright_box
from .parameters import shown
from .profiles import to_srgb
from .recipe import Recipe
from .trim import inner_box
from .writing import encoded, has_alpha

logger = logging.getLogger(__name__)

#: Raised by hand when the same recipe gives other pixels than before: it is part of every derivative's key.
RENDERER = 2

#: How much larger than needed a picture is left by a first averaging, before the exact resampling. Less is faster and
#: softer; after a JPEG's own reduction there is little left to gain.
GAP, GAP_JPEG = 1.35, 2.0

#: A side below which nothing is averaged first.
TINY = 8

#: The least that a JPEG decoded at an eighth must still be reduced by; nearer to 1, the result is visibly soft.
LEAST_AFTER_EIGHTH = 1.4

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
    #: The first frame stands for an animation that was over the limits, or broken further on.
    flattened: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """What an original's header says. Width and height are in pixels, of the upright picture."""

    format: str
    type: str
    width: int
    height: int
    frames: int
    alpha: bool


def render(
    content: bytes, recipe: Recipe, limits: Limits, overlay: Fetch | None = None, focus: Focus | None = None
) -> Derivative:
    """Make the derivative that a settled recipe asks for. `overlay` reads the files of `recipe.overlays`, by path;
    `focus` is what `sight.py` finds in the original, where it says that this recipe wants it.

    Raises UnsupportedFormat, BrokenPicture or TooLarge for what the original is, TooLarge for what the recipe asks for,
    and whatever `overlay` raises.
    """
    with opened(content, limits) as image:
        turn = turn_of(image, content, recipe.geometry)
        trimmed = trimmed_box(image, recipe.geometry.trim, turn, limits)
        focus = focus_for(recipe.geometry, image, content, focus)
        frame = plan(recipe.geometry, *swapped(image.size, turn), limits, trimmed, focus)
        name = word(image)
        count, *canvas = extent(image, content, limits.frames)
        moving = count > 1 and not recipe.encoding.still
        moving = moving and choose(recipe.encoding, name, alpha=True, animated=True).animated
        if moving and all(animates(count, width * height, limits) for width, height in (canvas, frame.size)):
            stills, timing = developed_frames(image, content, frame, turn, count, limits)
        else:
            stills, timing = [developed(image, frame, turn, limits, grey=turns_grey(recipe))], None
    del image  # the whole original, decoded: filters may need the memory
    check_filters(len(recipe.filters), len(stills), *frame.size, limits)
    room = Room(frame.canvas, loader(overlay, limits), limits, len(stills))
    for call in recipe.filters:
        stills = [call(still, room) for still in stills]
    stills = together([solid(still) for still in stills])
    chosen = choose(recipe.encoding, name, has_alpha(stills[0]), animated=timing is not None)
    return Derivative(
        content=encoded(stills, timing, chosen, recipe.encoding),
        type=chosen.type,
        width=stills[0].width,
        height=stills[0].height,
        frames=len(stills),
        flattened=moving and timing is None,
    )


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
                return developed(image, frame, turn, limits)
        except PictureError as error:
            # That the recipe names no picture is the recipe's fault, not the original's.
            kind = BadRecipe if isinstance(error, UnsupportedFormat) else type(error)
            raise kind(f"{shown(path)}, which is to be laid over the picture: {error}") from error

    return load if overlay else nothing


def probe(content: bytes, limits: Limits) -> Picture:
    """What an original is, from its header: no pixel is decoded. Raises as `render` does."""
    with opened(content, limits) as image:
        width, height = swapped(image.size, orientation(image, content))
        name = word(image)
        return Picture(
            format=name,
            type=FORMATS[name].type if name in FORMATS else Image.MIME[name.upper()],
            width=width,
            height=height,
            frames=extent(image, content, limits.bytes)[0],
            alpha=transparent(image),
        )


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[Image.Image]:
    """The picture, opened, checked, not yet decoded. Whatever goes wrong with it in the block is raised as one of ours.

    Pillow's readers fail in some twenty ways, and the sender can do the same about each.
    """
    check_bytes(content, limits)
    try:
        with Image.open(BytesIO(content), formats=READABLE) as image:
            check_header(image, limits)
            yield image
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(f"The picture has too many pixels; {limits.pixels / 1e6:g} megapixels are allowed") from error
    except MemoryError as error:
        raise TooLarge("Decoding the picture would take more memory than there is") from error
    except Exception as error:
        logger.info("A picture could not be decoded", exc_info=True)
        kind = spelled(str(headers.kind(content)))
        raise BrokenPicture(
            f"The file says that it is a {kind} but cannot be decoded: it is damaged or cut off"
        ) from error


def word(image: Image.Image) -> str:
    """The format of an opened picture, in the words of encoding.FORMATS as far as they go."""
    return "jpeg" if image.format == "MPO" else str(image.format).lower()


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
    image: Image.Image, content: bytes, frame: Frame, turn: int, count: int, limits: Limits
) -> tuple[list[Image.Image], Timing | None]:
    """The frames of an animation; one still, and no timing, if only that can be decoded: browsers forgive as much."""
    stills, durations = [], []
    try:
        for shot, duration in play(image, count):
            stills.append(developed(shot, frame, turn, limits))
            durations.append(duration)
    except Exception:  # as in `opened`, where the still ends if it is no better
        logger.info("A broken animation became a still", exc_info=True)
        with opened(content, limits) as again:
            return [developed(again, frame, turn, limits)], None
    return stills, Timing(tuple(durations), plays(image))


def developed(image: Image.Image, frame: Frame, turn: int, limits: Limits, grey: bool = False) -> Image.Image:
    """The frame of an opened picture: decoded, resampled, in sRGB, upright, flipped. Mode L, LA, RGB or RGBA."""
    box, size = stored_box(frame.box, turn, image.size), swapped(frame.size, turn)
    profile = image.info.get("icc_profile")
    scale = dct_scale(image, box, size)
    check_memory(image, limits, scale)
    gap = GAP
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        # With a profile, luma is not what a grey of the colours would be.
        image.draft("L" if grey and not profile else None, (image.width // scale, image.height // scale))
        left, top, right, bottom = (side / scale for side in box)
        box, gap = (left, top, min(right, image.width), min(bottom, image.height)), GAP_JPEG
    image.load()
    still = to_srgb(resampled(workable(image), box, size, gap), profile)
    still = upright(still, turn)
    if frame.flip_horizontally:
        still = still.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if frame.flip_vertically:
        still = still.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return still


def dct_scale(image: Image.Image, box: Box, size: tuple[int, int]) -> int:
    """8, 4 or 2 if a JPEG can be decoded at that part of its sides, straight from its coefficients; else 1."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or not image.tile:
        return 1  # no JPEG, or decoded already
    shrink = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])
    return next(
        scale for scale in (8, 4, 2, 1) if scale == 1 or shrink >= scale * (LEAST_AFTER_EIGHTH if scale == 8 else 1)
    )


def resampled(image: Image.Image, box: Box, size: tuple[int, int], gap: float) -> Image.Image:
    """The box of a picture at that size. Crop and resampling are one step; colours are weighed by their alpha."""
    left, top, right, bottom = box
    if (right - left, bottom - top) == size and (int(left), int(top)) == (left, top):
        return image.crop((int(left), int(top), int(right), int(bottom)))
    # On a handful of pixels the averaging would take away the shape of the filter's window.
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=gap if min(size) >= TINY else None)
