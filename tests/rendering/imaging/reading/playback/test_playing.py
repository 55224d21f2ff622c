"""Animations as browsers show them: what each frame leaves to the next, for how long, and how often."""

import pytest
from PIL import Image

from rendering.imaging.animation.frames import plays
from rendering.imaging.errors import BrokenPicture
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.reading.orientation import TRANSPOSES, inverse

from ...containers import clap, with_changed
from ...pictures import animation, corners, difference, made, saved, shown
from .gifs import gif, repeats

BLUE, RED, GREEN, YELLOW = (0, 0, 255, 255), (255, 0, 0, 255), (0, 255, 0, 255), (255, 255, 0, 255)
CLEAR = (0, 0, 0, 0)
SIZE, WHOLE, LEFT, DOT = (20, 10), (0, 0, 20, 10), (0, 0, 10, 10), (19, 9, 20, 10)
PLACES = (5, 5), (15, 5)


def seen(content, *places):
    return [
        tuple(frame.convert("RGBA").getpixel(place) for place in places)
        for frame, _ in Opened(content, Limits()).play()
    ]


@pytest.mark.parametrize("clear", [None, 3])
def test_what_a_gif_clears_is_transparent_whatever_its_colours(clear):
    content = gif(SIZE, [(WHOLE, 1, 1, None), (LEFT, 2, 2, clear), (DOT, 3, 1, None)])
    assert seen(content, *PLACES) == [(RED, RED), (GREEN, RED), (CLEAR, RED)]


def test_a_frame_that_does_not_say_stays_even_after_one_that_is_cleared():
    content = gif(SIZE, [(WHOLE, 1, 2, None), (LEFT, 2, 0, None), (DOT, 3, 1, None)])
    assert seen(content, *PLACES) == [(RED, RED), (GREEN, CLEAR), (GREEN, CLEAR)]


@pytest.mark.parametrize("then", [0, 1, 5, 6, 7])
def test_a_frame_stays_where_its_disposal_method_is_none_that_there_is(then):
    content = gif(SIZE, [(WHOLE, 1, then, None), (LEFT, 2, then, None), (DOT, 3, then, None)])
    assert seen(content, *PLACES) == [(RED, RED), (GREEN, RED), (GREEN, RED)]


@pytest.mark.parametrize("then", [3, 4])
def test_what_a_frame_covered_comes_back(then):
    content = gif(SIZE, [(WHOLE, 1, 1, None), (LEFT, 2, then, None), (DOT, 3, 1, None)])
    assert seen(content, *PLACES) == [(RED, RED), (GREEN, RED), (RED, RED)]


def test_before_the_first_frame_there_was_nothing_to_come_back():
    content = gif(SIZE, [(WHOLE, 1, 3, None), (LEFT, 2, 1, None)])
    assert seen(content, *PLACES) == [(RED, RED), (GREEN, CLEAR)]


def test_the_transparent_colour_of_a_frame_shows_what_is_under_it():
    content = gif(SIZE, [(WHOLE, 1, 1, None), (LEFT, 3, 1, 3)])
    assert seen(content, *PLACES) == [(RED, RED), (RED, RED)]


def test_a_later_frame_beyond_the_screen_is_cut_off():
    content = gif(
        SIZE, [(WHOLE, 1, 1, None), ((10, 0, 40, 30), 2, 2, None), ((50, 0, 60, 9), 2, 3, None), (DOT, 3, 1, None)]
    )
    frames = [frame.size for frame, _ in Opened(content, Limits()).play()]
    assert frames == [SIZE] * 4
    assert seen(content, *PLACES) == [(RED, RED), (RED, GREEN), (RED, CLEAR), (RED, CLEAR)]


def test_a_frame_without_extent_shows_nothing():
    empty = b"!\xf9\x04\0\x0a\0\0\0,\0\0\0\0\0\0\0\0\0\x02\x00"
    content = gif(SIZE, [(WHOLE, 1, 1, None)], behind=empty)
    assert seen(content, *PLACES) == [(RED, RED)] * 2


@pytest.mark.parametrize("to", ["png", "webp", "gif", "jpeg"])
def test_the_first_frame_alone_is_as_the_animation_begins(to):
    still = shown(made(gif(SIZE, [(LEFT, 1, 1, None), (WHOLE, 2, 1, None)]), "cover()", to=to))
    assert not getattr(still, "is_animated", False)
    colours = [still.convert("RGBA").getpixel(place) for place in PLACES]
    assert colours[0][0] > 200 > 60 > colours[0][1]
    assert colours[1][3] == 0 or to == "jpeg"


