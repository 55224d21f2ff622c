"""What is darker than white stays in proportion, what is brighter than a display is held back, hues stay."""

import pytest
from PIL import Image

from rendering.imaging.reading.colour import codes, tones
from rendering.imaging.reading.colour.claims import space_of
from rendering.imaging.reading.colour.conversion import prepare

#: The values of 203 cd/m², of 1000 cd/m² and of a tenth of the first, of 255: BT.2408 and BT.2100.
WHITE = {codes.PQ: 148, codes.HLG: 191}
PEAK = {codes.PQ: 192, codes.HLG: 255}
DARK = {codes.PQ: 92, codes.HLG: 87}


def greys(curve):
    shown = tones.greys(curve)
    levels = tones.even_levels() if curve == codes.PQ else range(256)
    return [shown[level] for level in levels]


@pytest.mark.parametrize("curve", [codes.PQ, codes.HLG])
def test_greys_rise_from_black_over_reference_white_to_white(curve):
    shown = greys(curve)
    assert shown == sorted(shown)
    assert shown[0] == 0
    # Half of the light of sRGB's white, and a tenth of that.
    assert abs(shown[WHITE[curve]] - 188) <= 2
    assert abs(shown[DARK[curve]] - 63) <= 3
    assert shown[PEAK[curve]] >= 254 > shown[PEAK[curve] - 20]


def converted(curve, primaries, *colours):
    """Colours as a lookup shows them."""
    image = Image.new("RGB", (len(colours), 1))
    image.putdata(colours)
    space = space_of(primaries, curve)
    return list(prepare(image, space, 1)[0].get_flattened_data())


@pytest.mark.parametrize("curve", [codes.PQ, codes.HLG])
@pytest.mark.parametrize("number", [1, 9, 12])
def test_the_lookup_of_colours_shows_greys_as_that_of_greys(curve, number):
    shown = converted(curve, codes.PRIMARIES[number], *((value,) * 3 for value in range(0, 256, 3)))
    for colour, grey in zip(shown, greys(curve)[::3], strict=True):
        assert all(abs(value - grey) <= 4 for value in colour), (colour, grey)


def test_a_colour_brighter_than_the_display_keeps_its_hue():
    light = (4000, 400, 40)
    values = tuple(round(255 * tones.light_to_pq(value)) for value in light)
    red, green, blue = (codes.srgb(value / 255) for value in converted(codes.PQ, codes.BT709, values)[0])
    assert red > 0.95
    assert green / red == pytest.approx(0.1, abs=0.06)
    assert blue / red == pytest.approx(0.01, abs=0.01)


def test_levels_are_each_others_inverse():
    for value, level in enumerate(tones.even_levels()):
        light = tones.pq_to_light(value / 255)
        assert tones.light_to_pq(light) == pytest.approx(value / 255, abs=1e-6)
        if value >= 30 and level < 250:
            assert tones.level_to_light(level / 255) == pytest.approx(light, rel=0.2)
