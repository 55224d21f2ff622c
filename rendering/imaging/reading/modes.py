"""Converting Pillow's modes to the few that the pipeline works in."""

from functools import cache

from PIL import Image

from ..pillow.readers import convert
from ..pillow.tiffs import extrema

#: The values of 16 bits.
DEPTH_16 = 65536
#: Modes that are not converted: they can be resampled, and `colour.conversion` converts them to L, LA, RGB or RGBA.
WORKABLE = ("L", "LA", "RGB", "RGBA", "CMYK", "LAB")


def to_workable(image: Image.Image) -> Image.Image:
    """Convert a decoded picture to one of the WORKABLE modes, 8 bits a channel, without an opaque alpha channel.

    Raises BrokenPicture for pixels that Pillow can decode but not convert.
    """
    if image.mode == "P" and image.palette is None:  # a PNG without a palette: colours outside of one are black
        return Image.new("RGB", image.size)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return with_transparent_grey(to_eight_bits(image), image)
    if is_transparent(image):
        return drop_opaque_alpha(with_alpha(image))
    if image.mode in WORKABLE:
        return image
    return convert(image, "L" if image.mode == "1" else "RGB")


def with_transparent_grey(eight: Image.Image, deep: Image.Image) -> Image.Image:
    """A grey picture of 8 bits, with alpha if the one of 16 bits that it was has a transparent grey."""
    grey = deep.info.get("transparency")
    if not isinstance(grey, int) or not 0 <= grey < DEPTH_16:
        return eight
    alpha = convert(deep, "I").point([255 * (value != grey) for value in range(DEPTH_16)], "L")
    return drop_opaque_alpha(Image.merge("LA", (eight, alpha)))


def is_transparent(image: Image.Image) -> bool:
    """Whether a picture has transparency: as a channel, in its palette, or as one colour."""
    # Pillow's property fails for a palette picture without a palette.
    return (image.mode != "P" or image.palette is not None) and image.has_transparency_data


def with_alpha(image: Image.Image) -> Image.Image:
    """Convert a picture that `is_transparent` to LA or RGBA."""
    if image.mode in ("LA", "RGBA"):
        return image
    if image.mode == "RGBa":
        return convert(image, "RGBA")
    return convert(image, "LA" if image.mode in ("1", "L", "La") else "RGBA")


def drop_opaque_alpha(image: Image.Image) -> Image.Image:
    """Convert LA to L and RGBA to RGB if every pixel is opaque. Other pictures are returned as they are."""
    return image.convert(image.mode[:-1]) if image.mode in ("LA", "RGBA") and is_opaque(image) else image


def is_opaque(image: Image.Image) -> bool:
    """Whether every pixel of a picture in LA or RGBA is opaque."""
    return image.getchannel("A").getextrema()[0] == 255


@cache
def scale_16() -> list[int]:
    """Scales 16 bits to 8. Pillow's own conversion clips, so that most of a picture becomes white."""
    return [round(value / 257) for value in range(DEPTH_16)]


def to_eight_bits(image: Image.Image) -> Image.Image:
    """Convert greys (mode I, I;16 or F) to mode L."""
    if image.mode != "F":
        image = image if image.mode == "I" else convert(image, "I")
        low, high = extrema(image)
        if low >= 0 and high <= 65535:
            # 16 bits are scaled as such, however dark they are. (In 32 bits there may be values of 8; nothing says so.)
            return image.point(scale_16(), "L")
        image = image.convert("F")
    low, high = extrema(image)
    if not (abs(low) < float("inf") and abs(high) < float("inf")):  # NaN fails the comparison too
        return image.convert("L")
    if low >= 0 and high <= 1:
        low, high = 0, 1
    elif low >= 0 and high <= 255:
        return image.convert("L")
    elif low == high:
        return Image.new("L", image.size, 255 if low > 0 else 0)
    return image.point(lambda value: value * (255 / (high - low)) + (-low * 255 / (high - low))).convert("L")
