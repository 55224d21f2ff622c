"""What Pillow does not do, and is done here instead: a test that fails says that it need not be done any more."""

from io import BytesIO

import pytest
from PIL import Image, UnidentifiedImageError

from rendering.imaging.animation import avif
from rendering.imaging.reading.files.avif import clean_aperture, with_one_association
from rendering.imaging.reading.files.webp import webp_with_alpha
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ..containers import clap, with_aperture, with_changed, with_two_associations
from ..pictures import GREEN, RED, animation, saved
from ..reading.playback.apngs import Cel, apng
from ..reading.playback.gifs import gif


def opened(content):
    return Image.open(BytesIO(content))


def test_pillow_does_not_tell_how_often_an_avif_plays_nor_writes_it():
    frames = [Image.new("RGB", (60, 40), colour) for colour in (RED, GREEN)]
    content = saved(frames[0], "AVIF", save_all=True, append_images=frames[1:], duration=100, loop=3)
    assert avif.plays(content) == 0
    thrice = avif.with_plays(content, 3)
    assert avif.plays(thrice) == 3
    assert "loop" not in opened(thrice).info


def test_pillow_takes_an_animated_webp_for_opaque_whose_frames_are():
    content = animation(2, pillow="WEBP")
    assert opened(content).mode == "RGB"
    assert opened(webp_with_alpha(content)).mode == "RGBA"


def test_pillow_pastes_the_half_transparent_pixels_of_an_apng():
    ground, patch = Image.new("RGBA", (8, 8)), Image.new("RGBA", (4, 4), (0, 255, 0, 128))
    content = apng((8, 8), [Cel(ground), Cel(patch)])
    image = opened(content)
    image.seek(1)
    assert image.convert("RGBA").getpixel((1, 1)) != patch.getpixel((1, 1))
    frames = [frame.getpixel((1, 1)) for frame, _ in Opened(content, Limits()).play()]
    assert frames[1] == patch.getpixel((1, 1))


def test_pillow_fills_what_is_cleared_in_a_gif_with_a_colour():
    content = gif((20, 10), [((0, 0, 20, 10), 1, 1, None), ((0, 0, 10, 10), 2, 2, None), ((19, 9, 20, 10), 1, 1, None)])
    image = opened(content)
    image.seek(2)
    assert image.convert("RGBA").getpixel((5, 5)) == (0, 0, 255, 255)
    frames = [frame.convert("RGBA").getpixel((5, 5)) for frame, _ in Opened(content, Limits()).play()]
    assert frames == [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 0, 0)]


def test_pillow_rounds_the_times_of_an_avif():
    content = with_changed(animation(3, pillow="AVIF"), [b"moov", b"trak", b"mdia", b"mdhd"], thirds)
    image = opened(content)
    image.load()
    assert image.info["duration"] == 33
    assert [round(duration, 2) for _, duration in Opened(content, Limits()).play()] == [33.33] * 3


def thirds(inside):
    """The header of a medium with a timescale by which 100 units last a thirtieth of a second."""
    at = 20 if inside[0] else 12
    return inside[:at] + (3000).to_bytes(4, "big") + inside[at + 4 :]


def test_pillow_shows_what_is_beyond_the_clean_aperture_of_an_avif():
    content = with_aperture(saved(Image.new("RGB", (60, 40)), "AVIF"), clap(30, 20))
    assert opened(content).size == (60, 40)
    assert clean_aperture(content, (60, 40), animated=False) == (15, 10, 45, 30)


def test_pillow_refuses_an_avif_with_two_boxes_of_associations():
    content = with_two_associations(saved(Image.new("RGB", (60, 40), RED), "AVIF"))
    with pytest.raises(UnidentifiedImageError):
        opened(content)
    assert opened(with_one_association(content)).size == (60, 40)
