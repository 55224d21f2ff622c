"""Pillow's modes of pixels, brought down to the few that the pipeline works in."""

from PIL import Image

from ..pillow.readers import converted

#: 16 bits to 8 by scaling: Pillow's own conversion clips, and leaves a white picture.
SCALE_16 = [round(value / 257) for value in range(65536)]

#: What stays as it is: each can be resampled, and `profiles.to_srgb` makes it L, LA, RGB or RGBA.
WORKABLE = ("L", "LA", "RGB", "RGBA", "CMYK", "LAB")


def to_workable(image: Image.Image) -> Image.Image:
    """The picture that was decoded from a file in one of the WORKABLE modes, 8 bits a channel, without an alpha that
    hides nothing. Raises BrokenPicture for pixels that Pillow decodes and does not convert."""
    if image.mode == "P" and image.palette is None:  # a PNG that lacks its colours: those beyond a palette are black
        return Image.new("RGB", image.size)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return eight_bits(image)
    if is_transparent(image):
        return drop_opaque_alpha(with_alpha(image))
    if image.mode in WORKABLE:
        return image
    return converted(image, "L" if image.mode == "1" else "RGB")


def is_transparent(image: Image.Image) -> bool:
    """Whether a picture has transparency in any of the ways there are."""
    # Pillow's own answer fails for a palette picture that lacks its palette.
    return (image.mode != "P" or image.palette is not None) and image.has_transparency_data


def with_alpha(image: Image.Image) -> Image.Image:
    """As LA or RGBA, whether its transparency is a channel, in its palette, or one colour."""
    if image.mode in ("LA", "RGBA"):
        return image
    if image.mode == "RGBa":
        return converted(image, "RGBA")
    return converted(image, "LA" if image.mode in ("1", "L", "La") else "RGBA")


def drop_opaque_alpha(image: Image.Image) -> Image.Image:
    """The picture without an alpha that hides nothing."""
    return image.convert(image.mode[:-1]) if image.mode in ("LA", "RGBA") and is_opaque(image) else image


def is_opaque(image: Image.Image) -> bool:
    return image.getchannel("A").getextrema()[0] == 255


def eight_bits(image: Image.Image) -> Image.Image:
    """Greys of 16 or 32 bits, or in floating point, as 8 bits."""
    if image.mode != "F":
        image = image if image.mode == "I" else converted(image, "I")
        low, high = extremes(image)
        if low >= 0 and high <= 65535:
            # A file of 32 bits may hold 8 (nothing says so); one of 16 holds 16, however dark.
            return image.point(SCALE_16, "L")
        image = image.convert("F")
    low, high = extremes(image)
    if not (abs(low) < float("inf") and abs(high) < float("inf")):  # also not a number
        return image.convert("L")
    if low >= 0 and high <= 1:
        low, high = 0, 1
    elif low >= 0 and high <= 255:
        return image.convert("L")
    elif low == high:
        return Image.new("L", image.size, 255 if low > 0 else 0)
    return image.point(lambda value: value * (255 / (high - low)) + (-low * 255 / (high - low))).convert("L")


def extremes(image: Image.Image) -> tuple[float, float]:
    """The least and the greatest value of a picture of one channel."""
    low, high = image.getextrema()
    assert not isinstance(low, tuple)
    assert not isinstance(high, tuple)
    return low, high
