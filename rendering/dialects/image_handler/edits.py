"""The edits of AWS's Serverless Image Handler: what its JSON asks for, in the words of the library sharp, to a recipe.

An edit that this service does not have is passed over and named. One is refused: what was to be hidden must not show.
docs/moving.md has the table of all of them.
"""

from dataclasses import replace

from rendering.imaging.encoding import FORMATS, Encoding, with_quality
from rendering.imaging.errors import BadRecipe
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe

from . import filters, geometry
from .filters import Overlay
from .values import Edits, number, options

#: Edits that say how the file is written.
FILES = ("jpeg", "webp", "avif", "png", "gif", "heif", "tiff")
LOSSY = FILES[:3]
#: What a file says of itself is left out here, asked or not.
STRIPPED = ("stripExif", "stripIcc")
KNOWN = frozenset({"toFormat", "quality", "animated", *FILES, *STRIPPED}) | geometry.EDITS | filters.EDITS


def recipe(request: Edits, limits: Limits, base: Recipe, overlay: Overlay) -> tuple[Recipe, tuple[str, ...]]:
    """The recipe of a request, and the edits in it that are not carried out, as short words of ASCII.

    Raises BadRecipe for what is no edit at all, or must not be left undone.
    """
    asked = request.get("edits") or {}
    if not isinstance(asked, dict):
        raise BadRecipe('The edits of this URL are no object; write {"edits": {"resize": {"width": 300}}}')
    # What is off is not asked for; but of an animation, it is what asks for a still.
    edits = {name: value for name, value in asked.items() if name == "animated" or value not in (None, False)}
    if "contentModeration" in edits:
        raise BadRecipe("contentModeration is not done here, and a picture that it might blur is not shown without it")
    skipped = list(request.get("skipped", ()))
    shape = geometry.framed(edits, limits, base.geometry, skipped)
    encoding = written(edits, request, base.encoding, skipped)
    calls = tuple(filters.painted(edits, shape, overlay, skipped))
    skipped += [name for name in edits if name not in KNOWN]
    return Recipe(shape, encoding, calls), tuple(ascii(name[:40])[1:-1] for name in dict.fromkeys(skipped))


def written(edits: Edits, request: Edits, base: Encoding, skipped: list[str]) -> Encoding:
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
    for name in FILES:
        skipped += [f"{name}.{each}" for each in options(edits, name) if name not in LOSSY or each != "quality"]
    if "headers" in request:
        skipped.append("headers")
    return encoding


def percent(value: object) -> int | None:
    found = number(value)
    return None if found is None else min(100, max(1, round(found)))
