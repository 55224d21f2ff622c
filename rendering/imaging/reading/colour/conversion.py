"""From the colours of an original to sRGB: some of it before the picture is reduced, the rest afterwards."""

from PIL import Image

from .profiles import cached_transform, lab_transform
from .space import ColourSpace
from .tones import greys, profile_of

#: The identity table, for alpha.
SAME = bytes(range(256))

#: Pixels above which a picture of high dynamic range is reduced before its tones are mapped, which takes 35 ns each;
#: but only so far that it can still be reduced by LEFT as all others are.
MANY, LEFT = 1_000_000, 2


def prepare(image: Image.Image, colours: ColourSpace, shrink: float) -> tuple[Image.Image, int]:
    """Convert what must be converted before a decoded picture (mode L, LA, RGB, RGBA, CMYK or LAB) is reduced by the
    factor `shrink`. Returns the picture to reduce, and the integer factor by which it has been reduced already.

    Averages of linear light look too light, those of PQ too dark; and what is too bright for a display is cut off, from
    each pixel before it is averaged with others.
    """
    plain = plain_mode(image)
    if plain not in ("L", "RGB"):
        return image, 1
    if colours.levels:
        image = image.point([value for band in image.getbands() for value in (SAME if band == "A" else colours.levels)])
    if not colours.signal:
        return image, 1
    factor = 1
    while image.width * image.height > MANY * factor**2 and factor + 1 <= shrink / LEFT:
        factor += 1
    image = image.reduce(factor) if factor > 1 else image
    if plain == "L":
        return with_alpha(image.convert("L").point(list(greys(colours.signal.curve))), image), factor
    transform = cached_transform(profile_of(colours.signal), "RGB")
    assert transform  # it is ours
    return with_alpha(transform.apply(image.convert("RGB")), image), factor


def to_srgb(image: Image.Image, colours: ColourSpace) -> Image.Image:
    """Convert a prepared picture (mode L, LA, RGB, RGBA, CMYK or LAB) to sRGB (mode L, LA, RGB or RGBA).

    A profile that cannot be used, or is for other colours than the picture's, is ignored: the picture then counts as
    sRGB.
    """
    if image.mode == "LAB":
        return lab_transform().apply(image)
    plain = plain_mode(image)
    transform = cached_transform(colours.profile, plain) if colours.profile else None
    if transform is None:
        return image.convert("RGB") if image.mode == "CMYK" else image
    converted = transform.apply(image.convert(plain).convert(transform.input_mode))
    return with_alpha(converted.convert("L") if transform.input_mode == "L" else converted, image)


def plain_mode(image: Image.Image) -> str:
    """The mode without alpha."""
    return {"LA": "L", "RGBA": "RGB"}.get(image.mode, image.mode)


def with_alpha(converted: Image.Image, image: Image.Image) -> Image.Image:
    """A converted picture with the alpha of the one that it was made from, if that has one."""
    if image.mode in ("LA", "RGBA"):
        converted.putalpha(image.getchannel("A"))
    return converted
