"""What imagor's URLs ask for, in the terms of this service."""

import contextlib
import random
from base64 import urlsafe_b64encode
from collections import Counter
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rendering import routing
from rendering.dialects.image_path import Buckets
from rendering.dialects.imagor.slots import split_filters
from rendering.dialects.imagor.url import parts, read
from rendering.dialects.signing import sign
from rendering.imaging.errors import BadRecipe
from rendering.imaging.frame.geometry import Box, Fit
from rendering.imaging.reading.limits import Limits
from tests.drawings import opened
from tests.values import KEYS

LIMITS = Limits()
KEY = "a key of sixteen letters or more"


def filters(raw: str) -> list[str]:
    return [str(call) for call in read(raw, LIMITS).recipe.filters]


@pytest.mark.parametrize(
    ("path", "members"),
    [
        ("300x200/k", {"width": 300, "height": 200, "fit": Fit.COVER}),
        ("stretch/300x200/k", {"fit": Fit.STRETCH}),
        ("300x200/filters:stretch()/k", {"fit": Fit.STRETCH}),
        ("fit-in/stretch/300x200/k", {"fit": Fit.CONTAIN}),
        ("adaptive-full-fit-in/300x200/k", {"fit": Fit.OUTSIDE, "adaptive": True, "enlarge": True}),
        ("-300x-200/k", {"flip_horizontally": True, "flip_vertically": True}),
        ("0x200/k", {"width": None, "height": 200}),
        ("10x20:300x400/k", {"crop": Box(10, 20, 300, 400)}),
        ("0.1x.2:1.0x0.9/k", {"crop": Box(0.1, 0.2, 1, 0.9, True)}),
        ("0x0:1x1/k", {"crop": Box(0, 0, 1, 1, True)}),
        ("50x60:0x0/k", {"crop": Box(50, 60, 999_999, 999_999)}),
        ("filters:upscale():no_upscale()/k", {"enlarge": False}),
        ("filters:no_upscale():upscale()/k", {"enlarge": True}),
        ("filters:orient(90)/k", {"turn": 270}),
        ("filters:focal(10x20:30x40):focal(5,6)/k", {"focal": (Box(10, 20, 30, 40), Box(5, 6, 6, 7))}),
        ("filters:focal(0.1x0:0.89x0.72)/k", {"focal": (Box(0.1, 0, 0.89, 0.72, True),)}),
    ],
)
def test_the_geometry_that_a_path_asks_for(path, members):
    geometry = read(path, LIMITS).recipe.geometry
    assert {name: getattr(geometry, name) for name in members} == members


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rotate(90)", ["rotate(270)"]),
        ("blur(4)", ["blur(6,2)"]),
        ("blur(1,2)", ["blur(6,2)"]),
        ("saturation(100):hue(-70)", ["saturation(2)", "hue(290)"]),
        ("brightness(20.4):contrast(-30):rgb(10,-50,30)", ["brightness(20)", "contrast(-30)", "rgb(10,-50,30)"]),
        ("invert()", ["curve([(0,255),(255,0)],[(0,0),(255,255)],[(0,0),(255,255)],[(0,0),(255,255)])"]),
        ("proportion(10):proportion(0.5)", ["proportion(0.1)", "proportion(0.5)"]),
        ("round_corner(40,60,green)", ["round_corner(40|60,0,128,0,false)"]),
        ("round_corner(20)", ["round_corner(20,0,0,0,true)"]),
        ("padding(white,10,20)", ["padding(10,20,10,20,ffffff)"]),
        ("crop(0.1,10,0.5,20)", ["crop(0.1,10,0.5,20)"]),
        ("format(jpg):lossless()", ["format(jpg)"]),
        ("format(webp):lossless()", ["format(webp)", "quality(100)"]),
        ("autojpg()", ["format(jpeg)"]),
        ("page(1):strip_metadata():dpi(300):preview()", ["cover()"]),
        ("expire(1893456000000)", ["expire(1893456000)"]),
        ("watermark(b64:YnJhbmQvbG9nby5wbmc,0.1,-15p,30,none,20)", ["watermark(brand/logo.png,10p,-15p,30,none,20)"]),
        ("watermark(brand/a,right-20,bottom)", ["watermark(brand/a,right-20,-0,0,none,none)"]),
        ("image(fit-in/fxf-20/brand/a%2Cb.png,center,top,50)", ["image(brand/a%2Cb.png,center,0,50,100p,-20,contain)"]),
        ("label(a%2Cb%20c,center,-30,25,white,0,mono)", ["text(a%2Cb%20c,center,-30,25,ffffff,0,0,left)"]),
        ("text(b64:SGVsbG8,20,0.5,sans-bold-18,red,80,,f-40,high)", ["text(Hello,20,50p,18,ff0000,80,-40,right)"]),
        ("sepia()", ["sepia(100)"]),
    ],
)
def test_filters_do_what_they_do_in_imagor(text, found):
    assert filters(f"filters:{text}/b/k") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fill(yellow)", ["fill(ffff00,true)", "padding(1,2,3,4,ffff00)"]),
        ("fill(none)", ["fill(transparent,false)", "padding(1,2,3,4,transparent)"]),
        ("rotate(90):fill(blur)", ["fill(blur,true)", "padding(1,4,3,2,blur)", "rotate(270)"]),
        ("rotate(270):fill(auto)", ["fill(auto,true)", "padding(3,2,1,4,auto)", "rotate(90)"]),
        (
            "rotate(90):rotate(90):fill(red)",
            ["rotate(270)", "rotate(270)", "fill(ff0000,true)", "padding(1,2,3,4,ff0000)"],
        ),
        ("grayscale()", ["grayscale()"]),
    ],
)
def test_the_padding_is_added_by_fill_and_turns_with_the_picture(text, found):
    assert filters(f"fit-in/30x20/1x2:3x4/filters:{text}/b/k") == found


