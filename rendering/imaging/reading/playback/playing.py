"""Playing an animation: its frames one by one, each as viewers see it."""

from collections.abc import Iterator
from itertools import islice

from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from ...animation import gif_blocks
from ...box import Pixels
from ...errors import BrokenPicture
from ...pillow import pngs
from ...pillow.avifs import load_frame
from ...pillow.readers import load, open_picture, seek
from ..files.avif import clean_aperture
from ..modes import to_workable
from . import png
from .canvas import Canvas, Then

#: Browsers show a GIF's frame whose delay is at most MIN_GIF_DELAY for DEFAULT_GIF_DELAY instead (milliseconds).
MIN_GIF_DELAY, DEFAULT_GIF_DELAY = 10, 100

#: What happens to a GIF's frame, by its disposal method. Others keep it.
DISPOSALS = {
    gif_blocks.RESTORE_TO_BACKGROUND: Then.CLEAR,
    **dict.fromkeys(gif_blocks.RESTORE_TO_PREVIOUS, Then.RESTORE),
}

#: A frame as it is stored: the box where it is drawn, what happens to it before the next one, whether it is composed
#: over what is there, its duration in milliseconds, and the frame alone as a file.
StoredFrame = tuple[Pixels, Then, bool, float, bytes]


def play(image: Image.Image, content: bytes, count: int) -> Iterator[tuple[Image.Image, float]]:
    """Decode `count` frames of an animation that was opened from `content`. Yields each, composed with those before it,
    and its duration in milliseconds.

    The next frame is drawn into the same image: copy those that are kept. Raises BrokenPicture, TooLarge.
    """
    if image.format == "GIF":
        yield from compose("GIF", image.size, gif_frames(content), count)
    elif image.format == "PNG":
        yield from compose("PNG", image.size, png_frames(content), count)
    elif image.format == "AVIF":
        aperture = clean_aperture(content, image.size, animated=True)
        for number in range(count):
            frame, duration = load_frame(image, number)
            yield frame.crop(aperture) if aperture else frame, duration
    else:
        for number in range(count):
            seek(image, number)
            load(image, at_once=False)
            yield image, float(image.info.get("duration", 0))


def only_frame(image: Image.Image, content: bytes) -> Image.Image:
    """The first frame of an animation that was opened from `content`, alone. Raises BrokenPicture, TooLarge."""
    return next(play(image, content, 1))[0]


def compose(
    name: str, size: tuple[int, int], frames: Iterator[StoredFrame], count: int
) -> Iterator[tuple[Image.Image, float]]:
    """Draw frames of a format (Pillow's name) over one another. Yields and raises as `play` does."""
    canvas, before, kept, shown = Canvas(size), Then.KEEP, None, 0
    under: Pixels = (0, 0, 0, 0)
    for box, then, over, duration, content in islice(frames, count):
        if before is Then.CLEAR:
            canvas.clear(under)
        elif before is Then.RESTORE:
            canvas.put_back(kept, under)
        before, under = then, canvas.visible(box)
        kept = canvas.cut(under) if then is Then.RESTORE else None
        if content:
            canvas.draw(decode_frame(open_picture(content, name)), box[:2], over=over)
        shown += 1
        yield canvas.image, duration
    if shown < count:
        raise BrokenPicture(f"The file says that it has {count} frames but has {shown}: it is damaged or cut off")


def decode_frame(frame: Image.Image) -> Image.Image:
    """Decode an opened frame. Returns it in mode L, LA, RGB or RGBA."""
    if isinstance(frame, PngImageFile):
        return to_workable(pngs.load(frame))
    load(frame)
    return to_workable(frame)


def gif_frames(content: bytes) -> Iterator[StoredFrame]:
    """The frames of a GIF. One without an extent shows nothing."""
    for frame in gif_blocks.frames(content):
        left, top, right, bottom = frame.box
        duration = 10.0 * frame.delay
        yield (
            frame.box,
            DISPOSALS.get(frame.disposal, Then.KEEP),
            True,
            DEFAULT_GIF_DELAY if duration <= MIN_GIF_DELAY else duration,
            gif_blocks.alone(content, frame) if left < right and top < bottom else b"",
        )


def png_frames(content: bytes) -> Iterator[StoredFrame]:
    """The frames of an animated PNG."""
    for frame in png.frames(content):
        yield frame.box, frame.then, frame.over, frame.duration, frame.content
