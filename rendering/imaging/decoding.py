"""How little of an original has to be decoded: some formats hold smaller copies of themselves within."""

from PIL import Image
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from . import headers
from .orientation import Box

#: How much a JPEG must shrink in all to be decoded at a part: an eighth is visibly soft up to 1.4 beyond. At exactly a
#: half or a quarter nothing is resampled, as Thumbor has it; a margin there would be nearer to the true picture, at the
#: price of a decode of four times the pixels.
LEAST_AFTER_DCT = {8: 8 * 1.4, 4: 4, 2: 2}

#: The same for a JPEG 2000, at any part: its smaller copies are blurred by the wavelet that made them.
LEAST_AFTER_WAVELET = 2.0


def part(image: Image.Image, box: Box, size: tuple[int, int], content: bytes) -> int:
    """8, 4 or 2 if the picture can be decoded at that part of its sides and the box still fills the size; else 1."""
    if not getattr(image, "tile", None):
        return 1  # decoded already
    shrink = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])
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
    return next((scale for scale, enough in least.items() if shrink >= enough), 1)


def halved_alike(side: int, scale: int) -> bool:
    """Whether a side has the same number of pixels at 1/scale for the decoder, which rounds up, and for Pillow, which
    rounds: else Pillow takes the picture for broken."""
    return side % scale == 0 or side % scale >= scale // 2


def decode(image: Image.Image, scale: int, *, grey: bool) -> None:
    """Decode the picture at 1/scale of its sides; of a JPEG, only its greys if no more is needed."""
    if isinstance(image, JpegImageFile):
        image.draft("L" if grey else None, (image.width // scale, image.height // scale))
    elif isinstance(image, Jpeg2KImageFile):
        image.reduce = scale.bit_length() - 1
    image.load()
    if isinstance(image, Jpeg2KImageFile):
        image.reduce = 0  # or the number stands in the way of the method of that name, which resampling calls
