"""The edits of AWS's Serverless Image Handler: from its JSON, in the terms of the library sharp, to a recipe.

An edit that this service does not have is ignored and named. One is refused, contentModeration: what it would hide must
not show. docs/moving.md lists all edits.
"""

from msgspec.structs import replace

from rendering.imaging.encoding import FORMATS, Encoding, with_quality
from rendering.imaging.errors import BadRecipe
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe

from . import filters, geometry
from .filters import Overlay
from .values import Edits, number, options

#: Edits that set options of an output format.
OUTPUTS = ("jpeg", "webp", "avif", "png", "gif", "heif", "tiff")
LOSSY = OUTPUTS[:3]
#: Derivatives never have this metadata, so these edits have nothing to do.
STRIPPED = ("stripExif", "stripIcc")
KNOWN = frozenset({"toFormat", "quality", "animated", *OUTPUTS, *STRIPPED}) | geometry.EDITS | filters.EDITS


def recipe(request: Edits, limits: Limits, base: Recipe, overlay: Overlay) -> tuple[Recipe, tuple[str, ...]]:
    """The recipe of a request, and the names of the edits that are ignored, as short ASCII words.

    Raises BadRecipe for edits that are not an object, and for one that must not be ignored.
    """
    asked = request.get("edits") or {}
    if not isinstance(asked, dict):
        raise BadRecipe('“edits” in this URL must be an object, such as {"edits": {"resize": {"width": 300}}}')
    # An edit that is off asks for nothing, except that animated: false asks for a still picture.
    edits = {name: value for name, value in asked.items() if name == "animated" or value not in (None, False)}
    if "contentModeration" in edits:
        raise BadRecipe("contentModeration is not available here, and what it might blur is not shown without it")
    skipped = list(request.get("skipped", ()))
    shape = geometry.read_geometry(edits, limits, base.geometry, skipped)
    encoding = read_encoding(edits, request, base.encoding, skipped)
    calls = tuple(filters.read_filters(edits, shape, overlay, skipped))
    skipped += [name for name in edits if name not in KNOWN]
    return Recipe(shape, encoding, calls), tuple(ascii(name[:40])[1:-1] for name in dict.fromkeys(skipped))


def read_encoding(edits: Edits, request: Edits, base: Encoding, skipped: list[str]) -> Encoding:
    """The encoding that edits ask for. Appends the names of those that are ignored to `skipped`."""
    encoding = base
    if wanted := edits.get("toFormat") or request.get("outputFormat"):
        name = "jpeg" if str(wanted).lower() == "jpg" else str(wanted).lower()
        if name in FORMATS:
            encoding = replace(encoding, format=name)
        else:
            skipped.append("toFormat" if edits.get("toFormat") else "outputFormat")
    if edits.get("animated") is False:
        encoding = replace(encoding, still=True)
    if quality := percent(edits.get("quality")):
        encoding = with_quality(encoding, quality)
    qualities = {name: percent(options(edits, name).get("quality")) for name in LOSSY}
    encoding = replace(
        encoding,
        jpeg_quality=qualities["jpeg"] or encoding.jpeg_quality,
        webp_quality=qualities["webp"] or encoding.webp_quality,
        avif_quality=qualities["avif"] or encoding.avif_quality,
    )
    for name in OUTPUTS:
        skipped += [f"{name}.{each}" for each in options(edits, name) if name not in LOSSY or each != "quality"]
    if "headers" in request:
        skipped.append("headers")
    return encoding


def percent(value: object) -> int | None:
    """A quality from 1 to 100; numbers beyond are clamped."""
    found = number(value)
    return None if found is None else min(100, max(1, round(found)))
