"""`manage.py add_bucket`: what it says it does, it has done, and nothing beside."""

import io
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from aliases.models import Bucket, BucketChange, BucketPlace
from rendering.catalogue.catalogue import NAME
from rendering.storage.factory import configured
from tests.values import ODD_TEXTS

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


@pytest.fixture
def folder(tmp_path: Path, committed) -> str:
    place = tmp_path / "brand"
    place.mkdir()
    with committed():
        run("add_bucket", "brand", str(place))
    return str(place)


def serial() -> bytes:
    stored = configured("catalogue").read(NAME)
    assert stored
    return stored.content


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--immutable", "originals never change: no → yes"),
        ("--allow-unsafe", "unsigned URLs allowed: no → yes"),
    ],
)
def test_said_again_with_a_flag_it_changes_the_bucket_tells_of_it_and_tells_viewers(option, told, folder, committed):
    before = serial()
    with committed():
        said = run("add_bucket", "brand", folder, option)
    assert told in said
    assert serial() != before
    assert BucketChange.objects.count() == 2
    again = run("add_bucket", "brand", folder, option)
    assert "already exists with these settings" in again
    assert "already exists with these settings" in run("add_bucket", "brand", folder)
    assert BucketChange.objects.count() == 2


def test_said_again_with_another_region_or_role_it_changes_the_place(committed):
    role = "arn:aws:iam::123456789012:role/reader"
    with committed():
        run("add_bucket", "photos", "s3://acme/x/", "--environment", "staging", "--region", "eu-west-1")
        said = run("add_bucket", "photos", "s3://acme/x/", "--environment", "staging", "--role-arn", role)
    assert role in said
    place = BucketPlace.objects.get()
    assert (place.region, place.role_arn) == ("eu-west-1", role)
    with pytest.raises(CommandError, match="A role is written"):
        run("add_bucket", "photos", "s3://acme/x/", "--environment", "staging", "--role-arn", "reader")
    place.refresh_from_db()
    assert place.role_arn == role


def test_drawings_are_allowed_by_an_option_and_stay_allowed(folder, committed):
    with committed():
        said = run("add_bucket", "brand", folder, "--allow-svg")
        run("add_bucket", "brand", folder)
    assert "SVG drawings passed on: no → yes." in said
    assert Bucket.objects.get().frozen("local").svg_allowed is True


def test_what_it_is_known_as_is_added_to_what_it_was(folder, committed):
    with committed():
        said = run(
            "add_bucket", "brand", folder, "--known-as", "https://CDN.acme.com/media", "--known-as", "b.example/"
        )
        run("add_bucket", "brand", folder, "--known-as", "a.example/")
    assert "also known as: none → b.example/, cdn.acme.com/media/." in said
    assert Bucket.objects.get().known_as == "a.example/\nb.example/\ncdn.acme.com/media/"
    with pytest.raises(CommandError, match=r"--known-as: The bucket “brand” is known as a\.example/ already"):
        run("add_bucket", "other", folder, "--known-as", "http://A.example")
    with pytest.raises(CommandError, match="--known-as: “photos” is no beginning of an address"):
        run("add_bucket", "other", folder, "--known-as", "photos")


@pytest.mark.parametrize("text", [*ODD_TEXTS, "/" + "x" * 300, "a/" * 3000, "~/pictures", "../up"])
def test_odd_arguments_are_refused_in_a_sentence(text, folder):
    for arguments in (("brand", text), (text, folder), ("other", folder, "--environment", text)):
        with suppress(CommandError):  # and nothing else
            run("add_bucket", *arguments)
    assert Bucket.objects.filter(name="brand").exists()


def test_a_prefix_that_is_hardly_meant_is_warned_of_as_in_the_form(db):
    said = run("add_bucket", "photos", "s3://acme-photos/a//b", "--environment", "staging")
    assert "holds //" in said
    assert "write “a/b/”" in said
    assert "slip" not in run("add_bucket", "others", "s3://acme-photos/a/b", "--environment", "staging")


