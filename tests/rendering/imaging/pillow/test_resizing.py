"""The arithmetic of resampling, held against what Pillow does."""

import pytest
from PIL import Image

from rendering.imaging.pillow.resizing import left_to_resample, start_of_every

from ..pictures import gradient


@pytest.mark.parametrize("gap", [1.35, 2.0])
@pytest.mark.parametrize("shrink", [1, 2, 3, 4, 5, 6, 8, 10])
def test_pillow_averages_first_by_what_is_not_left_to_resample(shrink, gap):
    image = gradient(1680, 840).effect_spread(9)
    size = (1680 // shrink, 840 // shrink)
    averaged = image.reduce(round(shrink / left_to_resample(shrink, gap)))
    assert averaged.width / size[0] == pytest.approx(left_to_resample(shrink, gap))
    expected = averaged.resize(size, Image.Resampling.LANCZOS)
    assert image.resize(size, Image.Resampling.LANCZOS, reducing_gap=gap).tobytes() == expected.tobytes()


@pytest.mark.parametrize("stride", [1, 2, 3, 5])
@pytest.mark.parametrize("first", [0, 1, 4])
def test_a_transform_takes_every_so_many_th_pixel(stride, first):
    row = Image.frombytes("L", (60, 1), bytes(range(60)))
    matrix = (stride, 0, start_of_every(stride, first), 0, 1, 0)
    taken = row.transform((11, 1), Image.Transform.AFFINE, matrix, resample=Image.Resampling.NEAREST)
    assert list(taken.tobytes()) == [first + stride * place for place in range(11)]
