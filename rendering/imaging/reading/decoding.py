"""Decoding no more of an original than needed: JPEG and JPEG 2000 can be decoded at a fraction of their size."""

import logging

from PIL import Image, ImageChops
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from ..animation.frames import has_one_frame, is_animated
from ..errors import BrokenPicture
from ..pillow import jpegs, pngs
from ..pillow.readers import load, open_again
from ..pillow.scales import halves_alike, load_jpeg, load_jpeg2000
from .checks import check_memory
from .files.avif import clean_aperture
from .files.codestream import with_half_levels
from .files.jpeg import has_end, is_lossless
from .files.jpeg2000 import Channels, channels, scales
from .files.png import png_ends, with_all_pixels
from .header import Header
from .limits import Limits
from .orientation import Region
from .playback.playing import only_frame
from .scans import has_all_scans, without_useless_scans

logger = logging.getLogger(__name__)

#: How much a JPEG must shrink in all to be decoded at a part. Nearer to the part itself text and lines suffer (SSIM .93
#: at a quarter, .998 from a half). Only for a half there is no margin: a whole decode costs most, and Thumbor's
#: pictures are the same there.
LEAST_AFTER_DCT = {8: 8 * 1.4, 4: 4 * 1.25, 2: 2}

#: Above this part, a progressive JPEG needs all its scans.
LEAST_TO_DROP_SCANS = 4

#: By how much a JPEG 2000 must still be reduced after it was decoded at any part: its smaller copies are blurred by the
#: wavelet that made them.
LEAST_AFTER_WAVELET = 2.0


def decode_scale(header: Header, box: Region, size: tuple[int, int], content: bytes) -> int:
    """The largest scale of 8, 4, 2 and 1 so that a picture decoded at 1/scale of its sides is good enough.

    `box` is the part that is shown, in pixels of the stored picture, and `size` the width and height that it gets.
    """
    if header.format == "JPEG":
        least = {} if is_lossless(content) else LEAST_AFTER_DCT
    elif header.format == "JPEG2000":
        least = {
            scale: scale * LEAST_AFTER_WAVELET
            for scale in scales(content)
            if all(halves_alike(side, scale) for side in header.size)
        }
    else:
        least = {}
    return next((scale for scale, enough in least.items() if shrink_factor(box, size) >= enough), 1)


def shrink_factor(box: Region, size: tuple[int, int]) -> float:
    """The factor by which a box shrinks to that size, on the side where it shrinks less."""
    return min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])


def decode(image: Image.Image, content: bytes, scale: int, shrink: float, *, grey: bool) -> Image.Image:
    """Decode the picture that Pillow opened from `content`, at 1/scale of its sides.

    Returns `image` itself, or another one that was read from an equivalent file. With `grey`, only the brightness of a
    JPEG is decoded (mode L). `shrink` is the factor by which the picture shrinks in all, resampling included. Raises
    BrokenPicture and TooLarge.
    """
    if isinstance(image, JpegImageFile):
        if scale >= LEAST_TO_DROP_SCANS and image.info.get("progressive"):
            shorter = without_useless_scans(content, scale, shrink)
            image = open_again(JpegImageFile, shorter) if shorter else image
        load_jpeg(image, scale, grey=grey and not is_lossless(content))
    elif isinstance(image, Jpeg2KImageFile):
        load_jpeg2000(image, scale)
        found = channels(content)
        return with_channels(with_white(image, content, scale, found.depths), found)
    elif image.format == "PNG" and has_one_frame(image) and (frame := frame_beside_still(image, content)):
        return frame
    elif isinstance(image, PngImageFile):
        return pngs.load(image)
    else:
        load(image)
    if image.format == "AVIF" and (aperture := clean_aperture(content, image.size, animated=is_animated(image))):
        return image.crop(aperture)
    return image


def frame_beside_still(image: Image.Image, content: bytes) -> Image.Image | None:
    """The frame of an opened PNG that has only one, and a still for programs that cannot play it; None if the frame is
    damaged, and the still is not. Raises BrokenPicture, TooLarge."""
    try:
        return only_frame(image, content)
    except BrokenPicture as error:
        if not png_ends(content):
            raise
        logger.info("A broken animation became a still: %s", error)
        return None


def with_white(image: Image.Image, content: bytes, scale: int, depths: tuple[int, ...]) -> Image.Image:
    """A decoded JPEG 2000 whose levels are the brightest where they were of more than 8 bits and nearly that.

    Pillow 13.0, Jpeg2KDecode.c: they are rounded to 8 bits, of which 256 becomes nought. Which noughts are none is seen
    at half the levels. So such a picture is decoded twice, if it has any.
    """
    bands = list(image.split())
    if image.mode not in ("L", "LA", "RGB", "RGBA") or len(bands) != len(depths):
        return image
    torn = [number for number, band in enumerate(bands) if depths[number] > 8 and band.getextrema()[0] == 0]
    halved = with_half_levels(content) if torn else None
    if not halved:
        return image
    half = open_again(Jpeg2KImageFile, halved)
    load_jpeg2000(half, scale)
    for number in torn:
        bright = half.getchannel(number).point([0] * 128 + [255] * 128)
        nought = bands[number].point([255] + [0] * 255)
        bands[number] = ImageChops.lighter(bands[number], ImageChops.darker(bright, nought))
    return Image.merge(image.mode, bands)


def with_channels(image: Image.Image, found: Channels) -> Image.Image:
    """A decoded JPEG 2000 with its channels in order, and depths below 8 bits scaled so that their maximum is white."""
    bands = list(image.split())
    if len(bands) != len(found.depths):
        return image
    for number, (band, depth) in enumerate(zip(bands, found.depths, strict=True)):
        if depth < 8 and image.mode == "P":
            return image.point([value >> 8 - depth for value in range(256)])
        if depth < 8:
            white = 256 - (1 << 8 - depth)
            bands[number] = band.point([min(255, round(value * 255 / white)) for value in range(256)])
    if found == Channels((8,) * len(bands), tuple(range(len(bands)))) or image.mode not in ("L", "LA", "RGB", "RGBA"):
        return image
    mode = image.mode[:-1] + "a" if found.premultiplied else image.mode
    restored = Image.merge(mode, [bands[channel] for channel in found.order])
    return restored.convert(image.mode)


def with_every_pixel(content: bytes, header: Header, limits: Limits) -> bytes | None:
    """An equivalent file that can be decoded, for one that cannot be although all of its pixels are there; None if they
    are not. Raises TooLarge, or BrokenPicture for one that is damaged elsewhere."""
    if header.format == "PNG":
        return with_all_pixels(content)
    if header.format == "JPEG" and not has_end(content) and (not header.progressive or has_all_scans(content)):
        check_memory(header, limits)
        return jpegs.with_end(content)
    return None
