"""Find the lowest quality that keeps a target SSIM to the unencoded picture.

This takes a second or two for each picture, so it is for publishing, never for a request. Encoders get the same options
as in a request (`encoding.options`), so viewers get what was measured.
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
from ..pipeline.render import Fetch, finish
from ..pipeline.writing import encode
from ..reading.limits import Limits
from ..reading.opened import Opened
from ..recipe import Recipe
from .similarity import WINDOW, ssim

#: The qualities that are tried. Above 95 files grow without a visible gain, and 100 is lossless in WebP.
LOWEST, HIGHEST = 1, 95

#: Larger pictures are cropped to this many pixels from the middle. `encoding.options` counts such crops as large too.
PIXELS = 1_000_000


class Measure(Struct, frozen=True, array_like=True):
    """One picture encoded in one format: the quality, the SSIM to the unencoded picture, and the size in bytes.

    In documents it is an array of the three.
    """

    quality: documents.Quality
    ssim: documents.Share
    bytes: documents.Bytes


def lossy_formats(encoding: Encoding) -> tuple[str, ...]:
    """The lossy formats, by their names in FORMATS, that a settled recipe with this encoding can be written in."""
    if encoding.format == ORIGINAL:
        possible: tuple[str, ...] = tuple(FORMATS)
    elif encoding.negotiated:
        possible = ("jpeg", *encoding.offers)
    else:
        possible = (encoding.format,)
    return tuple(name for name, format_ in FORMATS.items() if format_.lossy and name in possible)


def render_subject(
    original: Opened, recipe: Recipe, overlay: Fetch | None = None, focus: Focus | None = None
) -> Image.Image:
    """Render the picture that is measured: what a settled recipe makes of an original, before it is encoded.

    Of an animation it is the first frame, and of a large picture a crop of PIXELS from the middle. Raises as `render`
    does, and BadRecipe if the picture is smaller than SSIM's window.
    """
    still = replace(recipe, encoding=replace(recipe.encoding, still=True))
    picture = finish(original, still, overlay, focus).stills[0]
    if min(picture.size) < WINDOW:
        raise BadRecipe(
            f"The finished picture is {picture.width} x {picture.height} pixels; its visual quality can be measured "
            f"from {WINDOW} x {WINDOW} pixels on"
        )
    return crop_middle(picture)


def crop_middle(picture: Image.Image) -> Image.Image:
    """The middle of a picture: at most PIXELS, in the picture's proportions."""
    part = math.sqrt(PIXELS / (picture.width * picture.height))
    if part >= 1:
        return picture
    width, height = int(picture.width * part), int(picture.height * part)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height))


def find_qualities(
    picture: Image.Image, encoding: Encoding, target: float, so_far: Mapping[str, int]
) -> dict[str, Measure]:
    """Find, for each format, the lowest quality that keeps the target SSIM, or HIGHEST if none does.

    `so_far` has the formats, by name, each with the lowest quality to try: what other pictures needed.
    """
    return {name: find_lowest(picture, FORMATS[name], encoding, target, start) for name, start in so_far.items()}


def find_lowest(
    picture: Image.Image, format_: Format, encoding: Encoding, target: float, start: int = LOWEST
) -> Measure:
    """The same for one format, by bisection.

    Bisection assumes that SSIM never falls as quality rises, which is true but for the last digits.
    """
    first = measure(picture, format_, encoding, start)
    if first.ssim >= target or start >= HIGHEST:
        return first
    short, enough = start, HIGHEST  # `short` misses the target; `enough` keeps it, or is the highest there is
    found = None
    while enough - short > 1:
        tried = measure(picture, format_, encoding, (short + enough) // 2)
        if tried.ssim >= target:
            enough, found = tried.quality, tried
        else:
            short = tried.quality
    return found or measure(picture, format_, encoding, HIGHEST)


def measure(picture: Image.Image, format_: Format, encoding: Encoding, quality: int) -> Measure:
    """Encode a picture, decode it again, and compare the two on the background of the encoding."""
    content, _ = encode([picture], None, format_, replace(with_quality(encoding, quality), max_bytes=None))
    with Opened(content, Limits()) as encoded_picture:
        before, after = (
            background_color(one, encoding.background_rgb) for one in (picture, encoded_picture.pixels(1, 1))
        )
        return Measure(quality, ssim(before, after), len(content))
