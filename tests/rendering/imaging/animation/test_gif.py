"""GIFs: every frame as it was, and no larger than need be."""

import struct

import pytest
from PIL import GifImagePlugin, Image, ImageChops, ImageDraw, ImageOps

from rendering.imaging.animation.frames import Timing
from rendering.imaging.animation.gif import encode_gif
from rendering.imaging.animation.gif_blocks import blocks_end, frames
from rendering.imaging.errors import TooLarge
from tests.drawings import textured

from ..pictures import GREEN, RED, difference, disc, gradient, made, near, shown

SIZE = (80, 60)
DURATIONS = (40, 250, 100, 100, 60)


def moving(mode, ground):
    """A square that goes over a ground, stands still once, and comes out larger in the end."""
    frames = []
    for number, side in enumerate((10, 10, 10, 10, 30)):
        frame = Image.new(mode, SIZE, ground)
        place = min(number, 2) * 20
        ImageDraw.Draw(frame).rectangle((place, 20, place + side, 20 + side), "red" if mode != "L" else 200)
        frames.append(frame)
    return frames


def growing():
    """A picture that is laid out piece by piece on nothing: no pixel ever vanishes."""
    whole = disc(*SIZE)
    frames = []
    for share in range(1, 6):
        frame = Image.new("RGBA", SIZE, (0, 0, 0, 0))
        frame.paste(whole.crop((0, 0, 16 * share, 60)), (0, 0))
        frames.append(frame)
    return frames


def played(content):
    image = shown(content)
    for number in range(image.n_frames):
        image.seek(number)
        yield image.convert("RGBA"), image.info["duration"]


@pytest.mark.parametrize(
    "stills",
    [
        moving("RGB", (20, 40, 160)),
        moving("L", 30),
        moving("RGBA", (0, 0, 0, 0)),
        growing(),
        [Image.new("RGBA", SIZE, (0, 0, 0, 0)), disc(*SIZE), Image.new("RGBA", SIZE, (0, 0, 0, 0)), *growing()[:2]],
    ],
    ids=["on a ground", "in greys", "on nothing", "growing", "coming and going"],
)
def test_every_frame_is_shown_as_it_was_and_as_long(stills):
    content = encode_gif(stills, Timing(DURATIONS, plays=0))
    frames = list(played(content))
    assert [duration for _, duration in frames] == list(DURATIONS)
    for still, (frame, _) in zip(stills, frames, strict=True):
        expected = still.convert("RGBA")
        assert difference(expected.getchannel("A"), frame.getchannel("A")) == 0
        ground = Image.new("RGBA", SIZE, "white")
        assert difference(Image.alpha_composite(ground, expected), Image.alpha_composite(ground, frame)) < 3


def test_an_animation_of_which_nothing_changes_keeps_its_frames_and_takes_hardly_a_byte_for_each():
    still = gradient(*SIZE)
    animation = encode_gif([still] * 20, Timing((50,) * 20, plays=1))
    assert len(list(played(animation))) == 20
    assert len(animation) - len(encode_gif([still], None)) < 20 * 40


def test_what_stays_is_not_written_again():
    """A dot that moves over a noisy picture costs its own pixels, not the picture's."""
    ground = gradient(*SIZE).effect_spread(20)
    frames = []
    for number in range(10):
        frame = ground.copy()
        ImageDraw.Draw(frame).ellipse((number * 7, 20, number * 7 + 5, 25), RED)
        frames.append(frame)
    animation = encode_gif(frames, Timing((50,) * 10, plays=0))
    assert len(animation) < 1.5 * len(encode_gif(frames[:1], None))


def test_all_frames_share_one_colour_table():
    animation = encode_gif(moving("RGB", GREEN), Timing(DURATIONS, plays=0))
    still = encode_gif(moving("RGB", GREEN)[:1], None)
    assert len(animation) < len(still) + 4 * 300


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_another_scene_has_a_palette_of_its_own(mode):
    """Reds, then blues: in one palette each would have half of the shades."""
    shades = textured(200, 150, contrast=200).convert("L")
    reds, blues = (ImageOps.colorize(shades, "black", colour) for colour in ("red", "blue"))
    animations = [ImageChops.offset(scene, 3 * number, 0) for scene in (reds, blues) for number in range(3)]
    stills = [still.convert(mode) for still in animations]
    if mode == "RGBA":
        for still in stills:
            still.putalpha(Image.new("L", still.size, 255))
            still.paste((0, 0, 0, 0), (0, 0, 20, 20))
    content = encode_gif(stills, Timing((40,) * 6, plays=0))
    frames = [frame for frame, _ in played(content)]
    assert all(difference(frame, still.convert("RGBA")) < 1.5 for frame, still in zip(frames, stills, strict=True))
    assert local_tables(content) == ([] if mode == "L" else [3, 4, 5])


def local_tables(content):
    """The numbers of the frames that have a colour table of their own."""
    found = []
    for number, frame in enumerate(frames(content)):
        if content[frame.start + 9] & 0x80:
            found.append(number)
    return found


def test_a_duration_longer_than_a_gif_can_say_is_as_long_as_it_can():
    animation = encode_gif(moving("RGB", GREEN)[:2], Timing((700_000, 100), plays=0))
    assert [duration for _, duration in played(animation)] == [655_350, 100]


