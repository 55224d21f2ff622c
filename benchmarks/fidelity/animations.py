"""The kinds of animations: different durations, partial frames, every disposal method."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

from PIL import Image

from . import apngs
from .drawn import Drawn
from .gifs import Part, gif, shown
from .scene import animation

#: Milliseconds: none a multiple of another, one too short for a GIF, one long.
ODD = (70, 130, 40, 250, 110, 900)
FINE = (33, 47, 101, 250, 17, 640)


def staying_gif(
    loop: int | None, plays: int, durations: tuple[int, ...] = ODD, *, disposal: int = 1, late: bool = False
) -> Drawn:
    """A GIF of partial frames that stay: each covers the dot's old place and its new one. `late` is as in `gif`."""
    frames = animation()
    indexed, palette = in_one_palette(frames)
    parts = [Part(indexed[0], 0, 0, durations[0] // 10, 1)]
    for number in range(1, len(frames)):
        box = (30 + (number - 1) * 36, 100, 30 + number * 36 + 61, 161)
        parts.append(Part(indexed[number].crop(box), box[0], box[1], durations[number] // 10, disposal))
    content = gif(frames[0].size, palette, parts, loop, late=late)
    # Browsers treat durations of 0 and 10 ms as a mistake.
    seen_for = tuple(100 if duration <= 10 else duration for duration in durations)
    return Drawn(content, "gif", tuple(shown(frames[0].size, palette, parts)), seen_for, plays, exact=True)


def clearing_gif(disposal: int, part: bool = False) -> Drawn:
    """A GIF on a transparent ground, whose dot is cleared (2) or restores what it covered (3). With `part`, the
    first frame covers only its house, and has no transparency."""
    frames = animation()
    indexed, palette = in_one_palette(frames)
    house = indexed[0].crop((20, 0, 121, 91))
    ground = Image.new("P", frames[0].size, 255)
    ground.paste(house, (20, 0))
    first = Part(house, 20, 0, ODD[0] // 10, 1) if part else Part(ground, 0, 0, ODD[0] // 10, 1, clear=255)
    parts = [first]
    for number in range(1, len(frames)):
        left = 30 + number * 36
        dot = Image.new("P", (61, 61), 255)
        mask = Image.new("L", dot.size, 0)
        mask.paste(255, (0, 20, 61, 41))
        mask.paste(255, (20, 0, 41, 61))
        dot.paste(indexed[number].crop((left, 100, left + 61, 161)), (0, 0), mask)
        # It overlaps the house, so that clearing differs from restoring.
        parts.append(Part(dot, left, 60, ODD[number] // 10, disposal, clear=255))
    content = gif(frames[0].size, palette, parts, 0)
    return Drawn(content, "gif", tuple(shown(frames[0].size, palette, parts)), ODD, exact=True)


def boxed_gif(first: int) -> Drawn:
    """A GIF whose dot is cleared (2) with the box around it, and none of whose frames has a transparent colour. `first`
    is what becomes of the first one."""
    frames = animation()
    indexed, palette = in_one_palette(frames)
    parts = [Part(indexed[0], 0, 0, ODD[0] // 10, first)]
    for number in range(1, len(frames)):
        left = 30 + number * 36
        parts.append(Part(indexed[number].crop((left, 100, left + 61, 161)), left, 60, ODD[number] // 10, 2))
    content = gif(frames[0].size, palette, parts, 0)
    return Drawn(content, "gif", tuple(shown(frames[0].size, palette, parts)), ODD, exact=True)


def glass_apng(disposal: int, *, ground: bool = True) -> Drawn:
    """An APNG with a half-transparent pane that is laid over the house, or over nothing, and over itself."""
    first = animation()[0].convert("RGBA") if ground else Image.new("RGBA", animation()[0].size, (0, 0, 0, 0))
    parts = [apngs.Part(first, 0, 0, (FINE[0], 1000))]
    for number, duration in enumerate(FINE[1:]):
        pane = Image.new("RGBA", (140, 120), (20, 200, 60, 150))
        pane.paste((200, 30, 40, 255), (30, 30, 80, 80))
        parts.append(apngs.Part(pane, 10 + 35 * number, 20, (duration, 1000), disposal, over=True))
    return from_parts(parts)


def quick_apng() -> Drawn:
    """An APNG of 60 frames a second, of which every sixth shows something new: a GIF can show but 50 a second."""
    return from_parts([apngs.Part(frame.convert("RGBA"), 0, 0, (1, 60)) for frame in animation() for _ in range(6)])


def from_parts(parts: list[apngs.Part]) -> Drawn:
    size = parts[0].image.size
    durations = tuple(1000 * part.time[0] / part.time[1] for part in parts)
    return Drawn(apngs.apng(size, parts), "png", tuple(apngs.shown(size, parts)), durations, exact=True)


def single_apng() -> Drawn:
    """An APNG of a single frame beside a still. The frame is shown."""
    still, frame = (each.convert("RGBA") for each in (animation()[0], animation()[4]))
    content = apngs.apng(frame.size, [apngs.Part(frame, 0, 0, (1, 10))], still)
    return Drawn(content, "png", (frame,), exact=True)


def in_one_palette(frames: list[Image.Image]) -> tuple[list[Image.Image], list[int]]:
    """The frames in mode P, and the palette that they share, of 256 colours."""
    first = frames[0].quantize(64, dither=Image.Dither.NONE)
    palette = first.getpalette() or []
    indexed = [frame.quantize(palette=first, dither=Image.Dither.NONE) for frame in frames]
    return indexed, palette + [0] * (768 - len(palette))


def encoded(pillow: str, suffix: str, clear: bool = False, **options: object) -> Drawn:
    """An animation as Pillow writes it; with `clear`, the house's ground is transparent."""
    frames = animation()
    if clear:
        frames = [cut_out(frame) for frame in frames]
    file = BytesIO()
    first, later = (frames[-1], frames) if options.get("default_image") else (frames[0], frames[1:])
    first.save(file, pillow, save_all=True, append_images=later, duration=list(FINE), **options)
    plays = options.get("loop", 0)
    assert isinstance(plays, int)
    return Drawn(file.getvalue(), suffix, tuple(frames), FINE, plays)


def cut_out(frame: Image.Image) -> Image.Image:
    """A frame without its ground."""
    ground = frame.getpixel((0, 239))
    image = frame.convert("RGBA")
    mask = Image.frombytes(
        "L", frame.size, bytes(0 if pixel == ground else 255 for pixel in frame.get_flattened_data())
    )
    image.putalpha(mask)
    return image


ANIMATIONS: dict[str, Callable[[], Drawn]] = {
    "Animated GIF, for ever": partial(staying_gif, 0, 0),
    "Animated GIF, three times": partial(staying_gif, 2, 3),
    "Animated GIF, once": partial(staying_gif, None, 1),
    "Animated GIF, hurried": partial(staying_gif, 0, 0, (0, 10, 20, 50, 0, 30)),
    "Animated GIF, cleared (disposal 2)": partial(clearing_gif, 2),
    "Animated GIF, restored (disposal 3)": partial(clearing_gif, 3),
    "Animated GIF, first frame a part": partial(clearing_gif, 2, part=True),
    "Animated GIF, cleared with its box": partial(boxed_gif, 1),
    "Animated GIF, nothing before the first (disposal 3)": partial(boxed_gif, 3),
    "Animated GIF, staying (disposal 5)": partial(staying_gif, 0, 0, disposal=5),
    "Animated GIF, plays told at its end": partial(staying_gif, 3, 4, late=True),
    "APNG": partial(encoded, "PNG", "png", loop=2),
    "APNG, behind a still": partial(encoded, "PNG", "png", default_image=True, loop=0),
    "APNG, disposal 1": partial(encoded, "PNG", "png", clear=True, disposal=1, loop=0),
    "APNG, half-transparent over": partial(glass_apng, 0),
    "APNG, half-transparent over nothing": partial(glass_apng, 0, ground=False),
    "APNG, restored (disposal 2)": partial(glass_apng, 2),
    "APNG, 60 frames a second": quick_apng,
    "APNG, one frame behind a still": single_apng,
    "Animated WebP": partial(encoded, "WEBP", "webp", lossless=True, loop=3),
    "Animated WebP, alpha": partial(encoded, "WEBP", "webp", clear=True, quality=85, loop=0),
    "Animated AVIF": partial(encoded, "AVIF", "avif", quality=85, loop=0),
    # In full range, viewers disagree about animations with alpha: D180 in docs/decisions.md.
    "Animated AVIF, alpha": partial(encoded, "AVIF", "avif", clear=True, quality=85, range="limited", loop=0),
}
