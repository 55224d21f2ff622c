"""Edits of the geometry: resize, crop, trim, rotate, flip, and crops to faces."""

from msgspec.structs import replace

from rendering.imaging.box import Box
from rendering.imaging.errors import BadArgument, BadRecipe
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Fit, Geometry, Halign, Valign
from rendering.imaging.frame.trim import FARTHEST, Trim
from rendering.imaging.reading.limits import Limits

from .values import Edits, number, options, side

FITS = {"contain": Fit.CONTAIN, "fill": Fit.STRETCH, "inside": Fit.CONTAIN, "outside": Fit.OUTSIDE}
#: The options of a resize that are known.
RESIZE = frozenset({"width", "height", "fit", "position", "background", "withoutEnlargement", "ratio"})
EDITS = frozenset({"resize", "crop", "extract", "trim", "rotate", "flip", "flop", "smartCrop"})
#: The tolerance of a trim that names none: sharp's own default.
TOLERANCE = 10


def read_geometry(edits: Edits, limits: Limits, base: Geometry, skipped: list[str]) -> Geometry:
    """The geometry that edits ask for. Appends the names of those that are ignored to `skipped`."""
    size = options(edits, "resize")
    width, height = side(size, "width", limits.width), side(size, "height", limits.height)
    fit = FITS.get(str(size.get("fit")), Fit.COVER)
    if size.get("fit") not in (None, "cover", *FITS):
        skipped.append("resize.fit")
    skipped += [f"resize.{name}" for name in size if name not in RESIZE]
    asked = replace(
        base,
        width=width,
        height=height,
        # With one side, the other follows whatever the fit. COVER then enlarges, as sharp does.
        fit=fit if width and height else Fit.COVER,
        enlarge=not size.get("withoutEnlargement"),
        crop=read_crop(edits),
        trim=read_trim(edits),
        flip_horizontally=bool(edits.get("flop")),
        flip_vertically=bool(edits.get("flip")),
        turn=read_turn(edits, base, skipped),
        smart=read_smart_crop(edits, skipped),
    )
    return with_position(asked, str(size.get("position") or ""), skipped)


def with_position(asked: Geometry, position: str, skipped: list[str]) -> Geometry:
    """The geometry with a position of sharp's: edges such as `right top`, compass points, or a strategy."""
    if not position:
        return asked
    if asked.fit is not Fit.COVER:
        skipped.append("resize.position")
        return asked
    word = position.lower()
    if word in ("entropy", "attention"):
        return replace(asked, smart=asked.smart or Smart())
    halign = [to for name, to in HALIGN.items() if name in word]
    valign = [to for name, to in VALIGN.items() if name in word]
    if not (halign or valign or word in ("centre", "center")):
        skipped.append("resize.position")
    return replace(asked, halign=(*halign, Halign.CENTER)[0], valign=(*valign, Valign.MIDDLE)[0])


HALIGN = {"left": Halign.LEFT, "west": Halign.LEFT, "right": Halign.RIGHT, "east": Halign.RIGHT}
VALIGN = {"top": Valign.TOP, "north": Valign.TOP, "bottom": Valign.BOTTOM, "south": Valign.BOTTOM}


def read_crop(edits: Edits) -> Box | None:
    name = "crop" if "crop" in edits else "extract"
    if name not in edits:
        return None
    order = list(edits)
    if options(edits, "resize") and order.index("resize") < order.index(name):
        raise BadRecipe(f"“{name}” must come before “resize” here, in pixels of the original")
    box = options(edits, name)
    left, top, width, height = (number(box.get(each)) for each in ("left", "top", "width", "height"))
    if left is None or top is None or not width or not height or min(left, top, width, height) < 0:
        raise BadArgument(f"{name} needs left, top, width and height, in pixels of the original")
    return Box(left, top, left + width, top + height)


def read_trim(edits: Edits) -> Trim | None:
    if "trim" not in edits:
        return None
    tolerance = number(options(edits, "trim").get("threshold", edits["trim"]))
    return Trim(tolerance=TOLERANCE if tolerance is None else min(FARTHEST, max(0, round(tolerance))))


def read_turn(edits: Edits, base: Geometry, skipped: list[str]) -> int:
    """Degrees counter-clockwise, a multiple of 90. sharp turns clockwise, by any angle."""
    degrees = number(edits.get("rotate", 0))
    if degrees is None or degrees % 90:
        skipped.append("rotate")
        return base.turn
    return int(-degrees % 360)


def read_smart_crop(edits: Edits, skipped: list[str]) -> Smart | None:
    """A crop to the largest face. AWS can also choose a smaller one, and takes a padding in pixels."""
    if "smartCrop" not in edits:
        return None
    asked = options(edits, "smartCrop")
    skipped += [f"smartCrop.{name}" for name in ("faceIndex", "padding") if number(asked.get(name))]
    return Smart(largest=not number(asked.get("faceIndex")), zoom=True)
