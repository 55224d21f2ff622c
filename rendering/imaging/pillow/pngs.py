"""Decoding PNGs: one transparent colour of 16 bits a channel, of which Pillow drops the lower bytes."""

from io import BytesIO

from PIL import Image, ImageChops, ImageFile
from PIL.PngImagePlugin import PngImageFile

from . import readers

#: Pillow's raw modes for RGB of 16 bits: big-endian as in PNGs, which keeps the upper bytes, and little-endian, which
#: keeps the lower ones.
UPPER, LOWER = "RGB;16B", "RGB;16L"


def load(image: PngImageFile) -> Image.Image:
    """Decode an opened PNG. Returns it, or a picture with alpha if one of its colours of 16 bits is transparent.

    Pillow 13.0, PngImagePlugin.py: the decoder drops the lower bytes of colours, by which they may differ from the
    transparent one. Unpack.c: in the other order, these bytes are the upper ones. Raises BrokenPicture, TooLarge.
    """
    colour = image.info.get("transparency")
    deep = isinstance(colour, tuple) and [tile.args for tile in image.tile] == [UPPER]
    below = lower_bytes(image) if deep else None
    readers.load(image)
    if not below or not isinstance(colour, tuple):
        return image
    alpha = Image.new("L", image.size)
    for band, sample in enumerate(colour):
        for part, value in ((image, sample >> 8), (below, sample & 255)):
            alpha = ImageChops.lighter(alpha, differs(part.getchannel(band), value))
    return Image.merge("RGBA", (*image.split(), alpha))


def lower_bytes(image: PngImageFile) -> Image.Image | None:
    """The lower bytes of an opened PNG with RGB of 16 bits, as a picture; None if its file is not in memory."""
    file = image.fp
    if not isinstance(file, BytesIO):
        return None
    again = readers.open_again(PngImageFile, file.getvalue())
    again.tile = [ImageFile._Tile(*again.tile[0][:3], LOWER)]
    readers.load(again)
    return again


def differs(band: Image.Image, value: int) -> Image.Image:
    """Black where a band (mode L) has that value, white elsewhere."""
    return band.point([255 * (other != value) for other in range(256)])
