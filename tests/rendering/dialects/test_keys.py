"""Keys as users have them, in every URL, recipe and document that carries one: what is written is read as it was."""

import json
from base64 import b64encode
from urllib.parse import quote, unquote

import pytest
from libthumbor import CryptoURL
from msgspec.structs import replace

from rendering.catalogue.catalogue import Bucket
from rendering.dialects.raw_path import SAFE, cut, path_of
from rendering.dialects.signing import sign, verifies
from rendering.dialects.thumbor import parts, read, write
from rendering.imaging import documents
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Geometry
from rendering.imaging.parameters import PathText
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe
from rendering.pictures import overruled
from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import Overruled
from rendering.storage.factory import configured
from rendering.storage.place import Place
from tests.drawings import drawn, opened
from tests.service import Service
from tests.values import KEYS, NO_KEYS, ONLY_S3_KEYS

KEY = "a key of sixteen letters or more"
BOTH = pytest.mark.parametrize("key", KEYS)
ALL = pytest.mark.parametrize("key", [*KEYS, *ONLY_S3_KEYS])
RECIPE = Recipe(Geometry(width=30, height=20), Encoding(), FILTERS.read("grayscale():blur(1)"))


@pytest.fixture
def urls(service: Service, settings) -> Service:
    settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL = KEY, True
    service.bucket = replace(service.bucket, unsafe_allowed=True)
    service.publish()
    return service


@ALL
def test_a_thumbor_path_is_read_as_it_was_written(key):
    path = write(RECIPE, f"photos/{key}")
    said = read(path, Limits())
    assert (said.recipe, said.image) == (RECIPE, f"photos/{key}")
    assert write(said.recipe, said.image) == path


@ALL
@pytest.mark.parametrize("spelled", [lambda path: quote(path, safe=SAFE), lambda path: quote(path, safe="/"), str])
def test_a_signature_of_any_spelling_of_a_path_verifies_for_what_is_sent(key, spelled):
    path = f"30x20/photos/{key}"
    # Clients quote before they sign, or do not; what they send is quoted in any case.
    sent = quote(path, safe="/")
    # Unquoted, what looks quoted is the path of another original.
    assert verifies(sign(KEY, spelled(path)), sent, [KEY]) == (unquote(spelled(path)) == path)
    assert not verifies(sign(KEY, spelled(path)), f"{sent}x", [KEY])


@BOTH
def test_a_thumbor_url_finds_the_original_signed_or_not(urls, key):
    urls.put(key)
    path = write(Recipe(Geometry(width=30, height=20)), f"photos/{key}")
    client = CryptoURL(key=KEY).generate(width=30, height=20, image_url=quote(f"photos/{key}"))
    for url in (f"/unsafe/{path}", f"/{sign(KEY, path)}/{path}", client):
        response = urls.get(url)
        assert (response.status_code, opened(response).size) == (200, (30, 20))


@BOTH
def test_what_is_told_of_an_original_is_found_by_any_url(urls, key):
    urls.put(key)
    path = quote(f"photos/{key}")
    for options in ("30x20", "30x20/smart"):
        told = json.loads(urls.get(f"/-/info/unsafe/{options}/{path}").content)
        assert (told["width"], told["height"]) == (30, 20)
        told = json.loads(urls.get(f"/unsafe/meta/{options}/{path}").content)["thumbor"]
        assert told["source"]["url"] == f"photos/{key}"
        assert opened(urls.get(f"/unsafe/debug/{options}/{path}")).size == (300, 200)


#: As a path can say them: what is no UTF-8 as the bytes that it is.
UNASKABLE = pytest.mark.parametrize("path", [quote(key.encode("utf-8", "surrogatepass"), safe="/") for key in NO_KEYS])


@UNASKABLE
def test_what_is_no_key_is_refused_by_any_url_before_any_storage_is_asked(urls, settings, monkeypatch, path):
    settings.IMAGE_HANDLER_BUCKETS = ["photos"]
    monkeypatch.setattr("rendering.pictures.originals.at", lambda place: pytest.fail("a storage was asked"))
    thumbor = f"30x20/photos/{path}"
    for url in (
        f"/profile-image/ios/{path}",
        f"/-/info/profile-image/ios/{path}",
        f"/unsafe/{thumbor}",
        f"/unsafe/meta/{thumbor}",
        f"/-/info/unsafe/{thumbor}",
        f"/{sign(KEY, thumbor)}/{thumbor}",
        *([f"/30x20/s3:photos/{path}"] if path else []),
    ):
        response = urls.get(url)
        assert (response.status_code, json.loads(response.content)["error"]) == (400, "bad_path"), url


@ALL
def test_an_overlays_path_is_read_as_it_was_written(key):
    # At the ends of a path blanks are no part of it, so it is written with escapes.
    path = PathText().read(PathText().write(f"photos/{key}"))
    assert path == f"photos/{key}"
    (call,) = FILTERS.read(f"watermark({PathText().write(path)},1,2,3)")
    assert FILTERS.read(str(call)) == FILTERS.read_leniently(str(call))[0] == (call,)
    assert Recipe(filters=(call,)).overlays == (f"photos/{key}",)
    recipe = Recipe(Geometry(width=30, height=20), Encoding(), (call,))
    assert documents.read(documents.to_builtins(recipe), Recipe) == recipe
    assert read(write(recipe, f"photos/{key}"), Limits()).recipe == recipe


