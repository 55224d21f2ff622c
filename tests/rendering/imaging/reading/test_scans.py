"""Progressive JPEGs: what a small picture needs of them."""

import pytest
from PIL import Image

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.scans import without_useless_scans

from ..pictures import corners, difference, gradient, made, saved, shown


def photo(width=1200, height=900, mode="RGB"):
    """Something of everything: a gradient, noise, and sharp edges in colour."""
    image = gradient(width, height).effect_spread(12)
    image.paste(corners(width // 3, height // 3), (width // 3, height // 3))
    return image.convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("subsampling", [0, 2])
@pytest.mark.parametrize("width", [32, 48, 70, 90, 130, 260, 300])
def test_a_progressive_jpeg_gives_the_picture_of_a_baseline_one(mode, subsampling, width):
    options = {"quality": 92, **({} if mode != "RGB" else {"subsampling": subsampling})}
    progressive, baseline = (
        shown(made(saved(photo(mode=mode), "JPEG", progressive=on, **options), width=width)) for on in (True, False)
    )
    assert progressive.size == baseline.size
    assert difference(progressive, baseline) < 1.5


def test_scans_are_left_out_the_more_the_smaller_the_picture():
    content = saved(photo(), "JPEG", progressive=True, quality=92)
    lengths = [
        len(without_useless_scans(content, scale, shrink) or b"") for scale, shrink in ((8, 20), (8, 12), (4, 5))
    ]
    assert 0 < lengths[0] < lengths[1] < lengths[2] < len(content)
    for scale, shrink in ((8, 20), (8, 12), (4, 5)):
        shorter = without_useless_scans(content, scale, shrink)
        assert shown(shorter).size == (1200, 900)  # a valid file of its own


@pytest.mark.parametrize(("quality", "coarse"), [(95, True), (90, True), (80, False), (60, False)])
def test_details_are_left_out_at_a_quarter_only_where_their_steps_are_small(quality, coarse):
    """A step of a file of low quality is so large that the coarse values alone would show as blocks."""
    content = saved(photo(), "JPEG", progressive=True, quality=quality)
    shorter = without_useless_scans(content, 4, 5) or b""
    scans = (content.count(b"\xff\xda"), shorter.count(b"\xff\xda"))
    assert scans == ((10, 7) if coarse else (10, 9))
    assert difference(shown(content).reduce(4), shown(shorter).reduce(4)) < (1.5 if coarse else 0.5)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("width", [40, 90, 250])
def test_a_progressive_jpeg_that_is_cut_off_is_broken_also_behind_what_is_needed(part, width):
    content = saved(photo(), "JPEG", progressive=True, quality=92)
    with pytest.raises(BrokenPicture):
        made(content[: int(len(content) * part)], width=width)


@pytest.mark.parametrize(
    "content",
    [
        saved(photo(), "JPEG", quality=92),
        saved(photo(), "JPEG", progressive=True)[:-2],
        b"\xff\xd8",
        b"\xff\xd8\xff\xda\0\2",
        b"\xff\xd8\xff\xc2\0\x0b\x08\0\1\0\1\1\1\x11\0\xff\xda\0\2" + b"\0" * 9,
    ],
)
def test_what_is_not_a_whole_progressive_jpeg_is_left_alone(content):
    assert without_useless_scans(content, 8, 20) is None


def test_metadata_and_a_second_picture_do_not_matter():
    exif = Image.Exif()
    exif[0x112] = 6
    thumbnail = saved(corners(), "JPEG")
    content = saved(photo(), "JPEG", progressive=True, exif=exif, comment=b"\xff\xda\xff\xd9")
    derivative = made(content + thumbnail, width=60)
    assert (derivative.width, derivative.height) == (60, 80)


def test_bytes_that_fill_up_between_segments_keep_no_scan_in():
    content = saved(gradient(400, 300), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    filled = content[:last] + b"\xff" * 9 + content[last:]
    assert without_useless_scans(filled, 8, 16) == without_useless_scans(content, 8, 16)
