"""Which of the things that a file says of its colours counts, and what is seen then.

The expected colours are what Chromium 156 shows of the same files.
"""

import logging

import pytest
from PIL import Image

from benchmarks.fidelity.icc import adobe_rgb, grey_gamma
from benchmarks.fidelity.spaces import chunk, cicp, gama, with_nclx
from rendering.imaging.reading.colour import codes
from rendering.imaging.reading.colour.space import SRGB
from rendering.imaging.reading.limits import LARGEST_PROFILE, Limits
from rendering.imaging.reading.opened import Opened

from ... import colours
from ...colours import BARS, DISPLAY_P3, FROM_ADOBE, FROM_P3, apart, bars, chrm, iccp, piece, png, seen
from ...pictures import made, saved

P3 = codes.PRIMARIES[12]
DCI = codes.PRIMARIES[11]
S_RGB = chunk(b"sRGB", b"\0")
HALF = len(DISPLAY_P3) // 2
LINEAR = ((229, 168, 122), (122, 168, 229), (160, 208, 160), (73, 73, 73), (188, 188, 188))
PQ = ((255, 0, 0), (0, 34, 255), (0, 225, 0), (1, 1, 1), (132, 132, 132))
HLG = ((230, 48, 17), (0, 77, 185), (0, 138, 63), (3, 3, 3), (99, 99, 99))


def opened_colours(content):
    return Opened(content, Limits()).header.colours


@pytest.mark.parametrize(
    ("chunks", "shown"),
    {
        "gamma": ([gama(0.55556)], ((210, 119, 65), (65, 119, 210), (109, 176, 109), (21, 21, 21), (146, 146, 146))),
        "linear": ([gama(1)], LINEAR),
        "P3 by gAMA and cHRM": (
            [gama(0.45455), chrm(P3)],
            ((216, 93, 24), (16, 102, 208), (59, 164, 80), (9, 9, 9), (129, 129, 129)),
        ),
        "another white": (
            [gama(0.45455), chrm((*P3[:6], 0.34567, 0.3585))],
            ((222, 93, 24), (0, 101, 208), (42, 164, 81), (9, 9, 9), (129, 129, 129)),
        ),
        "linear P3": ([gama(1), chrm(P3)], ((240, 165, 114), (109, 170, 235), (147, 209, 156), (73,) * 3, (188,) * 3)),
        "cICP P3": ([cicp(12, 13, 0, 1)], FROM_P3),
        "cICP BT.2020": ([cicp(9, 14, 0, 1)], ((239, 63, 5), (0, 94, 205), (0, 162, 68), (5, 5, 5), (121, 121, 121))),
        "cICP over iCCP": ([cicp(12, 13, 0, 1), iccp(adobe_rgb()), S_RGB, gama(1)], FROM_P3),
        "cICP sRGB over iCCP": ([cicp(1, 13, 0, 1), iccp(adobe_rgb())], BARS),
        "iCCP over sRGB and gAMA": ([iccp(adobe_rgb()), S_RGB, gama(1)], FROM_ADOBE),
        "sRGB over gAMA": ([S_RGB, gama(1), chrm(P3)], BARS),
        "the first of two profiles": ([iccp(DISPLAY_P3), iccp(adobe_rgb())], FROM_P3),
        "the first of two cICP": ([cicp(12, 13, 0, 1), cicp(1, 13, 0, 1)], FROM_P3),
        "PQ": ([cicp(9, 16, 0, 1)], PQ),
        "HLG": ([cicp(9, 18, 0, 1), iccp(adobe_rgb())], HLG),
        "PQ by a tag of the profile": (
            [iccp(colours.with_tag(DISPLAY_P3, b"cicp", b"cicp\0\0\0\0\x09\x10\0\1"))],
            PQ,
        ),
        "sRGB by a tag of the profile": (
            [iccp(colours.with_tag(DISPLAY_P3, b"cicp", b"cicp\0\0\0\0\x01\x0d\0\1"))],
            FROM_P3,
        ),
    }.values(),
)
@pytest.mark.parametrize("alpha", [False, True], ids=["opaque", "alpha"])
def test_a_png_is_shown_in_the_colours_that_it_is_in(chunks, shown, alpha):
    image = bars("RGBA" if alpha else "RGB")
    if alpha:
        image.putalpha(254)
    content = png(*chunks, image=image)
    # Tone mapping is another one than Chromium's, which takes bright light back earlier.
    assert apart(seen(made(content)), shown) <= (5 if shown in (PQ, HLG) else 1)
    assert made(content, to="webp").content != made(png(image=image), to="webp").content or shown == BARS


