"""The colours of a picture and its alpha, taken apart and put together again."""

from collections.abc import Callable, Sequence

from PIL import Image


def recoloured(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """The picture with `change` applied to its colours (mode L or RGB), its alpha untouched."""
    if image.mode not in ("LA", "RGBA"):
        return change(image)
    changed = change(image.convert("RGB" if image.mode == "RGBA" else "L"))
    changed.putalpha(image.getchannel("A"))
    return changed


def mapped(image: Image.Image, tables: Sequence[Sequence[int]]) -> Image.Image:
    """The picture with red, green and blue looked up in a table each. Greys stay greys if all tables are the same."""
    if image.mode in ("L", "LA") and tables[0] == tables[1] == tables[2]:
        return recoloured(image, lambda grey: grey.point(list(tables[0])))
    if image.mode in ("L", "LA"):
        image = image.convert("RGB" if image.mode == "L" else "RGBA")
    return recoloured(image, lambda colours: colours.point([value for table in tables for value in table]))


def blended(image: Image.Image) -> Image.Image:
    """The picture with its alpha multiplied in, so that hidden colours do not bleed when pixels are mixed."""
    return image.convert({"LA": "La", "RGBA": "RGBa"}[image.mode]) if image.mode in ("LA", "RGBA") else image


def unblended(image: Image.Image) -> Image.Image:
    return image.convert({"La": "LA", "RGBa": "RGBA"}[image.mode]) if image.mode in ("La", "RGBa") else image


def coloured(image: Image.Image) -> Image.Image:
    """As RGB or RGBA."""
    return image.convert({"L": "RGB", "LA": "RGBA"}[image.mode]) if image.mode in ("L", "LA") else image


def clamped(value: float) -> int:
    """A whole number from 0 to 255, cut towards zero as Thumbor's C code does."""
    return max(0, min(255, int(value)))
