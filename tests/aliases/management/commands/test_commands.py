"""The commands: each step a line, each error a sentence."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from aliases.models import Alias, Bucket, Outbox, Publication
from aliases.publishing.publishing import publish
from rendering.storage.errors import Away
from tests.aliases.examples import RIGHT_PLACES
from tests.aliases.forms import page
from tests.aliases.management.commands.running import run
from tests.drawings import drawn

pytestmark = pytest.mark.django_db


def test_the_first_user_is_made_once_and_the_password_is_not_told(db, settings):
    settings.ADMIN_PASSWORD = "correct horse battery"
    assert settings.ADMIN_PASSWORD not in run("first_user")
    assert User.objects.get().check_password("correct horse battery")
    settings.ADMIN_PASSWORD = "another one entirely"
    assert "already" in run("first_user")
    assert User.objects.get().check_password("correct horse battery")


@pytest.mark.parametrize("password", ["", "short"])
def test_no_first_user_without_a_good_password(db, settings, password):
    settings.ADMIN_PASSWORD = password
    with pytest.raises(CommandError, match="ADMIN_PASSWORD"):
        run("first_user")
    assert not User.objects.exists()


def test_publish_publishes_those_named_with_the_reason(alias):
    assert "Revision 1 of “profile-image/ios” is live." in run("publish", "profile-image/ios", "-m", "first")
    assert Publication.objects.get().why == "first"


def test_publish_all_publishes_what_differs(alias, bucket):
    publish(alias, None)
    Alias.objects.create(name="b", bucket=bucket)
    output = run("publish", "--all")
    assert "“b”" in output
    assert "ios" not in output
    assert "Every draft is as what is live of it, so nothing was published." in run("publish", "--all")


def test_publish_refuses_unknown_names_nothing_and_both_and_publishes_all_or_none(alias, bucket):
    with pytest.raises(CommandError, match=r"no alias named nothing. The aliases are: profile-image/ios"):
        run("publish", "nothing")
    for arguments in ((), ("profile-image/ios", "--all")):
        with pytest.raises(CommandError, match=r"^Name the aliases to publish, or say --all for .*; one of the two\.$"):
            run("publish", *arguments)
    Alias.objects.create(name="wrong", bucket=bucket, filters="gone()")
    with pytest.raises(CommandError, match=r"wrong: .*no filter named gone.*Nothing was published"):
        run("publish", "profile-image/ios", "wrong")
    assert not Publication.objects.exists()


def test_write_catalogue_and_send_outbox_tell_what_they_did(alias, monkeypatch):
    publish(alias, None)
    assert "Sent: 2." in run("send_outbox")
    assert "Left: invalidate tags: alias:profile-image/ios, due in" in run("send_outbox")
    Outbox.objects.filter(kind="catalogue").update(sent_at=timezone.now() - timedelta(days=91))
    run("send_outbox")
    assert not Outbox.objects.filter(kind="catalogue").exists()
    assert run("write_catalogue") == "Catalogue written, serial 2.\n"

    def fail(*args: Any, **kwargs: Any) -> None:
        raise Away("the disk is full")

    monkeypatch.setattr(type(storages["catalogue"]), "write", fail)
    with pytest.raises(CommandError, match=r"could not be written \(the disk is full\)"):
        run("write_catalogue")


def test_add_bucket_makes_a_bucket_of_a_folder_and_a_second_time_changes_nothing(db, service):
    service.put("a.jpg")
    output = run("add_bucket", "photos", service.originals.as_uri(), "--immutable", "--allow-unsafe")
    assert f"The bucket “photos” reads local: {service.originals}." in output
    assert "can be read" in output
    bucket = Bucket.objects.get()
    assert (bucket.immutable, bucket.unsafe_allowed) == (True, True)
    assert Outbox.objects.filter(kind="catalogue").count() == 1
    assert "already exists" in run("add_bucket", "photos", str(service.originals))
    assert Outbox.objects.filter(kind="catalogue").count() == 1


@pytest.mark.parametrize("fields", RIGHT_PLACES, ids=str)
def test_add_bucket_takes_what_the_form_takes(db, fields):
    options = [
        part for name, value in fields.items() if name != "location" for part in ("--" + name.replace("_", "-"), value)
    ]
    run("add_bucket", "photos", f"s3://{fields['location']}/50%25 off/hash#1/q?1", "--environment", "staging", *options)
    place = Bucket.objects.get().places.get()
    assert {name: getattr(place, name) for name in fields} == fields
    assert place.prefix == "50%25 off/hash#1/q?1/"


def test_add_bucket_gives_a_bucket_its_place_in_another_environment(bucket):
    run(
        *("add_bucket", "photos", "s3://acme-photos/originals", "--environment", "production", "--region", "eu-west-1"),
        *("--role-arn", "arn:aws:iam::123456789012:role/reader", "--external-id", "word", "--requester-pays"),
    )
    place = Bucket.objects.get().place_in("production")
    assert place
    assert (place.kind, place.location, place.prefix, place.region) == ("s3", "acme-photos", "originals/", "eu-west-1")
    assert place.role_arn.endswith("reader")
    assert place.external_id == "word"
    assert place.requester_pays
    assert place.frozen().requester_pays


@pytest.mark.parametrize(
    ("name", "url", "sentence"),
    [
        ("Photos", "samples", "lower-case"),
        ("new", "samples/nowhere", "samples/nowhere on this machine"),
        ("new", "http://example.com/", "is not a place for pictures"),
        ("new", "s3://ab", "3 to 63"),
        ("photos", "samples", "has another place in the environment “local”"),
    ],
)
def test_add_bucket_says_what_is_wrong_and_makes_nothing(bucket, name, url, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("add_bucket", name, url)
    assert Bucket.objects.count() == 1
    assert bucket.places.count() == 1


def test_publish_measures_what_a_visual_quality_takes_before_anything_is_published(wall, alias):
    output = run("publish", "--all")
    assert "wall: 0 of 2 pictures looked at" in output
    assert "wall: 1 of 2 pictures looked at" in output
    wall = Alias.objects.get(pk=wall.pk)
    assert f"wall: {wall.measured()}" in output
    assert "Revision 1 of “wall” is live." in output
    assert "looked at" not in run("publish", "wall")
    again = run("publish", "wall", "--measure")
    assert f"wall: {wall.measured()}" in again
    assert "“wall” is unchanged since revision 1" in again


def test_nothing_is_published_when_one_visual_quality_cannot_be_measured(wall, alias, service):
    service.put("people/ann.jpg", b"text")
    with pytest.raises(CommandError, match=r"“wall” cannot be measured\. The file is text.*Nothing was published"):
        run("publish", "--all")
    assert not Publication.objects.exists()


def test_demo_sets_everything_up_once_and_a_second_time_changes_nothing(db, client, committed):
    with committed():
        first = run("demo")
    assert first.count("password") == 1
    assert User.objects.get().is_superuser
    second = run("demo")
    assert "changepassword admin" in second
    assert "password " not in second.replace("For a forgotten password:", "").replace("changepassword admin", "")
    assert Publication.objects.count() == Alias.objects.count() == first.count("is live.") > 0
    for alias in Alias.objects.all():
        response = client.get(alias.sample_path())
        assert response.status_code == 200, (alias, response.content)
    assert client.get("/").content.decode().count('class="example"') == Alias.objects.count()


def test_demo_takes_one_alias_from_a_copy_of_the_originals_and_opens_nothing_to_unsigned_urls(
    db, client, committed, tmp_path
):
    (tmp_path / "space").mkdir()
    (tmp_path / "space/hubble.jpg").write_bytes(drawn())
    with committed():
        assert "“samples” reads" in run("demo", "hero", "--originals", str(tmp_path))
    assert [alias.name for alias in Alias.objects.all()] == ["hero"]
    assert [(bucket.name, bucket.unsafe_allowed) for bucket in Bucket.objects.all()] == [("samples", False)]
    assert client.get("/hero/space/hubble.jpg").status_code == 200


def test_demo_knows_no_other_aliases(db):
    with pytest.raises(CommandError, match="There is no sample alias heroes; they are profile-image/ios, hero, "):
        run("demo", "heroes")


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"fit": "orbit"}, "fit: “orbit” is none of the choices: "),
        ({"crop": "orbit"}, "crop: “orbit” is none of the choices: "),
        ({"format": "jxl"}, "format: “jxl” is none of the choices: "),
        ({"format": ""}, "format: This field cannot be blank."),
        ({"width": 0}, "width: This service makes pictures from 1"),
    ],
)
def test_a_draft_that_cannot_be_published_is_told_with_the_field_that_is_wrong(stored, said, alias, admin):
    Alias.objects.filter(pk=alias.pk).update(**stored)
    with pytest.raises(CommandError) as refused:
        call_command("publish", "--all")
    assert str(refused.value).startswith(f"{alias}: {said}")
    assert said in unescape(admin.post(page("alias_publish", alias.pk), {"why": ""}).content.decode())
