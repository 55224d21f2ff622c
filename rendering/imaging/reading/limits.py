"""The limits of a deployment, and the sentences on what is over them."""

from collections.abc import Iterable, Sequence
from math import ceil

from msgspec import Struct
from PIL import Image

from ..errors import TooLarge
from ..pillow.formats import spelled

#: Bytes that decoding takes at its peak, for each pixel of the original: measured with Pillow 13, rounded up. WebP
#: needs most because its decoder keeps two canvases and hands out copies of them.
BYTES_PER_PIXEL = {
    "JPEG": 5, "PNG": 12, "WEBP": 22, "AVIF": 17, "GIF": 8, "TIFF": 10, "BMP": 9, "ICO": 12, "HEIF": 12, "JPEG2000": 38,
}  # fmt: skip

#: The same, by the mode in which they are opened, of pictures that are unpacked into one mode and settled in another.
SETTLED_BYTES_PER_PIXEL = {
    ("BMP", "RGB"): 12, ("BMP", "RGBA"): 12, ("TIFF", "LAB"): 17, ("TIFF", "LA"): 14,
    ("TIFF", "La"): 14, ("TIFF", "F"): 14, ("TIFF", "I"): 14,
}  # fmt: skip

#: The largest colour profile, in bytes: those of presses have up to 3 MB; more is a bomb, and ignored. And the largest
#: text of a PNG, which is Pillow's own limit.
LARGEST_PROFILE, LARGEST_TEXT = 4 * 1024 * 1024, 1024 * 1024

#: The most bytes of EXIF: cameras write some 64 KB, with a thumbnail. Pillow makes an object of each number in it.
LARGEST_EXIF = 1024 * 1024

MEGABYTE = 1024 * 1024

# Pillow's own check is off: the ones here come before anything is decoded, by the limits of each deployment, which a
# setting for the whole process cannot know. It would warn, or refuse, what they allow.
Image.MAX_IMAGE_PIXELS = None


class Limits(Struct, frozen=True):
    """The bounds of one deployment. Sizes in pixels unless said otherwise."""

    bytes: int = 40 * 1024 * 1024
    pixels: int = 75_000_000
    side: int = 30_000
    #: What decoding one original may take, in bytes; by format, since they differ fivefold.
    memory: int = 700 * 1024 * 1024
    #: Progressive scans in a JPEG: each is a pass over the whole picture.
    scans: int = 100
    frames: int = 300
    #: Frames times pixels of an animation.
    frame_pixels: int = 100_000_000
    #: What all filters of a recipe may take of a processor, in seconds, as `python -m benchmarks.costs` measures them;
    #: and what looking for a quality may take that fits into a number of bytes.
    seconds: float = 8
    #: The largest derivative.
    width: int = 4096
    height: int = 4096
    output_pixels: int = 16_000_000

    @property
    def shaping(self) -> tuple[int, ...]:
        """Those that change the picture, where others refuse it: the largest sides, and when animations are stilled."""
        return self.width, self.height, self.output_pixels, self.frames, self.frame_pixels


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raise TooLarge for a picture with too many pixels or too long a side."""
    if max(width, height) > limits.side:
        raise TooLarge(f"The picture is {width} x {height} pixels; a side may have {limits.side}")
    if width * height > limits.pixels:
        count, allowed = megapixels(width * height, limits.pixels)
        raise TooLarge(f"The picture is {width} x {height} = {count} megapixels, {allowed} are allowed")


def check_budget(name: str, width: int, height: int, cost: float, limits: Limits) -> None:
    """Raise TooLarge if that many pixels at `cost` bytes each are over the budget."""
    if width * height * cost > limits.memory:
        needed, allowed = sizes(width * height * cost, limits.memory)
        raise TooLarge(
            f"The picture is {width} x {height} pixels in {spelled(name)}; decoding it would take {needed}, "
            f"{allowed} are allowed"
        )


def check_exif(length: int) -> None:
    """Raise TooLarge for more bytes of EXIF than a reader can go through."""
    if length > LARGEST_EXIF:
        raise TooLarge(
            "The picture has {} of EXIF, {} are allowed; save it without".format(*sizes(length, LARGEST_EXIF))
        )


def too_long(frames: int, sizes: Iterable[Sequence[int]], limits: Limits) -> str:
    """What is wrong with an animation of that many frames, of each of these sizes; nothing if it is within limits."""
    if frames > limits.frames:
        return f"The animation has more than {limits.frames} frames"
    for width, height in sizes:
        if frames * width * height > limits.frame_pixels:
            count, allowed = megapixels(frames * width * height, limits.frame_pixels)
            return (
                f"The animation has {frames} frames of {width} x {height} pixels, {count} megapixels; "
                f"{allowed} are allowed in all"
            )
    return ""


def megapixels(count: float, allowed: float) -> tuple[str, str]:
    """Two numbers of pixels as megapixels, with as many decimal places as it takes to tell them apart."""
    for places in range(1, 6):
        if f"{count / 1e6:.{places}f}" != f"{allowed / 1e6:.{places}f}":
            break
    else:
        places = 6
    texts = [f"{number / 1e6:.{places}f}".rstrip("0").rstrip(".") for number in (count, allowed)]
    return texts[0], texts[1]


def sizes(count: float, allowed: float) -> tuple[str, str]:
    """Two numbers of bytes in words that tell them apart."""
    if size(count) != size(allowed):
        return size(count), size(allowed)
    return f"{ceil(count):,} bytes", f"{allowed:,.0f}"


def size(count: float) -> str:
    """A number of bytes in words: `700 MB`, `1.7 GB`."""
    megabytes = count / MEGABYTE
    return f"{megabytes / 1024:.1f} GB" if megabytes >= 1000 else f"{megabytes:.3g} MB"
