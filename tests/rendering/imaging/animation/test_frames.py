"""Animations: frames, pace and how often they play."""

import zlib
from statistics import mean

import pytest
from PIL import Image

from benchmarks.fidelity.scene import PATCHES
from rendering.imaging.animation import avif
from rendering.imaging.errors import BrokenPicture, PictureError
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify

from ..pictures import BLUE, DURATIONS, corners, difference, disc, gradient, made, near, saved, shown, spinner, spinning


def played(content):
    """Each frame as it is seen, and how long."""
    image = shown(content)
    frames = []
    for number in range(image.n_frames):
        image.seek(number)
        image.load()
        frames.append((image.convert("RGBA"), image.info["duration"]))
    return frames


@pytest.mark.parametrize("to", ["gif", "webp", "png", "avif"])
@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_moves_on_at_its_pace(pillow, to):
    derivative = made(spinning(pillow), to=to, width=32)
    assert (derivative.width, derivative.height, derivative.frames) == (32, 24, 6)
    assert not derivative.notes.flattened
    frames = played(derivative)
    assert [round(duration) for _, duration in frames] == DURATIONS
    for number, (frame, _) in enumerate(frames):
        assert frame.getpixel((number * 5 + 2, 12))[3] > 200
        # what was there before is gone again
        assert frame.getpixel((((number + 3) % 6) * 5 + 2, 12))[3] < 60
        assert near(frame.getpixel((number * 5 + 2, 12))[:3], (255, 40 * number, 0), 60)


@pytest.mark.parametrize("to", ["gif", "webp", "png", "avif"])
@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG", "AVIF"])
@pytest.mark.parametrize("plays", [0, 1, 4])
def test_an_animation_plays_as_often_as_before(pillow, to, plays):
    def loops(name):
        # GIF counts repetitions, and says nothing where there is none.
        return {0: 0, 1: None, 4: 3}[plays] if name == "GIF" else plays

    content = avif.with_plays(spinning(pillow), plays) if pillow == "AVIF" else spinning(pillow, loop=loops(pillow))
    derivative = made(content, to=to)
    if to == "avif":  # Pillow does not tell
        assert avif.plays(derivative.content) == plays
    else:
        assert shown(derivative).info.get("loop") == loops(to.upper())


def flats(colours, mode):
    """An animation of plain frames as an AVIF of ours: each frame's colour in it."""
    frames = [Image.new(mode, (64, 48), colour) for colour in colours]
    content = saved(frames[0], "PNG", save_all=True, append_images=frames[1:], duration=100)
    animation = played(made(content, to="avif"))
    assert len(animation) == len(frames)
    return [frame.getpixel((9, 9)) for frame, _ in animation]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_animated_avif_has_the_colours_of_its_original(mode):
    colours = [(*bytes.fromhex(patch), 255) for patch in PATCHES]
    pairs = zip(flats([colour[: len(mode)] for colour in colours], mode), colours, strict=True)
    offs = [[got - right for got, right in zip(*pair, strict=True)] for pair in pairs]
    assert max(abs(off) for each in offs for off in each) <= 4  # what is lossy
    # Were fractions cut off, red would be 0.6 too low, green 0.5 too high and blue 1.0 too low.
    assert all(abs(mean(band)) < 0.5 for band in zip(*offs, strict=True)), offs


def test_greys_of_an_animated_avif_are_grey():
    greys = range(0, 256, 15)
    for got, grey in zip(flats([(grey, grey, grey) for grey in greys], "RGB"), greys, strict=True):
        assert got[0] == got[1] == got[2] == pytest.approx(grey, abs=2)


@pytest.mark.parametrize("position", range(0, 1500, 7))
def test_a_damaged_header_of_an_avif_is_read_to_its_end(position):
    content = spinning("AVIF")
    assert 0 <= avif.plays(content[:position] + b"\xff\0\0" + content[position + 3 :]) <= 2**64


def test_filters_and_flips_are_carried_out_on_every_frame():
    frames = played(made(spinning("GIF"), "grayscale()", to="webp", flip_horizontally=True))
    assert len(frames) == 6
    for number, (frame, _) in enumerate(frames):
        red, green, blue, alpha = frame.getpixel((63 - number * 10 - 5, 24))
        assert alpha > 200
        assert max(red, green, blue) - min(red, green, blue) < 12


