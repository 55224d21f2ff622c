"""What Pillow does not do, and is done here instead: a test that fails says that it need not be done any more."""

from io import BytesIO

from PIL import Image

from rendering.imaging.animation import avif
from rendering.imaging.reading.browsers import with_transparent_screen
from rendering.imaging.reading.files.webp import webp_with_alpha
from rendering.imaging.reading.limits import Limits

from ..pictures import GREEN, RED, film, saved


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
    content = film(2, pillow="WEBP")
    assert opened(content).mode == "RGB"
    assert opened(webp_with_alpha(content)).mode == "RGBA"


def test_pillow_fills_the_screen_of_a_gif_that_a_frame_does_not_cover():
    small = Image.new("P", (10, 10), 1)
    small.putpalette([0, 0, 255, 255, 0, 0])
    content = saved(small, "GIF", optimize=False)
    larger = content[:6] + (20).to_bytes(2, "little") * 2 + content[10:]
    assert opened(larger).convert("RGBA").getpixel((15, 15))[3] == 255
    assert opened(with_transparent_screen(larger, Limits())).convert("RGBA").getpixel((15, 15))[3] == 0
