"""The focus of an original over HTTP: found once, kept beside its derivatives, told, and stood in for."""

import json
from io import BytesIO

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from rendering import conf
from rendering.catalogue.catalogue import Alias
from rendering.imaging import documents
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus import edges, yunet
from rendering.imaging.focus.faces import PERSON, Face, Focus
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import focus, originals
from rendering.pictures.derivatives import Wanted
from rendering.storage.errors import Away
from rendering.storage.factory import configured
from tests.drawings import opened
from tests.service import Service

from ..imaging.focus.portraits import FACE, near, portrait

pytestmark = pytest.mark.usefixtures("in_process")

KEY = "people/wide.png"


def banner() -> bytes:
    """A portrait at the right end of a long grey picture, 1500 x 300."""
    image = Image.new("RGB", (1500, 300), "grey")
    image.paste(portrait().resize((300, 300)), (1200, 0))
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def smart(service: Service) -> Service:
    """Two smart aliases of a picture whose face is far from its middle."""
    service.put(KEY, banner())
    service.bucket = replace(service.bucket, unsafe_allowed=True)
    small, tall = (
        Alias(name, 1, "photos", Recipe(Geometry(*size, smart=Smart()), Encoding(format="png")))
        for name, size in (("small", (60, 60)), ("tall", (40, 80)))
    )
    whole = Alias("whole", 1, "photos", Recipe(Geometry(500, smart=Smart()), Encoding(format="png")))
    service.publish(small, tall, whole)
    return service


def shows_the_face(response) -> bool:
    """The portrait has colours, the rest of the picture none."""
    saturation = opened(response).convert("HSV").getchannel("S")
    return sum(saturation.histogram()[100:]) > 10


def foci(service: Service):
    return [path for path in service.kept() if path.suffix == ".json"]


def nobody_looks(monkeypatch):
    def refuse(*_):
        raise AssertionError("somebody looked")

    monkeypatch.setattr(yunet, "detect", refuse)


def test_a_smart_crop_shows_the_face_and_keeps_where_it_is(smart):
    assert shows_the_face(smart.get(f"/small/{KEY}"))
    (path,) = foci(smart)
    kept = documents.read(json.loads(path.read_bytes()), Focus)
    assert kept.detector == yunet.NAME
    assert near(kept.faces[0], (0.8 + FACE[0] / 5, FACE[1], 0.8 + FACE[2] / 5, FACE[3]))
    assert path.name.endswith(f".focus-{yunet.NAME}.json")
    assert {other.parent for other in smart.kept()} == {path.parent}


def test_the_focus_is_found_once_for_all_aliases_and_sizes(smart, monkeypatch):
    smart.get(f"/small/{KEY}")
    nobody_looks(monkeypatch)
    assert shows_the_face(smart.get(f"/tall/{KEY}"))
    assert len(foci(smart)) == 1


def test_nobody_looks_at_a_picture_of_which_nothing_is_dropped(smart, monkeypatch):
    nobody_looks(monkeypatch)
    assert opened(smart.get(f"/whole/{KEY}")).size == (500, 100)
    assert foci(smart) == []


def test_a_kept_derivative_and_an_unchanged_one_need_no_focus(smart, monkeypatch):
    first = smart.get(f"/small/{KEY}")
    foci(smart)[0].unlink()
    nobody_looks(monkeypatch)
    assert smart.get(f"/small/{KEY}").content == first.content
    assert smart.get(f"/small/{KEY}", if_none_match=first["ETag"]).status_code == 304


@pytest.mark.parametrize("nonsense", [b"", b"{", b"[]", b'{"detector": 1}', b"\xff\xfe", b" " * 100_000])
def test_a_kept_focus_that_is_none_is_found_again(smart, nonsense):
    smart.get(f"/small/{KEY}")
    (path,) = foci(smart)
    whole = path.read_bytes()
    path.write_bytes(nonsense)
    assert shows_the_face(smart.get(f"/tall/{KEY}"))
    assert path.read_bytes() == whole


def test_of_a_focus_that_was_kept_before_detail_was_measured_as_now_only_the_faces_count(smart, monkeypatch):
    smart.get(f"/small/{KEY}")
    (path,) = foci(smart)
    whole = json.loads(path.read_bytes())
    earlier = {**whole, "edges": ["ff00"]}
    del earlier["measure"]
    path.write_text(json.dumps(earlier))
    nobody_looks(monkeypatch)
    assert shows_the_face(smart.get(f"/tall/{KEY}"))
    assert json.loads(path.read_bytes()) == whole


def test_an_overwritten_original_is_looked_at_anew(smart):
    smart.get(f"/small/{KEY}")
    turned = Image.open(BytesIO(banner())).rotate(180)
    file = BytesIO()
    turned.save(file, "PNG")
    smart.put(KEY, file.getvalue())
    smart.get(f"/small/{KEY}")
    assert len(foci(smart)) == 2


def test_another_detectors_focus_is_another_file_and_another_derivative(smart, settings):
    first = smart.get(f"/small/{KEY}")
    settings.DETECTOR = "edges"
    second = smart.get(f"/small/{KEY}")
    assert first["ETag"] != second["ETag"]
    assert [path.name.partition(".focus-")[2] for path in foci(smart)] == ["edges.json", f"{yunet.NAME}.json"]


def test_without_a_detector_the_alignment_counts(smart, settings):
    settings.DETECTOR = "none"
    assert not shows_the_face(smart.get(f"/small/{KEY}"))
    assert foci(smart) == []


