"""GIFs as they can be, drawn block by block."""

from struct import pack

from PIL import GifImagePlugin, Image

#: Blue, red, green and yellow.
PALETTE = bytes([0, 0, 255, 255, 0, 0, 0, 255, 0, 255, 255, 0])


def gif(size, frames, *, before=b"", behind=b"", delay=10):
    """A GIF of that size. Each frame is its box, the index of its colour, what becomes of it then, and the index of a
    transparent colour, if it has one. `before` and `behind` are blocks before and behind all frames."""
    content = b"GIF89a" + pack("<HHBBB", *size, 0x81, 0, 0) + PALETTE + before
    for (left, top, right, bottom), colour, then, clear in frames:
        cel = Image.new("P", (right - left, bottom - top), colour)
        cel.putpalette(PALETTE)
        said = {} if clear is None else {"transparency": clear}
        content += b"".join(GifImagePlugin.getdata(cel, (left, top), duration=10 * delay, disposal=then, **said))
    return content + behind + b";"


def repeats(count, name=b"NETSCAPE2.0"):
    """The block that says how often to repeat."""
    return b"!\xff\x0b" + name + b"\x03\x01" + pack("<H", count) + b"\0"
