"""Filters of the canvas: the finished picture's size, what surrounds it, and what shows through it."""

from typing import Annotated, Any

from PIL import ImageChops, ImageDraw
from PIL.Image import Image, Resampling, Transpose, composite, new

from ..box import Pixels
from ..parameters import Boolean, Integer, Number, Turn
from .bands import change_colours, premultiply, to_rgb, unpremultiply
from .grammar.context import Context
from .grammar.cost import Size, costs
from .grammar.radii import Radii
from .paint import Paint, ground

TURNS = {90: Transpose.ROTATE_90, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_270}
Edge = Annotated[int, Integer(0, 4096)]
Level = Annotated[int, Integer(0, 255)]
Stretch = Annotated[float, Number(0, 65_535)]

#: Corners are drawn SMOOTHING times as large and then reduced, for smooth edges. Those of more than LARGE_CORNER pixels
#: are smooth enough without.
SMOOTHING, LARGE_CORNER = 4, 300_000


def cost_of_ground(size: Size, context: Context, *arguments: Any) -> float:
    return 70 if "blur" in arguments else 15


def filled_size(size: Size, context: Context, *arguments: Any) -> Size:
    width, height = (asked or own for asked, own in zip(context.canvas, size, strict=True))
    context.check(width, height)
    return width, height


@costs(cost_of_ground, filled_size)
def fill(
    image: Image,
    context: Context,
    paint: Annotated[Paint, "colour"],
    fill_transparent: Annotated[Boolean, "also behind transparent parts"] = False,
) -> Image:
    """Fill the part of the requested size that the picture leaves empty.

    `paint` is a colour, `auto` (the picture's mean colour), `blur` (the picture itself, blurred) or `transparent`.
    `fill_transparent` fills the picture's transparent parts as well.
    """
    width, height = filled_size(image.size, context)
    place = (width - image.width) // 2, (height - image.height) // 2
    return place_on(image, ground(image, paint, (width, height)), place, through=fill_transparent)


def padded_size(size: Size, context: Context, left: int, top: int, right: int, bottom: int, *paint: Any) -> Size:
    width, height = size[0] + left + right, size[1] + top + bottom
    context.check(width, height)
    return width, height


@costs(cost_of_ground, padded_size)
def padding(
    image: Image,
    context: Context,
    left: Annotated[Edge, "left, in pixels"],
    top: Annotated[Edge, "top, in pixels"],
    right: Annotated[Edge, "right, in pixels"],
    bottom: Annotated[Edge, "bottom, in pixels"],
    paint: Annotated[Paint, "colour"] = (255, 255, 255),
) -> Image:
    """Add padding, in pixels, on each side."""
    size = padded_size(image.size, context, left, top, right, bottom)
    return place_on(image, ground(image, paint, size), (left, top), through=False)


@costs(cost_of_ground)
def background_color(image: Image, paint: Annotated[Paint, "colour"]) -> Image:
    """Put this colour behind transparent parts."""
    if image.mode not in ("LA", "RGBA"):
        return image
    return place_on(image, ground(image, paint, image.size), (0, 0), through=True)


