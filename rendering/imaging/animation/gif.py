"""Encoding GIFs, still and animated: one palette for each scene, and of each frame only what changes.

Pillow's own encoder of animations gives every frame a colour table, and repeats what stays the same.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise

from msgspec import Struct
from PIL import Image, ImageChops, ImageStat

from ..pillow.gifs import encode_frame_block
from .frames import MAX_GIF_DURATION, MAX_PLAYS, Timing, in_whole
from .gif_blocks import RESTORE_TO_BACKGROUND

#: The disposal method that leaves a frame as it is.
DO_NOT_DISPOSE = 1

#: Milliseconds: the shortest time that browsers show a frame of a GIF for; and up to which they take what is told for a
#: mistake, and show the frame for 100.
SHORTEST, MISTAKEN = 20, 10

#: Colours of a palette.
MAX_COLOURS = 256

#: A scene's palette is computed from at most SAMPLES of its frames. If they have more colours than fit, only every
#: SAMPLE_STEP-th pixel across and down is used: half the time for as good a palette. A still is sampled in full.
SAMPLES, SAMPLE_STEP = 5, 3

#: A scene ends when a frame's mean difference from the scene's first frame, both reduced to THUMBNAIL (pixels), exceeds
#: SCENE_CHANGE (levels of 255, summed over the three channels). Where the camera moves, the palettes then follow it:
#: SSIM is 0.001 higher, for 8 % more bytes. Where it stands, there is one palette, and unchanged pixels are left out.
SCENE_CHANGE, THUMBNAIL = 108, (16, 16)


class PaletteFrame(Struct, frozen=True):
    """A frame in the palette of its scene (mode P or L), and the index of the transparent colour, if there is one."""

    image: Image.Image
    transparent: int | None
    scene: int

    @property
    def settings(self) -> dict[str, int]:
        """Options for Pillow's encoder. Interlacing makes a GIF larger. The first scene's palette is the global one."""
        settings = {"interlace": 0, "include_color_table": self.scene > 0}
        return settings if self.transparent is None else settings | {"transparency": self.transparent}


def encode_gif(stills: list[Image.Image], timing: Timing | None) -> bytes:
    """Encode all frames of an animation or, without `timing`, a still.

    The frames have one size and one mode: L, LA, RGB or RGBA.
    """
    stills, durations = long_enough(stills, timing.durations) if timing else (stills, [])
    parts = [stills] if stills[0].mode == "L" else scenes(stills)  # greys need no palette
    animated = len(stills) > 1
    frames = [frame for scene, part in enumerate(parts) for frame in to_palette(part, scene, animated=animated)]
    if not timing:
        return encode_frame(frames[0], {})
    alpha = stills[0].mode in ("LA", "RGBA")
    clears = alpha and any(vanishes(before, now) for before, now in pairwise(frames))
    disposal = {"disposal": RESTORE_TO_BACKGROUND if clears else DO_NOT_DISPOSE}
    # A GIF counts repetitions. One that does not say how many plays once.
    loop = {} if timing.plays == 1 else {"loop": min(max(0, timing.plays - 1), MAX_PLAYS)}
    blocks = [encode_frame(frames[0], disposal | loop | {"duration": durations[0]})[:-1]]
    for before, now, duration in zip(frames, frames[1:], durations[1:], strict=False):
        settings = disposal | {"duration": duration}
        if clears or now.scene != before.scene:
            box = visible_box(now) if alpha else (0, 0, *now.image.size)
            blocks.append(encode_block(now, now.image, box, settings))
        else:
            blocks.append(encode_difference(before, now, settings))
    return b"".join([*blocks, b";"])


def long_enough(stills: list[Image.Image], durations: Sequence[float]) -> tuple[list[Image.Image], list[int]]:
    """The frames, and their durations in milliseconds, of whole hundredths of a second. Where some would be shorter
    than SHORTEST, as in animations of 60 a second, frames are left out so that all together last as long."""
    lasting = in_whole(durations, 10, MAX_GIF_DURATION)
    if all(whole >= SHORTEST or told <= MISTAKEN for whole, told in zip(lasting, durations, strict=True)):
        return stills, lasting
    lasting = in_whole(durations, SHORTEST, MAX_GIF_DURATION)
    kept = [(still, duration) for still, duration in zip(stills, lasting, strict=True) if duration]
    return [still for still, _ in kept], [duration for _, duration in kept]


def scenes(stills: list[Image.Image]) -> Iterator[list[Image.Image]]:
    """Yield the frames scene by scene."""
    part: list[Image.Image] = []
    first = None
    for still in stills:
        view = still.convert("RGB").resize(THUMBNAIL, Image.Resampling.BOX)
        if part and first and sum(ImageStat.Stat(ImageChops.difference(view, first)).mean) > SCENE_CHANGE:
            yield part
            part = []
        if not part:
            first = view
        part.append(still)
    yield part


def to_palette(stills: list[Image.Image], scene: int, *, animated: bool) -> list[PaletteFrame]:
    """The frames of a scene in one palette. With one for each frame the animation would flicker, be larger, and take
    twenty times as long."""
    alpha = stills[0].mode in ("LA", "RGBA")
    if stills[0].mode == "L":
        counts = [sum(column) for column in zip(*(still.histogram() for still in stills), strict=True)]
        transparent = counts.index(0) if animated and 0 in counts else None
        return [PaletteFrame(still, transparent, scene) for still in stills]
    spare = alpha or animated
    samples = [still.convert("RGB") for still in stills[:: max(1, len(stills) // SAMPLES)][:SAMPLES]]
    samples = [sample(one) for one in samples] if animated else samples
    strip = Image.new("RGB", (max(one.width for one in samples), sum(one.height for one in samples)))
    top = 0
    for one in samples:
        # A picture narrower than the strip is repeated: an empty space beside it would take a colour of its own.
        for left in range(0, strip.width, one.width):
            strip.paste(one, (left, top))
        top += one.height
    palette = strip.quantize(MAX_COLOURS - spare, method=Image.Quantize.MEDIANCUT)
    colours = (palette.getpalette() or [])[: 3 * (MAX_COLOURS - spare)]
    transparent = len(colours) // 3 if spare else None
    return [PaletteFrame(quantized(still, palette, colours, transparent), transparent, scene) for still in stills]


def sample(still: Image.Image) -> Image.Image:
    """A frame, or every SAMPLE_STEP-th pixel of it if it has more colours than fit: drawings keep all of theirs."""
    if still.getcolors(MAX_COLOURS) or min(still.size) < MAX_COLOURS // SAMPLE_STEP:
        return still
    return still.resize((still.width // SAMPLE_STEP, still.height // SAMPLE_STEP), Image.Resampling.NEAREST)


def quantized(still: Image.Image, palette: Image.Image, colours: list[int], transparent: int | None) -> Image.Image:
    """A frame in a given palette. Pixels more than half transparent get the index `transparent`."""
    frame = still.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)
    if transparent is not None:
        frame.putpalette([*colours, 0, 0, 0])
        if still.mode in ("LA", "RGBA"):
            frame.paste(transparent, mask=still.getchannel("A").point([255] * 128 + [0] * 128))
    return frame


def vanishes(before: PaletteFrame, now: PaletteFrame) -> bool:
    """Whether an opaque pixel is transparent in the next frame, which takes clearing the frame before it."""
    assert now.transparent is not None
    assert before.transparent is not None
    gone = ImageChops.subtract(index_mask(now.image, now.transparent), index_mask(before.image, before.transparent))
    return gone.getbbox() is not None


def index_mask(image: Image.Image, index: int) -> Image.Image:
    """A mask (mode L) that is white where a palette picture has that index."""
    return image.point([255 if value == index else 0 for value in range(256)], "L")


def visible_box(frame: PaletteFrame) -> tuple[int, int, int, int] | None:
    """The bounding box of a frame's opaque pixels; None if there are none."""
    assert frame.transparent is not None
    return ImageChops.invert(index_mask(frame.image, frame.transparent)).getbbox()


