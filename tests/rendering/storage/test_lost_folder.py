"""A folder that is not there is our fault: no original in it is called missing, and no cache keeps that."""

import shutil
from typing import Any

import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import Bucket
from rendering.storage.place import Place
from tests.service import Service

URLS = (
    "/profile-image/ios/one.jpg",
    "/profile-image/ios/nobody.jpg",
    "/profile-image/ios/people/one.jpg",
    "/-/info/profile-image/ios/one.jpg",
    "/unsafe/90x90/photos/one.jpg",
    "/unsafe/meta/90x90/photos/one.jpg",
)


@pytest.fixture(params=[False, True], ids=["may change", "immutable"])
def lost(request: pytest.FixtureRequest, service: Service, settings: Any) -> Service:
    settings.ALLOW_UNSAFE_URL = True
    service.bucket = replace(service.bucket, immutable=request.param, unsafe_allowed=True)
    service.alias = replace(service.alias, fallback="fallback.png")
    service.put("one.jpg")
    service.put("fallback.png")
    service.publish()
    assert service.get(URLS[0]).status_code == 200
    shutil.rmtree(service.derivatives)
    return service


@pytest.mark.parametrize("url", URLS)
def test_where_the_folder_is_gone_it_is_a_502_that_no_cache_keeps(lost, url):
    shutil.rmtree(lost.originals)
    response = lost.get(url)
    assert response.status_code == 502
    assert response["Cache-Control"] == "no-store"
    assert "not where its settings say" in response.json()["message"]
    assert str(lost.originals) not in response.content.decode()


@pytest.mark.parametrize("url", URLS)
def test_where_a_file_stands_in_the_folders_place_likewise(lost, url):
    shutil.rmtree(lost.originals)
    lost.originals.write_text("a file")
    assert lost.get(url).status_code == 502


@pytest.mark.parametrize("prefix", ["nope/", "nope", "nope/deeper/"])
def test_a_prefix_that_leads_nowhere_likewise(lost, prefix):
    place = Place("folder", str(lost.originals), prefix)
    lost.publish(buckets=(replace(lost.bucket, place=place),))
    assert lost.get(URLS[0]).status_code == 502


def test_an_overlay_from_a_bucket_whose_folder_is_gone_is_our_fault_too(lost, tmp_path):
    brand = Bucket("brand", Place("folder", str(tmp_path / "gone")), unsafe_allowed=True)
    lost.publish(buckets=(replace(lost.bucket, overlays_from=("brand",)), brand))
    assert lost.get("/unsafe/90x90/filters:watermark(brand/logo.png,0,0,0)/photos/one.jpg").status_code == 502


def test_in_a_folder_that_is_there_a_missing_original_stays_the_requests(lost):
    assert lost.get("/unsafe/90x90/photos/nobody.jpg").status_code == 404
    assert lost.get("/profile-image/ios/nobody.jpg")["Content-Type"] == "image/png"  # the fallback
    (lost.originals / "one.jpg").unlink()
    assert lost.get("/unsafe/90x90/photos/one.jpg").status_code == 404
