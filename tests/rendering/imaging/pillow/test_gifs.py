"""What Pillow's plugin of GIFs keeps to itself."""

from random import Random

from PIL import Image

from rendering.imaging.animation.gif_blocks import blocks_end
from rendering.imaging.pillow.gifs import encode_frame_block, skip_pixels
from rendering.imaging.pillow.readers import load, open_picture, seek

from ..pictures import saved


def noisy(count=3):
    """A film of noise, which no code makes smaller."""
    frames = [Image.frombytes("L", (200, 150), Random(number).randbytes(200 * 150)) for number in range(count)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


class Walk:
    """How many blocks Pillow's reader reads on its way to the next frame."""

    def __init__(self, image, monkeypatch):
        self.steps, data = 0, type(image).data

        def counted(image):
            self.steps += 1
            return data(image)

        monkeypatch.setattr(type(image), "data", counted)


def test_pillow_does_not_walk_over_pixels_that_are_skipped(monkeypatch):
    content = noisy()
    walked, skipped = open_picture(content, "GIF"), open_picture(content, "GIF")
    load(walked)
    load(skipped)
    walk = Walk(walked, monkeypatch)
    seek(walked, 1)
    long, walk.steps = walk.steps, 0
    skip_pixels(skipped, blocks_end)
    seek(skipped, 1)
    assert long > 100
    assert walk.steps < 10
    for image in (walked, skipped):
        load(image)
    assert skipped.tobytes() == walked.tobytes()


def test_the_block_of_a_frame_is_what_the_file_of_it_holds():
    image = Image.linear_gradient("L").resize((60, 40))
    block = encode_frame_block(image, (0, 0), {"interlace": 0, "include_color_table": 0})
    content = saved(image, "GIF", interlace=0, optimize=False)
    assert block.endswith(b"\0")
    assert block in content


def test_the_corner_and_the_settings_of_a_frame_are_in_its_block():
    image = Image.linear_gradient("L").resize((60, 40))
    block = encode_frame_block(
        image, (7, 300), {"interlace": 0, "include_color_table": 0, "disposal": 2, "duration": 250}
    )
    control, descriptor = block[:8], block[8:18]
    assert control == b"!\xf9\x04\x08" + (25).to_bytes(2, "little") + b"\0\0"
    assert descriptor[:9] == b",\x07\0\x2c\x01\x3c\0\x28\0"
