"""Rendering: from an original's bytes and a recipe to a derivative's bytes.

open -> check -> plan -> decode no more than needed -> resample once -> sRGB -> upright -> flip -> filter -> encode
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from ..animation.frames import Timing, in_one_mode, plays
from ..encoding import PHOTOGRAPHIC, UNCHANGED, Format, choose
from ..errors import BadRecipe, BrokenPicture, PictureError, TooLarge, UnsupportedFormat
from ..filters.grammar.context import Context, refuse_overlays
from ..focus.faces import Focus
from ..frame.geometry import Frame, Geometry, Pixels, Trim, plan
from ..frame.trim import inner_box
from ..notes import Notes
from ..parameters import excerpt
from ..reading.checks import check_memory
from ..reading.colour.conversion import prepare, to_srgb
from ..reading.colour.space import SRGB, ColourSpace
from ..reading.credits import Credits, credits_of
from ..reading.decoding import decode_scale, shrink_factor
from ..reading.files.png import png_ends
from ..reading.header import Header
from ..reading.limits import Limits, too_long
from ..reading.modes import drop_opaque_alpha, to_workable
from ..reading.opened import Opened, identify
from ..reading.orientation import add_turn, make_upright, stored_box, swap_sides, turn_focus, upright_box
from ..recipe import Recipe
from .budget import BESIDE, FRAME, check_filters, check_overlays
from .cutting import mixes_beyond, part_of_box
from .resampling import resample
from .writing import encode, has_alpha

logger = logging.getLogger(__name__)

#: Reads the bytes of another picture, given its path.
Fetch = Callable[[str], bytes]


class Derivative(Struct, frozen=True):
    """A rendered picture. `type` is its media type; width and height are in pixels."""

    content: bytes
    type: str
    width: int
    height: int
    frames: int = 1
    notes: Notes = Notes()


class Finished(Struct, frozen=True):
    """A derivative before it is encoded.

    `stills` are its frames, in mode L, LA, RGB or RGBA; a still has one, and no `timing`.
    """

    stills: list[Image.Image]
    timing: Timing | None
    #: The original's format, as in `Header.name`.
    original: str
    #: The creator and copyright to write, if any.
    owners: Credits | None
    #: Why an animation is shown as its first frame, as in Notes.
    flattened: str
    frame: Frame


def render(original: Opened, recipe: Recipe, overlay: Fetch | None = None, focus: Focus | None = None) -> Derivative:
    """Render the derivative of a settled recipe.

    `overlay` reads the files of `recipe.overlays`, by path. `focus` is the original's, if `sight.py` says that the
    recipe needs it. Raises UnsupportedFormat and BrokenPicture for the original, TooLarge for the original or for what
    the recipe makes of it, BadRecipe for an overlay that is not a picture, and whatever `overlay` raises.
    """
    if recipe.encoding.format == UNCHANGED:
        found = identify(original)
        return Derivative(original.content, found.type, found.width, found.height, found.frames)
    return write(finish(original, recipe, overlay, focus), recipe, original.limits)


def write(made: Finished, recipe: Recipe, limits: Limits) -> Derivative:
    """Encode a finished derivative. Raises as `render` does."""
    still, timing, chosen = made.stills[0], made.timing, format_of(made, recipe)
    content, oversize = encode(
        made.stills,
        timing,
        chosen,
        recipe.encoding,
        made.owners,
        photographic=made.original in PHOTOGRAPHIC,
        seconds=limits.seconds,
    )
    return Derivative(
        content=content,
        type=chosen.type,
        width=still.width,
        height=still.height,
        frames=len(made.stills),
        notes=Notes(made.flattened, oversize),
    )


def format_of(made: Finished, recipe: Recipe) -> Format:
    """The format in which a finished derivative is written."""
    return choose(recipe.encoding, made.original, has_alpha(made.stills[0]), animated=made.timing is not None)


def finish(original: Opened, recipe: Recipe, overlay: Fetch | None = None, focus: Focus | None = None) -> Finished:
    """Do everything but the encoding. Raises as `render` does."""
    header, limits = original.header, original.limits
    turn = turn_of(header, recipe.geometry)
    trimmed = trimmed_box(original, recipe.geometry.trim, turn)
    focus = focus_for(recipe.geometry, header, focus)
    frame = plan(recipe.geometry, *swap_sides(header.size, turn), limits, trimmed, focus)
    chosen = choose(recipe.encoding, header.name, alpha=True, animated=True)
    moving = header.frames > 1 and not recipe.encoding.still and chosen.animated
    flattened = too_long(header.frames, (header.extent, frame.size), limits) if moving else ""
    if flattened and recipe.encoding.keep_animation:
        raise TooLarge(f"{flattened}, and the recipe refuses to show its first frame alone")
    frames = header.frames if moving and not flattened else 1
    overlays = Overlays(overlay, limits)
    context = Context(frame.canvas, overlays.load, overlays.measure, limits, frames)
    most = check_filters(recipe.filters, frame.size, context)
    if overlays.opened:
        check_overlays(overlays.opened, most * (frames * FRAME + BESIDE), limits)
    if moving and not flattened:
        stills, timing = develop_frames(original, frame, turn, lossy=chosen.lossy)
        if not timing:
            flattened = "The animation is damaged, the picture before it is not"
            if recipe.encoding.keep_animation:
                raise BrokenPicture(f"{flattened}, and the recipe refuses to show a still")
    else:
        # Trimming has decoded the original at full size.
        trimming = recipe.geometry.trim is not None
        stills, timing = [develop(original, frame, turn, grey=turns_grey(recipe), all_of_it=trimming)], None
    owners = credits_of(original.image, header.exif) if recipe.encoding.keep_copyright else None
    original.release()  # filters may need the memory
    context = replace(context, frames=len(stills))
    for call in recipe.filters:
        stills = [call(still, context) for still in stills]
    stills = in_one_mode([drop_opaque_alpha(still) for still in stills])
    return Finished(stills, timing, header.name, owners, flattened, frame)


def turn_of(header: Header, geometry: Geometry) -> int:
    """The EXIF orientation, 1 to 8, to be undone: the original's own, and what the recipe turns in addition."""
    return add_turn(header.orientation if geometry.upright else 1, geometry.turn)


