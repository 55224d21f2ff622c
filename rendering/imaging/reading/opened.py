"""An original that is opened once, and goes through looking, planning and developing as one value."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from PIL import Image

from ..animation import gif_blocks
from ..pillow.readers import open_again, open_picture
from .browsers import as_in_browsers
from .checks import check_header
from .decoding import decode
from .header import Header, header_of
from .limits import Limits, check_bytes
from .scans import MEANS_ARE_ENOUGH


class Opened:
    """The bytes of a file, opened when they are first asked about, checked against the limits, decoded on demand.

    Whatever asks it raises UnsupportedFormat, TooLarge or BrokenPicture for what the file is. Not for several threads
    at once.

    Looking for faces and developing often need the same pixels, and get the same ones: always in formats that are
    decoded in one way only, and of a JPEG where both need it at the same part of its sides. Where they need different
    parts (of twelve megapixels, a detector a quarter and a thumbnail an eighth) it is decoded at each, for pixels of
    another part would make another picture: the file is read again, without being checked again.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        self.content, self.limits = content, limits
        self._file = content  # as Pillow reads it
        self._reader: type[Image.Image] | None = None
        self._header: Header | None = None
        self._image: Image.Image | None = None
        self._pixels: Image.Image | None = None
        #: How the pixels were decoded.
        self._how: tuple[int, bool, bool] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    @property
    def header(self) -> Header:
        """What the file says of the picture; counting its frames may have stopped above `limits.frames`."""
        if self._header is None:
            self._header = self._open()[1]
        return self._header

    @property
    def frames(self) -> int:
        """How many frames there are: all of them."""
        if self.header.format == "GIF" and self.header.frames > self.limits.frames:
            return gif_blocks.extent(self.content, self.limits.bytes)[0]
        return self.header.frames

    @property
    def image(self) -> Image.Image:
        """The picture as Pillow opened it, on its first frame and decoded or not: to be played, and read texts from.
        Whoever plays it has to `release` it afterwards."""
        if self._image is None:
            self._image = open_again(self._reader, self._file) if self._reader else self._open()[0]
        return self._image

    def pixels(self, scale: int, shrink: float, *, grey: bool = False) -> Image.Image:
        """The picture decoded at 1/scale of its sides, not upright yet, in a mode of Pillow's; of a JPEG only its
        brightness (mode L), if `grey`. `shrink` is by how much it shrinks in all. Not to be changed."""
        how = (scale, grey, self.header.progressive and scale == 8 and shrink >= MEANS_ARE_ENOUGH)
        if self._pixels is None or self._how != how:
            if self._pixels is self._image:
                self._image = None  # a reader decodes once
            self._pixels = None
            self._pixels, self._how = decode(self.image, self._file, scale, shrink, grey=grey), how
        return self._pixels

    def release(self) -> None:
        """Let go of all memory but the bytes and the header. What is then asked for is read again."""
        self._image = self._pixels = None

    def _open(self) -> tuple[Image.Image, Header]:
        name = check_bytes(self.content, self.limits)
        self._file = as_in_browsers(self.content, name, self.limits)
        # Only the reader of the format that the file begins as: each has its own limits to be checked.
        image = open_picture(self._file, name)
        check_header(image, self.limits)
        self._image, self._reader = image, type(image)
        self._header = header_of(image, self.content, self.limits.frames)
        return image, self._header


@dataclass(frozen=True, slots=True)
class Picture:
    """What an original is, in short: its format (a word of encoding.FORMATS as far as they go), media type, width and
    height in pixels of the upright picture, number of frames, and whether parts can be transparent."""

    format: str
    type: str
    width: int
    height: int
    frames: int
    alpha: bool


def probe(original: Opened) -> Picture:
    """What an original is, from its header: no pixel is decoded. Raises as `Opened` does."""
    header = original.header
    width, height = header.upright
    return Picture(header.name, header.type, width, height, original.frames, header.alpha)
