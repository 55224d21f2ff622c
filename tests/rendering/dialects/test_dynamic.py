"""Thumbor URLs over HTTP: who may ask, for what, and for how long."""

import io
import time

import pytest
from msgspec.structs import replace

from rendering import routing
from rendering.catalogue.catalogue import Bucket
from rendering.dialects.signing import sign
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.storage.place import Place
from tests.drawings import drawn, noise, opened, textured
from tests.service import Service

KEY = "a key of sixteen letters or more"


@pytest.fixture
def dynamic(service: Service, settings) -> Service:
    settings.SECURITY_KEY = KEY
    settings.ALLOW_UNSAFE_URL = True
    service.put("people/one.jpg")
    service.bucket = replace(service.bucket, unsafe_allowed=True)
    service.publish()
    return service


def signed(path: str, key: str = KEY) -> str:
    return f"/{sign(key, path)}/{path}"


def test_an_unsigned_url_is_answered_where_it_is_allowed_and_never_kept(dynamic):
    response = dynamic.get("/unsafe/50x40/photos/people/one.jpg")
    assert response.status_code == 200
    assert opened(response).size == (50, 40)
    assert dynamic.kept() == []


def test_a_signed_url_is_answered_and_kept(dynamic):
    response = dynamic.get(signed("50x40/photos/people/one.jpg"))
    assert opened(response).size == (50, 40)
    assert len(dynamic.kept()) == 1


def test_a_signed_url_and_an_alias_of_the_same_recipe_share_one_derivative(dynamic):
    alias = dynamic.get("/profile-image/ios/people/one.jpg")
    url = dynamic.get(signed("90x90/filters:format(png)/photos/people/one.jpg"))
    assert url["ETag"] == alias["ETag"]
    assert len(dynamic.kept()) == 1


def test_unsigned_urls_need_the_deployments_leave(dynamic, settings):
    settings.ALLOW_UNSAFE_URL = False
    response = dynamic.get("/unsafe/50x40/photos/people/one.jpg")
    assert (response.status_code, response.json()["error"]) == (403, "unsafe_not_allowed")


def test_unsigned_urls_need_the_buckets_leave(dynamic):
    dynamic.publish(buckets=(replace(dynamic.bucket, unsafe_allowed=False),))
    assert dynamic.get("/unsafe/50x40/photos/people/one.jpg").status_code == 403
    assert dynamic.get(signed("50x40/photos/people/one.jpg")).status_code == 200


@pytest.mark.parametrize("key", ["", "another key that is long enough"])
def test_a_wrong_signature_is_a_403(dynamic, key):
    response = dynamic.get(signed("50x40/photos/people/one.jpg", key))
    assert (response.status_code, response.json()["error"]) == (403, "wrong_signature")


def test_a_wrong_signature_is_one_also_where_nothing_is_published(service, settings):
    settings.SECURITY_KEY = KEY
    assert service.get(signed("50x40/photos/people/one.jpg", "another key")).status_code == 403
    assert service.get(signed("50x40/photos/people/one.jpg")).status_code == 503


def test_without_a_key_no_signature_is_right(dynamic, settings):
    settings.SECURITY_KEY = ""
    assert dynamic.get(signed("50x40/photos/people/one.jpg", "")).status_code == 403


def test_a_signature_is_of_one_path_only(dynamic):
    assert dynamic.get(signed("50x40/photos/people/one.jpg").replace("50x40", "51x40")).status_code == 403


def test_older_keys_verify_while_clients_change_over(dynamic, settings):
    settings.SECURITY_KEY_FALLBACKS = ["the key of last year, still about"]
    path = signed("50x40/photos/people/one.jpg", "the key of last year, still about")
    assert dynamic.get(path).status_code == 200


def test_an_escaped_or_missing_equals_sign_is_understood(dynamic):
    path = signed("50x40/photos/people/one.jpg")
    assert dynamic.get(path.replace("=", "%3D", 1)).status_code == 200
    assert dynamic.get(path.replace("=", "", 1)).status_code == 200


