"""The structural similarity index, held against its formula and against what eyes say."""

import math
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageEnhance, ImageFilter

from rendering.imaging.quality import similarity
from rendering.imaging.quality.similarity import ssim
from tests.drawings import textured
from tests.rendering.imaging.pictures import gradient


def written_out(one: Image.Image, other: Image.Image) -> float:
    """The index as the paper has it, pixel by pixel: slow, and of other words than the code."""
    x: Any = one.convert("L").load()
    y: Any = other.convert("L").load()
    places = [(dx, dy) for dx in range(-5, 6) for dy in range(-5, 6)]
    bell = {(dx, dy): math.exp(-(dx * dx + dy * dy) / 4.5) for dx, dy in places}
    indices: list[float] = []
    for column in range(5, one.width - 5):
        for row in range(5, one.height - 5):
            window = [(w, x[column + dx, row + dy], y[column + dx, row + dy]) for (dx, dy), w in bell.items()]
            whole = sum(w for w, _, _ in window)
            mx, my = sum(w * a for w, a, _ in window) / whole, sum(w * b for w, _, b in window) / whole
            vx = sum(w * (a - mx) ** 2 for w, a, _ in window) / whole
            vy = sum(w * (b - my) ** 2 for w, _, b in window) / whole
            both = sum(w * (a - mx) * (b - my) for w, a, b in window) / whole
            indices.append(
                (2 * mx * my + 6.5025) * (2 * both + 58.5225) / ((mx**2 + my**2 + 6.5025) * (vx + vy + 58.5225))
            )
    return sum(indices) / len(indices)


def compressed(image: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(BytesIO(file.getvalue()))


@pytest.mark.parametrize("quality", [5, 50, 95])
def test_the_index_is_that_of_the_formula(quality):
    one = textured(40, 30)
    other = compressed(one, quality)
    assert ssim(one, other) == pytest.approx(written_out(one, other), abs=1e-5)


@pytest.mark.parametrize(
    "image", [textured(30, 30), gradient(30, 30, "L"), Image.new("RGB", (11, 11)), gradient(500, 400)]
)
def test_a_picture_is_wholly_like_itself(image):
    assert ssim(image, image.copy()) == pytest.approx(1, abs=1e-6)


def test_less_quality_is_less_alike_and_order_does_not_matter():
    image = textured()
    found = [ssim(image, compressed(image, quality)) for quality in (10, 30, 50, 70, 90)]
    assert found == sorted(found)
    assert found[0] < 0.85 < 0.95 < found[-1] < 1
    assert ssim(image, compressed(image, 30)) == pytest.approx(ssim(compressed(image, 30), image), abs=1e-6)


def test_lost_structure_counts_more_than_other_brightness():
    image = textured(contrast=120)
    darker = ImageEnhance.Brightness(image).enhance(0.93)
    blurred = image.filter(ImageFilter.GaussianBlur(2))
    assert ssim(image, blurred) < 0.8 < 0.95 < ssim(image, darker)


def test_pictures_that_have_nothing_in_common_are_not_alike():
    assert abs(ssim(textured(seed=1, contrast=255), textured(seed=2, contrast=255))) < 0.25


def test_large_pictures_are_looked_at_in_fewer_places_with_nearly_the_same_outcome(monkeypatch):
    image = textured(420, 300)
    assert image.width * image.height > similarity.MANY
    for quality in (20, 50, 90):
        other = compressed(image, quality)
        some = ssim(image, other)
        with monkeypatch.context() as patch:
            patch.setattr(similarity, "MANY", 10**9)
            assert some == pytest.approx(ssim(image, other), abs=0.002)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="cannot be compared"):
        ssim(gradient(20, 20), gradient(20, 21))
    with pytest.raises(ValueError, match="smaller than the window"):
        ssim(gradient(10, 50), gradient(10, 50))
