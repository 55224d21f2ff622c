import re

import pytest
from PIL import Image

from rendering.imaging.errors import TooLarge
from rendering.imaging.frame.geometry import Fit
from rendering.imaging.pipeline.writing import best_within
from rendering.imaging.reading.orientation import TRANSPOSES

from ..pictures import (
    BLUE,
    GREEN,
    RED,
    YELLOW,
    animation,
    corners,
    difference,
    disc,
    gradient,
    made,
    near,
    saved,
    shown,
)


@pytest.mark.parametrize("to", ["jpeg", "webp", "avif"])
def test_a_file_is_made_small_enough(to):
    picture = gradient(400, 300).effect_spread(20)
    free = made(picture, to=to)
    most = len(free.content) * 2 // 3
    bound = made(picture, f"max_bytes({most})", to=to)
    assert len(bound.content) <= most
    assert made(picture, f"max_bytes({len(free.content)})", to=to).content == free.content
    assert difference(shown(bound).convert("RGB"), shown(free).convert("RGB")) < 20


@pytest.mark.parametrize("to", ["jpeg", "webp", "avif"])
def test_a_file_has_the_best_quality_that_fits(to):
    picture = gradient(200, 150).effect_spread(20)
    sizes = {quality: len(made(picture, f"quality({quality})", to=to).content) for quality in range(50, 65)}
    bound = made(picture, f"quality(90):max_bytes({sizes[57]})", to=to)
    # another quality may take as many bytes, or by chance a few less
    assert sizes[53] <= len(bound.content) <= sizes[57]


def test_a_lossless_webp_that_is_too_large_becomes_a_lossy_one():
    picture = gradient(200, 150).effect_spread(20)
    free = made(picture, "quality(100)", to="webp")
    bound = made(picture, f"quality(100):max_bytes({len(free.content) - 1})", to="webp")
    assert len(bound.content) < len(free.content)


def test_an_animation_is_made_small_enough():
    frames = [gradient(200, 150).rotate(90 * number).effect_spread(20) for number in range(3)]
    content = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    free = made(content, to="webp")
    bound = made(content, f"max_bytes({len(free.content) // 2})", to="webp")
    assert bound.frames == 3
    assert len(bound.content) <= len(free.content) // 2


@pytest.mark.parametrize(("to", "name"), [("jpeg", "JPEG"), ("webp", "WebP"), ("avif", "AVIF")])
def test_a_file_that_cannot_be_made_small_enough_is_refused_with_what_would_help(to, name):
    picture = gradient(400, 300).effect_spread(20)
    with pytest.raises(TooLarge) as raised:
        made(picture, "max_bytes(50)", to=to)
    said = rf"The picture of 400 x 300 pixels takes [\d,]+ bytes as {name} with the lowest quality, "
    assert re.fullmatch(rf"{said}and max_bytes allows 50: ask for a smaller picture", str(raised.value))


@pytest.mark.parametrize("to", ["png", "gif"])
def test_a_file_without_a_quality_fits_or_is_refused(to):
    free = made(gradient(), to=to)
    assert made(gradient(), f"max_bytes({len(free.content)})", to=to).content == free.content
    with pytest.raises(TooLarge, match=r"has no quality to lower, .*: ask for JPEG, WebP or AVIF$"):
        made(gradient(), f"max_bytes({len(free.content) - 1})", to=to)


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (saved(corners()), "image/jpeg"),
        (saved(disc()), "image/png"),
        (saved(corners().convert("RGBA")), "image/jpeg"),
        (saved(corners(), "WEBP"), "image/webp"),
        (animation(3, pillow="PNG"), "image/png"),
    ],
)
def test_a_png_becomes_a_jpeg_unless_it_is_transparent_or_moves(content, type_):
    assert made(content, "autojpg()", to="original").type == type_


def test_a_png_stays_one_where_that_is_asked_for():
    assert made(corners(), "autojpg()", to="png").type == "image/png"
    assert made(corners(), "autojpg(true):autojpg(false)", to="original").type == "image/png"