def laid(*frames, colours=4):
    """A GIF of 40 x 30 pixels of frames in one colour each: box, index of the colour, and what becomes of it then."""
    content = b"GIF89a" + struct.pack("<HHBBB", 40, 30, 0x80 | (colours.bit_length() - 2), 0, 0)
    # Blue, which is the background; red, green, yellow; and black.
    content += bytes([0, 0, 255, 255, 0, 0, 0, 255, 0, 255, 255, 0]) + bytes(3 * (colours - 4))
    for (left, top, right, bottom), colour, then in frames:
        tile = Image.new("P", (right - left, bottom - top), colour)
        tile.putpalette([0, 0, 255, 255, 0, 0, 0, 255, 0, 255, 255, 0])
        content += b"".join(GifImagePlugin.getdata(tile, (left, top), duration=100, disposal=then))
    return content + b";"


HALF, WHOLE, QUARTER = (0, 0, 20, 30), (0, 0, 40, 30), (0, 0, 20, 15)
NOTHING = (0, 0, 0, 0)
SOLID_RED, SOLID_GREEN = (*RED, 255), (*GREEN, 255)


@pytest.mark.parametrize("to", ["gif", "webp", "png"])
@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        # (left half, right half) of each frame as browsers show it
        ([(HALF, 1, 1)], [(SOLID_RED, NOTHING)]),
        ([(HALF, 1, 1), (QUARTER, 2, 1)], [(SOLID_RED, NOTHING), (SOLID_GREEN, NOTHING)]),
        ([(WHOLE, 1, 2), (HALF, 2, 1)], [(SOLID_RED, SOLID_RED), (SOLID_GREEN, NOTHING)]),
        ([(HALF, 1, 3), (WHOLE, 2, 1)], [(SOLID_RED, NOTHING), (SOLID_GREEN, SOLID_GREEN)]),
        ([(WHOLE, 1, 1), (HALF, 2, 1)], [(SOLID_RED, SOLID_RED), (SOLID_GREEN, SOLID_RED)]),
    ],
)
@pytest.mark.parametrize("colours", [4, 256])
def test_what_no_frame_of_a_gif_covers_is_transparent(frames, expected, to, colours):
    derivative = made(laid(*frames, colours=colours), to=to)
    seen = [
        tuple((0, 0, 0, 0) if pixel[3] == 0 else pixel for pixel in (frame.getpixel((5, 5)), frame.getpixel((35, 5))))
        for frame, _ in (played(derivative) if len(frames) > 1 else [(shown(derivative).convert("RGBA"), 0)])
    ]
    for pixels, wanted in zip(seen, expected, strict=True):
        assert all(near(pixel, colour, 40) for pixel, colour in zip(pixels, wanted, strict=True))


def test_where_a_gif_shows_nothing_a_format_without_alpha_shows_the_background():
    still = shown(made(laid((HALF, 1, 1)), to="jpeg", background=(255, 255, 255)))
    assert near(still.getpixel((35, 15)), (255, 255, 255), 8)


def test_a_gif_whose_later_frames_have_a_transparent_colour_begins_empty_as_well():
    tile = Image.new("P", (20, 15), 2)
    tile.putpalette([0, 0, 255, 255, 0, 0, 0, 255, 0, 255, 255, 0])
    later = b"".join(GifImagePlugin.getdata(tile, (0, 0), duration=100, disposal=1, transparency=3))
    derivative = made(laid((HALF, 1, 1))[:-1] + later + b";", to="png")
    frames = list(played(derivative))
    assert len(frames) == 2
    for number, (frame, _) in enumerate(frames):
        assert frame.getpixel((5, 5)) == (SOLID_GREEN if number else SOLID_RED)
        assert frame.getpixel((5, 25)) == SOLID_RED
        assert frame.getpixel((35, 5))[3] == 0


def test_an_empty_screen_too_large_is_refused_like_any_other():
    content = b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0xF7, 0, 0) + bytes(768)
    tile = Image.new("P", (20, 15), 2)
    tile.putpalette(list(range(256)) * 3)
    content += b"".join(GifImagePlugin.getdata(tile, (0, 0), duration=100)) + b";"
    with pytest.raises(TooLarge):
        made(content, to="png")


@pytest.mark.parametrize("lengths", [[], [1], [255], [255, 255, 3], [255] * 700 + [254, 255, 1]])
@pytest.mark.parametrize("ended", [True, False])
def test_a_chain_of_blocks_ends_where_its_last_length_says(lengths, ended):
    chain = b"".join(bytes([length]) + b"\xff" * length for length in lengths)
    content = b"before" + chain + (b"\0;" if ended else b"")
    assert blocks_end(content, 6) == 6 + len(chain) + 1


@pytest.mark.parametrize("count", [1, 2, 48])
def test_a_film_of_60_frames_a_second_lasts_as_long_as_it_should(count):
    stills = [Image.new("L", SIZE, 5 * number) for number in range(count)]
    film = list(played(encode_gif(stills, Timing((1000 / 60,) * count, 0))))
    shown_for = [duration for _, duration in film]
    assert all(duration >= 20 for duration in shown_for)  # browsers show what is shorter for 100
    assert abs(sum(shown_for) - 1000 / 60 * count) <= 10
    levels = [frame.getpixel((0, 0))[0] // 5 for frame, _ in film]
    assert levels == sorted(set(levels))
    assert len(levels) >= count * 0.8