def test_another_place_is_told_of_once(folder, tmp_path):
    with pytest.raises(CommandError, match=re.escape(f"in the environment “local”: {folder}. Change")):
        run("add_bucket", "brand", str(tmp_path))


def test_a_file_is_told_apart_from_a_folder_that_is_missing(folder, tmp_path):
    (tmp_path / "one.jpg").write_bytes(b"")
    with pytest.raises(CommandError, match=r"one\.jpg is a file: name the folder that it is in"):
        run("add_bucket", "other", str(tmp_path / "one.jpg"))
    with pytest.raises(CommandError, match="There is no folder"):
        run("add_bucket", "other", str(tmp_path / "two.jpg"))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"location": "s3://acme/x"}, "location", "choose the kind “S3 bucket”"),
        ({"location": "s3://acme/x", "environment": "staging"}, "location", "choose the kind “S3 bucket”"),
        ({"location": "https://x.example/y", "environment": "staging"}, "location", "choose the kind"),
        ({"location": "~/pictures", "environment": "staging"}, "location", "the full path"),
        ({"location": "~root", "environment": "staging"}, "location", "the full path"),
        ({"location": "a/../b", "environment": "staging"}, "location", "“..” is refused"),
        ({"location": "nul\0", "environment": "staging"}, "location", "control character"),
        ({"location": "samples/" + "x" * 300}, "location", "There is no folder"),
        ({"location": "samples/" + "ü" * 200}, "location", "There is no folder"),
        ({"environment": "Local"}, "environment", "is written “local”"),
        ({"environment": "LOCAL", "location": "/srv"}, "environment", "is written “local”"),
        ({"environment": "Staging", "location": "/srv"}, "environment", "is written “staging”"),
    ],
)
def test_a_place_that_cannot_be_meant_is_refused(fields, field, said, folder):
    bucket = Bucket.objects.get()
    BucketPlace.objects.create(bucket=bucket, environment="staging", kind="folder", location="/srv")
    other = Bucket.objects.create(name="other")
    place = BucketPlace(**{"bucket": other, "environment": "local", "kind": "folder", "location": folder, **fields})
    with pytest.raises(ValidationError) as error:
        place.full_clean()
    assert said in " ".join(error.value.message_dict[field])


def test_a_prefix_with_a_name_that_no_file_system_has_is_told_of_as_a_missing_folder(folder, admin):
    place = BucketPlace.objects.get()
    place.prefix = "x" * 300 + "/"
    place.full_clean()
    place.save()
    from tests.aliases.forms import page

    tested = admin.post(page("bucket_test", place.bucket.pk))
    assert tested.status_code == 200
    assert "There is no folder" in tested.content.decode()


def test_the_catalogue_is_told_to_be_written_only_where_it_is(folder, settings, tmp_path, db):
    settings.STORAGES = {
        **settings.STORAGES,
        "catalogue": {
            "BACKEND": "rendering.storage.factory.from_url",
            "OPTIONS": {"url": str(tmp_path / "elsewhere")},
        },
    }
    from aliases.publishing.sending import catalogue_in_words

    assert "is not written" in catalogue_in_words()
    assert "The catalogue is written, serial" in run("add_bucket", "brand", folder)  # which was there already
    assert b'"brand"' in serial()
    (tmp_path / "elsewhere" / "catalogue.json").unlink()
    assert "The catalogue is written, serial" in run("publish", "--all")
    assert b'"brand"' in serial()
    (tmp_path / "elsewhere" / "catalogue.json").write_text('{"serial": 1}')
    assert "has serial 1" in catalogue_in_words()
    run("publish", "--all")
    assert "is written" in catalogue_in_words()


@pytest.mark.parametrize(
    ("option", "value"),
    [("region", "eu-west-1"), ("endpoint-url", "http://minio:9000"), ("role-arn", "x"), ("environment", "a b")],
)
def test_a_refusal_names_the_option_that_it_is_about(option, value, folder):
    with pytest.raises(CommandError, match=rf"^--{option}: "):
        run("add_bucket", "photos", folder, f"--{option}={value}")