@pytest.mark.parametrize(
    "text",
    [
        *("palette()", "format(tiff)", "lossless()", "page(5)", "max_frames(3)", "rotate(45)", "blur()", "blur(x)"),
        *("redact(blur,25)", "fill(nonsense)", "to_colorspace(cmyk)", "modulate(-10,30,20)", "trim(50)"),
        *("watermark(b/k,0,x)", "image(/100x100/filters:grayscale()/b/k)", "image(/trim/b/k)", "focal(1:2:3)"),
        *("image(/9x9/b/k,0,0,0,multiply)", "text(IMAGOR,0,0,sans,red,0,multiply)", "text(日本)", "text()"),
        f"text({'a' * 201})",
    ],
)
def test_what_is_not_done_is_left_out_and_named_or_refused(text):
    url = read(f"filters:{text}/b/k", LIMITS)
    assert (url.skipped, url.recipe.filters, url.image) == ((text.partition("(")[0],), (), "b/k")
    with pytest.raises(BadRecipe):
        read(f"filters:{text}/b/k", LIMITS, strict=True)


def test_a_watermark_whose_path_cannot_be_one_is_refused():
    with pytest.raises(BadRecipe):
        read("filters:watermark(a%0Ab,0,0,0)/b/k", LIMITS)


def test_brackets_nest_and_end_the_filters():
    text = "image(/9x9/filters:a(1,2):b()/b/k,1,2):c(3)"
    assert split_filters(f"filters:{text}/") == [("image", ["/9x9/filters:a(1,2):b()/b/k", "1", "2"]), ("c", ["3"])]
    assert read(f"filters:{text}/b/k/(1).png", LIMITS).image == "b/k/(1).png"


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_found_by_its_path_and_in_base64(key):
    path = f"b/{key}"
    assert read(f"10x10/filters:blur(2)/{quote(path)}", LIMITS).image == path
    encoded = urlsafe_b64encode(path.encode()).decode()
    for spelling in (encoded, encoded.rstrip("="), f"{encoded}/"):
        assert read(f"10x10/b64:{spelling}", LIMITS).image == path
    mark = f"filters:watermark({quote(path, safe='')},0,0,0)/b/k"
    assert read(mark, LIMITS).recipe.overlays == (path,)


def test_a_plus_is_a_space_and_what_is_no_base64_a_name():
    assert read("b/a+b.jpg", LIMITS).image == "b/a b.jpg"
    assert read("b64:%FF%FE", LIMITS).image.startswith("b64:")


@given(st.text(st.sampled_from("0123456789x:/-f.,()ab%=+ü") | st.characters(exclude_categories=["Cs"])))
def test_no_path_fails_but_with_a_sentence_and_its_parts_are_the_path(text):
    for raw in (text, f"filters:{text}", f"9x9/filters:image({text},0)/b/k"):
        assert "".join(part for _, part in parts(raw, Buckets())) == raw
        with contextlib.suppress(BadRecipe):
            assert isinstance(read(raw, LIMITS).image, str)


