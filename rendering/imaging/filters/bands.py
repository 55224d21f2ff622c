"""Operations on a picture's bands that filters share: colours apart from alpha, lookup tables, premultiplied alpha.

Pictures are in mode L, LA, RGB or RGBA.
"""

from collections.abc import Callable, Sequence

from PIL import Image


def change_colours(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Apply `change` to the colours of a picture, as mode L or RGB, and leave its alpha as it is."""
    if image.mode not in ("LA", "RGBA"):
        return change(image)
    changed = change(image.convert("RGB" if image.mode == "RGBA" else "L"))
    changed.putalpha(image.getchannel("A"))
    return changed


def apply_tables(image: Image.Image, tables: Sequence[Sequence[int]]) -> Image.Image:
    """Look up red, green and blue in a table of 256 levels each. Grey pictures stay grey if the tables are equal."""
    if image.mode in ("L", "LA") and tables[0] == tables[1] == tables[2]:
        return change_colours(image, lambda grey: grey.point(list(tables[0])))
    if image.mode in ("L", "LA"):
        image = image.convert("RGB" if image.mode == "L" else "RGBA")
    return change_colours(image, lambda colours: colours.point([value for table in tables for value in table]))


def premultiply(image: Image.Image) -> Image.Image:
    """Premultiply colours by alpha (mode La or RGBa), so that hidden colours do not bleed when pixels are mixed."""
    return image.convert({"LA": "La", "RGBA": "RGBa"}[image.mode]) if image.mode in ("LA", "RGBA") else image


def unpremultiply(image: Image.Image) -> Image.Image:
    """Undo `premultiply`."""
    return image.convert({"La": "LA", "RGBa": "RGBA"}[image.mode]) if image.mode in ("La", "RGBa") else image


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert greys to RGB, with their alpha if there is one."""
    return image.convert({"L": "RGB", "LA": "RGBA"}[image.mode]) if image.mode in ("L", "LA") else image


def clamp(value: float) -> int:
    """Truncate a value towards zero, as Thumbor's C code does, and clamp it to 0 to 255."""
    return max(0, min(255, int(value)))