@pytest.mark.parametrize("alpha", [True, False])
def test_a_gif_says_that_it_is_transparent_if_its_screen_shows(alpha):
    content = gif(SIZE, [(LEFT if alpha else WHOLE, 1, 1, None)])
    assert identify(Opened(content, Limits())).alpha is alpha


@pytest.mark.parametrize("name", [b"NETSCAPE2.0", b"ANIMEXTS1.0"])
@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize(("count", "times"), [(0, 0), (2, 3), (65_535, 65_536)])
def test_how_often_a_gif_plays_is_told_by_either_name_and_in_any_place(name, place, count, times):
    content = gif(SIZE, [(WHOLE, 1, 1, None), (WHOLE, 2, 1, None)], **{place: repeats(count, name)})
    assert plays(Opened(content, Limits()).image, content) == times
    assert shown(made(content)).info["loop"] == times


@pytest.mark.parametrize(
    "block",
    [b"", b"!\xff\x0bNETSCAPE2.0\x03\x02\1\0\0", b"!\xff\x0bNETSCAPE2.0\0", b"!\xff\x0bSOMETHING.0\x03\x01\2\0\0"],
)
def test_a_gif_that_does_not_say_how_often_plays_once(block):
    content = gif(SIZE, [(WHOLE, 1, 1, None), (WHOLE, 2, 1, None)], behind=block)
    assert plays(Opened(content, Limits()).image, content) == 1


@pytest.mark.parametrize("total", [0x7FFF_FFFF_FFFF_FFFF, 400 << 31])
@pytest.mark.parametrize("to", ["png", "webp", "gif", "avif"])
def test_an_avif_that_plays_more_often_than_can_be_counted_plays_for_ever(total, to):
    def endless(inside):
        assert inside[0] == 1  # durations of eight bytes
        at = 28 if len(inside) < 100 else 24
        return inside[:at] + total.to_bytes(8, "big") + inside[at + 8 :]

    content = animation(4, pillow="AVIF")
    content = with_changed(content, [b"moov", b"trak", b"tkhd"], endless)
    opened = Opened(content, Limits())
    assert plays(opened.image, content) == 0
    derivative = made(content, to=to)
    assert derivative.frames == 4
    assert to == "avif" or shown(derivative).info["loop"] == 0


def test_a_frame_that_lasts_for_weeks_lasts_as_long_as_the_file_can_say():
    content = saved(
        corners(), "AVIF", save_all=True, append_images=[corners().rotate(180)], duration=[0x7FFF_0000, 70_001]
    )
    durations: dict[str, list[int]] = {}
    for to in ("png", "webp", "gif", "avif"):
        image = shown(made(content, to=to))
        durations[to] = []
        for number in range(2):
            image.seek(number)
            image.load()
            durations[to].append(round(image.info["duration"]))
    assert durations == {
        "png": [65_535_000, 70_001],
        "webp": [0xFFFFFF, 65_535],
        "gif": [655_350, 65_530],
        "avif": [0x7FFF_0000, 65_535],
    }


def test_the_clean_aperture_of_an_animation_is_that_of_its_track():
    path = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"av01"]
    content = with_changed(animation(4, pillow="AVIF"), path, lambda inside: inside + clap(30, 20, (-15, 1), (-10, 1)))
    assert identify(Opened(content, Limits())).width == 30
    for width, size in ((None, (30, 20)), (15, (15, 10))):
        derivative = made(content, to="webp", width=width)
        assert (derivative.width, derivative.height, derivative.frames) == (*size, 4)
    assert shown(made(content, "cover()")).size == (30, 20)


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_webp_that_moves_is_turned_upright_as_one_that_does_not(orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    stored = corners().transpose(TRANSPOSES[inverse(orientation)])
    content = saved(
        stored, "WEBP", save_all=True, append_images=[stored.rotate(180)], duration=100, exif=exif, lossless=True
    )
    derivative = made(content, to="webp")
    assert derivative.frames == 2
    for upright in (shown(derivative), shown(made(content, "cover()", to="webp"))):
        assert difference(upright.convert("RGB"), corners()) < 8


def test_a_gif_without_all_its_frames_is_broken():
    content = gif(SIZE, [(WHOLE, 1, 1, None), (WHOLE, 2, 1, None)])
    with pytest.raises(BrokenPicture):
        made(content[:-8], to="png")
