import pytest
from PIL import Image

from rendering.imaging.focus.contrast import CELLS, contrast


def measured(picture, density=None):
    """The contrast of each cell, row by row; without a density of edges, of a picture that has none."""
    density = density or Image.new("L", picture.size)
    found = contrast(picture.convert("YCbCr"), density)
    assert found.mode == "F"
    values = [found.getpixel((x, y)) for y in range(found.height) for x in range(found.width)]
    return [values[start : start + found.width] for start in range(0, len(values), found.width)]


def squares(colour, ground, *, size=CELLS):
    """A ground, one cell a pixel, with a square of another colour at (4, 5) to (7, 8)."""
    image = Image.new("RGB", (size, size), ground)
    image.paste(colour, (4, 5, 7, 8))
    return image


def brute_force(image):
    """The same of a grey picture, by its definition."""
    values = [[image.getpixel((x, y)) for x in range(image.width)] for y in range(image.height)]
    ends = range(image.height), range(image.width)
    found = []
    for y in ends[0]:
        for x in ends[1]:
            quarters = [
                sum((values[y][x] - values[v][u]) ** 2 for v in rows for u in columns)
                for rows in (ends[0][: y + 1], ends[0][y:])
                for columns in (ends[1][: x + 1], ends[1][x:])
            ]
            found.append(min(quarters))
    mean = sum(found) / len(found)
    return [one / mean for one in found]


def test_it_is_the_difference_from_the_most_similar_quarter():
    image = Image.effect_noise((CELLS, 11), 90)
    plain = Image.new("L", image.size, 128)
    found = [one for row in measured(Image.merge("YCbCr", (image, plain, plain))) for one in row]
    assert found == pytest.approx(brute_force(image), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("colour", ["white", (128, 128, 128), "red", "blue"])
def test_what_differs_from_all_around_it_stands_out(colour):
    rows = measured(squares(colour, "green"))
    assert min(rows[y][x] for y in (5, 6, 7) for x in (4, 5, 6)) > 5
    assert sum(map(sum, rows)) == pytest.approx(CELLS * CELLS)
    assert rows[0][0] == rows[-1][-1] == 0


def test_so_does_what_differs_in_texture_alone():
    smooth = Image.new("L", (CELLS, CELLS), 90)
    smooth.paste(0, (4, 5, 7, 8))
    rows = measured(Image.new("RGB", (CELLS, CELLS), "grey"), smooth)
    assert min(rows[y][x] for y in (5, 6, 7) for x in (4, 5, 6)) > 5


def test_a_ground_that_goes_on_in_one_direction_does_not():
    image = Image.new("RGB", (CELLS, CELLS), "green")
    image.paste("red", (0, 8, CELLS, CELLS))
    image.paste("white", (6, 3, 8, 5))
    rows = measured(image)
    assert max(rows[y][x] for y in range(8, CELLS) for x in range(CELLS)) < 0.01 < 5 < rows[4][7]


@pytest.mark.parametrize("size", [(128, 8), (8, 128), (3, 3), (128, 85)])
def test_the_grid_has_the_proportions_of_the_picture(size):
    rows = measured(Image.new("RGB", size, "teal"))
    assert max(len(rows), len(rows[0])) == CELLS
    assert len(rows) / len(rows[0]) == pytest.approx(size[1] / size[0], rel=0.1)
    assert {one for row in rows for one in row} == {0}
