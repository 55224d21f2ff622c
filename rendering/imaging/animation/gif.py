"""GIFs, still and animated: a palette for each scene, and of each frame only what changes.

Pillow's own writer of animations gives every frame a colour table, and repeats what stays the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageChops, ImageStat

from ..pillow.gifs import frame_block
from .frames import CLEARED, MOST_PLAYS, STAYS, Timing, hundredths

#: Colours of a palette.
MOST = 256

#: A scene's palette is computed from at most SAMPLES of its frames. Where they have more colours than fit, only every
#: SPARSE-th pixel across and down counts: half the time for as good a palette. A still is sampled in full.
SAMPLES, SPARSE = 5, 3

#: A scene ends when a frame is this unlike its first one: the mean difference between them, of 255 in each of three
#: channels, seen from afar. Where the camera moves that gives palettes as it goes (SSIM 0.001 more for 8 % of bytes);
#: where it stands there is one, and the pixels that stay the same can be left out.
UNLIKE, AFAR = 108, (16, 16)


@dataclass(frozen=True, slots=True)
class PaletteFrame:
    """A frame in the palette of its scene (mode P or L), and the entry of it that shows nothing, if it has one."""

    image: Image.Image
    nothing: int | None
    scene: int

    @property
    def settings(self) -> dict[str, int]:
        """Options for Pillow's writer. Interlacing makes a GIF larger. The first scene's palette is the file's."""
        settings = {"interlace": 0, "include_color_table": self.scene > 0}
        return settings if self.nothing is None else settings | {"transparency": self.nothing}


def gif(stills: list[Image.Image], timing: Timing | None) -> bytes:
    """The file: all frames of an animation, one of a still. They are of one size and mode: L, LA, RGB or RGBA."""
    parts = [stills] if stills[0].mode == "L" else scenes(stills)  # greys need no palette
    frames = [frame for scene, part in enumerate(parts) for frame in in_palette(part, scene, film=len(stills) > 1)]
    if not timing:
        return saved(frames[0], {})
    clear = stills[0].mode in ("LA", "RGBA")
    cleared = clear and any(vanishes(before, now) for before, now in pairwise(frames))
    disposal = {"disposal": CLEARED if cleared else STAYS}
    durations = hundredths(timing.durations)
    # A GIF counts repetitions, and none is said by silence.
    loop = {} if timing.plays == 1 else {"loop": min(max(0, timing.plays - 1), MOST_PLAYS)}
    blocks = [saved(frames[0], disposal | loop | {"duration": durations[0]})[:-1]]
    for before, now, duration in zip(frames, frames[1:], durations[1:], strict=False):
        settings = disposal | {"duration": duration}
        if cleared or now.scene != before.scene:
            blocks.append(written(now, now.image, shown(now) if clear else (0, 0, *now.image.size), settings))
        else:
            blocks.append(least(before, now, settings))
    return b"".join([*blocks, b";"])


def scenes(stills: list[Image.Image]) -> Iterator[list[Image.Image]]:
    """The frames, in parts that look alike."""
    part: list[Image.Image] = []
    first = None
    for still in stills:
        view = still.convert("RGB").resize(AFAR, Image.Resampling.BOX)
        if part and first and sum(ImageStat.Stat(ImageChops.difference(view, first)).mean) > UNLIKE:
            yield part
            part = []
        if not part:
            first = view
        part.append(still)
    yield part


def in_palette(stills: list[Image.Image], scene: int, *, film: bool) -> list[PaletteFrame]:
    """The frames of a scene in one palette: one for each would flicker, be larger, and take twenty times as long."""
    clear = stills[0].mode in ("LA", "RGBA")
    if stills[0].mode == "L":
        counts = [sum(column) for column in zip(*(still.histogram() for still in stills), strict=True)]
        nothing = counts.index(0) if film and 0 in counts else None
        return [PaletteFrame(still, nothing, scene) for still in stills]
    spare = clear or film
    samples = [still.convert("RGB") for still in stills[:: max(1, len(stills) // SAMPLES)][:SAMPLES]]
    samples = [sample(one) for one in samples] if film else samples
    strip = Image.new("RGB", (max(one.width for one in samples), sum(one.height for one in samples)))
    top = 0
    for one in samples:
        # A picture narrower than the strip is repeated: what lies beside it would be a colour of its own.
        for left in range(0, strip.width, one.width):
            strip.paste(one, (left, top))
        top += one.height
    palette = strip.quantize(MOST - spare, method=Image.Quantize.MEDIANCUT)
    colours = (palette.getpalette() or [])[: 3 * (MOST - spare)]
    nothing = len(colours) // 3 if spare else None
    return [PaletteFrame(indexed(still, palette, colours, nothing), nothing, scene) for still in stills]


def sample(still: Image.Image) -> Image.Image:
    """The frame, or every SPARSE-th pixel of it where it has more colours than fit: drawings keep all of theirs."""
    if still.getcolors(MOST) or min(still.size) < MOST // SPARSE:
        return still
    return still.resize((still.width // SPARSE, still.height // SPARSE), Image.Resampling.NEAREST)


def indexed(still: Image.Image, palette: Image.Image, colours: list[int], nothing: int | None) -> Image.Image:
    """A frame in a given palette; what is more than half transparent gets the entry `nothing`."""
    frame = still.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    if nothing is not None:
        frame.putpalette([*colours, 0, 0, 0])
        if still.mode in ("LA", "RGBA"):
            frame.paste(nothing, mask=still.getchannel("A").point([255] * 128 + [0] * 128))
    return frame


def vanishes(before: PaletteFrame, now: PaletteFrame) -> bool:
    """Whether a pixel that showed something shows nothing in the next frame: then frames have to be cleared away."""
    assert now.nothing is not None
    assert before.nothing is not None
    gone = ImageChops.subtract(where(now.image, now.nothing), where(before.image, before.nothing))
    return gone.getbbox() is not None


def where(image: Image.Image, entry: int) -> Image.Image:
    """White (mode L) where a frame has that entry of its palette."""
    return image.point([255 if value == entry else 0 for value in range(256)], "L")


def shown(frame: PaletteFrame) -> tuple[int, int, int, int] | None:
    """The box of all that a frame shows."""
    assert frame.nothing is not None
    return ImageChops.invert(where(frame.image, frame.nothing)).getbbox()


def least(before: PaletteFrame, now: PaletteFrame, settings: dict[str, int]) -> bytes:
    """The frame as what differs from the one before, which is of the same scene, in the form that takes fewer bytes:
    with all that stays the same left out, or with what lies between written again, which noise makes cheaper."""
    difference = ImageChops.subtract_modulo(now.image, before.image)
    box = difference.getbbox(alpha_only=False)
    plain = written(now, now.image, box, settings)
    if now.nothing is None or box is None:
        return plain
    changed = now.image.copy()
    changed.paste(now.nothing, mask=difference.point([255, *(0,) * 255], "1"))
    return min(written(now, changed, box, settings), plain, key=len)


def written(
    frame: PaletteFrame, image: Image.Image, box: tuple[int, int, int, int] | None, settings: dict[str, int]
) -> bytes:
    """The block of a frame's box, with the pixels of `image`. Where there is nothing to write it is one pixel that
    changes nothing, for the sake of its duration."""
    if box is None:
        box = (0, 0, 1, 1)
    return frame_block(image.crop(box), box[:2], frame.settings | settings)


def saved(frame: PaletteFrame, settings: dict[str, int]) -> bytes:
    file = BytesIO()
    # To optimize would be to sort a palette that is chosen already.
    frame.image.save(file, "GIF", optimize=False, **frame.settings, **settings)
    return file.getvalue()
