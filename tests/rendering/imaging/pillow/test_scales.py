"""Decoding at a part of the sides, as Pillow rounds them."""

import pytest
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile

from rendering.imaging.errors import BrokenPicture
from rendering.imaging.pillow.readers import open_again
from rendering.imaging.pillow.scales import halves_alike, load_jpeg, load_jpeg2000

from ..pictures import gradient, saved

SCALES = (1, 2, 4, 8)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("size", [(400, 300), (401, 303), (1023, 17), (16, 4000), (65, 130)])
def test_a_jpeg_is_decoded_at_just_that_part_of_its_sides(size, scale):
    image = open_again(JpegImageFile, saved(gradient(*size), "JPEG"))
    load_jpeg(image, scale, grey=False)
    assert (image.size, image.mode) == (tuple(-(-side // scale) for side in size), "RGB")


def test_of_a_jpeg_only_the_brightness_is_decoded():
    image = open_again(JpegImageFile, saved(gradient(400, 300), "JPEG"))
    load_jpeg(image, 2, grey=True)
    assert (image.size, image.mode) == ((200, 150), "L")


@pytest.mark.parametrize("scale", SCALES[1:])
@pytest.mark.parametrize("side", range(64, 80))
def test_pillow_takes_a_reduced_jpeg_2000_just_where_it_rounds_as_its_decoder(side, scale):
    image = open_again(Jpeg2KImageFile, saved(gradient(side, side), "JPEG2000"))
    if halves_alike(side, scale):
        load_jpeg2000(image, scale)
        assert image.size == (-(-side // scale),) * 2
    else:
        with pytest.raises(BrokenPicture):
            load_jpeg2000(image, scale)


@pytest.mark.parametrize("scale", SCALES)
def test_a_decoded_jpeg_2000_can_be_averaged_and_resampled(scale):
    image = open_again(Jpeg2KImageFile, saved(gradient(256, 256), "JPEG2000"))
    load_jpeg2000(image, scale)
    assert image.resize((8, 8), reducing_gap=2.0).size == (8, 8)
