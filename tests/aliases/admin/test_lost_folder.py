"""A bucket whose folder is gone: staff are told that, wherever they would look for one of its originals."""

import shutil

import pytest

from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db


def test_staff_are_told_of_the_folder_and_not_of_the_original(admin, alias, bucket, service, committed):
    with committed():
        publish(alias, None)
    shutil.rmtree(service.originals)
    said = f"The folder {service.originals} of the bucket"
    for which in ("draft", "original"):
        assert said in admin.post(page("alias_preview", alias.pk), {**form_of(alias), "which": which}).json()["message"]
    assert said in admin.post(page("alias_publish", alias.pk)).content.decode()
    for path in (
        page("bucket_focus", bucket.pk) + "?key=cat.jpg",
        page("alias_picture", alias.pk, "draft"),
        page("alias_thumbnail", alias.pk),
        page("bucket_picture", bucket.pk) + "?key=cat.jpg",
        "/",
    ):
        assert said in admin.get(path).content.decode(), path
    assert "Bucket unreachable" in admin.get(page("alias_changelist")).content.decode()
    assert f"There is no folder {service.originals}" in admin.get(page("bucket_test", bucket.pk)).content.decode()
    assert f"There is no folder {service.originals}" in admin.get(page("bucket_keys", bucket.pk)).json()["trouble"]
