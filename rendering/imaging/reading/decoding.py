"""How little of an original has to be decoded: some formats hold smaller copies of themselves within."""

from PIL import Image
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from ..pillow.readers import load, open_again
from ..pillow.scales import halves_alike, load_jpeg, load_jpeg2000
from . import parsers
from .header import Header
from .orientation import Region
from .scans import without_useless_scans

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
    """The scale 8, 4 or 2 if a picture can be decoded at 1/scale of its sides and the box (in pixels of the stored
    picture) still fills the size (width and height in pixels); else 1."""
    if header.format == "JPEG":
        least = LEAST_AFTER_DCT
    elif header.format == "JPEG2000":
        deepest = 1 << parsers.wavelet_levels(content)
        least = {
            scale: scale * LEAST_AFTER_WAVELET
            for scale in (8, 4, 2)
            if scale <= deepest and all(halves_alike(side, scale) for side in header.size)
        }
    else:
        least = {}
    return next((scale for scale, enough in least.items() if shrink_factor(box, size) >= enough), 1)


def shrink_factor(box: Region, size: tuple[int, int]) -> float:
    """By how much a box shrinks to become that size, on the side where it is less."""
    return min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])


def decode(image: Image.Image, content: bytes, scale: int, shrink: float, *, grey: bool) -> Image.Image:
    """The picture that Pillow opened from `content`, decoded at 1/scale of its sides; of a JPEG, only its brightness
    (mode L), if `grey`. It is `image` itself, or another that is read from an equivalent file.

    `shrink` is by how much the picture shrinks in all, resampling included. Raises BrokenPicture, TooLarge.
    """
    if isinstance(image, JpegImageFile):
        if scale >= LEAST_TO_DROP_SCANS and image.info.get("progressive"):
            shorter = without_useless_scans(content, scale, shrink)
            image = open_again(JpegImageFile, shorter) if shorter else image
        load_jpeg(image, scale, grey=grey)
    elif isinstance(image, Jpeg2KImageFile):
        load_jpeg2000(image, scale)
    else:
        load(image)
    return image