def test_without_onnx_runtime_detail_counts(smart, monkeypatch):
    monkeypatch.setattr(yunet, "installed", lambda: False)
    nobody_looks(monkeypatch)
    assert shows_the_face(smart.get(f"/small/{KEY}"))
    assert foci(smart)[0].name.endswith("focus-edges.json")


def test_a_focus_that_cannot_be_kept_makes_no_difference(smart, monkeypatch):
    def refuse(*_, **__):
        raise Away("the storage is away")

    expected = smart.get(f"/small/{KEY}").content
    (found,) = foci(smart)
    found.unlink()
    original = originals.find(smart.bucket, KEY)
    read = originals.read(original)
    smart.put("other.png", banner())

    monkeypatch.setattr(type(configured("derivatives")), "write", refuse)
    assert focus.of(original, read, Smart(yunet.NAME)).focus.faces
    response = smart.get("/small/other.png")
    assert response.content == expected
    assert "max-age=60" in response["Cache-Control"]


def broken(*_):
    raise RuntimeError("the model cannot be read")


@pytest.mark.parametrize("path", [f"/small/{KEY}", f"/unsafe/60x60/smart/photos/{KEY}"])
def test_where_a_stand_in_looked_the_picture_is_served_for_a_minute_and_nothing_is_kept(
    smart, settings, monkeypatch, caplog, path
):
    settings.ALLOW_UNSAFE_URL = True
    with monkeypatch.context() as patched:
        patched.setattr(yunet, "detect", broken)
        response = smart.get(path)
    assert response.status_code == 200
    assert shows_the_face(response)  # edges are where the portrait is
    assert "max-age=60" in response["Cache-Control"]
    assert "31536000" not in response["Cache-Control"]
    # With an ETag a client would be told later that the stand-in's picture is the picture.
    assert "ETag" not in response
    assert smart.kept() == []
    assert "detector failed" in caplog.text
    after = smart.get(path)
    assert "ETag" in after
    assert len(foci(smart)) == 1


def test_a_broken_original_is_the_originals_fault(smart):
    smart.put("broken.png", banner()[:3000])
    response = smart.get("/small/broken.png")
    assert (response.status_code, response.json()["error"]) == (422, "broken_picture")
    assert smart.kept() == []


def person(left: float, right: float) -> Focus:
    face = Face.at(left, 0.1, right, 0.9)
    assert face
    return Focus(PERSON, (face,))


def test_what_a_person_set_is_in_the_key_and_nobody_looks(smart, monkeypatch):
    nobody_looks(monkeypatch)
    recipe = Recipe(Geometry(60, 60, smart=Smart())).settled("any", conf.defaults())
    original = originals.find(smart.bucket, KEY)
    here, there = (Wanted(original, recipe.overruled(person(*box))) for box in ((0.02, 0.1), (0.85, 0.95)))
    assert len({Wanted(original, recipe).key, here.key, there.key}) == 3
    assert there.recipe.geometry.smart
    seen = focus.of(original, originals.read(original), there.recipe.geometry.smart)
    assert (seen.focus, seen.stand_in) == (person(0.85, 0.95), False)
    assert foci(smart) == []


def test_a_recipe_that_is_not_smart_heeds_no_person():
    recipe = Recipe(Geometry(60, 60))
    assert recipe.overruled(person(0.1, 0.2)) == recipe


def test_info_tells_the_focus(smart):
    told = smart.get(f"/-/info/small/{KEY}").json()["focus"]
    assert told["detector"] == yunet.NAME
    (face,) = told["faces"]
    assert face["left"] == pytest.approx(0.8 + FACE[0] / 5, abs=0.02)
    assert face["bottom"] == pytest.approx(FACE[3], abs=0.03)
    assert face["confidence"] > 0.8
    assert smart.get(f"/-/info/whole/{KEY}").json()["focus"] is None


def test_info_of_a_stand_ins_picture_is_not_kept_for_long(smart, monkeypatch):
    monkeypatch.setattr(yunet, "detect", broken)
    response = smart.get(f"/-/info/small/{KEY}")
    assert response.json()["focus"]["detector"] == edges.NAME
    assert "31536000" not in response["Cache-Control"]


def test_meta_tells_the_faces_as_focal_points(smart, settings):
    settings.ALLOW_UNSAFE_URL = True
    told = smart.get(f"/unsafe/meta/60x60/smart/photos/{KEY}").json()["thumbor"]
    (point,) = told["focal_points"]
    assert point["origin"] == "Face Detection"
    assert point["x"] == pytest.approx(1200 + 300 * (FACE[0] + FACE[2]) / 2, abs=15)
    assert point["z"] == pytest.approx(point["width"] * point["height"])
    crop = told["operations"][0]
    assert (crop["type"], crop["right"] - crop["left"]) == ("crop", 300)
    assert crop["left"] < point["x"] < crop["right"]


def test_debug_outlines_the_faces_on_the_whole_original(smart, settings):
    settings.ALLOW_UNSAFE_URL = True
    image = opened(smart.get(f"/unsafe/debug/60x60/smart/photos/{KEY}")).convert("RGB")
    assert image.size == (1500, 300)
    left, top = 1200 + 300 * FACE[0], 300 * FACE[1]
    line = image.crop((round(left) - 8, round(top), round(left) + 8, round(top) + 60))
    pure = ImageChops.subtract(line.getchannel("R"), line.getchannel("G"))
    assert sum(pure.histogram()[230:]) > 40


def test_edges_are_a_detector_of_their_own(smart):
    original = originals.find(smart.bucket, KEY)
    seen = focus.of(original, originals.read(original), Smart(edges.NAME))
    assert seen.focus.edges
    assert seen.focus.faces == ()
