"""Files as phones, cameras and presses hand them in, beyond those that Pillow reads by itself."""

import subprocess
import sys
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from rendering.imaging.errors import BrokenPicture, TooLarge, UnsupportedFormat
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.picture import Picture
from tests.drawings import photograph

from ..pictures import GREEN, RED, YELLOW, animation, corners, difference, disc, gradient, made, near, saved, shown


@pytest.mark.parametrize("image", [gradient(), gradient(mode="L"), corners(301, 199)])
def test_a_heic_comes_out_as_it_went_in(image):
    content = saved(image, "HEIF", quality=90)
    assert identify(Opened(content, Limits())) == Picture(
        "heif", "image/heic", image.width, image.height, frames=1, alpha=False
    )
    derivative = made(content, to="original")
    assert derivative.type == "image/jpeg"
    assert difference(shown(derivative).convert("RGB"), image.convert("RGB")) < 4


def test_the_transparency_of_a_heic_is_kept():
    derivative = made(saved(disc(), "HEIF", quality=95), to="original")
    assert derivative.type == "image/png"
    assert shown(derivative).getpixel((2, 2))[3] == 0
    assert near(shown(derivative).getpixel((60, 40)), (*RED, 255), 12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_comes_out_upright(orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    stored = corners()
    # Its writer then notes the orientation in the container, as phones do and the format wants it.
    stored.info["exif"] = exif.tobytes()
    content = saved(stored, "HEIF", quality=95)
    reference = shown(made(saved(corners(), "JPEG", exif=exif, quality=95)))
    upright = shown(made(content))
    assert upright.size == reference.size == ((120, 80) if orientation < 5 else (80, 120))
    assert difference(upright.convert("RGB"), reference.convert("RGB")) < 3


@pytest.mark.parametrize("pillow", ["HEIF", "JPEG2000"])
def test_profiles_of_these_formats_are_carried_out(pillow):
    swapped = ImageCms.createProfile("sRGB")
    content = saved(
        Image.new("RGB", (64, 64), (200, 30, 30)), pillow, icc_profile=ImageCms.ImageCmsProfile(swapped).tobytes()
    )
    assert near(shown(made(content)).getpixel((30, 30))[:3], (200, 30, 30), 6)


@pytest.mark.parametrize("size", [(400, 300), (401, 303), (397, 299), (1025, 67)])
@pytest.mark.parametrize("width", [None, 200, 90, 24])
@pytest.mark.parametrize("reversible", [True, False])
def test_a_jpeg_2000_of_any_size_is_shown_whole_at_any_size(size, width, reversible):
    image = gradient(*size)
    derivative = made(saved(image, "JPEG2000", irreversible=not reversible), width=width)
    reference = made(image, width=width)
    assert (derivative.width, derivative.height) == (reference.width, reference.height)
    assert difference(shown(derivative), shown(reference)) < 3


@pytest.mark.parametrize("levels", [1, 2, 6])
def test_a_jpeg_2000_is_reduced_no_further_than_it_halves_itself(levels):
    content = saved(gradient(640, 480), "JPEG2000", num_resolutions=levels)
    assert difference(shown(made(content, width=24)), shown(made(gradient(640, 480), width=24))) < 3


@pytest.mark.parametrize(
    ("image", "mode"),
    [
        (disc(), "RGBA"),
        (gradient(mode="L"), "L"),
        (gradient(mode="L").convert("I").point(lambda v: v * 257).convert("I;16"), "L"),
    ],
)
def test_a_jpeg_2000_keeps_alpha_greys_and_depth(image, mode):
    derivative = shown(made(saved(image, "JPEG2000")))
    assert derivative.mode == mode
    assert difference(derivative, shown(made(image))) < 3


def test_a_bare_codestream_is_read_too():
    content = saved(corners(), "JPEG2000", no_jp2=True)
    assert content.startswith(b"\xff\x4f\xff\x51")
    assert near(shown(made(content)).getpixel((100, 60))[:3], YELLOW, 3)


@pytest.mark.parametrize("pillow", ["HEIF", "JPEG2000"])
@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_what_is_cut_off_is_broken(pillow, share):
    content = saved(gradient(400, 300).effect_spread(30), pillow)
    with pytest.raises((BrokenPicture, UnsupportedFormat)):
        made(content[: int(len(content) * share)])


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_png_that_is_cut_off_or_damaged_is_broken(share):
    content = photograph()
    at = int(len(content) * share)
    with pytest.raises(BrokenPicture):
        made(content[:at], width=50)
    with pytest.raises(BrokenPicture):
        made(content[:at] + b"\xff" * 40 + content[at + 40 :], width=50)


def test_a_jpeg_2000_too_large_to_decode_may_still_be_small_enough_at_a_part_of_it():
    content = saved(gradient(1000, 1000), "JPEG2000")
    tight = Limits(memory=20_000_000)
    with pytest.raises(TooLarge, match="in JPEG 2000; decoding it would take"):
        made(content, limits=tight)
    assert made(content, limits=tight, width=50).width == 50


def test_a_heic_too_large_to_decode_is_refused():
    with pytest.raises(TooLarge, match="in HEIC; decoding it would take"):
        made(saved(gradient(400, 300), "HEIF"), limits=Limits(memory=1_000_000))


def bomb(kind):
    """A PNG with 64 megabytes of zeros in a profile or a text, compressed to next to nothing."""
    zeros = zlib.compress(bytes(64 * 1024 * 1024), 9)
    data = {
        b"iCCP": b"profile\0\0" + zeros,
        b"zTXt": b"Comment\0\0" + zeros,
        b"iTXt": b"Comment\0\1\0\0\0" + zeros,
    }[kind]
    chunk = kind + data
    content = saved(corners())
    place = content.index(b"IDAT") - 4
    return (
        content[:place] + len(data).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big") + content[place:]
    )


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"iTXt"])
def test_a_profile_or_text_that_is_a_bomb_is_ignored_not_the_picture(kind, caplog):
    content = bomb(kind)
    with pytest.raises(ValueError, match="too large"):
        Image.open(BytesIO(content))
    derivative = made(content)
    assert difference(shown(derivative), corners()) == 0
    # A text is not even looked at.
    assert ("Ignored a colour profile of 4194305 bytes" in caplog.text) == (kind == b"iCCP")


