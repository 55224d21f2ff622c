"""What a recipe's filters and overlays will take, in time and memory, known before anything is decoded."""

from collections.abc import Iterable, Mapping
from math import prod

from ..errors import TooLarge
from ..filters import Call
from ..filters.grammar.context import Context
from ..frame.sizes import limited_size
from ..reading.checks import bytes_per_pixel
from ..reading.decoding import decode_scale
from ..reading.limits import Limits, megapixels, sizes
from ..reading.opened import Opened

#: Bytes that a pixel of a finished frame takes, and that filters take beside it for one frame at a time: measured with
#: Pillow 13, rounded up.
FRAME, BESIDE = 4, 16

#: Different overlays in one recipe. Each is fetched and decoded.
OVERLAYS = 10


def check_filters(filters: Iterable[Call], size: tuple[int, int], context: Context) -> int:
    """Raise TooLarge for filters that would keep a processor busy for too long, each charged on the size that it
    receives. Returns the most pixels that any of them makes of one frame. Raises what filters raise for a size."""
    nanoseconds, most = 0.0, prod(size)
    for call in filters:
        taken, size = call.cost(size, context)
        nanoseconds += taken * context.frames
        most = max(most, prod(size))
    seconds, allowed = nanoseconds / 1e9, context.limits.seconds
    if seconds > allowed:
        frames = f" on {context.frames} frames" if context.frames > 1 else ""
        raise TooLarge(
            f"The filters{frames} would take {seconds:,.1f} seconds of a processor, {allowed:g} are allowed; make the "
            "picture smaller before them, or use fewer"
        )
    return most


def check_overlays(overlays: Mapping[str, Opened], finished: int, limits: Limits) -> None:
    """Raise TooLarge if all overlays together have more pixels than one original may have, or take too much memory:
    their files, their pixels, which are kept until all filters have run, what decoding the largest takes, and the
    `finished` bytes of what they are laid over."""
    if len(overlays) > OVERLAYS:
        raise TooLarge(f"The recipe lays {len(overlays)} pictures over the original, {OVERLAYS} are allowed")
    files = kept = decoding = 0.0
    for overlay in overlays.values():
        files += len(overlay.content)
        size, header = limited_size(*overlay.header.upright, limits), overlay.header
        kept += prod(size) * FRAME
        scale = decode_scale(header, (0, 0, *header.size), size, overlay.content)
        decoding = max(decoding, prod(header.size) * bytes_per_pixel(header, scale))
    needed = files + kept + decoding + finished
    if needed > limits.memory:
        raise TooLarge(
            "The picture and the {} laid over it would take {}, {} are allowed; make them smaller".format(
                "one" if len(overlays) == 1 else f"{len(overlays)} pictures", *sizes(needed, limits.memory)
            )
        )
    pixels = sum(prod(overlay.header.size) for overlay in overlays.values())
    if pixels > limits.pixels:
        raise TooLarge(
            "The pictures laid over the original have {} megapixels together, {} are allowed; make them smaller".format(
                *megapixels(pixels, limits.pixels)
            )
        )
