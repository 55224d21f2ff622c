"""Thumbor URLs: from a path to a recipe, and from a recipe to its canonical path.

    300x200/smart/filters:format(webp):quality(70)/bucket/people/one.jpg

The slots come in a fixed order and are all optional; whatever fits none of them begins the image path. Slots are
matched in the raw path, still percent-encoded; only the filters and the image path are decoded, once. A path is read in
one pass.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

from msgspec import Struct
from msgspec.structs import replace

from ..imaging.encoding import ORIGINAL, UNCHANGED
from ..imaging.errors import BadRecipe
from ..imaging.filters import FILTERS
from ..imaging.focus.smart import Smart
from ..imaging.frame.geometry import Box, Fit, Geometry, Halign, Side, Trim, Valign
from ..imaging.frame.trim import FARTHEST
from ..imaging.parameters import excerpt
from ..imaging.reading.limits import Limits
from ..imaging.recipe import Recipe
from . import image_path
from .image_path import SCHEME, SCHEME_WITHIN, Buckets, By
from .raw_path import SAFE, cut

#: A whole signature within an image path, by SHA-1, SHA-256 or SHA-512.
SIGNATURE = re.compile(r"(?:[A-Za-z0-9_-]{27}|[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{86}(?:=|%3[Dd]))(?:=|%3[Dd])")
PIXELS, PART = r"[0-9]+", r"(?:[01]|0?\.[0-9]+|1\.0+)"
#: One pattern a slot, in their order. None can match in two ways, so none backtracks.
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
#: A filter of this dialect alone: it changes the image path, which is not part of a recipe.
EXTRACT_FOCAL = "extract_focal"
#: The largest number that is read. Larger ones, of thousands of digits even, count as this one.
LARGEST = 10**6 - 1
#: Digits of a side of a size. More is a mistake or an attack, and no program can mean it.
MOST_DIGITS = 9
PLAIN = Recipe()
NONE = Buckets()


class ThumborUrl(Struct, frozen=True):
    """What a path says after its signature. `image` is decoded: the bucket's name, a /, the original's key."""

    recipe: Recipe
    image: str
    #: Asks for a description of the picture, as JSON.
    meta: bool = False
    #: Asks for the original with its focus outlined.
    debug: bool = False
    #: Names of filters that were not applied: unknown ones, and those that cannot take their arguments.
    skipped: tuple[str, ...] = ()
    #: What says which bucket it is of.
    by: By = By.NAME


def read(raw: str, limits: Limits, base: Recipe = PLAIN, *, strict: bool = False) -> ThumborUrl:
    """Read what follows `unsafe/` or the signature in a raw path.

    A size over the limits becomes the limit, as in Thumbor. What the path leaves open is taken from `base`. Raises
    BadRecipe for a size that no picture can have, for too many filters, for an overlay that cannot be one and, if
    `strict`, for a filter that is skipped.
    """
    found, rest = read_slots(raw)
    calls, passed_over = FILTERS.read_leniently(unquote(found.get("filters", "")))
    skipped = [each for each in passed_over if each.name != EXTRACT_FOCAL]
    if strict and skipped:
        raise skipped[0].why
    asked = read_geometry(found, limits, base.geometry)
    if len(skipped) < len(passed_over):
        box, rest = inner_crop(rest)
        asked = replace(asked, focal=(*asked.focal, *([box] if box else [])))
    recipe = Recipe(asked, base.encoding, calls)
    return ThumborUrl(
        recipe,
        image_path.decode(rest),
        meta="meta" in found,
        debug="debug" in found,
        skipped=tuple(each.name for each in skipped),
    )


def inner_crop(raw: str) -> tuple[Box | None, str]:
    """For extract_focal(), the image path is itself a Thumbor URL. Returns that URL's manual crop and its image
    path."""
    first, slash, rest = raw.lstrip("/").partition("/")
    inner = rest if slash and (first == "unsafe" or SIGNATURE.fullmatch(first)) else raw
    found, image = read_slots(inner)
    return read_crop(found.get("crop", "")), image


def is_same_url(one: str, other: str) -> bool:
    """Whether two raw paths are spellings of one URL: only percent-encoding differs, and not in what it stands for."""
    return decoded(one) == decoded(other)


def decoded(raw: str) -> tuple[dict[str, str], str, tuple[Box | None, str] | None]:
    """The slots of a raw path and its image path, decoded; and for extract_focal() what the image path says. Addresses
    have two slashes after their scheme, however many were sent."""
    found, rest = read_slots(raw)
    slots = {name: unquote(text, errors="surrogateescape") for name, text in found.items()}
    inner = None
    if EXTRACT_FOCAL in slots.get("filters", ""):
        box, image = inner_crop(rest)
        inner = box, with_two_slashes(image)
    if "filters" in slots:
        slots["filters"] = SCHEME_WITHIN.sub(r"\1//", slots["filters"])
    return slots, with_two_slashes(rest), inner


def with_two_slashes(raw: str) -> str:
    """The text of a raw image path, with two slashes after the scheme of an address."""
    text = image_path.decode(raw)
    scheme = SCHEME.match(text)
    return f"{scheme[1]}//{text[scheme.end() :]}" if scheme else text


def read_slots(raw: str) -> tuple[dict[str, str], str]:
    """The text of each slot that is there, by name; and the rest, which is the image path."""
    found: dict[str, str] = {}
    position = last = 0
    for name, pattern in SLOTS.items():
        if match := pattern.match(raw, position):
            found[name], last, position = match[0], position, match.end()
    if raw.startswith(FILTERS_SLOT, position):
        # The filters end at the first )/ and cannot be empty.
        end = raw.find(")/", position + len(FILTERS_SLOT) + 1)
        if end >= 0:
            found["filters"] = raw[position + len(FILTERS_SLOT) : end + 1]
            last, position = position, end + 2
    if position == len(raw) and found:
        # There is always an image path, so what looked like the last slot is the image path.
        found.popitem()
        position = last
    return found, raw[position:]


def parts(raw: str, buckets: Buckets = NONE) -> list[tuple[str, str]]:
    """The parts of a raw path as they stand in it, each with its name: the slots that are there, with the / after
    them; what extract_focal() reads; then the “bucket” or the “address” that stands for it, with its /, if it has
    either; and the “key”. Together they are the path. Of an address that is escaped as a whole, the key is part."""
    found, rest = read_slots(raw)
    slots = [(name, f"{FILTERS_SLOT}{text}/" if name == "filters" else text) for name, text in found.items()]
    image = inner_crop(rest)[1] if EXTRACT_FOCAL in found.get("filters", "") else rest
    if len(image) < len(rest):
        slots.append((EXTRACT_FOCAL, rest[: len(rest) - len(image)]))
    text = image_path.decode(image)
    said = image_path.locate(text, buckets)
    if said.by is By.SETTING:
        return [*slots, ("key", image)]
    head, key = cut(image, text[: len(text) - len(said.key)])
    if said.by is By.ADDRESS and (image_path.is_escaped(image) or not head.endswith("/")):
        return [*slots, ("address", image)]
    return [*slots, ("address" if said.by is By.ADDRESS else "bucket", head), *([("key", key)] if key else [])]


def with_bucket(url: ThumborUrl, buckets: Buckets) -> ThumborUrl:
    """The URL with the bucket's name before the key, in its image path and in the paths of its overlays."""

    def named(path: str) -> str:
        found = image_path.locate(path, buckets)
        # What names no bucket in any way stays as it is sent, for the error to say so.
        return path if found.by is By.NAME else f"{found.bucket}/{found.key}"

    found = image_path.locate(url.image, buckets)
    return replace(url, image=named(url.image), recipe=url.recipe.with_overlays(named), by=found.by)