def test_too_many_filters_and_too_long_a_url_are_refused():
    with pytest.raises(BadRecipe, match="21 filters"):
        read(f"filters:{':'.join(['blur(1)'] * 21)}/b/k", LIMITS)
    with pytest.raises(BadRecipe, match="at most 8192"):
        read(f"filters:blur(1)/{'b' * 8200}", LIMITS)


def test_parts_have_names():
    found = parts("fit-in/300x200/10x10/filters:fill(red)/photos/a/b.jpg", Buckets())
    names = ["fit", "size", "padding", "filters", "bucket", "key"]
    assert [name for name, _ in found] == names


@pytest.fixture
def imagor(service, settings):
    settings.DIALECT, settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL = "imagor", KEY, True
    service.put("people/one.jpg")
    service.bucket = replace(service.bucket, unsafe_allowed=True, overlays_from=("photos",))
    service.publish()
    return service


def test_a_signed_url_of_imagor_is_answered_and_kept(imagor, settings):
    settings.SIGNATURE_ALGORITHM, settings.SIGNATURE_LENGTH = "sha256", 40
    path = "fit-in/60x60/10x0/filters:fill(white):rotate(90):text(Hi,center,center,12,red)/photos/people/one.jpg"
    response = imagor.get(f"/{sign(KEY, path, routing.signer())}/{path}")
    assert opened(response).size == (60, 80)
    assert len(imagor.kept()) == 1
    assert imagor.get(f"/{sign(KEY, path, routing.signer())}/{path.replace('60x60', '61x60')}").status_code == 403


def test_the_example_of_the_docs_is_answered(imagor, settings):
    settings.THUMBOR_BUCKET = "photos"
    path = "fit-in/300x200/10x10:10x40/filters:fill(yellow):label(Hello,center,-10,24)/people/one.jpg"
    response = imagor.get(f"/unsafe/{path}")
    assert opened(response).size == (320, 250)
    assert "X-Skipped-Filters" not in response


def test_only_the_path_as_it_is_sent_is_signed(imagor):
    sent, decoded = "10x10%2Fphotos/people/one.jpg", "10x10/photos/people/one.jpg"
    assert imagor.get(f"/{sign(KEY, decoded, routing.signer())}/{sent}").status_code == 403


ODD = [
    "",
    "-1",
    "0",
    "1e9",
    "99999999",
    "0.5",
    "-0.25",
    "f",
    "f-9999",
    "50p",
    "center",
    "repeat",
    "left-9999",
    "none",
    "x",
]
ODD += ["%00", "%FF", "(", "%28", "日", "b64:", "b64:____", "photos/people/one.jpg", "9x9/photos/people/one.jpg", "red"]
FILTERS_OF_IMAGOR = (
    *("text", "label", "image", "watermark", "crop", "padding", "fill", "focal", "rotate", "orient", "proportion"),
    *("round_corner", "hue", "modulate", "format", "expire", "blur", "sharpen", "trim", "page", "quality"),
)


def test_no_url_is_a_fault_of_the_service(imagor):
    some = random.Random(1)
    statuses = Counter[int]()
    for _ in range(250):
        calls = (
            f"{some.choice(FILTERS_OF_IMAGOR)}({','.join(some.choices(ODD, k=some.randrange(7)))})"
            for _ in range(some.randrange(1, 4))
        )
        slot = some.choice(
            ["", "0x0/", "40x30/9x9/", "fit-in/0x9999999/", "0x0:1000000x1000000/", "0.1x0:0.1x1/", "trim/"]
        )
        path = f"/unsafe/{slot}filters:{':'.join(calls)}/photos/people/one.jpg"
        response = imagor.get(path)
        statuses[response.status_code] += 1
        assert response.status_code in (200, 400, 404, 410, 422), (path, response.content)
    assert statuses[200] > 50
    assert statuses[400] + statuses[422] > 0


def test_nested_pictures_and_text_are_bounded_by_what_they_cost(imagor):
    text = ":".join(["text(" + "M" * 200 + ",0,0,sans-200)"] * 20)
    response = imagor.get(f"/unsafe/filters:{text}/photos/people/one.jpg")
    assert response.status_code in (200, 422)
    response = imagor.get("/unsafe/filters:image(9999x9999/photos/people/one.jpg,0,0)/photos/people/one.jpg")
    assert (response.status_code, response.json()["error"]) == (422, "too_large")
    nobody = imagor.get("/unsafe/filters:image(9x9/photos/nobody.jpg,0,0)/photos/people/one.jpg")
    assert nobody.status_code == 400
