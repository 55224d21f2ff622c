"""GIFs: every frame as it was, and no larger than need be."""

import pytest
from PIL import Image, ImageDraw

from rendering.imaging.frames import Timing
from rendering.imaging.gif import gif

from .pictures import GREEN, RED, difference, disc, gradient, shown

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
    content = gif(stills, Timing(DURATIONS, plays=0))
    frames = list(played(content))
    assert [duration for _, duration in frames] == list(DURATIONS)
    for still, (frame, _) in zip(stills, frames, strict=True):
        expected = still.convert("RGBA")
        assert difference(expected.getchannel("A"), frame.getchannel("A")) == 0
        ground = Image.new("RGBA", SIZE, "white")
        assert difference(Image.alpha_composite(ground, expected), Image.alpha_composite(ground, frame)) < 3


def test_a_film_of_which_nothing_changes_keeps_its_frames_and_takes_hardly_a_byte_for_each():
    still = gradient(*SIZE)
    film = gif([still] * 20, Timing((50,) * 20, plays=1))
    assert len(list(played(film))) == 20
    assert len(film) - len(gif([still], None)) < 20 * 40


def test_what_stays_is_not_written_again():
    """A dot that moves over a noisy picture costs its own pixels, not the picture's."""
    ground = gradient(*SIZE).effect_spread(20)
    frames = []
    for number in range(10):
        frame = ground.copy()
        ImageDraw.Draw(frame).ellipse((number * 7, 20, number * 7 + 5, 25), RED)
        frames.append(frame)
    film = gif(frames, Timing((50,) * 10, plays=0))
    assert len(film) < 1.5 * len(gif(frames[:1], None))


def test_all_frames_share_one_colour_table():
    film = gif(moving("RGB", GREEN), Timing(DURATIONS, plays=0))
    still = gif(moving("RGB", GREEN)[:1], None)
    assert len(film) < len(still) + 4 * 300


def test_a_duration_longer_than_a_gif_can_say_is_as_long_as_it_can():
    film = gif(moving("RGB", GREEN)[:2], Timing((700_000, 100), plays=0))
    assert [duration for _, duration in played(film)] == [655_350, 100]
