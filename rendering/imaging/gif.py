"""GIFs, still and animated: one palette for all frames, and of each frame only what changes.

Pillow's own writer of animations gives every frame a colour table, and repeats what stays the same.
"""

from io import BytesIO
from itertools import pairwise

from PIL import GifImagePlugin, Image, ImageChops

from .frames import CLEARED, MOST_PLAYS, STAYS, Timing, hundredths

#: The palette is found on a strip of so many frames.
PALETTE_FRAMES = 8

#: Colours of a palette.
MOST = 256


def gif(stills: list[Image.Image], timing: Timing | None) -> bytes:
    """The file: all frames of an animation, one of a still. They are of one size and mode: L, LA, RGB or RGBA."""
    frames, nothing = with_palette(stills)
    cleared = nothing is not None and any(vanishes(before, now, nothing) for before, now in pairwise(frames))
    # Not interlaced, which makes a GIF larger.
    settings = {"interlace": 0} | ({} if nothing is None else {"transparency": nothing})
    if not timing:
        return saved(frames[0], settings)
    settings["disposal"] = CLEARED if cleared else STAYS
    durations = hundredths(timing.durations)
    # A GIF counts repetitions, and none is said by silence.
    loop = {} if timing.plays == 1 else {"loop": min(max(0, timing.plays - 1), MOST_PLAYS)}
    parts = [saved(frames[0], settings | loop | {"duration": durations[0]})[:-1]]
    for before, now, duration in zip(frames, frames[1:], durations[1:], strict=False):
        frame = settings | {"duration": duration}
        if cleared:
            parts.append(written(now, shown(now, nothing), frame))
        else:
            parts.append(least(before, now, nothing, frame))
    return b"".join([*parts, b";"])


def with_palette(stills: list[Image.Image]) -> tuple[list[Image.Image], int | None]:
    """The frames (mode P, or L) in one palette, and the entry of it that shows nothing, if it has one.

    A palette for each would flicker, be larger, and take twenty times as long to find.
    """
    clear = any(still.mode in ("LA", "RGBA") for still in stills)
    if not clear and all(still.mode == "L" for still in stills):
        counts = [sum(column) for column in zip(*(still.histogram() for still in stills), strict=True)]
        return stills, counts.index(0) if len(stills) > 1 and 0 in counts else None
    spare = clear or len(stills) > 1
    step = max(1, len(stills) // PALETTE_FRAMES)
    samples = [still.convert("RGB") for still in stills[::step][:PALETTE_FRAMES]]
    strip = Image.new("RGB", (samples[0].width, sum(sample.height for sample in samples)))
    for number, sample in enumerate(samples):
        strip.paste(sample, (0, number * sample.height))
    palette = strip.quantize(MOST - spare, method=Image.Quantize.MEDIANCUT)
    colours = (palette.getpalette() or [])[: 3 * (MOST - spare)]
    nothing = len(colours) // 3 if spare else None
    return [indexed(still, palette, colours, nothing) for still in stills], nothing


def indexed(still: Image.Image, palette: Image.Image, colours: list[int], nothing: int | None) -> Image.Image:
    """A frame in a given palette; what is more than half transparent gets the entry `nothing`."""
    frame = still.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    if nothing is not None:
        frame.putpalette([*colours, 0, 0, 0])
        if still.mode in ("LA", "RGBA"):
            frame.paste(nothing, mask=still.getchannel("A").point([255] * 128 + [0] * 128))
    return frame


def vanishes(before: Image.Image, now: Image.Image, nothing: int) -> bool:
    """Whether a pixel that showed something shows nothing in the next frame: then frames have to be cleared away."""
    gone = ImageChops.subtract(where(now, nothing), where(before, nothing))
    return gone.getbbox() is not None


def where(frame: Image.Image, entry: int) -> Image.Image:
    """White (mode L) where a frame has that entry of its palette."""
    return frame.point([255 if value == entry else 0 for value in range(256)], "L")


def shown(frame: Image.Image, nothing: int | None) -> tuple[int, int, int, int] | None:
    """The box of all that a frame shows."""
    return None if nothing is None else ImageChops.invert(where(frame, nothing)).getbbox()


def least(before: Image.Image, now: Image.Image, nothing: int | None, settings: dict[str, int]) -> bytes:
    """The frame as what differs from the one before, in the form that takes fewer bytes: with all that stays the same
    left out, or with what lies between written again, which noise makes cheaper."""
    difference = ImageChops.subtract_modulo(now, before)
    box = difference.getbbox(alpha_only=False)
    plain = written(now, box, settings)
    if nothing is None or box is None:
        return plain
    changed = now.copy()
    changed.paste(nothing, mask=difference.point([255, *(0,) * 255], "1"))
    return min(written(changed, box, settings), plain, key=len)


def written(frame: Image.Image, box: tuple[int, int, int, int] | None, settings: dict[str, int]) -> bytes:
    """The block of a frame's box. Where there is nothing to write it is one pixel that changes nothing, for the sake
    of its duration."""
    if box is None:
        box = (0, 0, 1, 1)
    return b"".join(GifImagePlugin.getdata(frame.crop(box), box[:2], **settings))


def saved(frame: Image.Image, settings: dict[str, int]) -> bytes:
    file = BytesIO()
    # To optimize would be to sort a palette that is chosen already.
    frame.save(file, "GIF", optimize=False, **settings)
    return file.getvalue()
