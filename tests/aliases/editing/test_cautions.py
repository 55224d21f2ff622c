"""What is allowed and seldom meant: told when a draft is saved, previewed, imported and published; never refused."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from aliases.editing import documents
from aliases.editing.cautions import cautions
from aliases.models import Alias, BucketPlace
from tests.aliases.admin.bucket.forms import opened, save
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db

FALLBACK = "The fallback “nothing.png” cannot be shown"
PREFIX = "The prefix “people” does not end with /"
SLIPS = [({"fallback": "nothing.png"}, FALLBACK), ({"prefix": "people", "sample": ""}, PREFIX)]


@pytest.mark.parametrize(("fields", "sentence"), SLIPS)
def test_a_slip_is_told_when_a_draft_is_saved_previewed_imported_and_published(
    admin, alias, service, tmp_path, fields, sentence
):
    service.put("peoplecat.jpg")
    saved = admin.post(
        page("alias_change", alias.pk), {**form_of(alias, **fields), "_continue": "1"}, follow=True
    ).content.decode()
    assert sentence in saved
    posted = form_of(alias, **{**fields, "sample": "cat.jpg"})
    said = json.loads(admin.post(page("alias_preview", alias.pk), posted)["X-Cautions"])
    assert [one for one in said if one.startswith(sentence)]
    document = tmp_path / "aliases.json"
    document.write_text(json.dumps(documents.export()[0]))
    for arguments in (("import_aliases", str(document)), ("publish", alias.name)):
        told = StringIO()
        call_command(*arguments, stdout=told)
        assert f"{alias}: {sentence}" in told.getvalue()


def test_it_is_told_where_the_preview_shows_nothing_too(admin, alias):
    posted = form_of(alias, prefix="people", fallback="nothing.png")
    answer: Any = admin.post(page("alias_preview", alias.pk), posted)
    assert answer.status_code == 422
    assert [PREFIX in answer.json()["cautions"][0], FALLBACK in answer.json()["cautions"][1]] == [True, True]


@pytest.mark.parametrize("fields", [{}, {"prefix": "people/"}, {"fallback": "cat.jpg"}])
def test_what_is_no_slip_is_not_told(alias, fields):
    for name, value in fields.items():
        setattr(alias, name, value)
    assert cautions(alias) == []


@pytest.mark.parametrize("spoiled", [b"no picture", b"\xff\xd8\xff\xe0 damaged"])
def test_a_fallback_that_is_no_picture_is_told_as_well(alias, service, spoiled):
    service.put("nothing.png", spoiled)
    assert FALLBACK in cautions(Alias(name="a", bucket=alias.bucket, fallback="nothing.png"))[0]


@pytest.mark.parametrize("prefix", ["people", "a b/%C3", "users/2024-"])
def test_a_prefix_without_its_slash_is_said_to_reach_further(alias, prefix):
    alias.prefix = prefix
    [said] = cautions(alias)
    assert f"reach other folders that begin so, such as “{prefix}-internal/”" in said
    assert said.endswith(f"write “{prefix}/”.")


def test_the_prefix_of_a_bucket_in_s3_is_told_of_too(admin, bucket):
    BucketPlace.objects.create(bucket=bucket, environment="staging", kind="s3", location="photos")
    told = save(admin, bucket, opened(admin, bucket, **{"1-prefix": "people"})).content.decode()
    assert "The prefix of the place in “staging” “people” does not end with /" in told


def test_a_command_that_publishes_says_that_viewers_get_no_picture(alias, service):
    (service.originals / "cat.jpg").unlink()
    document = service.originals.parent / "aliases.json"
    document.write_text(json.dumps(documents.export()[0]))
    told = StringIO()
    call_command("import_aliases", str(document), "--publish", stdout=told)
    assert f"{alias}: Viewers get no picture of the sample." in told.getvalue()
    told = StringIO()
    call_command("publish", alias.name, stdout=told)
    assert f"{alias}: Viewers get no picture of the sample." in told.getvalue()
