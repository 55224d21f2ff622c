"""The dialect of Thumbor URLs: text to recipe, and recipe to canonical text.

    300x200/smart/filters:format(webp):quality(70)/bucket/people/one.jpg

The slots stand in a fixed order, each optional; what fits none begins the image path. Slots are matched in the raw
path, still percent-encoded; only the filters and the image path are decoded, once. Read in one pass, however made.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from ..imaging.encoding import ORIGINAL
from ..imaging.filters import FILTERS
from ..imaging.focus.smart import Smart
from ..imaging.frame.geometry import Box, Fit, Geometry, Halign, Side, Trim, Valign
from ..imaging.reading.limits import Limits
from ..imaging.recipe import Recipe
from .signing import SAFE, SIGNATURE

PIXELS, PART = r"[0-9]+", r"(?:[01]|0?\.[0-9]+|1\.0+)"
#: One pattern a slot, in the order in which they stand. None can match in two ways, so none looks twice at a character.
SLOTS = {
    "debug": re.compile(r"debug/"),
    "meta": re.compile(r"meta/"),
    "trim": re.compile(r"trim(?::(?P<corner>top-left|bottom-right))?(?::(?P<tolerance>[0-9]+))?/"),
    "crop": re.compile(rf"(?:{PIXELS}x{PIXELS}:{PIXELS}x{PIXELS}|{PART}x{PART}:{PART}x{PART})/"),
    "fit": re.compile(r"(?P<adaptive>adaptive-)?(?P<full>full-)?fit-in/"),
    "size": re.compile(r"(?P<mirror>-)?(?P<width>[0-9]+|orig)?x(?P<turn>-)?(?P<height>[0-9]+|orig)?/"),
    "halign": re.compile(r"(left|center|right)/"),
    "valign": re.compile(r"(top|middle|bottom)/"),
    "smart": re.compile(r"smart/"),
}
FILTERS_SLOT = "filters:"
#: A filter of this dialect alone: it is about the image path, of which a recipe knows nothing.
EXTRACT_FOCAL = "extract_focal"
#: A side is never more than this, so that a number of five thousand digits is one like any other.
MOST = 10**6
PLAIN = Recipe()


@dataclass(frozen=True, slots=True)
class ThumborUrl:
    """What a path says, behind its signature. `image` is decoded: the bucket's name, a /, the original's key."""

    recipe: Recipe
    image: str
    #: The answer is a description of the picture, as JSON.
    meta: bool = False
    #: The answer is the original, with what the crop keeps in sight outlined.
    debug: bool = False
    #: Filters that this service does not have, which Thumbor passes over.
    skipped: tuple[str, ...] = ()


def read(raw: str, limits: Limits, base: Recipe = PLAIN) -> ThumborUrl:
    """Read a raw path from behind `unsafe/` or the signature. A size over the limits becomes the limit, as in Thumbor.
    What the path leaves open is as in `base`.

    Raises BadArgument for an argument of a known filter that it cannot take.
    """
    found, rest = slots(raw)
    calls, skipped = FILTERS.read_leniently(unquote(found.get("filters", "")))
    asked = geometry(found, limits, base.geometry)
    if EXTRACT_FOCAL in skipped:
        skipped = tuple(name for name in skipped if name != EXTRACT_FOCAL)
        box, rest = inner_crop(rest)
        asked = replace(asked, focal=(*asked.focal, *([box] if box else [])))
    recipe = Recipe(asked, base.encoding, calls)
    return ThumborUrl(
        recipe,
        unquote(rest, errors="surrogateescape"),
        meta="meta" in found,
        debug="debug" in found,
        skipped=skipped,
    )


def inner_crop(raw: str) -> tuple[Box | None, str]:
    """The manual crop of a Thumbor URL that stands where the image path does, and that URL's image path."""
    first, slash, rest = raw.lstrip("/").partition("/")
    inner = rest if slash and (first == "unsafe" or SIGNATURE.fullmatch(first)) else raw
    found, image = slots(inner)
    return crop(found.get("crop", "")), image


