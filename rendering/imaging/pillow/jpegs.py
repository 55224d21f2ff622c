"""JPEGs without an end-of-image marker."""

from zlib import crc32

from PIL.JpegImagePlugin import JpegImageFile

from . import readers

#: The end-of-image marker.
END = b"\xff\xd9"
#: Data that could follow if pixels were missing: entropy-coded bits, with each restart marker. In at least one of them
#: the next block has detail, unlike the flat one that the decoder would make up.
MORE = [
    b"".join(bits * 8 + bytes((0xFF, 0xD0 + number)) for number in (*range(8), 0)) + bits * 64
    for bits in (b"\x2b\x94\xd6\x5a", b"\xd4\x6b\x29\xa5", b"\x9a\xb3\x65\xec", b"\x65\x4c\x9a\x13")
]
#: Rows of pixels that are processed at a time.
ROWS = 256


def with_end(content: bytes) -> bytes | None:
    """The JPEG with an end-of-image marker, if that is all it lacks; None if pixels are missing.

    None is missing if no data that could follow changes a pixel. Decodes the picture up to five times, at full size.
    Raises BrokenPicture, TooLarge.

    Pillow 13.0, JpegDecode.c: a file without an end is refused even when the last pixel has been decoded. libjpeg
    fills in zeros where pixels are missing before the end, and skips what follows the last one.
    """
    # Files that are written in blocks are padded with zeros, the first of which may belong to the pixels.
    kept = content[: len(content.rstrip(b"\0")) + 1]
    if kept.endswith(b"\xff"):  # the first half of the end, or of anything else that is missing
        kept = kept.rstrip(b"\xff")
    ended = kept + END
    found = checksum(ended)
    return ended if all(checksum(kept + more + END) == found for more in MORE) else None


def checksum(content: bytes) -> int:
    """A checksum of the pixels of a JPEG."""
    image = readers.open_again(JpegImageFile, content)
    readers.load(image)
    found = 0
    for top in range(0, image.height, ROWS):
        found = crc32(image.crop((0, top, image.width, min(top + ROWS, image.height))).tobytes(), found)
    return found