def encode_difference(before: PaletteFrame, now: PaletteFrame, settings: dict[str, int]) -> bytes:
    """Encode what differs from the frame before, which is of the same scene.

    Unchanged pixels in between are made transparent or repeated, whichever takes fewer bytes: noise makes repeating
    them cheaper.
    """
    difference = ImageChops.subtract_modulo(now.image, before.image)
    box = difference.getbbox(alpha_only=False)
    repeated = encode_block(now, now.image, box, settings)
    if now.transparent is None or box is None:
        return repeated
    changed = now.image.copy()
    changed.paste(now.transparent, mask=difference.point([255, *(0,) * 255], "1"))
    return min(encode_block(now, changed, box, settings), repeated, key=len)


def encode_block(
    frame: PaletteFrame, image: Image.Image, box: tuple[int, int, int, int] | None, settings: dict[str, int]
) -> bytes:
    """Encode the pixels of `image` in a box as a block of that frame. Without a box it has one pixel that changes
    nothing, to carry the frame's duration."""
    if box is None:
        box = (0, 0, 1, 1)
    return encode_frame_block(image.crop(box), box[:2], frame.settings | settings)


def encode_frame(frame: PaletteFrame, settings: dict[str, int]) -> bytes:
    """Encode one frame as a whole file."""
    file = BytesIO()
    # optimize would sort a palette that has been chosen already.
    frame.image.save(file, "GIF", optimize=False, **frame.settings, **settings)
    return file.getvalue()
