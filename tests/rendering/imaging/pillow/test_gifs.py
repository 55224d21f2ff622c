"""What Pillow's plugin of GIFs keeps to itself."""

from PIL import Image

from rendering.imaging.pillow.gifs import encode_frame_block

from ..pictures import saved


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
