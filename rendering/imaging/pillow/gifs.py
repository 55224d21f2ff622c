"""What Pillow's GIF plugin does not offer: skipping pixels, and encoding a single frame's block."""

from collections.abc import Callable
from io import BytesIO

from PIL import GifImagePlugin, Image

#: The attribute in which the reader keeps its position in the file.
POSITION = "_GifImageFile__offset"

#: Finds the end of a chain of data blocks by its start, as animation.gif_blocks.blocks_end does.
BlocksEnd = Callable[[memoryview, int], int]


def skip_pixels(image: Image.Image, blocks_end: BlocksEnd) -> None:
    """Move a GIF's reader past the pixels of the frame that it decoded last. Does nothing for other formats.

    Pillow 13.0, GifImagePlugin.py: `_seek` starts at `__offset` of the file `_fp` and reads the pixels block by block,
    which takes a quarter of the time of decoding. A Pillow that keeps its position elsewhere just takes that time.
    """
    pixels, file = getattr(image, POSITION, 0), getattr(image, "_fp", None)
    if pixels and isinstance(file, BytesIO):
        with file.getbuffer() as content:
            setattr(image, POSITION, blocks_end(content, pixels) - 1)


def encode_frame_block(image: Image.Image, corner: tuple[int, int], settings: dict[str, int]) -> bytes:
    """Encode one frame of a GIF (mode P or L) without the file around it, with its upper left at `corner`, in pixels.

    `settings` are those of `Image.save`, and `include_color_table`.

    Pillow 13.0, GifImagePlugin.py: `getdata` is marked as legacy, but nothing else encodes a frame alone.
    """
    return b"".join(GifImagePlugin.getdata(image, corner, **settings))