@pytest.mark.parametrize(
    ("chunks", "said"),
    {
        "matrix": ([cicp(12, 13, 1, 1)], "full-range RGB: 0c 0d 01 01"),
        "range": ([cicp(12, 13, 0, 0)], "full-range RGB: 0c 0d 00 00"),
        "length": ([cicp(12, 13, 0)], "full-range RGB"),
        "reserved primaries": ([cicp(3, 13, 0, 1)], "reserved or not specified: 03 0d 00 01"),
        "no curve": ([cicp(12, 2, 0, 1)], "reserved or not specified"),
        "gamma of nought": ([gama(0)], "gAMA that is no picture's"),
        "gamma of a million": ([gama(10_000)], "gAMA that is no picture's"),
        "primaries on a line": (
            [gama(0.45455), chrm((0.64, 0.33, 0.64, 0.33, 0.15, 0.06, 0.3127, 0.329))],
            "span no colours",
        ),
        "no white": ([gama(0.45455), chrm((0,) * 8)], "span no colours"),
        "white outside": ([gama(0.45455), chrm((*P3[:6], 0.7, 0.1))], "span no colours"),
        "no profile": ([iccp(b"no profile at all" * 40)], "cannot be used"),
        "half a profile": ([iccp(DISPLAY_P3[:HALF])], "cannot be used"),
        "unknown method": ([iccp(DISPLAY_P3, method=5)], "cannot be unpacked"),
        "unpackable": ([chunk(b"iCCP", b"name\0\0not packed")], "cannot be unpacked"),
        "bomb": ([iccp(DISPLAY_P3 + bytes(LARGEST_PROFILE))], "Ignored a colour profile of"),
        "tag": ([cicp(9, 16, 9, 1), cicp(12, 13, 0, 1)], "full-range RGB"),
    }.values(),
)
def test_colours_that_cannot_be_are_ignored_and_logged(chunks, said, caplog):
    with caplog.at_level(logging.WARNING):
        assert seen(made(png(*chunks))) == list(BARS)
    assert said in caplog.text


@pytest.mark.parametrize(
    ("bad", "good", "shown"),
    [
        (cicp(12, 13, 0, 0), iccp(adobe_rgb()), FROM_ADOBE),
        (cicp(2, 16, 0, 1), gama(1), LINEAR),
        (iccp(b"no profile at all" * 40), gama(1), LINEAR),
        (iccp(DISPLAY_P3, method=5), gama(1), LINEAR),
        (cicp(12, 13, 0, 1)[:-4] + b"oops", iccp(adobe_rgb()), FROM_ADOBE),
    ],
)
def test_where_one_cannot_be_the_next_one_counts(bad, good, shown):
    assert apart(seen(made(png(bad, good))), shown) <= 1


@pytest.mark.parametrize(
    "chunks",
    [[], [gama(0.45455)], [gama(0.46)], [chrm(P3)], [gama(0.45455), chrm(codes.BT709)], [cicp(1, 13, 0, 1)], [S_RGB]],
)
def test_a_png_in_srgb_is_left_alone(chunks):
    assert opened_colours(png(*chunks)) == SRGB


def test_chunks_of_colours_after_the_pixels_do_not_count():
    content = png()
    place = content.index(b"IEND") - 4
    assert opened_colours(content[:place] + cicp(12, 13, 0, 1) + content[place:]) == SRGB


@pytest.mark.parametrize("mode", ["L", "LA", "P", "I;16"])
@pytest.mark.parametrize(("chunk", "shown"), [(gama(1), 188), (cicp(9, 16, 0, 1), 132), (cicp(9, 18, 0, 1), 99)])
def test_greys_and_palettes_have_colours_too(mode, chunk, shown):
    grey = Image.new("L", (16, 16), 128)
    image = grey.convert("I").point(lambda value: value * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    assert apart(seen(made(png(chunk, image=image))), [(shown,) * 3]) <= 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([piece(DISPLAY_P3, 1, 1)] * 2, []),
        ([piece(DISPLAY_P3, 1, 1), piece(adobe_rgb(), 1, 1)], []),
        ([], [piece(DISPLAY_P3, 1, 1)]),
        ([piece(DISPLAY_P3, 1, 1)], [piece(adobe_rgb(), 1, 1)]),
        ([piece(DISPLAY_P3, 0, 1)], []),
        ([piece(DISPLAY_P3[:HALF], 0, 2), piece(DISPLAY_P3[HALF:], 1, 2)], []),
        ([piece(DISPLAY_P3[HALF:], 2, 2), piece(DISPLAY_P3[:HALF], 1, 2)], []),
        ([piece(DISPLAY_P3[:HALF], 1, 2)], [piece(DISPLAY_P3[HALF:], 2, 2)]),
        ([piece(DISPLAY_P3[:HALF], 1, 2)] * 2, [piece(DISPLAY_P3[HALF:], 2, 2)] * 2),
    ],
    ids=["twice", "two", "after", "before and after", "nought", "from nought", "swapped", "around", "each twice"],
)
def test_a_profile_in_segments_of_a_jpeg_counts_if_it_is_whole(before, after):
    assert apart(seen(made(colours.jpeg(before, after))), FROM_P3) <= 2


