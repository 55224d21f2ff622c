from struct import pack
from zlib import crc32

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from rendering.imaging.animation import gif_blocks
from rendering.imaging.errors import BrokenPicture, TooLarge, UnsupportedFormat
from rendering.imaging.pillow.formats import READABLE
from rendering.imaging.reading.checks import check_bytes
from rendering.imaging.reading.files import kinds
from rendering.imaging.reading.files.jpeg import jpeg_is_one_scan, jpeg_scans
from rendering.imaging.reading.limits import Limits, megapixels, sizes
from rendering.imaging.reading.opened import Opened, identify

from ..pictures import corners, gradient, made, saved


def png_of(width, height):
    """The head of a PNG that claims to be of that size."""
    header = b"IHDR" + pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n\0\0\0\x0d" + header + pack(">I", crc32(header)) + b"\0\0\0\x08IDAT"


def webp_of(width, height):
    """The head of a WebP that claims to be of that size."""
    body = b"WEBPVP8X\x0a\0\0\0\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def icon_of(width, height):
    """An ICO whose only picture claims to be of that size, whatever the directory says."""
    inner = png_of(width, height)
    return b"\0\0\1\0\1\0" + bytes([16, 16, 0, 0, 1, 0, 32, 0]) + pack("<II", len(inner), 22) + inner