@BOTH
def test_any_picture_can_be_laid_over_another_by_an_alias_and_by_a_url(urls, key):
    urls.put(key, drawn(40, 40, "PNG"))
    urls.put("ground.png", drawn(90, 90, "PNG", mode="L"))
    filters = FILTERS.read(f"watermark({PathText().write(f'photos/{key}')},0,0,0)")
    marked = Recipe(Geometry(width=90, height=90), Encoding(format="png"), filters)
    urls.publish(replace(urls.alias, recipe=marked), buckets=(urls.bucket,))
    alias = urls.get("/profile-image/ios/ground.png")
    url = urls.get(f"/unsafe/{write(marked, 'photos/ground.png')}")
    assert (alias.status_code, url.status_code) == (200, 200)
    for response in (alias, url):
        assert opened(response).convert("RGB").getpixel((2, 2)) == (255, 0, 0)


@BOTH
def test_what_a_person_keeps_in_sight_of_an_original_is_kept(urls, key):
    urls.put(key, drawn(300, 90, "PNG"))
    smart = Recipe(Geometry(width=30, height=90, smart=Smart()), Encoding(format="png"))
    alias = replace(urls.alias, recipe=smart)
    for serial, (box, colour) in enumerate(
        [("0.0x0.0:0.2x0.4", (255, 0, 0)), ("0.8x0.0:1.0x0.4", (0, 255, 0))], start=1
    ):
        document = Overruled(serial, {hash_of(urls.bucket, key): [str(Box.read(box))]}).encode()
        configured("catalogue").write(overruled.name_of("photos"), document, "application/json")
        urls.publish(alias, buckets=(replace(urls.bucket, focus=serial),))
        response = urls.get(path_of(alias.name, key))
        assert opened(response).convert("RGB").getpixel((2, 2)) == colour
        told = json.loads(urls.get(f"/-/info{path_of(alias.name, key)}").content)["focus"]
        assert told["detector"] == "person"
    derivative = urls.get(f"/unsafe/30x90/smart/photos/{quote(key)}")
    assert opened(derivative).convert("RGB").getpixel((2, 2)) == (0, 255, 0)


@BOTH
def test_urls_of_awss_image_handler_find_the_original_and_what_is_laid_over_it(urls, settings, key):
    settings.IMAGE_HANDLER_BUCKETS = ["photos"]
    urls.put(key, drawn(40, 40, "PNG"))
    edits = {"resize": {"width": 30, "height": 20}, "overlayWith": {"bucket": "photos", "key": key}}
    asked = {"bucket": "photos", "key": key, "edits": {**edits, "toFormat": "png"}}
    response = urls.get("/" + b64encode(json.dumps(asked).encode()).decode())
    assert (response.status_code, opened(response).size) == (200, (30, 20))
    assert "X-Skipped-Filters" not in response


@BOTH
def test_the_paths_of_awss_image_handler_find_the_original(urls, settings, key):
    settings.IMAGE_HANDLER_BUCKETS = ["photos"]
    urls.put(key)
    # Its words count wherever they stand: escaped, they are the key's.
    said = quote(key, safe="").replace("%2F", "/").replace("300x200", "300%78200")
    for url in (f"/30x20/s3:photos/{said}", f"/30x20/{said}"):
        response = urls.get(url)
        assert (response.status_code, opened(response).size) == (200, (30, 20)), url


@BOTH
def test_any_picture_may_stand_in_for_a_missing_one(urls, key):
    urls.put(key)
    urls.publish(replace(urls.alias, fallback=key), buckets=(urls.bucket,))
    response = urls.get("/profile-image/ios/nobody.jpg")
    assert (response.status_code, opened(response).size) == (404, (90, 90))


@BOTH
def test_what_stands_before_keys_may_be_the_folder_of_any(urls, key):
    folder, _, name = key.rpartition("/")
    prefix = f"{folder}/" if folder else ""
    urls.put(key)
    urls.publish(replace(urls.alias, prefix=prefix), buckets=(urls.bucket,))
    assert urls.get(path_of("profile-image/ios", name)).status_code == 200
    place = Bucket("photos", Place("folder", str(urls.originals / folder)))
    urls.publish(urls.alias, buckets=(place,))
    assert urls.get(path_of("profile-image/ios", name)).status_code == 200


@ALL
def test_the_parts_of_a_thumbor_url_are_the_url_and_the_last_is_the_key(key):
    raw = f"trim/30x20/filters:blur(1)/photos/{quote(key, safe=SAFE)}"
    found = parts(raw)
    assert "".join(text for _, text in found) == raw
    assert [name for name, _ in found] == ["trim", "size", "filters", "bucket", "key"]
    assert unquote(found[-1][1]) == key


@ALL
def test_a_path_is_cut_where_its_decoded_beginning_ends(key):
    for spelled in (quote(key, safe=SAFE), quote(key, safe=""), "".join(f"%{byte:02x}" for byte in key.encode())):
        assert cut(f"{spelled}/%2Frest", key) == (spelled, "/%2Frest")
