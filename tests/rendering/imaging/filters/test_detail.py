import pytest
from PIL import Image, ImageChops, ImageFilter

from rendering.imaging.filters.detail import extend_edges

from ..pictures import corners, difference, filtered, gradient


def naive(grey, kernel, columns):
    """The weighed sums, pixel by pixel, as the definition says."""
    rows = len(kernel) // columns
    result = Image.new("L", grey.size)
    for y in range(grey.height):
        for x in range(grey.width):
            total = 0
            for number, weight in enumerate(kernel):
                at = x + number % columns - columns // 2, y + number // columns - rows // 2
                at = min(max(at[0], 0), grey.width - 1), min(max(at[1], 0), grey.height - 1)
                total += weight * grey.getpixel(at)
            result.putpixel((x, y), max(0, min(255, int(total + 0.5))))
    return result


@pytest.mark.parametrize(
    ("kernel", "columns"),
    [
        ([0, -1, 0, -1, 5, -1, 0, -1, 0], 3),
        ([1, 0, 0, 0, 0, 0, 0, 0, 0], 3),  # the left upper neighbour: nothing is mirrored
        ([0.2] * 5, 5),
        ([0.2] * 5, 1),
        ([1] + [0] * 24, 5),
        ([1] + [0] * 34, 7),
        ([0] * 62 + [0.5], 9),
        ([(-1) ** number / 3 for number in range(81)], 9),
    ],
)
def test_convolution_is_what_the_definition_says(kernel, columns):
    grey = gradient(23, 17, "L")
    grey.paste(200, (5, 5, 12, 9))
    text = f"convolution({';'.join(f'{weight:.6f}' for weight in kernel)},{columns},false)"
    apart = ImageChops.difference(filtered(grey, text), naive(grey, kernel, columns))
    assert apart.point([0, 0] + [255] * 254).getbbox() is None


@pytest.mark.parametrize("reach", [1, 3])
def test_beyond_its_edges_a_picture_goes_on_as_its_outermost_pixels(reach):
    band = Image.effect_noise((7, 5), 90)
    wide = extend_edges(band, reach)
    assert wide.size == (7 + 2 * reach, 5 + 2 * reach)
    for x in range(wide.width):
        for y in range(wide.height):
            nearest = min(max(x - reach, 0), 6), min(max(y - reach, 0), 4)
            assert wide.getpixel((x, y)) == band.getpixel(nearest), (x, y)


def test_a_normalized_kernel_keeps_a_picture_as_bright_as_it_was():
    flat = Image.new("RGB", (9, 9), (10, 100, 250))
    assert filtered(flat, "convolution(3;3;3;3;3;3;3;3;3,3)").getpixel((4, 4)) == (10, 100, 250)
    # A sum of zero cannot be divided by.
    assert filtered(flat, "convolution(-1;0;1,3)").getpixel((4, 4)) == (0, 0, 0)


def test_sharpened_edges_are_steeper_and_planes_stay_planes():
    soft = corners().filter(ImageFilter.GaussianBlur(2))
    sharp = filtered(soft, "sharpen(1,1,false)")
    assert difference(sharp, corners()) < difference(soft, corners())
    assert difference(sharp.crop((0, 0, 15, 10)), soft.crop((0, 0, 15, 10))) < 2


def test_the_radius_says_which_detail_is_brought_out():
    stripes = Image.new("L", (128, 16), 118)
    for left in range(0, 128, 4):
        stripes.paste(138, (left, 0, left + 2, 16))

    def contrast(text):
        low, high = filtered(stripes, text).crop((40, 4, 88, 12)).getextrema()
        return high - low

    assert contrast("sharpen(2,0,true)") > contrast("sharpen(2,2,true)") > contrast("sharpen(2,4,true)") >= 20


def test_a_negative_amount_softens():
    assert difference(filtered(corners(), "sharpen(-1,1,true)"), corners()) > 1


@pytest.mark.parametrize("text", ["sharpen(3,1,false)", "convolution(1;2;3;4;5;6;7;8;9,3)"])
def test_strips_leave_no_seams(text, monkeypatch):
    picture = gradient(50, 90)
    whole = filtered(picture, text)
    monkeypatch.setattr("rendering.imaging.filters.detail.STRIP", 350)
    assert filtered(picture, text).tobytes() == whole.tobytes()


@pytest.mark.parametrize("text", ["convolution(1;1;1;1;1;1;1;1;1,3,true)", "blur(4)", "sharpen(1,1,true)"])
def test_what_has_one_colour_keeps_it_to_its_edges(text):
    flat = Image.new("RGB", (20, 12), (90, 120, 200))
    assert filtered(flat, text).tobytes() == flat.tobytes()
