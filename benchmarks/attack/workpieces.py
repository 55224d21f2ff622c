"""Ordinary pictures, which filters, formats or `max_bytes` make laborious: noise, large plain ones, animations."""

from collections.abc import Callable
from functools import cache
from io import BytesIO

from PIL import Image

from .bombs import gif, png


def noise(side: int, kind: str) -> bytes:
    buffer = BytesIO()
    parts = [Image.effect_noise((side, side), 120) for _ in range(3)]
    Image.merge("RGB", parts).save(buffer, kind, quality=60)
    return buffer.getvalue()


@cache
def plain(side: int) -> bytes:
    """A picture, half transparent, that is large only when it is decoded."""
    buffer = BytesIO()
    Image.new("RGBA", (side, side), "#ff000080").save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def gif_noise(side: int, frames: int) -> bytes:
    buffer = BytesIO()
    animations = [Image.effect_noise((side, side), 120).convert("P") for _ in range(frames)]
    animations[0].save(buffer, "GIF", save_all=True, append_images=animations[1:], duration=50)
    return buffer.getvalue()


#: By the name of the original.
WORKPIECES: dict[str, Callable[[], bytes]] = {
    "dot.png": lambda: png(1, 1),
    "square.png": lambda: png(3990, 3990),
    "dots.gif": lambda: gif(1, 300),
    "noise.jpg": lambda: noise(2000, "JPEG"),
    "noise.gif": lambda: gif_noise(300, 60),
    # Long and flat, so that what is kept of each is small; and small, in a large file.
    **{f"wide-{one}.png": lambda: png(30_000, 2_480, colour=0) for one in range(10)},
    **{f"heavy-{one}.png": lambda: png(64, 64) + bytes(39_000_000) for one in range(10)},
    **{f"overlay-{one}.png": lambda: plain(4000) for one in range(10)},
}