@pytest.mark.parametrize(
    "before",
    [
        [piece(DISPLAY_P3[:HALF], 1, 2)],
        [piece(DISPLAY_P3[:HALF], 1, 3), piece(DISPLAY_P3[HALF:], 3, 3)],
        [piece(DISPLAY_P3[:HALF], 1, 1), piece(DISPLAY_P3[HALF:], 2, 1)],
        [piece(DISPLAY_P3, 1, 0)],
    ],
)
def test_a_profile_of_which_a_piece_is_missing_is_ignored(before, caplog):
    assert apart(seen(made(colours.jpeg(before))), BARS) <= 1
    assert "pieces are missing" in caplog.text


def test_a_jpeg_with_a_gain_map_shows_its_base():
    """The second picture, by which the first becomes brighter on some displays, stands behind it."""
    bright = Image.new("L", (40, 8), 255)
    two = saved(bars(), "MPO", save_all=True, append_images=[bright], icc_profile=DISPLAY_P3, quality=98)
    about = b'http://ns.adobe.com/xap/1.0/\0<rdf:Description hdrgm:Version="1.0"/>'
    segment = b"\xff\xe1" + (len(about) + 2).to_bytes(2, "big") + about
    assert b"MPF\0" in two
    for content in (two, two[:2] + segment + two[2:]):
        assert apart(seen(made(content)), FROM_P3) <= 3


def test_a_bmp_may_hold_a_profile():
    assert apart(seen(made(colours.bmp(DISPLAY_P3))), FROM_P3) <= 1
    assert seen(made(colours.bmp(DISPLAY_P3, b"BGRs"))) == list(BARS)
    assert seen(made(colours.bmp(b""))) == list(BARS)
    assert opened_colours(colours.bmp(b"x" * 200)) == SRGB


@pytest.mark.parametrize("pillow", ["AVIF", "HEIF"])
@pytest.mark.parametrize(
    ("numbers", "shown"),
    {
        "sRGB": ((1, 13), BARS),
        "P3": ((12, 13), FROM_P3),
        "P3 without a curve": ((12, 2), FROM_P3),
        "a reserved curve": ((12, 3), BARS),
        "reserved primaries": ((3, 13), BARS),
        "primaries beyond the table": ((999, 13), BARS),
        "BT.709": ((1, 1), BARS),
        "BT.2020": ((9, 14), ((241, 76, 29), (0, 103, 206), (0, 168, 77), (17, 17, 17), (128, 128, 128))),
        "linear": ((1, 8), LINEAR),
        "PQ": ((9, 16), PQ),
        "PQ without primaries": ((2, 16), ((255, 51, 8), (6, 45, 255), (56, 219, 56), (1, 1, 1), (132, 132, 132))),
        "HLG": ((9, 18), HLG),
    }.values(),
)
def test_an_avif_or_heic_is_shown_in_the_colours_of_its_nclx(pillow, numbers, shown):
    content = with_nclx(saved(bars(), pillow, quality=100, subsampling="4:4:4"), *numbers)
    assert apart(seen(made(content)), shown) <= (6 if numbers[1] in (16, 18) else 3)


@pytest.mark.parametrize("pillow", ["AVIF", "HEIF"])
def test_a_profile_outranks_the_nclx(pillow):
    content = saved(bars(), pillow, quality=100, subsampling="4:4:4", icc_profile=adobe_rgb())
    kind = content.index(b"colr")
    length = int.from_bytes(content[kind - 4 : kind], "big")
    assert content[kind + 4 : kind + 8] == b"prof", length
    assert apart(seen(made(content)), FROM_ADOBE) <= 3


def test_an_animation_is_shown_in_the_colours_of_its_track():
    frames = [bars(), bars(colours=BARS[::-1])]
    content = saved(frames[0], "AVIF", save_all=True, append_images=frames[1:], quality=100, subsampling="4:4:4")
    derivative = made(with_nclx(content, 12, 13), to="webp")
    assert derivative.frames == 2
    assert apart(seen(derivative), FROM_P3) <= 4


def test_a_number_that_is_reserved_is_logged(caplog):
    content = saved(bars(), "AVIF")
    assert opened_colours(with_nclx(content, 1, 0)) == SRGB
    assert "nclx that is reserved: 0" in caplog.text
    assert opened_colours(with_nclx(content, 77, 13)) == SRGB
    assert "nclx that is reserved: 77" in caplog.text
    assert opened_colours(with_nclx(content, 2, 2)) == SRGB
    assert caplog.text.count("reserved") == 2


def test_a_profile_for_other_colours_than_the_pictures_is_ignored(caplog):
    assert seen(made(png(iccp(grey_gamma())))) == list(BARS)
    assert "on a picture in RGB" in caplog.text


@pytest.mark.parametrize("content", [png(cicp(9, 16, 0, 1)), png(cicp(12, 13, 0, 1)), png(gama(1), chrm(P3))])
@pytest.mark.parametrize("to", ["png", "webp", "avif", "jpeg", "gif"])
def test_every_format_shows_them_whole_and_reduced(content, to):
    expected = seen(made(content))
    assert apart(expected, BARS) > 4
    for size in ({}, {"width": 80}, {"width": 40}):
        assert apart(seen(made(content, to=to, **size)), expected) <= 9
