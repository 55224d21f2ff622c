"""Find the lowest quality that keeps a target SSIM to the unencoded picture.

Takes a second or two for each picture, so it is for publishing, never for a request. The encoders are told what they
are told in a request (`encoding.options`), so what was measured is what viewers get.
"""

import math
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from .. import documents
from ..encoding import FORMATS, ORIGINAL, Encoding, Format, with_quality
from ..errors import BadRecipe
from ..filters.canvas import background_color
from ..focus.faces import Focus
from ..pipeline.render import Fetch, finished
from ..pipeline.writing import encoded
from ..reading.limits import Limits
from ..reading.opened import Opened
from ..recipe import Recipe
from .similarity import WINDOW, ssim

#: Qualities that are tried. Above 95 files grow and nobody sees why; 100 is without loss in WebP, another matter.
LOWEST, HIGHEST = 1, 95

#: A larger picture is measured in its middle, of so many pixels: more than `encoding.options` tells small ones by.
PIXELS = 1_000_000


class Measure(Struct, frozen=True, array_like=True):
    """What became of one picture in one format at one quality: its likeness to itself before, and its size in bytes.

    In documents an array of the three.
    """

    quality: documents.Quality
    ssim: documents.Share
    bytes: documents.Bytes


def lossy_formats(encoding: Encoding) -> tuple[str, ...]:
    """The formats that a settled recipe can end in and where a quality means something, as words of FORMATS."""
    if encoding.format == ORIGINAL:
        possible: tuple[str, ...] = tuple(FORMATS)
    elif encoding.negotiated:
        possible = ("jpeg", *encoding.offers)
    else:
        possible = (encoding.format,)
    return tuple(name for name, format_ in FORMATS.items() if format_.lossy and name in possible)


def subject(original: Opened, recipe: Recipe, overlay: Fetch | None = None, focus: Focus | None = None) -> Image.Image:
    """The picture that a settled recipe makes of an original, to be measured: before encoding; of an animation the
    first frame; of a large one the middle, at its own scale. Raises as `render` does, and BadRecipe if it is too small.
    """
    still = replace(recipe, encoding=replace(recipe.encoding, still=True))
    picture = finished(original, still, overlay, focus).stills[0]
    if min(picture.size) < WINDOW:
        raise BadRecipe(
            f"The finished picture is {picture.width} x {picture.height} pixels; its visual quality can be measured "
            f"from {WINDOW} x {WINDOW} on"
        )
    return middle(picture)


def middle(picture: Image.Image) -> Image.Image:
    """The middle of a picture, in its proportions, of PIXELS at most."""
    part = math.sqrt(PIXELS / (picture.width * picture.height))
    if part >= 1:
        return picture
    width, height = int(picture.width * part), int(picture.height * part)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def sufficient(
    picture: Image.Image, encoding: Encoding, target: float, so_far: Mapping[str, int]
) -> dict[str, Measure]:
    """For each of `so_far`, which are formats and a quality to begin with: what the lowest quality from there on that
    keeps the target makes of the picture; where none does, HIGHEST."""
    return {name: lowest(picture, FORMATS[name], encoding, target, start) for name, start in so_far.items()}


def lowest(picture: Image.Image, format_: Format, encoding: Encoding, target: float, start: int = LOWEST) -> Measure:
    """By bisection, which takes it that more quality never looks worse: so it is, but for the last digits."""
    measure = measured(picture, format_, encoding, start)
    if measure.ssim >= target or start >= HIGHEST:
        return measure
    short, enough = start, HIGHEST  # `short` falls short of the target; `enough` keeps it, or is all there is
    found = None
    while enough - short > 1:
        tried = measured(picture, format_, encoding, (short + enough) // 2)
        if tried.ssim >= target:
            enough, found = tried.quality, tried
        else:
            short = tried.quality
    return found or measured(picture, format_, encoding, HIGHEST)


def measured(picture: Image.Image, format_: Format, encoding: Encoding, quality: int) -> Measure:
    """Encode a picture, decode it again, and compare both as they look on the recipe's background."""
    content, _ = encoded([picture], None, format_, replace(with_quality(encoding, quality), max_bytes=None))
    with Opened(content, Limits()) as encoded_picture:
        before, after = (
            background_color(one, encoding.background_rgb) for one in (picture, encoded_picture.pixels(1, 1))
        )
        return Measure(quality, ssim(before, after), len(content))