@pytest.mark.parametrize(("algorithm", "length"), [("sha256", 0), ("sha256", 40), ("sha512", 0)])
def test_another_algorithm_can_sign_and_then_no_other_does(dynamic, settings, algorithm, length):
    settings.SIGNATURE_ALGORITHM, settings.SIGNATURE_LENGTH = algorithm, length
    path = "50x40/photos/people/one.jpg"
    signature = sign(KEY, path, routing.signer())
    assert opened(dynamic.get(f"/{signature}/{path}")).size == (50, 40)
    assert dynamic.get(f"/{signature.replace('=', '%3D')}/{path}").status_code == 200
    assert dynamic.get(f"/{signature.rstrip('=')}/{path}").status_code == 200
    assert dynamic.get(f"/{signature}/{path.replace('50x', '51x')}").status_code == 403
    assert dynamic.get(signed(path)).status_code == 404
    assert len(dynamic.kept()) == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("50x40/nobody/one.jpg", 404, "unknown_bucket"),
        ("50x40/photos/nobody.jpg", 404, "unknown_original"),
        ("50x40/photos/", 400, "bad_path"),
        ("50x40/nobody", 404, "unknown_bucket"),
        ("50x40/photos/../secret.jpg", 400, "bad_path"),
        ("filters:watermark(logo.png,0,0,0)/photos/people/one.jpg", 400, "bad_recipe"),
        ("100.5x100/photos/people/one.jpg", 404, "unknown_bucket"),
    ],
)
def test_what_cannot_be_served_says_why(dynamic, path, status, code):
    response = dynamic.get(f"/unsafe/{path}")
    assert (response.status_code, response.json()["error"]) == (status, code)


def test_a_size_over_the_limit_is_the_limit(dynamic, settings):
    settings.MAX_WIDTH = settings.MAX_HEIGHT = 64
    assert opened(dynamic.get("/unsafe/99999x99999/photos/people/one.jpg")).size == (64, 64)


def test_the_ages_are_thumbors(dynamic, settings):
    settings.MAX_AGE = 3600
    response = dynamic.get("/unsafe/50x/photos/people/one.jpg")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert response["Expires"]
    response = dynamic.get("/unsafe/50x/filters:max_age(10)/photos/people/one.jpg")
    assert response["Cache-Control"] == "public, max-age=10"


def test_no_cache_keeps_an_answer_beyond_the_moment_its_url_expires(dynamic):
    soon = int(time.time()) + 100
    response = dynamic.get(signed(f"50x/filters:expire({soon})/photos/people/one.jpg"))
    age = int(response["Cache-Control"].rpartition("=")[2])
    assert 90 < age <= 100


def test_no_cache_keeps_a_refusal_beyond_it_either(dynamic):
    soon = int(time.time()) + 4
    response = dynamic.get(signed(f"50x/filters:expire({soon})/photos/nobody.jpg"))
    assert int(response["Cache-Control"].rpartition("=")[2]) <= 4


@pytest.mark.parametrize("filters", ["expire(1000):expire(9999999999)", "expire(9999999999):expire(1000)"])
def test_of_several_moments_the_first_counts(dynamic, filters):
    assert dynamic.get(signed(f"50x/filters:{filters}/photos/people/one.jpg")).status_code == 410


def test_an_expired_url_is_gone(dynamic):
    response = dynamic.get(signed("50x/filters:expire(1000)/photos/people/one.jpg"))
    assert (response.status_code, response.json()["error"]) == (410, "expired")


def test_the_expiry_is_no_part_of_the_key(dynamic):
    soon = int(time.time()) + 100
    dynamic.get(signed("50x/photos/people/one.jpg"))
    dynamic.get(signed(f"50x/filters:expire({soon})/photos/people/one.jpg"))
    assert len(dynamic.kept()) == 1


def test_filters_that_are_passed_over_are_named(dynamic):
    response = dynamic.get("/unsafe/50x/filters:garbage(1):grayscale()/photos/people/one.jpg")
    assert response.status_code == 200
    assert response["X-Skipped-Filters"] == "garbage"


