"""Publishing to stores that speak S3, though not all of it; what the admin says of originals that are in trouble."""

from collections.abc import Iterator

import pytest

from aliases.models import BucketPlace
from aliases.pictures import preview
from aliases.publishing import sending
from aliases.publishing.publishing import publish
from rendering.storage.s3 import clients
from tests.aliases.forms import form_of, page
from tests.drawings import drawn
from tests.rendering.played_s3 import PlayedS3
from tests.service import forget


@pytest.fixture
def played(monkeypatch, settings) -> Iterator[PlayedS3]:
    server = PlayedS3()
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    store = {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": "s3://our-things/catalogue"}}
    settings.STORAGES = {**settings.STORAGES, "catalogue": store}
    forget()
    yield server
    clients.forget()
    server.stop()


@pytest.mark.parametrize("conditions", ["kept", "refused", "unknown", "bad", "ignored"])
@pytest.mark.parametrize("etags", ["strong", "weak", ""])
@pytest.mark.parametrize("moments", [True, False])
def test_one_publication_after_another_is_written(alias, committed, played, conditions, etags, moments):
    played.conditions, played.etags, played.moments = conditions, etags, moments
    for number, width in enumerate((50, 60, 70), 1):
        alias.width = width
        alias.save()
        with committed():
            publish(alias, None)
        assert f"is written, serial {number}" in sending.catalogue_in_words()


def test_an_archived_catalogue_is_written_over(alias, committed, played):
    for width in (50, 60):
        alias.width = width
        alias.save()
        with committed():
            publish(alias, None)
        assert "is written, serial" in sending.catalogue_in_words()
        played.kept["our-things", "catalogue/catalogue.json"].archived = True
        assert "none that can be read" in sending.catalogue_in_words()
    assert len(played.kept) == 1


@pytest.mark.parametrize(
    ("code", "status", "words", "told"),
    [
        ("InvalidObjectState", 403, "is archived", 422),
        ("ExpiredToken", 400, "credentials", 502),
        ("RequestTimeTooSkewed", 403, "clock", 502),
        ("KMS.DisabledException", 400, "encrypted", 502),
        ("NoSuchBucket", 404, "not as configured", 502),
        ("SlowDown", 503, "away", 503),
        ("NoSuchKey", 404, "no such original", 422),
    ],
)
def test_a_preview_says_what_is_wrong_with_the_original_and_whose_fault_it_is(
    admin, alias, played, code, status, words, told
):
    BucketPlace.objects.filter(bucket=alias.bucket).update(kind="s3", location="originals")
    played.put("originals", "cat.jpg", drawn())
    assert preview.draft(alias).facts.width == 90
    played.refuse(code, status, "originals")
    with pytest.raises(preview.NoPicture, match=words):
        preview.draft(alias)
    form = form_of(alias)
    for response in (
        admin.post(page("alias_preview", alias.pk), form),
        admin.post(page("alias_preview", alias.pk), {**form, "which": "original"}),
        admin.get(page("alias_picture", alias.pk, "draft")),
        admin.get(page("bucket_picture", alias.bucket.pk), {"key": "cat.jpg"}),
    ):
        assert (response.status_code, words in response.json()["message"]) == (told, True)


def test_a_sample_whose_key_is_too_long_with_the_places_prefix_asks_no_store(alias, played):
    BucketPlace.objects.filter(bucket=alias.bucket).update(kind="s3", location="originals", prefix="p" * 200 + "/")
    alias.sample = "k" * 900
    with pytest.raises(preview.NoPicture, match="1,024 bytes"):
        preview.draft(alias)
    assert played.asked == []
