"""The bucket browser: pages of keys, thumbnails that are kept, and what is known of an original."""

import json
from typing import Any

import pytest

from aliases.models import Alias, Bucket
from aliases.pictures import samples
from aliases.publishing.overruling import overrule
from rendering.storage.factory import configured
from tests.aliases.forms import page
from tests.drawings import drawn, opened
from tests.rendering.many_keys import fill
from tests.values import KEYS, ONLY_S3_KEYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(admin, bucket):
    """What the script is answered: keys, folders, and the rest."""

    def ask(**query: str) -> dict[str, Any]:
        found = admin.get(page("bucket_keys", bucket.pk), query).json()
        return {**found, "keys": [entry["key"] for entry in found["entries"]]}

    return ask


def test_the_first_page_has_24_keys_and_those_after_it_48(asked, service):
    for number in range(100):
        service.put(f"team/{number:02}.jpg", b"x")
    found = asked(prefix="team/")
    pages = [found["keys"]]
    while found["more"]:
        found = asked(prefix="team/", more=found["more"])
        pages.append(found["keys"])
    assert [len(one) for one in pages] == [24, 48, 28]
    assert [key for one in pages for key in one] == [f"team/{number:02}.jpg" for number in range(100)]
    assert asked(prefix="team/5")["keys"] == [f"team/5{digit}.jpg" for digit in range(10)]


def test_an_entry_says_how_large_it_is_and_whether_it_is_a_picture_by_its_name(admin, bucket, service):
    service.put("notes.txt", b"x" * 3000)
    picture, notes = admin.get(page("bucket_keys", bucket.pk)).json()["entries"]
    assert (picture["key"], picture["pictured"]) == ("cat.jpg", True)
    assert (notes["size"], notes["pictured"]) == ("2.9\xa0KB", False)
    assert picture["changed"]


@pytest.mark.parametrize("beginning", ["../", "team/..", "\0", "x" * 2000])
def test_with_what_is_no_key_nothing_begins(asked, beginning):
    found = asked(prefix=beginning)
    assert (found["keys"], found["folders"], found["trouble"], found["nearest"]) == ([], [], "", None)


@pytest.mark.parametrize(
    ("beginning", "folder"),
    [
        ("studo/", "studio/"),
        ("studio/pilto/x", "studio/pilots/"),
        ("studio/zzz", "studio/"),
        ("zzz", ""),
        ("a/b/c/d/e/", ""),
        ("cat.jpg/", ""),
    ],
)
def test_where_nothing_begins_so_the_nearest_folder_is_offered(asked, service, beginning, folder):
    service.put("studio/pilots/one.jpg")
    service.put("space/one.jpg")
    assert asked(prefix=beginning)["nearest"] == folder


def test_a_bucket_that_cannot_be_listed_says_why_and_a_folder_that_is_empty_has_no_trouble(asked, bucket, service):
    (service.originals / "empty").mkdir()
    found = asked(prefix="empty/")
    assert (found["keys"], found["trouble"]) == ([], "")
    bucket.places.update(location="samples/nowhere")
    assert "samples/nowhere on this machine" in asked()["trouble"]
    bucket.places.all().delete()
    assert "no place in the environment" in asked()["trouble"]


def test_buckets_whose_pictures_may_be_laid_over_are_named(asked, bucket):
    brand = Bucket.objects.create(name="brand")
    Bucket.objects.create(name="other")
    bucket.overlays_from.add(brand)
    assert asked()["overlays"] == [[bucket.pk, "photos"], [brand.pk, "brand"]]


@pytest.mark.parametrize("key", KEYS)
def test_a_thumbnail_of_any_key_is_rendered_once_and_kept(admin, bucket, service, key, monkeypatch):
    service.put(key, drawn(640, 300))
    first = admin.get(page("bucket_picture", bucket.pk), {"key": key})
    assert opened(first).size == (320, 150)
    assert len(configured("derivatives").keys("photos/", 10)) == 1
    monkeypatch.setattr("rendering.workers.pool.run", lambda *args, **kwargs: pytest.fail("it is kept"))
    assert admin.get(page("bucket_picture", bucket.pk), {"key": key}).content == first.content


def test_what_is_known_of_an_original(admin, alias, service, made):
    def lines(key: str) -> dict[str, str]:
        return dict(admin.get(page("bucket_original", alias.bucket.pk), {"key": key}).json()["lines"])

    said = lines("cat.jpg")
    assert (said["Size"], said["Sample of"]) == ("300 × 200 pixels", "profile-image/ios")
    assert said["File"].startswith("JPEG, ")
    Alias.objects.create(name="other", bucket=alias.bucket, prefix="team/", sample="a.png")
    service.put("team/a.png", drawn(20, 10, "PNG", "RGBA"))
    overrule(alias.bucket, "team/a.png", [], made("ann"), "")
    said = lines("team/a.png")
    assert (said["Kind"], said["Focus"], said["Sample of"]) == ("transparent", "set by hand", "other")
    for key, status in (("gone.jpg", 422), ("", 422), ("notes.txt", 422)):
        service.put("notes.txt", b"text")
        answer = admin.get(page("bucket_original", alias.bucket.pk), {"key": key})
        assert (answer.status_code, bool(answer.json()["message"])) == (status, True)


def test_the_page_has_what_its_script_needs(admin, bucket):
    samples.pin(bucket, ["cat.jpg"], None)
    text = admin.get(page("bucket_browse", bucket.pk), {"key": "cat.jpg"}).content.decode()
    data = json.loads(text.partition('type="application/json">')[2].partition("</script>")[0])
    assert data["urls"]["keys"] == page("bucket_keys", bucket.pk)
    assert [one["key"] for one in data["set"]["samples"]] == ["cat.jpg"]
    assert data["pins"]


# --- S3


def test_of_a_hundred_thousand_keys_each_page_takes_one_request(many, asked):
    fill("many", (f"team-{number // 500:03}/{number:06}.jpg" for number in range(100_000)))
    many.clear()
    first = asked()
    assert first["folders"] == [f"team-{number:03}/" for number in range(24)]
    later = asked(more=first["more"])
    assert later["folders"][-1] == "team-071/"
    assert asked(prefix="team-150/0753")["keys"][0] == "team-150/075300.jpg"
    assert len(many.requests) == 3
    assert asked(prefix="team-150/9")["nearest"] == "team-150/"
    assert len(many.requests) == 5


def test_all_odd_keys_are_found_folder_by_folder_and_shown(many, asked, admin, bucket):
    keys = [*KEYS, *(key for key in ONLY_S3_KEYS if not key.endswith("/"))]
    fill("many", keys, drawn(40, 30))
    found, folders = [], [""]
    while folders:
        answer = asked(prefix=folders.pop())
        found += answer["keys"]
        folders += answer["folders"]
        while answer["more"]:
            answer = asked(prefix="", more=answer["more"])
            found += answer["keys"]
            folders += answer["folders"]
    assert sorted(found) == sorted(keys)
    for key in ONLY_S3_KEYS[:2]:
        assert opened(admin.get(page("bucket_picture", bucket.pk), {"key": key})).size == (40, 30)