def test_a_format_without_animation_gets_the_first_frame():
    derivative = made(spinning("WEBP"), to="jpeg")
    assert (derivative.frames, derivative.notes.flattened) == (1, "")
    assert near(shown(derivative).getpixel((5, 24)), (255, 0, 0), 30)


def test_negotiation_does_not_stop_an_animation():
    assert made(spinning("GIF"), to="auto", accept="avif").type == "image/webp"
    assert made(spinning("GIF"), to="auto", accept="any").type == "image/gif"
    assert made(spinning("WEBP"), to="auto", accept="any").frames == 6


def test_a_webp_is_transparent_where_no_frame_reaches():
    frames = [Image.new("RGBA", (40, 30), (0, 0, 0, 0)) for _ in range(2)]
    for number, frame in enumerate(frames):
        frame.paste((255, 100 * number, 0, 255), (0, 0, 20, 30))
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    assert shown(content).mode == "RGB"  # what its writer says, since every frame is solid in itself
    for to in ("webp", "png", "gif"):
        derivative = made(content, to=to)
        assert [frame.getpixel((35, 15))[3] for frame, _ in played(derivative)] == [0, 0]
        assert [frame.getpixel((5, 15))[3] for frame, _ in played(derivative)] == [255, 255]
    with pytest.raises(PictureError):
        made(content[:20])


def test_the_still_before_an_animated_png_is_not_part_of_it():
    frames = spinner()
    still = Image.new("RGBA", (64, 48), (0, 0, 255, 255))
    content = saved(still, save_all=True, append_images=frames, duration=DURATIONS, default_image=True)
    assert made(content).frames == 6
    assert played(made(content))[0][0].getpixel((5, 24))[:3] == (255, 0, 0)
    assert near(shown(made(content, to="jpeg")).getpixel((5, 24)), BLUE)


@pytest.mark.parametrize("pillow", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_that_is_cut_off_is_broken(pillow):
    content = spinning(pillow)
    with pytest.raises(BrokenPicture):
        made(content[: len(content) * 2 // 3], to="original")


def test_a_png_whose_animation_is_nonsense_is_the_picture_before_it():
    content = spinning("PNG")
    second = content.index(b"fcTL", content.index(b"fcTL") + 4)
    chunk = b"fcTL\0\0\0\x09" + content[second + 8 : second + 30]  # the wrong number in the sequence
    broken = content[:second] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + content[second + 34 :]
    derivative = made(broken, to="original")
    assert (derivative.frames, derivative.notes.flattened) == (
        1,
        "The animation is damaged, the picture before it is not",
    )
    with pytest.raises(BrokenPicture, match="the recipe refuses to show a still"):
        made(broken, "keep_animation()", to="original")


@pytest.mark.parametrize("to", ["gif", "webp", "png"])
def test_an_animation_that_plays_too_often_to_be_written_plays_as_often_as_can_be(to):
    content = spinning("PNG", loop=70_000)
    assert shown(made(content, to=to)).info["loop"] == {"png": 70_000}.get(to, 65_535)


def test_hardly_any_time_is_as_long_as_browsers_make_it():
    content = saved(corners(), "GIF", save_all=True, append_images=[gradient()], duration=[0, 10])
    assert [duration for _, duration in played(made(content, to="webp"))] == [100, 100]


def test_hundredths_of_seconds_add_up():
    frames = [gradient(), corners(), disc().convert("RGB")] * 2
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=33)
    assert sum(duration for _, duration in played(made(content, to="gif"))) == 200


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_an_avif_that_moves_has_the_range_of_levels_that_browsers_take_it_to_have(mode):
    frames = [gradient().convert(mode), gradient().rotate(180).convert(mode)]
    derivative = made(saved(frames[0], "PNG", save_all=True, append_images=frames[1:]), to="avif")
    nclx = derivative.content.rindex(b"colrnclx")  # of the track
    assert derivative.content[nclx + 14] == 0
    for (shot, _), frame in zip(played(derivative), frames, strict=True):
        assert difference(shot.convert("RGB"), frame.convert("RGB")) < 3
    still = made(frames[0], to="avif").content
    assert still[still.rindex(b"colrnclx") + 14] == 0x80


def test_further_pages_are_not_an_animation():
    content = saved(corners(), "TIFF", save_all=True, append_images=[gradient()])
    assert made(content).frames == identify(Opened(content, Limits())).frames == 1