@costs(10)
def round_corner(
    image: Image,
    radius: Annotated[Radii, "radius, in pixels"],
    red: Annotated[Level, "red of the corners"],
    green: Annotated[Level, "green of the corners"],
    blue: Annotated[Level, "blue of the corners"],
    transparent: Annotated[Boolean, "transparent corners"] = False,
) -> Image:
    """Round the corners, and fill them with a colour or make them transparent.

    `radius` is in pixels. Two of them make an ellipse: `20|50` is 20 across and 50 down. 0 changes nothing. A colour
    fills what is to be seen of a corner: where the picture is transparent, it stays so.
    """
    across, down = min(radius[0], image.width // 2), min(radius[1], image.height // 2)
    mask = rounded_mask(image.size, across, down)
    image = to_rgb(image)
    if transparent:
        alpha = image.getchannel("A") if image.mode == "RGBA" else None
        image = image.convert("RGB")
        image.putalpha(ImageChops.multiply(alpha, mask) if alpha else mask)
        return image
    filled = new("RGB", image.size, (red, green, blue))
    return change_colours(image, lambda colours: composite(colours, filled, mask))


def cut_box(size: Size, left: float, top: float, width: float, height: float) -> Pixels:
    """The box that a cut leaves, in pixels. All of the picture where that would be nothing."""
    sides = [
        number * side if 0 < number < 1 else number
        for number, side in zip((left, top, width, height), (*size, *size), strict=True)
    ]
    begin = [int(min(start, side)) for start, side in zip(sides[:2], size, strict=True)]
    end = [int(min(start + length, side)) for start, length, side in zip(begin, sides[2:], size, strict=True)]
    return (begin[0], begin[1], end[0], end[1]) if begin[0] < end[0] and begin[1] < end[1] else (0, 0, *size)


def cut_size(size: Size, context: Context, *sides: float) -> Size:
    left, top, right, bottom = cut_box(size, *sides)
    return right - left, bottom - top


@costs(5, cut_size)
def crop(
    image: Image,
    left: Annotated[Stretch, "from the left"],
    top: Annotated[Stretch, "from the top"],
    width: Annotated[Stretch, "width"],
    height: Annotated[Stretch, "height"],
) -> Image:
    """Cut a part out of the finished picture.

    Numbers below 1 are fractions of the picture's sides, others pixels. What lies outside the picture is left
    out, and a part that lies outside altogether changes nothing.
    """
    return image.crop(cut_box(image.size, left, top, width, height))


def rotated_size(size: Size, context: Context, degrees: int) -> Size:
    return (size[1], size[0]) if degrees % 180 else size


@costs(5, rotated_size)
def rotate(image: Image, degrees: Annotated[Turn, "degrees, counter-clockwise"]) -> Image:
    """Rotate the finished picture counter-clockwise by a multiple of 90 degrees."""
    return image.transpose(TURNS[degrees]) if degrees else image


def reduced_size(size: Size, context: Context, factor: float) -> Size:
    # A side of less than a pixel is none, and the picture stays as it is, as in Thumbor.
    return (int(size[0] * factor), int(size[1] * factor)) if min(size) * factor >= 1 else size


@costs(30, reduced_size)
def proportion(image: Image, factor: Annotated[float, Number(0, 1), "fraction of its sides"]) -> Image:
    """Scale the finished picture down to this fraction of its sides.

    0 and 1 change nothing. Neither does a fraction that would leave a side of less than a pixel.
    """
    size = reduced_size(image.size, Context(), factor)
    if size == image.size:
        return image
    return unpremultiply(premultiply(image).resize(size, Resampling.LANCZOS))


def place_on(image: Image, ground: Image, place: tuple[int, int], *, through: bool) -> Image:
    """Place the picture on a ground.

    The ground shows `through` the picture's transparent parts, or else only around it. Returns mode RGB or RGBA.
    """
    image = to_rgb(image)
    if image.mode == "RGB":
        ground.paste(image, place)
        return ground
    if not through:
        ground = ground.convert("RGBA")
        ground.paste(image, place)
        return ground
    layer = new("RGBA", ground.size, (0, 0, 0, 0))
    layer.paste(image, place)
    mode = ground.mode
    ground = ground.convert("RGBA")
    ground.alpha_composite(layer)
    return ground.convert(mode)


def rounded_mask(size: tuple[int, int], across: int, down: int) -> Image:
    """A mask (mode L): white, but black outside the quarter ellipse at each corner, `across` x `down` pixels."""
    mask = new("L", size, 255)
    if not across or not down:
        return mask
    scale = SMOOTHING if across * down <= LARGE_CORNER else 1
    corner = new("L", (across * scale, down * scale))
    ImageDraw.Draw(corner).ellipse((0, 0, 2 * across * scale - 1, 2 * down * scale - 1), 255)
    corner = corner.reduce(scale)
    right, bottom = size[0] - across, size[1] - down
    mask.paste(corner, (0, 0))
    mask.paste(corner.transpose(Transpose.FLIP_LEFT_RIGHT), (right, 0))
    mask.paste(corner.transpose(Transpose.FLIP_TOP_BOTTOM), (0, bottom))
    mask.paste(corner.transpose(Transpose.ROTATE_180), (right, bottom))
    return mask