def with_scans(count):
    """A progressive JPEG with its last scan repeated."""
    content = saved(gradient(), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * count + content[-2:]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (webp_of(9400, 9400), "The picture is 9400 x 9400 = 88.4 megapixels, 75 are allowed"),
        (
            webp_of(8000, 8000),
            "The picture is 8000 x 8000 pixels in WebP; decoding it would take 1.3 GB, 700 MB are allowed",
        ),
        (png_of(1, 30_001), "The picture is 1 x 30001 pixels; a side may have 30000"),
        (
            png_of(8000, 9000),
            "The picture is 8000 x 9000 pixels in PNG; decoding it would take 824 MB, 700 MB are allowed",
        ),
        (png_of(20_000, 20_000), "The picture is 20000 x 20000 = 400 megapixels, 75 are allowed"),
        (icon_of(20_000, 20_000), "The picture is 20000 x 20000 = 400 megapixels, 75 are allowed"),
        (webp_of(8660, 8661), "The picture is 8660 x 8661 = 75.004 megapixels, 75 are allowed"),
        (
            with_scans(100),
            "The picture is a JPEG of more than 100 scans, each a pass over all of it; save it with fewer",
        ),
    ],
    ids=["webp pixels", "webp memory", "side", "png memory", "pixels", "icon", "a few too many", "scans"],
)
def test_a_picture_over_a_limit_is_refused_with_what_is_allowed(content, sentence):
    with pytest.raises(TooLarge) as raised:
        made(content, width=9)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"hello, world\nthis is text", "text"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?>\n<svg />", "an SVG drawing"),
        (b"<!DOCTYPE html><p><svg xmlns='http://www.w3.org/2000/svg'/>", "a web page or an XML document"),
        (b"<!DOCTYPE html><p>NoSuchKey", "a web page or an XML document"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "a PostScript file"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "an MP4 video"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "an MP4 video"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "a QuickTime video"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01", "a WebM or Matroska video"),
        (b"RIFF\0\0\1\0AVI LIST", "an AVI video"),
        (b"\0\0\x01\xba\x44", "an MPEG video"),
        (
            b"\0\0\0\x14ftypvvic\0\0\0\0vvic",
            "a video, or a picture in a video's container that is neither AVIF nor HEIC",
        ),
        (b"\xff\x0a\xfa\x7f", "a JPEG XL picture"),
        (b"8BPS\0\1", "a Photoshop document"),
        (bytes(range(1, 200)), "no picture"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_formats_that_are(content, kind):
    with pytest.raises(UnsupportedFormat) as raised:
        identify(Opened(content, Limits()))
    formats = "JPEG, PNG, WebP, AVIF, GIF, TIFF, BMP, ICO, HEIC, JPEG 2000"
    assert str(raised.value) == f"The file is {kind}; pictures are read in the formats {formats}"


def test_a_file_is_refused_for_its_bytes_before_anything_else():
    with pytest.raises(TooLarge, match=r"^The file has 2 MB, 1 MB are allowed$"):
        check_bytes(bytes(2 * 1024 * 1024), replace(Limits(), bytes=1024 * 1024))
    with pytest.raises(TooLarge, match=r"^The file has 1,048,577 bytes, 1,048,576 are allowed$"):
        check_bytes(bytes(1024 * 1024 + 1), replace(Limits(), bytes=1024 * 1024))


@given(st.integers(1, 10**10), st.integers(1, 10**10))
def test_what_is_over_a_limit_is_told_in_figures_that_differ(count, allowed):
    assume(count > allowed)
    for told in (megapixels(count, allowed), sizes(count, allowed)):
        assert told[0] != told[1]
    # Neither figure is off by more than a rounding.
    assert abs(float(megapixels(count, allowed)[0]) * 1e6 - count) <= 50_000


@pytest.mark.parametrize("name", READABLE)
def test_every_format_that_is_read_is_known_by_its_first_bytes_and_decoded(name):
    content = saved(corners(64, 64), name)
    assert kinds.kind(content) == name
    assert made(content, width=32).width == 32


@pytest.mark.parametrize("name", READABLE)
def test_a_file_that_only_begins_like_a_picture_is_broken(name):
    content = saved(gradient(64, 64), name)[:40]
    with pytest.raises((BrokenPicture, UnsupportedFormat)):
        made(content)


@pytest.mark.parametrize(("scans", "counted"), [(1, 10), (20, 29), (100, 101)])
def test_scans_are_counted_up_to_the_limit(scans, counted):
    assert jpeg_scans(with_scans(scans), 100) == counted


def test_a_video_behind_a_photo_is_not_taken_for_scans():
    assert jpeg_scans(saved(gradient(), "JPEG") + b"\xff\xda" * 500, 100) == 1


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_whose_first_scan_is_all_of_it_is_not_looked_through(mode):
    """Decoders stop behind it, whatever follows; and what follows is most of the file."""
    content = saved(gradient(), "JPEG", quality=90) if mode == "RGB" else saved(gradient().convert(mode), "JPEG")
    assert jpeg_is_one_scan(content)
    assert not jpeg_is_one_scan(saved(gradient(), "JPEG", progressive=True))


def test_a_jpeg_that_is_not_progressive_and_sends_its_colours_one_by_one_has_its_scans_counted():
    """Such a file is decoded scan by scan, however many there are."""
    content = saved(gradient(), "JPEG")
    scan = content.index(b"\xff\xda")
    alone = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + content[scan + 14 : -2]
    many = content[:scan] + alone * 200 + content[-2:]
    assert not jpeg_is_one_scan(many)
    assert jpeg_scans(many, 100) == 101


@pytest.mark.parametrize("end", [2, 4, 12, 24, 200])
def test_a_jpeg_cut_off_in_its_header_is_not_said_to_be_one_scan(end):
    assert not jpeg_is_one_scan(saved(gradient(), "JPEG")[:end])


def test_bytes_that_end_a_picture_within_a_segment_do_not_hide_the_scans_behind_it():
    content = with_scans(200)
    comment = b"\xff\xfe\x00\x06\xff\xd9\xff\xd9"
    scan = content.index(b"\xff\xda")
    assert jpeg_scans(content[:scan] + comment + content[scan:], 100) == 101


@pytest.mark.parametrize(("tile", "refused"), [((40_000, 40_000), True), ((65_520, 16), True), ((256, 256), False)])
def test_a_tiff_is_refused_for_its_tiles_not_its_size(tile, refused):
    content = saved(corners(64, 64), "TIFF", compression="tiff_lzw")
    directory = int.from_bytes(content[4:8], "little")
    count = int.from_bytes(content[directory : directory + 2], "little")
    entries = bytearray(content[directory + 2 : directory + 2 + 12 * count])
    entries += pack("<HHII", 322, 4, 1, tile[0]) + pack("<HHII", 323, 4, 1, tile[1])
    made_up = content[:4] + pack("<I", len(content)) + content[8:] + pack("<H", count + 2) + entries + bytes(4)
    with pytest.raises(TooLarge if refused else BrokenPicture, match="in tiles of" if refused else "damaged"):
        made(made_up)


def animation(frames, size=(20, 10), pillow="GIF"):
    stills = [Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 0)) for number in range(frames)]
    return saved(stills[0], pillow, save_all=True, append_images=stills[1:], duration=40)


