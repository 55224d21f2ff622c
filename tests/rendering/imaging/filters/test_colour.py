from PIL import Image

from rendering.imaging.filters import FILTERS

from ..pictures import gradient


def test_saturation_leaves_no_seams():
    picture = gradient(1000, 700)
    whole = FILTERS.read("saturation(2)")[0](picture)
    parts = [FILTERS.read("saturation(2)")[0](picture.crop((0, top, 1000, top + 100))) for top in range(0, 700, 100)]
    assert all(
        whole.crop((0, number * 100, 1000, number * 100 + 100)).tobytes() == part.tobytes()
        for number, part in enumerate(parts)
    )


def test_hue_turns_colours_and_leaves_greys_and_brightness():
    def turned(degrees: int, colour: tuple[int, int, int]) -> tuple[int, ...]:
        (call,) = FILTERS.read(f"hue({degrees})")
        pixel = call(Image.new("RGB", (2, 2), colour)).getpixel((0, 0))
        assert isinstance(pixel, tuple)
        return pixel

    assert turned(90, (120, 120, 120)) == (120, 120, 120)
    assert turned(0, (10, 100, 250)) == turned(360, (10, 100, 250)) == (10, 100, 250)
    red, green, blue = turned(120, (200, 60, 60))
    assert green > max(red, blue)
    assert abs(0.213 * red + 0.715 * green + 0.072 * blue - (0.213 * 200 + 0.787 * 60)) < 2
