"""What Pillow's plugin of GIFs does not offer: a frame's block alone, and not to walk over pixels."""

from collections.abc import Callable
from io import BytesIO

from PIL import GifImagePlugin, Image

#: Where the reader keeps the place of the last frame in the file.
PLACE = "_GifImageFile__offset"

#: Where a chain of data blocks ends that begins at a position, as animation.gif_blocks.blocks_end tells.
BlocksEnd = Callable[[memoryview, int], int]


def skip_pixels(image: Image.Image, blocks_end: BlocksEnd) -> None:
    """Put the reader of a GIF after the pixels of the frame that it decoded. Does nothing for other formats.

    Pillow 13.0, GifImagePlugin.py: `_seek` begins at `__offset` of the file `_fp`, and reads through the pixels block
    by block, which takes a quarter of the time of decoding. Where Pillow keeps its place differently, it goes on doing
    so.
    """
    pixels, file = getattr(image, PLACE, 0), getattr(image, "_fp", None)
    if pixels and isinstance(file, BytesIO):
        with file.getbuffer() as content:
            setattr(image, PLACE, blocks_end(content, pixels) - 1)


def frame_block(image: Image.Image, corner: tuple[int, int], settings: dict[str, int]) -> bytes:
    """The blocks of one frame (mode P or L) of a GIF, whose left upper corner is at `corner`, in pixels. `settings` are
    as in `Image.save`, and `include_color_table`.

    Pillow 13.0, GifImagePlugin.py: `getdata` is marked as legacy, and nothing else gives the frame without the file
    around it.
    """
    return b"".join(GifImagePlugin.getdata(image, corner, **settings))
