"""Seventeen faults of Thumbor 7.8 that this service does not share, each over HTTP as its users would meet it."""

import io
import re

import pytest
from msgspec.structs import replace
from PIL import Image, ImageCms, ImageDraw

from rendering.storage.errors import Away
from rendering.storage.folders import FolderStorage
from tests.drawings import drawn, opened
from tests.service import Service


@pytest.fixture
def thumbor(service: Service, settings) -> Service:
    """Unsigned URLs, as in `/unsafe/…`, on a bucket `photos`."""
    settings.ALLOW_UNSAFE_URL = True
    service.bucket = replace(service.bucket, unsafe_allowed=True)
    service.put("one.jpg")
    service.publish()
    return service


def saved(image: Image.Image, format: str = "PNG", **options: object) -> bytes:  # noqa: A002
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    value = image.getpixel((x, y))
    return value if isinstance(value, tuple) else (int(value or 0),)


def animation(**options: object) -> bytes:
    frames = [Image.new("RGB", (60, 40), (60 * number, 200, 0)) for number in range(4)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:], **options)


def test_01_no_size_takes_all_memory(thumbor):
    assert thumbor.get("/unsafe/99999x99999/photos/one.jpg").status_code == 422
    assert max(opened(thumbor.get("/unsafe/99999x/photos/one.jpg")).size) <= 4096


@pytest.mark.parametrize("name", ["format(webp)", "format(jpeg)"])
def test_02_filters_are_carried_out_on_gifs(thumbor, name):
    thumbor.put("still.gif", saved(Image.new("RGB", (60, 40), (250, 20, 20)), "GIF"))
    response = thumbor.get(f"/unsafe/filters:grayscale():{name}/photos/still.gif")
    assert response["Content-Type"] == f"image/{name[7:-1]}"
    red, green, blue = pixel(opened(response).convert("RGB"), 30, 20)
    assert max(red, green, blue) - min(red, green, blue) < 4


def test_03_animations_keep_their_pace_and_do_not_grow(thumbor):
    content = animation(duration=[50, 100, 150, 200], loop=0)
    thumbor.put("animation.gif", content)
    response = thumbor.get("/unsafe/photos/animation.gif")
    image = Image.open(io.BytesIO(response.content))
    durations = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        durations.append(image.info["duration"])
    assert durations == [50, 100, 150, 200]
    assert len(response.content) < 1.3 * len(content)


def test_04_trim_takes_a_tolerance_without_a_corner(thumbor):
    image = Image.new("RGB", (120, 100), (255, 255, 255))
    image.paste((245, 245, 245), (10, 10, 110, 90))
    image.paste((0, 0, 200), (30, 30, 90, 70))
    thumbor.put("card.png", saved(image))
    assert opened(thumbor.get("/unsafe/trim:50/photos/card.png")).size == (60, 40)


@pytest.mark.parametrize(
    "path",
    [
        "fit-in/1x1/photos/wide.png", "origx/photos/one.jpg", "xorig/photos/one.jpg", "filters:cover()/photos/one.jpg",
        "origxorig/filters:no_upscale()/photos/one.jpg", "filters:fill(nonsense)/photos/one.jpg",
        "filters:round_corner(300,900,0,0)/photos/one.jpg", "filters:convolution(1;1;1;1,2,true)/photos/one.jpg",
        "filters:grayscale()/photos/palette.png",
    ],
)  # fmt: skip
def test_05_no_url_is_a_500(thumbor, path):
    thumbor.put("wide.png", saved(Image.new("RGB", (1200, 300))))
    palette = Image.new("P", (20, 20), 1)
    palette.putpalette([255, 0, 0, 0, 255, 0])
    thumbor.put("palette.png", saved(palette, transparency=0))
    assert thumbor.get(f"/unsafe/{path}").status_code in (200, 400)