#: What Thumbor's own patterns do not match, for each filter that takes something.
WRONG = [
    "grayscale(true)", "equalize(1)", "stretch(1)", "no_upscale(1)", "upscale(true)", "strip_icc(1)", "strip_exif(1)",
    "cover(1)", "quality(80.5)", "quality(-5)", "quality(high)", "brightness(10.5)", "brightness()", "brightness(1,2)",
    "contrast(+-3)", "saturation(0,5)", "saturation(x)", "rgb(1,2)", "rgb(1;2;3)", "colorize(50,50,50)",
    "colorize(-5,0,0,ff0000)", "colorize(50,50,50,zzz)", "blur(1.5)", "blur(-3)", "noise(5.5)", "noise(-5)",
    "noise(5,-1)", "sharpen(2,1)", "sharpen(2,1,yes)", "convolution(1;2;1;2,2)", "convolution(a;b;c,3)",
    "convolution(1;2;1,0)", "convolution(1;2;1,11)",
    "curve([(0,0)])", "fill(nonsense)", "fill(ff)", "fill(red,TRUE)", "background_color(12345)", "rotate(90.0)",
    "rotate(45)", "rotate(right)", "proportion(half)", "round_corner(10)", "round_corner(10,0,0,0,TRUE)",
    "round_corner(-3,0,0,0)", "round_corner(10,0,0,0,true,true)", "watermark(photos/one.jpg,10,10)",
    "watermark(photos/one.jpg,10.5,10,0)", "watermark(photos/one.jpg,side,edge,0)",
    "watermark(photos/one.jpg,1,1,50,wide)", "frame()", "focal(0x0:0x0)", "focal(100x80:100x80)", "focal(1x2)",
    "focal(left)", "format(bmp)", "format()", "max_bytes(40k)", "max_age(1h)", "max_age(-1)", "blur((3)",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_filter_that_cannot_take_its_arguments_is_passed_over_and_named(dynamic, settings, text):
    name = text.partition("(")[0]
    told = dynamic.get(f"/unsafe/50x/filters:{text}:brightness(30)/photos/people/one.jpg")
    plain = dynamic.get("/unsafe/50x/filters:brightness(30)/photos/people/one.jpg")
    assert (told.status_code, told["X-Skipped-Filters"]) == (200, name)
    assert told.content == plain.content
    settings.STRICT_FILTERS = True
    refused = dynamic.get(f"/unsafe/50x/filters:{text}:brightness(30)/photos/people/one.jpg")
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_argument")
    assert name in refused.json()["message"]


def test_an_alias_is_told_what_a_url_passes_over():
    for text in WRONG:
        with pytest.raises(BadRecipe):
            FILTERS.read(text)


def test_overlays_come_from_the_bucket_or_one_that_it_lists(dynamic, tmp_path):
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand/logo.png").write_bytes(drawn(20, 20, "PNG"))
    (dynamic.originals / "logo.png").write_bytes(drawn(20, 20, "PNG"))
    brand = Bucket("brand", Place("folder", str(tmp_path / "brand")))
    plain = dynamic.get("/unsafe/90x/photos/people/one.jpg").content

    def marked(overlay: str) -> str:
        return f"/unsafe/90x/filters:watermark({overlay},0,0,0)/photos/people/one.jpg"

    dynamic.publish(buckets=(dynamic.bucket, brand))
    assert dynamic.get(marked("photos/logo.png")).content != plain
    refused = dynamic.get(marked("brand/logo.png"))
    assert (refused.status_code, refused.json()["error"]) == (400, "unknown_overlay")
    dynamic.publish(buckets=(replace(dynamic.bucket, overlays_from=("brand",)), replace(brand, unsafe_allowed=True)))
    assert dynamic.get(marked("brand/logo.png")).content != plain
    assert dynamic.get(marked("brand/nobody.png")).status_code == 400


@pytest.mark.parametrize("before", ["", "meta/", "debug/"])
@pytest.mark.parametrize(
    "filters", ["watermark(brand/logo.png,0,0,0)", "blur(1):watermark(brand/logo.png,repeat,0,50)"]
)
def test_an_unsigned_url_lays_over_only_what_unsigned_urls_may_read(dynamic, tmp_path, filters, before):
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand/logo.png").write_bytes(drawn(20, 20, "PNG"))
    brand = Bucket("brand", Place("folder", str(tmp_path / "brand")))
    dynamic.publish(buckets=(replace(dynamic.bucket, overlays_from=("brand", "gone")), brand))
    path = f"{before}90x/filters:{filters}/photos/people/one.jpg"
    refused = dynamic.get(f"/unsafe/{path}")
    assert (refused.status_code, refused.json()["error"]) == (403, "unsafe_not_allowed")
    assert "“brand” allows no unsigned URLs" in refused.json()["message"]
    assert dynamic.get(signed(path)).status_code == 200


def test_an_overwritten_overlay_gives_a_new_picture(dynamic):
    mark = dynamic.put("logo.png", drawn(20, 20, "PNG"))
    path = signed("90x/filters:watermark(photos/logo.png,0,0,0)/photos/people/one.jpg")
    before = dynamic.get(path)["ETag"]
    mark.write_bytes(drawn(10, 20, "PNG"))
    assert dynamic.get(path)["ETag"] != before


def test_debug_draws_the_focal_boxes(dynamic):
    response = dynamic.get("/unsafe/debug/50x/filters:focal(20x120:60x180)/photos/people/one.jpg")
    image = opened(response).convert("RGB")
    assert image.size == (300, 200)
    # A red line, in the blue quarter.
    assert sum(image.crop((58, 140, 60, 142)).histogram()[150:256]) > 0
    assert sum(image.crop((70, 140, 80, 150)).histogram()[150:256]) == 0


def test_meta_tells_the_steps(dynamic):
    told = dynamic.get("/unsafe/meta/trim/100x100/photos/people/one.jpg").json()["thumbor"]
    assert told["target"] == {"width": 100, "height": 100}
    assert [step["type"] for step in told["operations"]] == ["crop", "resize"]
    assert told["source"]["url"] == "photos/people/one.jpg"
    assert dynamic.kept() == []


def test_filters_that_are_too_much_work_are_refused(dynamic):
    work = ":".join(["blur(100)"] * 20)
    response = dynamic.get(f"/unsafe/4000x4000/filters:{work}/photos/people/one.jpg")
    assert (response.status_code, response.json()["error"]) == (422, "too_large")


@pytest.mark.parametrize(("format_", "sentence"), [("jpeg", "with the lowest quality"), ("png", "no quality to lower")])
def test_what_fits_into_no_so_many_bytes_comes_as_small_as_it_can_be_and_says_so(dynamic, settings, format_, sentence):
    path = signed(f"50x40/filters:format({format_}):max_bytes(20)/photos/people/one.jpg")
    made, kept = dynamic.get(path), dynamic.get(path)
    assert made.status_code == 200
    assert sentence in made["X-Over-Max-Bytes"]
    assert (kept.content, kept["X-Over-Max-Bytes"]) == (made.content, made["X-Over-Max-Bytes"])
    # An alias says what it wants, and is told that it cannot be had.
    bounded = replace(dynamic.alias, recipe=replace(dynamic.alias.recipe, filters=FILTERS.read("max_bytes(20)")))
    dynamic.publish(bounded, buckets=(dynamic.bucket,))
    assert dynamic.get("/profile-image/ios/people/one.jpg").status_code == 422
    # As where a gateway carries no large pictures.
    settings.MAX_RESPONSE_BYTES = 33_000
    dynamic.put("noise.png", noise(500, 400))
    large = dynamic.get(signed(f"filters:format({format_}):quality(90):max_bytes(20)/photos/noise.png"))
    assert large.status_code == 302
    settings.MAX_RESPONSE_BYTES = 0
    assert sentence in dynamic.get(large["Location"])["X-Over-Max-Bytes"]


def test_a_url_and_an_alias_share_a_derivative_where_bytes_are_not_bounded(dynamic):
    path = signed("90x90/filters:format(png):max_bytes(0)/photos/people/one.jpg")
    assert dynamic.get(path)["ETag"] == dynamic.get("/profile-image/ios/people/one.jpg")["ETag"]


#: Filters that are told to do nothing.
NOTHING = [
    "blur(0)", "blur(00)", "blur(0,5)", "noise(0)", "noise(0,7)", "brightness(0)", "contrast(0)", "saturation(1)",
    "rgb(0,0,0)", "colorize(0,0,0,red)", "sharpen(0,2,true)", "sharpen(0.0,0,false)", "round_corner(0,255,0,0)",
    "round_corner(0|20,255,0,0,true)", "rotate(0)", "orientation(0)", "proportion(0)", "proportion(1)", "pixelate(0)",
    "padding(0,0,0,0)", "sepia(0)", "tint(red,0)", "dpr(0)", "dpr(1)", "max_bytes(0)", "convolution(1,1)",
]  # fmt: skip


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize("said", NOTHING)
def test_a_filter_that_is_told_to_do_nothing_leaves_the_picture_as_it_is(dynamic, said, mode):
    # Colours of all kinds, which a rounding would move.
    picture = textured(60, 40).convert(mode)
    if mode in ("LA", "RGBA"):
        picture.putalpha(textured(60, 40, seed=2).convert("L"))
    file = io.BytesIO()
    picture.save(file, "PNG")
    dynamic.put("all.png", file.getvalue())
    plain = dynamic.get("/unsafe/photos/all.png")
    told = dynamic.get(f"/unsafe/filters:{said}/photos/all.png")
    assert (plain.status_code, told.status_code) == (200, 200)
    assert "X-Skipped-Filters" not in told
    assert opened(told).convert("RGBA").tobytes() == opened(plain).convert("RGBA").tobytes()


def test_a_crop_beyond_every_original_is_cut_off(dynamic):
    for far in (999_999, 1_000_000, 10**9):
        response = dynamic.get(f"/unsafe/100x50:{far}x{far}/photos/people/one.jpg")
        assert opened(response).size == (200, 150)