def test_a_text_of_common_length_costs_nothing():
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>" + " " * 50_000, zip=True)
    assert difference(shown(made(saved(corners(), pnginfo=info))), corners()) == 0


def test_the_reader_of_heic_is_loaded_when_a_heic_comes():
    code = """
import sys
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.limits import Limits
content = sys.stdin.buffer.read()
assert "pi_heif" not in sys.modules
identify(Opened(content, Limits()))
print("pi_heif" in sys.modules)
"""
    for content, loaded in ((saved(corners()), b"False"), (saved(corners(), "HEIF"), b"True")):
        result = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, check=True)
        assert result.stdout.strip() == loaded


def test_green_is_not_red():
    """The pictures that these tests compare do differ."""
    assert difference(Image.new("RGB", (9, 9), GREEN), Image.new("RGB", (9, 9), RED)) > 100


@pytest.mark.parametrize("transparency", [None, b"\0\x80"])
def test_a_png_that_lacks_its_palette_is_black_as_any_colour_beyond_one_is(transparency):
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    content = saved(image, "PNG", **({"transparency": transparency} if transparency else {}))
    start = content.index(b"PLTE") - 4
    end = start + 12 + int.from_bytes(content[start : start + 4], "big")
    assert shown(made(content[:start] + content[end:])).getpixel((4, 4))[:3] == (0, 0, 0)


def test_an_original_is_not_opened_before_it_is_asked_about():
    nothing = Opened(b"no picture", Limits())
    with pytest.raises(UnsupportedFormat):
        _ = nothing.header


def test_the_same_pixels_are_given_again_and_others_of_another_part():
    original = Opened(saved(gradient(1600, 1200), "JPEG"), Limits())
    half = original.pixels(2, 3)
    assert original.pixels(2, 2.5) is half
    assert half.size == (800, 600)
    assert original.pixels(8, 20).size == (200, 150)
    assert original.pixels(8, 20, grey=True).mode == "L"
    assert original.header.size == (1600, 1200)


@pytest.mark.parametrize("shrink", [12, 20])
def test_pixels_do_not_depend_on_what_was_decoded_before(shrink):
    content = saved(gradient(1600, 1200).effect_spread(9), "JPEG", progressive=True)
    original = Opened(content, Limits())
    for before in ((4, 6), (8, 32 - shrink), (1, 1)):
        original.pixels(*before)
        assert original.pixels(8, shrink).tobytes() == Opened(content, Limits()).pixels(8, shrink).tobytes()


def test_what_is_released_is_read_again_and_the_header_stays():
    original = Opened(animation(3), Limits())
    with original:
        first = original.pixels(1, 1).tobytes()
        original.image.seek(2)
    assert original.header.frames == 3
    assert original.pixels(1, 1).tobytes() == first
    assert original.image.tell() == 0


def test_all_frames_of_an_animation_are_counted_however_many_are_allowed():
    original = Opened(animation(5), Limits(frames=2))
    assert (original.header.frames, original.frames) == (3, 5)
