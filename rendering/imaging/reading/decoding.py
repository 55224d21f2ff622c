"""How little of an original has to be decoded: some formats hold smaller copies of themselves within."""

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from . import headers
from .opening import again
from .orientation import Box
from .scans import without_useless_scans

#: How much a JPEG must shrink in all to be decoded at a part. Nearer to the part itself text and lines suffer (SSIM .93
#: at a quarter, .998 from a half). Only for a half there is no margin: a whole decode costs most, and Thumbor's
#: pictures are the same there.
LEAST_AFTER_DCT = {8: 8 * 1.4, 4: 4 * 1.25, 2: 2}

#: Above this part, a progressive JPEG needs all its scans.
LEAST_TO_DROP_SCANS = 4

#: Bytes that Pillow hands its decoders at a time: all there are. In pieces of 64 KB, as by default, each is copied.
AT_ONCE = 1 << 30

#: By how much a JPEG 2000 must still be reduced after it was decoded at any part: its smaller copies are blurred by the
#: wavelet that made them.
LEAST_AFTER_WAVELET = 2.0


def part(image: Image.Image, box: Box, size: tuple[int, int], content: bytes) -> int:
    """8, 4 or 2 if the picture can be decoded at that part of its sides and the box still fills the size; else 1."""
    if not getattr(image, "tile", None):
        return 1  # decoded already
    if isinstance(image, JpegImageFile):
        least = LEAST_AFTER_DCT
    elif isinstance(image, Jpeg2KImageFile):
        deepest = 1 << headers.wavelet_levels(content)
        least = {
            scale: scale * LEAST_AFTER_WAVELET
            for scale in (8, 4, 2)
            if scale <= deepest and all(halved_alike(side, scale) for side in image.size)
        }
    else:
        least = {}
    return next((scale for scale, enough in least.items() if shrinking(box, size) >= enough), 1)


def shrinking(box: Box, size: tuple[int, int]) -> float:
    """By how much a box shrinks to become that size, on the side where it is less."""
    return min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])


def halved_alike(side: int, scale: int) -> bool:
    """Whether a side has the same number of pixels at 1/scale for the decoder, which rounds up, and for Pillow, which
    rounds: else Pillow takes the picture for broken."""
    return side % scale == 0 or side % scale >= scale // 2


def decode(image: Image.Image, content: bytes, scale: int, shrink: float, *, grey: bool) -> Image.Image:
    """The picture, decoded at 1/scale of its sides; of a JPEG, only its greys if no more is needed. `shrink` is by how
    much it is to become smaller in all."""
    if isinstance(image, JpegImageFile):
        size = image.width // scale, image.height // scale
        if scale >= LEAST_TO_DROP_SCANS and image.info.get("progressive") and getattr(image, "tile", None):
            shorter = without_useless_scans(content, scale, shrink)
            image = again(shorter) if shorter else image
        image.draft("L" if grey else None, size)
    elif isinstance(image, Jpeg2KImageFile):
        image.reduce = scale.bit_length() - 1
    if isinstance(image, ImageFile):
        image.decodermaxblock = AT_ONCE
    image.load()
    if isinstance(image, Jpeg2KImageFile):
        image.reduce = 0  # or the number stands in the way of the method of that name, which resampling calls
    return image