def focus_for(geometry: Geometry, header: Header, focus: Focus | None) -> Focus | None:
    """The focus of an original, turned as the recipe turns it: the detected one, or the recipe's own."""
    focus = focus or (geometry.smart.focus if geometry.smart else None)
    return focus and turn_focus(focus, header.orientation, turn_of(header, geometry))


def plan_recipe(original: Opened, recipe: Recipe, focus: Focus | None = None) -> tuple[tuple[int, int], Frame, Pixels]:
    """Plan a derivative without rendering it.

    Returns the width and height, in pixels, of the original as the recipe turns it, the frame, and the box that
    trimming leaves. Only trimming decodes the original. Raises as `render` does.
    """
    header = original.header
    turn = turn_of(header, recipe.geometry)
    width, height = swap_sides(header.size, turn)
    trimmed = trimmed_box(original, recipe.geometry.trim, turn) or (0, 0, width, height)
    focus = focus_for(recipe.geometry, header, focus)
    return (width, height), plan(recipe.geometry, width, height, original.limits, trimmed, focus), trimmed


class Overlays:
    """The pictures that filters lay over others, by their paths: each fetched once, with the checks of an original."""

    def __init__(self, fetch: Fetch | None, limits: Limits) -> None:
        self._fetch, self._limits = fetch, limits
        self.opened: dict[str, Opened] = {}
        self._pixels: dict[str, Image.Image] = {}

    def measure(self, path: str) -> tuple[int, int]:
        """Its width and height in pixels, reduced where that is over the limits, without decoding it."""
        if not self._fetch:
            return refuse_overlays(path)
        if path not in self.opened:
            self.opened[path] = Opened(self._fetch(path), self._limits)
        with naming_overlay(path):
            return plan(Geometry(), *self.opened[path].header.upright, self._limits).size

    def load(self, path: str) -> Image.Image:
        """Its pixels."""
        self.measure(path)
        if path not in self._pixels:
            with naming_overlay(path), self.opened[path] as picture:
                header = picture.header
                frame = plan(Geometry(), *header.upright, self._limits)
                self._pixels[path] = develop(picture, frame, header.orientation)
        return self._pixels[path]


@contextmanager
def naming_overlay(path: str) -> Iterator[None]:
    """Say of which overlay an error is. One that is not a picture is a fault of the recipe, not of the original."""
    try:
        yield
    except PictureError as error:
        kind = BadRecipe if isinstance(error, UnsupportedFormat) else type(error)
        raise kind(f"The overlay {excerpt(path)} cannot be used. {error}") from error


