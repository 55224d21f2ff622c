"""Pictures for the tests, drawn when they are needed, and what is made of them."""

from io import BytesIO

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageDraw

from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.filters.grammar.context import Context
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.parameters import Rgb
from rendering.imaging.pipeline.render import Derivative, render
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe

pillow_heif.register_heif_opener()  # to draw HEICs with: the service loads it when one comes

LIMITS = Limits()
CONTEXT = Context()
RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0)


def corners(width=120, height=80):
    """Four coloured quarters: red and green above, blue and yellow below."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for left, top, colour in ((0, 0, RED), (1, 0, GREEN), (0, 1, BLUE), (1, 1, YELLOW)):
        draw.rectangle((left * width // 2, top * height // 2, (left + 1) * width // 2, (top + 1) * height // 2), colour)
    return image


def gradient(width=120, height=80, mode="RGB"):
    """Dark to light from left to right, and for colours green from top to bottom."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, across)) if mode == "RGB" else across.convert(mode)


def disc(width=120, height=80, colour=RED):
    """A disc of one colour on a transparent ground that hides green."""
    image = Image.new("RGBA", (width, height), (*GREEN, 0))
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), (*colour, 255))
    return image


def nine_patch(side=20, border=6, padding=4):
    """A frame of solid red around nothing, whose border keeps its size."""
    image = Image.new("RGBA", (side + 2, side + 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((1, 1, side, side), (255, 0, 0, 255))
    draw.rectangle((1 + border, 1 + border, side - border, side - border), (0, 0, 0, 0))
    for start, end, margin in ((0, 0, border), (side + 1, side + 1, padding)):
        draw.line((1 + margin, start, side - margin, end), (0, 0, 0, 255))
        draw.line((start, 1 + margin, end, side - margin), (0, 0, 0, 255))
    return image


def saved(image, pillow="PNG", **options):
    """The file of a picture, in a format by Pillow's name."""
    file = BytesIO()
    image.save(file, pillow, **options)
    return file.getvalue()


def made(
    content,
    filters="",
    *,
    limits=LIMITS,
    accept="any",
    to="png",
    background=(255, 255, 255),
    overlay=None,
    focus=None,
    **geometry,
):
    """The derivative of an original, from its content or a picture to save as PNG."""
    encoding = Encoding(format=to, background=Rgb().write(background))
    recipe = Recipe(Geometry(**geometry), encoding, FILTERS.read(filters)).settled(accept, Defaults())
    return render(Opened(content if isinstance(content, bytes) else saved(content), limits), recipe, overlay, focus)


def filtered(image, filters, context=CONTEXT):
    """A picture after some pixel filters."""
    for call in FILTERS.read(filters):
        image = call(image, context)
    return image


def animation(count=4, size=(60, 40), pillow="GIF"):
    """A file of so many frames, each of another colour."""
    frames = [Image.new("RGB", size, (60 * number, 255 - 60 * number, 90)) for number in range(count)]
    return saved(frames[0], pillow, save_all=True, append_images=frames[1:], duration=100, loop=0)


def shown(derivative):
    """The picture that a derivative, or a file, holds."""
    return Image.open(BytesIO(derivative.content if isinstance(derivative, Derivative) else derivative))


def difference(one, other):
    """How far two pictures of one size and mode are apart: the mean over all pixels and channels, of 255."""
    assert (one.size, one.mode) == (other.size, other.mode)
    histogram = ImageChops.difference(one, other).histogram()
    return sum(level % 256 * count for level, count in enumerate(histogram)) / max(1, sum(histogram))


def near(pixel, colour, tolerance=12):
    return all(abs(one - other) <= tolerance for one, other in zip(pixel, colour, strict=True))


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def spinner(count=6, size=(64, 48)):
    """A square that steps to the right on a transparent ground."""
    frames = []
    for number in range(count):
        frame = Image.new("RGBA", size, (0, 0, 0, 0))
        frame.paste((255, 40 * number, 0, 255), (number * 10, 16, number * 10 + 10, 32))
        frames.append(frame)
    return frames


DURATIONS = [40, 80, 120, 200, 500, 1000]


def spinning(pillow, **options):
    """A file of the frames of `spinner`, each shown for another time."""
    frames = spinner()
    extra = {"disposal": 2} if pillow == "GIF" else {}
    return saved(
        frames[0],
        pillow,
        save_all=True,
        append_images=frames[1:],
        duration=DURATIONS,
        **{"loop": 0, **extra, **options},
    )
