from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageFile, PngImagePlugin

from rendering.imaging.encoding import FORMATS
from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.files import kinds
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.picture import Picture

from ..pictures import RED, SRGB, corners, difference, disc, gradient, made, near, saved, shown


@pytest.mark.parametrize("to", ["png", "webp", "avif", "gif"])
def test_transparency_is_kept_and_hides_no_colour_at_its_edges(to):
    derivative = shown(made(disc(480, 320), to=to, width=60)).convert("RGBA")
    assert derivative.getpixel((2, 2))[3] == 0
    assert derivative.getpixel((30, 20))[3] == 255
    assert near(derivative.getpixel((30, 20))[:3], RED, 8)
    # What is mostly opaque is red all over: the green under the transparent ground did not bleed into it.
    green = derivative.getchannel("G").point(lambda value: 255 * (value > 60))
    opaque = derivative.getchannel("A").point(lambda value: 255 * (value > 128))
    assert not ImageChops.multiply(green, opaque).getbbox()


@pytest.mark.parametrize("background", [(255, 255, 255), (0, 0, 255)])
def test_a_background_stands_behind_transparency_where_the_format_has_none(background):
    derivative = shown(made(disc(), to="jpeg", background=background))
    assert near(derivative.getpixel((2, 2)), background, 6)
    assert near(derivative.getpixel((60, 40)), RED, 6)


@pytest.mark.parametrize("to", FORMATS)
def test_every_format_is_written_and_known_by_its_first_bytes(to):
    derivative = made(gradient(), to=to, width=60)
    assert derivative.type == FORMATS[to].type == kinds.media_type(derivative.content)
    assert identify(Opened(derivative.content, Limits())) == Picture(to, derivative.type, 60, 40, 1, alpha=False)
    assert difference(shown(derivative).convert("RGB"), shown(made(gradient(), width=60))) < 6


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_recipe_gives_the_same_bytes(to):
    content = saved(gradient(300, 200), "JPEG")
    with ThreadPoolExecutor(2) as pool:
        contents = set(pool.map(lambda _: made(content, to=to, width=200).content, range(4)))
    assert len(contents) == 1


def told_of_itself():
    """EXIF with a place and a name, XMP, a comment, text: each with the word SECRET."""
    exif = Image.Exif()
    exif[0x10E] = "SECRET title"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "SECRET date"})
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET text")
    return {"exif": exif, "xmp": b"<x:xmpmeta>SECRET</x:xmpmeta>", "comment": b"SECRET comment", "pnginfo": text}


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"])
def test_nothing_that_a_file_tells_of_itself_is_handed_on(pillow, to):
    content = saved(gradient(), pillow, icc_profile=SRGB, **told_of_itself())
    assert b"SECRET" in content
    for geometry in ({}, {"width": 60}):  # also where pixels are not touched
        derivative = made(content, to=to, **geometry)
        assert b"SECRET" not in derivative.content
        assert b"Exif" not in derivative.content
        image = shown(derivative)
        image.load()
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "dpi", "XML:com.adobe.xmp"} & set(image.info)


@pytest.mark.parametrize("to", ["jpeg", "gif"])
def test_a_comment_too_long_for_the_new_format_does_not_matter(to):
    content = saved(corners(), "GIF", comment=b"x" * 70_000)
    assert made(content, to=to).width == 120


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_a_file_that_is_cut_off_is_broken_not_half_grey(pillow, part):
    content = saved(gradient(400, 300), pillow)
    with pytest.raises(
        BrokenPicture, match=r"^The file says that it is a \w+ but cannot be decoded: it is damaged or cut off$"
    ):
        made(content[: int(len(content) * part)])


def test_pillow_is_left_as_it_was():
    made(saved(gradient(2000, 1000), "JPEG"), "grayscale()", width=50)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False
    # Its own limit is off: ours come first, and may be higher.
    assert Image.MAX_IMAGE_PIXELS is None


def test_a_render_over_a_limit_says_so_for_what_is_asked_not_for_what_follows():
    limits = replace(Limits(), width=50, height=50)
    derivative = made(corners(), limits=limits)
    assert (derivative.width, derivative.height) == (50, 33)


def test_a_smooth_jpeg_takes_no_more_than_its_code_fitted_to_it():
    smooth = gradient(1200, 900)
    content = made(smooth, to="jpeg", width=1200).content
    fitted, plain = (saved(smooth, "JPEG", quality=80, optimize=on) for on in (True, False))
    assert len(content) == len(fitted) < 0.97 * len(plain)