def read_geometry(found: dict[str, str], limits: Limits, base: Geometry) -> Geometry:
    """The geometry that the slots ask for, on top of `base`."""
    fit, size = groups("fit", found), groups("size", found)
    width, height = read_side(size.get("width"), limits.width), read_side(size.get("height"), limits.height)
    return replace(
        base,
        width=width,
        height=height,
        fit=(Fit.OUTSIDE if fit.get("full") else Fit.CONTAIN) if "fit" in found else Fit.COVER,
        adaptive=bool(fit.get("adaptive")),
        crop=read_crop(found.get("crop", "")),
        trim=read_trim(found),
        halign=Halign(found["halign"][:-1]) if "halign" in found else Halign.CENTER,
        valign=Valign(found["valign"][:-1]) if "valign" in found else Valign.MIDDLE,
        smart=Smart() if "smart" in found else None,
        flip_horizontally=bool(size.get("mirror")),
        flip_vertically=bool(size.get("turn")),
    )


def groups(name: str, found: dict[str, str]) -> dict[str, str | None]:
    """The named groups of a slot's pattern; empty if the slot is not there."""
    match = SLOTS[name].match(found.get(name, ""))
    return match.groupdict() if match else {}


def read_side(text: str | None, most: int) -> Side:
    if text == "orig":
        return "orig"
    if text and len(text.lstrip("0")) > MOST_DIGITS:
        raise BadRecipe(f"A size has sides of at most {MOST_DIGITS} digits, not {excerpt(text)}")
    # Without a number, or with 0, the side follows from the other.
    return min(integer(text), most) or None if text else None


def integer(digits: str) -> int:
    """A number in decimal digits, at most LARGEST, without reading all of a long one."""
    return int(digits) if len(digits) < 7 else min(int(digits.lstrip("0")[:7] or "0"), LARGEST)


def read_trim(found: dict[str, str]) -> Trim | None:
    if "trim" not in found:
        return None
    options = groups("trim", found)
    tolerance = min(integer(options["tolerance"] or "0"), FARTHEST)
    return Trim(from_bottom_right=options["corner"] == "bottom-right", tolerance=tolerance)


def read_crop(text: str) -> Box | None:
    """The box of a manual crop. An empty box means no crop, as in Thumbor."""
    if not text:
        return None
    fractions = "." in text
    numbers = re.split("[x:]", text.removesuffix("/"))
    left, top, right, bottom = (float(number) if fractions else integer(number) for number in numbers)
    return Box(left, top, right, bottom, fractions) if left < right and top < bottom else None


def write(recipe: Recipe, image: str) -> str:
    """The canonical path of a recipe and an image path. `read` reads it back.

    Thumbor has no words for some of an alias's recipe: qualities, background, a negotiated format, a detector.
    """
    return "/".join([*write_slots(recipe), quote(image, safe=SAFE, errors="surrogateescape")])


def write_slots(recipe: Recipe) -> Iterator[str]:
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
    if filters := [*field_filters(recipe), *(str(call) for call in recipe.filters)]:
        yield FILTERS_SLOT + quote(":".join(filters), safe=SAFE + "[]|")


def field_filters(recipe: Recipe) -> Iterator[str]:
    """Filters for what an alias has fields for, and Thumbor has no slot."""
    asked, encoding = recipe.geometry, recipe.encoding
    for box in asked.focal:
        yield f"focal({box})"
    if asked.fit is Fit.STRETCH:
        yield "stretch()"
    if asked.enlarge is not None:
        yield "upscale()" if asked.enlarge else "no_upscale()"
    if encoding.format not in (ORIGINAL, UNCHANGED) and not encoding.negotiated:
        yield f"format({encoding.format})"