@pytest.mark.parametrize("to", ["gif", "webp", "original"])
def test_a_cover_is_the_first_frame(to):
    cover = made(animation(4), "cover()", to=to)
    assert (cover.frames, cover.notes.flattened) == (1, "")
    assert near(shown(cover).convert("RGB").getpixel((30, 20)), (0, 255, 90), 20)


def test_webp_of_quality_100_loses_nothing():
    noisy = gradient().effect_spread(9)
    assert shown(made(noisy, "quality(100)", to="webp")).convert("RGB").tobytes() == noisy.tobytes()
    assert shown(made(noisy, "quality(99)", to="webp")).convert("RGB").tobytes() != noisy.tobytes()


@pytest.mark.parametrize(("degrees", "first"), [(0, RED), (90, GREEN), (180, YELLOW), (270, BLUE)])
def test_an_original_is_turned_before_it_is_fitted(degrees, first):
    derivative = made(corners(), f"orientation({degrees})", width=40)
    assert (derivative.width, derivative.height) == ((40, 27) if degrees % 180 == 0 else (40, 60))
    assert near(shown(derivative).getpixel((3, 3)), first)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_original_is_turned_from_upright(orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    stored = (
        corners() if orientation == 1 else corners().transpose(TRANSPOSES[{6: 8, 8: 6}.get(orientation, orientation)])
    )
    derivative = made(
        saved(stored, "JPEG", exif=exif, quality=95), "orientation(90)", width=20, height=20, fit=Fit.STRETCH
    )
    assert near(shown(derivative).getpixel((3, 3)), GREEN, 40)
    assert near(shown(derivative).getpixel((16, 16)), BLUE, 40)


def test_an_animation_is_turned():
    assert made(animation(3), "orientation(90)", to="gif").width == 40
    exif = Image.Exif()
    exif[0x112] = 6
    frames = [corners(), corners(), corners()]
    frames[1].putpixel((0, 0), BLUE)
    turned = made(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=exif), to="webp")
    assert (turned.width, turned.height) == (80, 120)


def test_a_picture_for_a_dense_screen_has_more_pixels():
    assert made(gradient(400, 300), "dpr(2)", width=60).width == 120


def counting(sizes):
    """An encoder whose files have those sizes at qualities from 1 on, and the qualities that it was asked for."""
    asked: list[int] = []

    def encode_at(value):
        asked.append(value)
        return bytes(sizes[value or len(sizes) - 1])

    return encode_at, asked


@pytest.mark.parametrize(
    ("most", "tries", "doubtful", "length", "asked"),
    [
        (1000, 9, False, 990, [0]),
        (50, 99, False, 50, [0, 1, 49, 24, 12, 6, 3, 4, 5]),
        # Few tries, a quality that is not quite the best.
        (50, 4, False, 30, [0, 1, 49, 24]),
        # What does not fit is known after two, and what can hardly fit after one.
        (5, 99, False, 10, [0, 1]),
        (5, 99, True, 10, [1]),
        (5, 0, True, 10, [1]),
        # It was not as hopeless as it looked.
        (1000, 99, True, 990, [1, 0]),
    ],
)
def test_looking_for_a_quality_takes_few_encodings(most, tries, doubtful, length, asked):
    encode_at, found = counting([0, *range(10, 1000, 10)])
    content = best_within(encode_at, most, 98, tries, doubtful=doubtful)
    assert found == asked
    assert len(content) == length or (tries == 4 and len(content) <= most)


@pytest.mark.parametrize("to", ["jpeg", "webp", "avif"])
def test_a_picture_that_can_hardly_fit_is_encoded_once(to, monkeypatch):
    encoded = []
    save = Image.Image.save

    def counted(image, *rest, **options):
        encoded.append(1)
        return save(image, *rest, **options)

    monkeypatch.setattr(Image.Image, "save", counted)
    image = gradient(300, 300)
    content = saved(image)
    encoded.clear()
    with pytest.raises(TooLarge, match="with the lowest quality, and max_bytes allows 1:"):
        made(content, "max_bytes(1)", to=to)
    assert len(encoded) == 1
