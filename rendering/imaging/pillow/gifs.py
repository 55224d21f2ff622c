"""What Pillow's GIF plugin does not offer: encoding a single frame's block."""

from PIL import GifImagePlugin, Image


def encode_frame_block(image: Image.Image, corner: tuple[int, int], settings: dict[str, int]) -> bytes:
    """Encode one frame of a GIF (mode P or L) without the file around it, with its upper left at `corner`, in pixels.

    `settings` are those of `Image.save`, and `include_color_table`.

    Pillow 13.0, GifImagePlugin.py: `getdata` is marked as legacy, but nothing else encodes a frame alone.
    """
    return b"".join(GifImagePlugin.getdata(image, corner, **settings))