def turns_grey(recipe: Recipe) -> bool:
    """Whether the first filter drops all colours, so that they need not be decoded."""
    return bool(recipe.filters) and recipe.filters[0].filter.name == "grayscale"


def trimmed_box(original: Opened, trim: Trim | None, turn: int) -> Pixels | None:
    """The box that trimming leaves of an original, in pixels of the picture once it is turned upright from `turn`.

    Returns None if nothing is trimmed. Decodes the original at full size. Raises as `render` does.
    """
    if not trim:
        return None
    check_memory(original.header, original.limits)
    size = original.header.size
    pixels = to_workable(original.pixels(1, 1))
    width, height = swap_sides(size, turn)
    corner = (width - 1, height - 1, width, height) if trim.from_bottom_right else (0, 0, 1, 1)
    left, top, _, _ = stored_box(corner, turn, size)
    inner = inner_box(pixels, (int(left), int(top)), trim.tolerance)
    if not inner:
        return None
    left, top, right, bottom = upright_box(inner, turn, size)
    return int(left), int(top), int(right), int(bottom)


def develop_frames(
    original: Opened, frame: Frame, turn: int, *, lossy: bool
) -> tuple[list[Image.Image], Timing | None]:
    """Decode, resample and turn the frames of an animation. `lossy` says whether the format to write is.

    Of an animated PNG with a broken animation, returns its still picture and no timing, as the PNG specification says.
    Raises as `render` does. The caller has to release the original, which is then at its last frame.
    """
    header, stills, durations = original.header, [], []
    check_memory(replace(header, size=header.extent), original.limits)
    try:
        for shot, duration in original.play():
            box, size = stored_box(frame.box, turn, shot.size), swap_sides(frame.size, turn)
            cut = frame.cut and stored_box(frame.cut, turn, shot.size)
            pixels, factor = prepare(to_workable(shot), header.colours, 1 if cut else shrink_factor(box, size))
            box, cut = part_of_box(box, factor, pixels), cut and part_of_box(cut, factor, pixels)
            # Copied if it is the very picture into which Pillow draws the next frame.
            still = resample(pixels, box, size, cut=cut, animated=lossy)
            stills.append(orient(still.copy() if still is shot else still, frame, turn, header.colours))
            durations.append(duration)
        return stills, Timing(tuple(durations), plays(original.image, original.content))
    except BrokenPicture as error:
        if header.format != "PNG" or not png_ends(original.content):
            raise
        logger.info("A broken animation became a still: %s", error)
    original.release()
    return [develop(original, frame, turn)], None


def develop(original: Opened, frame: Frame, turn: int, *, grey: bool = False, all_of_it: bool = False) -> Image.Image:
    """Decode, resample and turn an original; of an animation, its first frame. Returns mode L, LA, RGB or RGBA.

    `grey` says that colours are not needed, and `all_of_it` that the original is already decoded at full size. Raises
    as `render` does.
    """
    header = original.header
    box, size = stored_box(frame.box, turn, header.size), swap_sides(frame.size, turn)
    cut = frame.cut and stored_box(frame.cut, turn, header.size)
    shrink = shrink_factor(box, size)
    scale = 1 if all_of_it else decode_scale(header, box, size, original.content)
    check_memory(header, original.limits, scale)
    # Of other colours than sRGB's, luma differs from the grey of the converted ones.
    grey = grey and not all_of_it and header.colours == SRGB
    pixels = original.pixels(scale, shrink, grey=grey)
    if cut and scale > 1 and mixes_beyond(pixels, cut, scale, header, original.limits):
        scale, pixels = 1, original.pixels(1, shrink, grey=grey)
    pixels, factor = prepare(to_workable(pixels), header.colours, 1 if cut else shrink / scale)
    box, cut = part_of_box(box, scale * factor, pixels), cut and part_of_box(cut, scale * factor, pixels)
    still = resample(pixels, box, size, cut=cut, reduced_well=header.format == "JPEG")
    return orient(still, frame, turn, header.colours)


def orient(still: Image.Image, frame: Frame, turn: int, colours: ColourSpace) -> Image.Image:
    """Convert resampled pixels to sRGB, turn them upright from `turn`, and flip. Returns mode L, LA, RGB or RGBA."""
    still = make_upright(to_srgb(still, colours), turn)
    if frame.flip_horizontally:
        still = still.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if frame.flip_vertically:
        still = still.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return still