@pytest.mark.parametrize("size", [(500, 500), (500, 375), (300, 900)])
@pytest.mark.parametrize("path", ["", "x400/", "400x/"])
def test_06_the_largest_sides_hold_for_pictures_of_every_shape(thumbor, settings, size, path):
    settings.MAX_WIDTH, settings.MAX_HEIGHT = 400, 400
    thumbor.put("shape.png", saved(Image.new("RGB", size)))
    assert max(opened(thumbor.get(f"/unsafe/{path}photos/shape.png")).size) <= 400
    settings.MAX_HEIGHT = 4096
    assert opened(thumbor.get(f"/unsafe/{path}photos/shape.png")).width <= 400


@pytest.mark.parametrize("name", ["format(jpeg)", "format(webp)", "brightness(1):format(png)"])
def test_07_sixteen_bits_do_not_become_white(thumbor, name):
    thumbor.put("deep.png", saved(Image.linear_gradient("L").convert("I").point(lambda v: v * 257).convert("I;16")))
    image = opened(thumbor.get(f"/unsafe/filters:{name}/photos/deep.png")).convert("L")
    assert pixel(image, 128, 8) < (40,)
    assert (100,) < pixel(image, 128, 128) < (156,)


def test_08_transparent_parts_are_laid_on_a_background_not_uncovered(thumbor):
    image = Image.new("RGBA", (40, 40), (0, 255, 0, 0))  # green, were it seen
    ImageDraw.Draw(image).rectangle((10, 10, 30, 30), (255, 0, 0, 255))
    thumbor.put("logo.png", saved(image))
    assert pixel(opened(thumbor.get("/unsafe/filters:format(jpeg)/photos/logo.png")), 2, 2) > (240, 240, 240)
    bars = opened(thumbor.get("/unsafe/fit-in/100x100/filters:fill(transparent):format(png)/photos/one.jpg"))
    assert pixel(bars.convert("RGBA"), 50, 2)[3] == 0


