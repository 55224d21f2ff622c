"""An original that is opened once, and passed as one value to detecting, planning and developing."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from PIL import Image

from ..animation import gif_blocks
from ..errors import BrokenPicture
from ..pillow.readers import open_again, open_picture
from .browsers import as_in_browsers
from .checks import check_bytes, check_header, naming_what_is_unread
from .decoding import decode, with_every_pixel
from .header import Header, header_of
from .limits import Limits
from .picture import Picture
from .playback.playing import play
from .scans import MEANS_ARE_ENOUGH


class Opened:
    """A file's bytes, opened on first use, checked against the limits, and decoded on demand. Not thread-safe.

    Every attribute and method may raise UnsupportedFormat, TooLarge or BrokenPicture.

    Decoded pixels are kept, because detecting faces and developing often need the same ones. They always do in formats
    that have one scale only, and in a JPEG if both need the same scale. Where they need different scales (of twelve
    megapixels, a detector 1/4 and a thumbnail 1/8), the file is decoded once for each, because pixels of another scale
    would make another picture. It is not checked again.
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
        #: The animation of whose first frame the pixels are, and its duration: `play` goes on from there.
        self._frames: Iterator[tuple[Image.Image, float]] | None = None
        self._duration = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.release()

    @property
    def header(self) -> Header:
        """The facts in the file's header. Counting frames may have stopped above `limits.frames`; see `frames`."""
        if self._header is None:
            self._header = self._open()[1]
        return self._header

    @property
    def frames(self) -> int:
        """The number of all frames."""
        if self.header.format == "GIF" and self.header.frames > self.limits.frames:
            return gif_blocks.extent(self.content, self.limits.bytes)[0]
        return self.header.frames

    @property
    def image(self) -> Image.Image:
        """The picture as Pillow opened it, at its first frame, for reading metadata. It may be decoded already."""
        if self._image is None:
            self._image = open_again(self._reader, self._file) if self._reader else self._open()[0]
        return self._image

    def pixels(self, scale: int, shrink: float, *, grey: bool = False) -> Image.Image:
        """Decode the picture at 1/scale of its sides, not yet upright, in any of Pillow's modes.

        With `grey`, only the brightness of a JPEG is decoded (mode L). `shrink` is the factor by which the picture
        shrinks in all. The caller must not change the picture.
        """
        how = (scale, grey, self.header.progressive and scale == 8 and shrink >= MEANS_ARE_ENOUGH)
        if self._pixels is None or self._how != how:
            if self._pixels is self._image:
                self._image = None  # a reader decodes once
            self._pixels = None
            with naming_what_is_unread(self.header.format, self._file):
                self._pixels, self._how = self._decode(scale, shrink, grey), how
        return self._pixels

    def play(self) -> Iterator[tuple[Image.Image, float]]:
        """Decode the frames of an animation, not yet upright. Yields each, and its duration in milliseconds.

        The next frame is drawn into the same image: copy those that are kept. Call `release` afterwards.
        """
        animation, first = self._frames, self._pixels
        self._frames = self._pixels = None
        if animation and first:
            yield first, self._duration
        yield from animation or play(self.image, self._file, self.header.frames)

    def release(self) -> None:
        """Free all memory but the bytes and the header. Pixels are decoded again when they are needed."""
        self._image = self._pixels = self._frames = None

    def _decode(self, scale: int, shrink: float, grey: bool) -> Image.Image:
        self._frames = None
        if self.header.format == "GIF":
            self._frames = play(self.image, self._file, self.header.frames)
            pixels, self._duration = next(self._frames)
            return pixels
        try:
            return decode(self.image, self._file, scale, shrink, grey=grey)
        except BrokenPicture:
            self._image = None
            whole = with_every_pixel(self._file, self.header, self.limits)
            if not whole:
                raise
            self._file = whole
        return decode(self.image, self._file, scale, shrink, grey=grey)

    def _open(self) -> tuple[Image.Image, Header]:
        name = check_bytes(self.content, self.limits)
        self._file = as_in_browsers(self.content, name)
        # Only the reader of the format that the file begins as: each has its own limits to be checked.
        with naming_what_is_unread(name, self._file):
            image = open_picture(self._file, name)
        check_header(image, self.limits)
        self._image, self._reader = image, type(image)
        self._header = header_of(image, self.content, self.limits.frames)
        return image, self._header


def identify(original: Opened) -> Picture:
    """The facts of an original, without decoding a pixel. Raises as `Opened` does."""
    header = original.header
    width, height = header.upright
    return Picture(header.name, header.type, width, height, original.frames, header.alpha)
