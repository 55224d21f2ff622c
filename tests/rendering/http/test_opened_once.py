"""How often each kind of request opens a file and decodes it."""

from dataclasses import dataclass

import pytest
from msgspec.structs import replace
from PIL import Image, ImageFile

from rendering.catalogue.catalogue import Alias
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from tests.service import Service

from ..imaging.pictures import animation, gradient, saved

pytestmark = pytest.mark.usefixtures("in_process")

SIZE = (1500, 300)


@dataclass
class Count:
    """Files that were opened, and pictures that were decoded; the frames of an animation are one each."""

    opened: int = 0
    decoded: int = 0


@pytest.fixture
def count(monkeypatch) -> Count:
    counted = Count()
    open_, prepare = Image.open, ImageFile.ImageFile.load_prepare

    def opening(*args, **named):
        counted.opened += 1
        return open_(*args, **named)

    def preparing(image):
        counted.decoded += 1
        prepare(image)

    monkeypatch.setattr(Image, "open", opening)
    monkeypatch.setattr(ImageFile.ImageFile, "load_prepare", preparing)
    return counted


@pytest.fixture
def smart(service: Service) -> Service:
    for pillow in ("PNG", "JPEG", "WEBP", "AVIF", "TIFF"):
        service.put(f"wide.{pillow.lower()}", saved(gradient(*SIZE), pillow))
    service.put("animation.gif", animation(3, size=SIZE))
    service.bucket = replace(service.bucket, unsafe_allowed=True)
    aliases = (
        Alias(name, 1, "photos", Recipe(Geometry(side, side, smart=smart), Encoding(format=to)))
        for name, side, smart, to in (
            ("large", 120, Smart(), "png"),
            ("small", 60, Smart(), "png"),
            ("plain", 60, None, "png"),
            ("moving", 60, Smart(), "original"),
        )
    )
    service.publish(*aliases)
    return service


@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "avif", "tiff"])
def test_a_first_smart_request_opens_its_original_once_and_decodes_it_once(smart, count, name):
    assert smart.get(f"/large/wide.{name}").status_code == 200
    assert count == Count(opened=1, decoded=1)


def test_a_jpeg_is_decoded_once_more_where_the_crop_needs_another_part_of_it_than_the_detector(smart, count):
    assert smart.get("/small/wide.jpeg").status_code == 200
    assert count == Count(opened=1, decoded=2)


def test_the_frames_of_an_animation_are_decoded_once_though_a_detector_looked_at_the_first(smart, count):
    assert smart.get("/moving/animation.gif").status_code == 200
    assert count == Count(opened=1 + 3, decoded=3)  # Pillow gets each frame as a file of its own


@pytest.mark.parametrize(
    "path", ["/plain/wide.png", "/unsafe/60x60/photos/wide.jpeg", "/unsafe/trim/60x60/photos/wide.png"]
)
def test_any_other_request_opens_and_decodes_once(smart, count, settings, path):
    settings.ALLOW_UNSAFE_URL = True
    assert smart.get(path).status_code == 200
    assert count == Count(opened=1, decoded=1)


def test_a_kept_picture_is_not_opened(smart, count):
    smart.get("/large/wide.png")
    count.opened = count.decoded = 0
    assert smart.get("/large/wide.png").status_code == 200
    assert count == Count(opened=0, decoded=0)


def test_what_is_told_of_a_picture_that_is_not_made_yet_opens_it_and_its_original_once(smart, count):
    assert smart.get("/-/info/large/wide.png").json()["focus"]
    assert count == Count(opened=2, decoded=2)


def test_what_is_told_of_a_kept_picture_opens_it_and_its_original_once_and_decodes_no_original(smart, count):
    smart.get("/large/wide.png")
    count.opened = count.decoded = 0
    assert smart.get("/-/info/large/wide.png").json()["focus"]
    assert count == Count(opened=2, decoded=1)


@pytest.mark.parametrize(("path", "decoded"), [("meta/smart", 1), ("meta/trim/60x60", 1), ("meta/60x60", 0)])
def test_the_plan_of_a_picture_opens_its_original_once(smart, count, settings, path, decoded):
    settings.ALLOW_UNSAFE_URL = True
    path = path.replace("meta/smart", "meta/60x60/smart")
    assert smart.get(f"/unsafe/{path}/photos/wide.png").status_code == 200
    assert count == Count(opened=1, decoded=decoded)