def test_09_a_print_profile_is_carried_out_and_gone_with_the_inks(thumbor):
    thumbor.put("print.jpg", saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG", icc_profile=b"not of use"))
    image = opened(thumbor.get("/unsafe/photos/print.jpg"))
    assert image.mode == "RGB"
    assert "icc_profile" not in image.info
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    thumbor.put("profile.png", saved(Image.new("RGB", (40, 40), (200, 0, 0)), icc_profile=lab))
    assert "icc_profile" not in opened(thumbor.get("/unsafe/filters:strip_icc()/photos/profile.png")).info


def test_10_a_webp_is_turned_upright_and_focal_points_move_with_a_trim(thumbor):
    exif = Image.Exif()
    exif[0x112] = 6
    thumbor.put("phone.webp", saved(opened_file(drawn()), "WEBP", exif=exif))
    assert opened(thumbor.get("/unsafe/photos/phone.webp")).size == (200, 300)
    card = Image.new("RGB", (400, 200), (255, 255, 255))
    card.paste((0, 0, 0), (200, 0, 400, 200))
    card.paste((255, 0, 0), (310, 20, 390, 180))
    thumbor.put("card.png", saved(card))
    crop = opened(thumbor.get("/unsafe/trim/80x160/filters:focal(310x20:390x180)/photos/card.png"))
    assert pixel(crop.convert("RGB"), 40, 80) == (255, 0, 0)


def test_11_a_nine_patch_keeps_its_padding_and_extract_focal_is_read(thumbor):
    side = 60
    patch = Image.new("RGBA", (side + 2, side + 2), (0, 0, 0, 0))
    ImageDraw.Draw(patch).rectangle((1, 1, side, side), (255, 0, 0, 255))
    for start in (0, side + 1):
        ImageDraw.Draw(patch).line((20, start, 40, start), (0, 0, 0, 255))
        ImageDraw.Draw(patch).line((start, 20, start, 40), (0, 0, 0, 255))
    thumbor.put("frame.png", saved(patch))
    framed = opened(thumbor.get("/unsafe/filters:frame(photos/frame.png)/photos/one.jpg"))
    assert framed.size == (300 + 19 + 20, 200 + 19 + 20)
    inner = thumbor.get("/unsafe/50x50/filters:extract_focal()/photos/100x50:200x150/photos/one.jpg")
    assert inner.status_code in (200, 404)


def test_12_meta_tells_the_originals_size_and_renders_nothing(thumbor):
    response = thumbor.get("/unsafe/meta/50x40/photos/one.jpg")
    told = response.json()["thumbor"]
    assert (told["source"]["width"], told["source"]["height"]) == (300, 200)
    assert told["target"] == {"width": 50, "height": 40}
    assert "render" not in response["Server-Timing"]


def test_13_accept_is_read_and_vary_says_so(thumbor, settings):
    settings.AUTO_WEBP = True
    refused = thumbor.get("/unsafe/photos/one.jpg", accept="image/webp;q=0, image/*")
    assert refused["Content-Type"] == "image/jpeg"
    taken = thumbor.get("/unsafe/photos/one.jpg", accept="image/webp")
    assert taken["Content-Type"] == "image/webp"
    assert refused["Vary"] == taken["Vary"] == "Accept"
    settings.AUTO_WEBP, settings.AUTO_PNG_TO_JPG = False, True
    thumbor.put("solid.png", drawn(format="PNG"))
    assert thumbor.get("/unsafe/filters:autojpg(true)/photos/solid.png")["Content-Type"] == "image/jpeg"


def test_14_qualities_and_bytes_are_what_was_asked_for(thumbor):
    smallest = thumbor.get("/unsafe/filters:max_bytes(10)/photos/one.jpg")
    assert smallest.status_code == 200
    assert smallest["X-Over-Max-Bytes"] == (
        f"The picture of 300 x 200 pixels takes {len(smallest.content):,} bytes as JPEG with the lowest quality, "
        "and max_bytes allows 10: ask for a smaller picture"
    )
    worst = thumbor.get("/unsafe/filters:quality(1)/photos/one.jpg")
    assert len(smallest.content) <= len(worst.content)
    assert "X-Over-Max-Bytes" not in worst
    plain, unbounded = (thumbor.get(f"/unsafe/{said}photos/one.jpg") for said in ("", "filters:max_bytes(0)/"))
    assert unbounded.content == plain.content
    assert "X-Over-Max-Bytes" not in unbounded
    best, clipped = (thumbor.get(f"/unsafe/filters:quality({n})/photos/one.jpg").content for n in (100, 150))
    assert clipped == best
    least, zero = (thumbor.get(f"/unsafe/filters:quality({n})/photos/one.jpg").content for n in (1, 0))
    assert zero == least


def test_15_proportions_are_exact(thumbor):
    """A circle on a picture of almost the asked for proportions stays one."""
    image = Image.new("RGB", (1000, 2010), (255, 255, 255))
    ImageDraw.Draw(image).ellipse((100, 605, 900, 1405), (0, 0, 0))
    thumbor.put("tall.png", saved(image))
    crop = opened(thumbor.get("/unsafe/500x1000/photos/tall.png")).convert("L").point(lambda v: 255 * (v < 128))
    left, top, right, bottom = crop.getbbox() or (0, 0, 0, 0)
    assert abs((right - left) - (bottom - top)) <= 1


def test_16_a_storage_in_trouble_is_no_missing_picture(thumbor, monkeypatch):
    def trouble(*_: object) -> None:
        raise Away("busy")

    monkeypatch.setattr(FolderStorage, "stat", trouble)
    response = thumbor.get("/unsafe/photos/one.jpg")
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"


def test_17_filters_that_run_together_are_not_half_read(thumbor):
    response = thumbor.get("/unsafe/filters:brightness(10)contrast(20)/photos/one.jpg")
    assert response.status_code in (400, 404) or re.search("brightness|contrast", response["X-Skipped-Filters"])


def opened_file(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