def slots(raw: str) -> tuple[dict[str, str], str]:
    """The slots that are filled, by name, each with its text; and what is left, the image path."""
    found: dict[str, str] = {}
    position = last = 0
    for name, pattern in SLOTS.items():
        if match := pattern.match(raw, position):
            found[name], last, position = match[0], position, match.end()
    if raw.startswith(FILTERS_SLOT, position):
        # The section ends at the first )/ and must hold something.
        end = raw.find(")/", position + len(FILTERS_SLOT) + 1)
        if end >= 0:
            found["filters"] = raw[position + len(FILTERS_SLOT) : end + 1]
            last, position = position, end + 2
    if position == len(raw) and found:
        # There is always an image path: what was taken for the last slot is it.
        found.popitem()
        position = last
    return found, raw[position:]


def geometry(found: dict[str, str], limits: Limits, base: Geometry) -> Geometry:
    fit, size = matched("fit", found), matched("size", found)
    width, height = side(size.get("width"), limits.width), side(size.get("height"), limits.height)
    return replace(
        base,
        width=width,
        height=height,
        fit=(Fit.OUTSIDE if fit.get("full") else Fit.CONTAIN) if "fit" in found else Fit.COVER,
        adaptive=bool(fit.get("adaptive")),
        crop=crop(found.get("crop", "")),
        trim=trim(found),
        halign=Halign(found["halign"][:-1]) if "halign" in found else Halign.CENTER,
        valign=Valign(found["valign"][:-1]) if "valign" in found else Valign.MIDDLE,
        smart=Smart() if "smart" in found else None,
        flip_horizontally=bool(size.get("mirror")),
        flip_vertically=bool(size.get("turn")),
    )


def matched(name: str, found: dict[str, str]) -> dict[str, str | None]:
    match = SLOTS[name].match(found.get(name, ""))
    return match.groupdict() if match else {}


def side(text: str | None, most: int) -> Side:
    if text == "orig":
        return "orig"
    # Zero and nothing are the same: the side follows from the other.
    return min(whole(text), most) or None if text else None


def whole(digits: str) -> int:
    return int(digits) if len(digits) < 7 else min(int(digits.lstrip("0")[:7] or "0"), MOST)


def trim(found: dict[str, str]) -> Trim | None:
    if "trim" not in found:
        return None
    said = matched("trim", found)
    return Trim(from_bottom_right=said["corner"] == "bottom-right", tolerance=min(whole(said["tolerance"] or "0"), 442))


def crop(text: str) -> Box | None:
    """A crop that is empty is none, as in Thumbor."""
    if not text:
        return None
    fractions = "." in text
    numbers = re.split("[x:]", text.removesuffix("/"))
    left, top, right, bottom = (float(number) if fractions else whole(number) for number in numbers)
    return Box(left, top, right, bottom, fractions) if left < right and top < bottom else None


def write(recipe: Recipe, image: str) -> str:
    """The canonical path of a recipe and an image path: what `read` reads as just these.

    Of an alias's recipe, the qualities, the background, a negotiated format and a detector have no words in this
    dialect.
    """
    return "/".join([*options(recipe), quote(image, safe=SAFE, errors="surrogateescape")])


def options(recipe: Recipe) -> Iterator[str]:
    asked = recipe.geometry
    if asked.trim:
        yield str(asked.trim)
    if asked.crop:
        yield str(asked.crop)
    if asked.fit in (Fit.CONTAIN, Fit.OUTSIDE):
        yield f"{'adaptive-' if asked.adaptive else ''}{'full-' if asked.fit is Fit.OUTSIDE else ''}fit-in"
    width = f"{'-' if asked.flip_horizontally else ''}{asked.width or ''}"
    height = f"{'-' if asked.flip_vertically else ''}{asked.height or ''}"
    if width or height:
        yield f"{width}x{height}"
    if asked.halign is not Halign.CENTER:
        yield asked.halign
    if asked.valign is not Valign.MIDDLE:
        yield asked.valign
    if asked.smart:
        yield "smart"
    if filters := [*settings(recipe), *(str(call) for call in recipe.filters)]:
        yield FILTERS_SLOT + quote(":".join(filters), safe=SAFE + "[]|")


def settings(recipe: Recipe) -> Iterator[str]:
    """The filters that say what an alias says in fields of its own."""
    asked, encoding = recipe.geometry, recipe.encoding
    for box in asked.focal:
        yield f"focal({box})"
    if asked.fit is Fit.STRETCH:
        yield "stretch()"
    if asked.enlarge is not None:
        yield "upscale()" if asked.enlarge else "no_upscale()"
    if encoding.format != ORIGINAL and not encoding.negotiated:
        yield f"format({encoding.format})"
