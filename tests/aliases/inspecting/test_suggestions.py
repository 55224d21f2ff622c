"""What would be right, and what may have been meant; each proposed URL works."""

import shutil

import pytest

from aliases.inspecting.address import of_alias
from aliases.inspecting.inspection import inspect
from aliases.inspecting.suggestions import Asker
from aliases.models import Alias
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import READER
from rendering.catalogue.descriptor import Descriptor
from tests.aliases.inspecting.urls import signed, thumbor

pytestmark = pytest.mark.django_db


def proposed(text: str, **asker: bool) -> list[str]:
    return [one.path for one in inspect(text, Asker(**asker)).suggestions]


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("people/astronaut.jpeg", "people/astronaut.jpg"),
        ("people/Astronaut.jpg", "people/astronaut.jpg"),
        ("people/astronaut.JPG", "people/astronaut.jpg"),
        ("peopel/astronaut.jpg", "people/astronaut.jpg"),
        ("people/gr%C3%B6%C3%9Fe.jpg", "people/größe.jpg"),
        ("people/two+words.jpg", "people/two words.jpg"),
        ("people/cafe\u0301.jpg", "people/caf\u00e9.jpg"),
    ],
)
def test_the_nearest_key(asked, there, live, service):
    service.put(there)
    for url in (f"/unsafe/30x20/{thumbor('', asked)}", signed(thumbor("30x20/", asked))):
        found = proposed(url)
        assert found, url
        right = inspect(found[0], Asker())
        assert right.status == 200
        assert right.target
        assert right.target.key == there
    twice = Descriptor(ratio=2)
    assert proposed(of_alias(live.name, asked, twice).path)[0] == of_alias(live.name, there, twice).path


def test_a_misspelt_bucket_where_urls_may_leave_it_out(live, settings):
    settings.THUMBOR_BUCKET = "photos"
    assert proposed("/unsafe/30x20/photso/cat.jpg") == ["/unsafe/30x20/photos/cat.jpg"]
    assert proposed("/unsafe/30x20/cat.jpeg") == ["/unsafe/30x20/cat.jpg"]
    for url in (*proposed("/unsafe/30x20/photso/cat.jpg"), *proposed(signed("30x20/photso/cat.jpg"))):
        assert inspect(url, Asker()).status == 200


def test_keys_are_offered_only_to_who_may_look_into_buckets(live, service):
    assert proposed("/profile-image/ios/cat.jpeg") == ["/profile-image/ios/cat.jpg"]
    assert proposed("/profile-image/ios/cat.jpeg", sees_buckets=False) == []


def test_nothing_is_offered_where_nothing_is_near(live):
    assert proposed("/profile-image/ios/zebra-of-the-north.webp") == []


def test_a_ratio_a_width_and_a_missing_key(live):
    assert proposed("/profile-image/ios@61w/cat.jpg") == ["/profile-image/ios@60w/cat.jpg"]
    assert proposed("/profile-image/ios@9000w/cat.jpg") == ["/profile-image/ios@120w/cat.jpg"]
    assert proposed("/profile-image/ios@3x/cat.jpg") == ["/profile-image/ios@2x/cat.jpg"]
    assert proposed("/profile-image/ios@1.2x/cat.jpg") == ["/profile-image/ios/cat.jpg"]
    assert proposed("/profile-image/ios") == ["/profile-image/ios/cat.jpg"]


def test_the_nearest_alias_or_that_the_first_word_is_a_bucket(live):
    assert proposed("/profile-images/ios/cat.jpg") == ["/profile-image/ios/cat.jpg"]
    assert proposed("/-/info/profile-image/oss/cat.jpg") == ["/-/info/profile-image/ios/cat.jpg"]
    assert proposed("/photos/cat.jpg")[0] == "/unsafe/photos/cat.jpg"


def test_the_nearest_bucket(live):
    assert proposed("/unsafe/30x20/photo/cat.jpg") == ["/unsafe/30x20/photos/cat.jpg"]
    assert proposed(signed("30x20/photo/cat.jpg")) == [signed("30x20/photos/cat.jpg")]


def test_the_right_signature_is_for_who_may_sign(live, settings):
    wrong = "/AAAAAAAAAAAAAAAAAAAAAAAAAAA=/30x20/photos/cat.jpg"
    assert proposed(wrong) == [signed("30x20/photos/cat.jpg")]
    hidden = inspect(wrong, Asker(signs=False)).suggestions
    assert [one.path for one in hidden] == [""]
    assert "publish" in hidden[0].why
    settings.ALLOW_UNSAFE_URL = False
    assert proposed("/unsafe/30x20/photos/cat.jpg") == [signed("30x20/photos/cat.jpg")]
    settings.SECURITY_KEY = ""
    assert proposed(wrong) == [""]


def test_who_may_not_sign_sees_no_signature_anywhere(live, service):
    service.put("dog.jpg")
    for url in (
        "/profile-image/ios/cat.jpg",
        "/AAAAAAAAAAAAAAAAAAAAAAAAAAA=/30x20/photos/cat.jpg",
        "/unsafe/30x20/photos/dgo.jpg",
        signed("30x20/photos/dogs.jpg"),
        signed("30x20/filters:expire(1)/photos/cat.jpg"),
        signed("30x20/photo/cat.jpg"),
    ):
        found = inspect(url, Asker(signs=False))
        assert found.equivalent is None
        assert not any("=/" in one.path for one in found.suggestions), url


def test_an_expired_url_without_its_expiry(live):
    assert proposed("/unsafe/30x20/filters:expire(1):blur(2)/photos/cat.jpg") == [
        "/unsafe/30x20/filters:blur(2,0)/photos/cat.jpg"
    ]
    assert proposed(signed("30x20/filters:expire(1)/photos/cat.jpg")) == [signed("30x20/photos/cat.jpg")]


def test_a_filter_that_is_left_out(live):
    (one,) = inspect("/unsafe/30x20/filters:grayscal()/photos/cat.jpg", Asker()).suggestions
    assert one.why == "The filter “grayscal” may have been meant to be “grayscale”."


def test_words_get_their_nearest_sense(live, service, bucket, committed):
    service.put("people/astronaut.jpg")
    with committed():
        publish(Alias.objects.create(name="hero", bucket=bucket, width=40, sample="cat.jpg"), None)
    READER.forget()
    assert proposed("hero astronaut") == ["/hero/people/astronaut.jpg"]
    assert proposed("heroo") == ["/hero/cat.jpg"]
    assert proposed("hero astronaut", sees_buckets=False) == ["/hero/cat.jpg"]
    found = inspect("zzz qqq", Asker())
    assert (found.verdict, found.suggestions) == ("“zzz qqq” is no URL.", [])


def test_a_bucket_that_is_away_offers_nothing_and_says_so(live, bucket, service):
    shutil.rmtree(service.originals)
    found = inspect("/profile-image/ios/cat.jpg", Asker())
    assert found.status == 502
    assert found.suggestions == []