@pytest.mark.parametrize(
    ("limits", "geometry", "flattened"),
    [
        (Limits(), {}, False),
        (Limits(frames=5), {}, False),
        (Limits(frames=4), {}, True),
        (Limits(frame_pixels=1000), {}, False),
        (Limits(frame_pixels=999), {}, True),
        # small as it comes in, but not as it would go out
        (Limits(frame_pixels=1000), {"width": 40}, True),
    ],
)
@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG"])
def test_an_animation_over_the_limits_becomes_a_still_and_says_so(limits, geometry, flattened, pillow):
    derivative = made(animation(5, pillow=pillow), limits=limits, to="original", **geometry)
    assert (derivative.frames, bool(derivative.notes.flattened)) == ((1, True) if flattened else (5, False))


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        (Limits(frames=4), "The animation has more than 4 frames"),
        (
            Limits(frame_pixels=999),
            "The animation has 5 frames of 20 x 10 pixels, 0.001 megapixels; 0.000999 are allowed in all",
        ),
    ],
)
@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG"])
def test_an_animation_over_the_limits_is_refused_where_it_must_move(limits, sentence, pillow):
    assert made(animation(5, pillow=pillow), limits=limits, to="original").notes.flattened == sentence
    with pytest.raises(TooLarge, match=f"^{sentence}, and the recipe refuses to show its first frame alone$"):
        made(animation(5, pillow=pillow), "keep_animation()", limits=limits, to="original")
    # nothing is refused where nothing would move
    assert made(animation(5, pillow=pillow), "keep_animation()", limits=limits, to="jpeg").frames == 1
    assert made(animation(5, pillow=pillow), "keep_animation():cover()", limits=limits, to="original").frames == 1


def test_frames_are_counted_no_further_than_the_limit():
    assert gif_blocks.extent(animation(30), 9)[0] == 10
    assert gif_blocks.extent(animation(30), 100) == (30, 20, 10)


def test_a_large_progressive_picture_costs_its_coefficients_even_when_decoded_small():
    content = saved(gradient(2000, 1000), "JPEG", progressive=True)
    assert made(content, limits=Limits(memory=14_000_000), width=50).width == 50
    with pytest.raises(TooLarge, match="in JPEG; decoding it would take"):
        made(content, limits=Limits(memory=12_000_000), width=50)
    assert made(saved(gradient(2000, 1000), "JPEG"), limits=Limits(memory=1_000_000), width=50).width == 50


@pytest.mark.parametrize(("pillow", "mode"), [("JPEG", "L"), ("PNG", "1"), ("TIFF", "1")])
def test_a_deployment_may_allow_more_pixels_than_pillow_does(pillow, mode):
    # Above 89 megapixels Pillow warns of a bomb, which here is an error; above twice that it refuses.
    content = saved(Image.new(mode, (13_500, 13_500)), pillow)
    limits = Limits(pixels=200_000_000, memory=4 * 1024**3)
    assert made(content, limits=limits, width=10).width == 10
    sentence = "The picture is 13500 x 13500 = 182.2 megapixels, 150 are allowed"
    with pytest.raises(TooLarge, match=f"^{sentence}$"):
        made(content, limits=replace(limits, pixels=150_000_000), width=10)
