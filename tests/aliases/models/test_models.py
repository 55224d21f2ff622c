"""Aliases and buckets refuse what cannot work, in sentences that teach."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from aliases.drafts import content
from aliases.models import Alias, Bucket, BucketPlace, Revision
from aliases.publishing.publishing import publish
from rendering.catalogue.alias import read_alias
from rendering.imaging import documents
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Box, Fit, Halign, Valign
from tests.aliases.examples import RIGHT_PLACES, WRONG_ALIASES, WRONG_PLACES

pytestmark = pytest.mark.django_db


def test_the_migrations_make_what_the_models_say():
    call_command("makemigrations", "aliases", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize(("fields", "field", "sentence"), WRONG_ALIASES)
def test_an_alias_that_cannot_work_is_refused_with_a_sentence(bucket, fields, field, sentence):
    alias = Alias(**{"name": "fine", "bucket": bucket, "width": 90, "height": 90, **fields})
    with pytest.raises(ValidationError) as caught:
        alias.full_clean()
    assert sentence in " ".join(caught.value.message_dict[field])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"width": None},
        {"width": None, "height": None},
        {"fit": "contain", "crop": "smart"},
        {"fit": "adaptive-outside"},
        {"crop": "focal", "focal_box": "120x40:380x300"},
        {"format": "auto", "jpeg_quality": 70, "webp_quality": 70, "avif_quality": 50},
        {"format": "png", "filters": "format(webp):max_bytes(1000)", "ssim": 0.95, "sample": "a"},
        {"ssim": 0.8, "sample": "a"},
        {"filters": "brightness(10):grayscale()", "background": "white", "dprs": "@2x 3", "fallback": "a/b c.png"},
    ],
)
def test_an_alias_that_works_is_taken_and_its_revision_reads_back_as_its_draft(bucket, fields):
    alias = Alias(**{"name": "fine", "bucket": bucket, "width": 90, "height": 90, **fields})
    alias.full_clean()
    thawed = content.thawed(alias.content())
    twin = Alias(**{"name": "fine", "sample": alias.sample, **thawed, "bucket": bucket})
    twin.full_clean()
    assert twin.content() == alias.content()
    assert read_alias("fine", {"revision": 7, **alias.content()}) == alias.frozen(7)


@pytest.mark.parametrize(
    ("crop", "halign", "valign"),
    [
        ("top-left", Halign.LEFT, Valign.TOP),
        ("top", Halign.CENTER, Valign.TOP),
        ("top-right", Halign.RIGHT, Valign.TOP),
        ("left", Halign.LEFT, Valign.MIDDLE),
        ("center", Halign.CENTER, Valign.MIDDLE),
        ("right", Halign.RIGHT, Valign.MIDDLE),
        ("bottom-left", Halign.LEFT, Valign.BOTTOM),
        ("bottom", Halign.CENTER, Valign.BOTTOM),
        ("bottom-right", Halign.RIGHT, Valign.BOTTOM),
    ],
)
def test_the_nine_alignments_say_what_they_say_and_read_back(bucket, crop, halign, valign):
    alias = Alias(name="a", bucket=bucket, width=10, height=10, crop=crop)
    frame = alias.frozen(1).recipe.geometry
    assert (frame.halign, frame.valign, frame.smart, frame.focal) == (halign, valign, None, ())
    assert content.thawed(alias.content())["crop"] == crop


def test_the_other_crop_rules_and_the_adaptive_fits_reach_the_recipe(bucket):
    smart = Alias(name="a", bucket=bucket, width=10, height=10, crop="smart").frozen(1).recipe.geometry
    paid = Alias(name="a", bucket=bucket, width=10, height=10, crop="rekognition").frozen(1).recipe.geometry
    focal = (
        Alias(name="a", bucket=bucket, width=10, height=10, crop="focal", focal_box="1x2:3x4").frozen(1).recipe.geometry
    )
    whole = (
        Alias(name="a", bucket=bucket, width=10, height=10, fit="adaptive-contain", crop="smart")
        .frozen(1)
        .recipe.geometry
    )
    assert smart.smart == Smart()
    assert paid.smart == Smart("rekognition")
    assert focal.focal == (Box(1, 2, 3, 4),)
    assert (whole.fit, whole.adaptive, whole.smart) == (Fit.CONTAIN, True, None)


@pytest.mark.parametrize("crop", ["smart", "rekognition"])
def test_smart_crop_rules_read_back(bucket, crop):
    alias = Alias(name="a", bucket=bucket, width=10, height=10, crop=crop)
    assert content.thawed(alias.content())["crop"] == crop


def test_a_smart_crop_of_an_earlier_revision_is_still_read(bucket):
    old = Alias(name="a", bucket=bucket, width=10, height=10, crop="smart").content()
    old["recipe"]["geometry"]["smart"] = True
    assert content.thawed(old)["crop"] == "smart"
    assert read_alias("a", {"revision": 1, **old}).recipe.geometry.smart == Smart()


def test_an_overlay_comes_from_the_bucket_itself_or_from_one_that_it_lists(bucket):
    alias = Alias(name="a", bucket=bucket, filters="watermark(photos/logo.png,0,0,0):watermark(brand/logo.png,0,0,0)")
    bucket.overlays_from.add(Bucket.objects.create(name="brand"))
    alias.full_clean()


def test_a_published_name_stays(alias):
    alias.name = "other"
    alias.full_clean()
    alias.name = "profile-image/ios"
    publish(alias, None)
    alias.name = "other"
    with pytest.raises(ValidationError, match="Duplicate the alias"):
        alias.full_clean()


def test_saving_a_draft_does_not_undo_what_was_published_meanwhile(alias):
    stale = Alias.objects.get(pk=alias.pk)
    publish(alias, None)
    stale.label = "new label"
    stale.save()
    stale.refresh_from_db()
    assert stale.label == "new label"
    assert stale.live is not None


def test_a_revision_never_changes_and_goes_only_with_its_alias(alias):
    publish(alias, None)
    revision = Revision.objects.get()
    with pytest.raises(TypeError, match="never changes"):
        revision.save()
    with pytest.raises(TypeError, match="goes only with its alias"):
        revision.delete()
    alias.refresh_from_db()
    alias.delete()
    assert not Revision.objects.exists()


def test_a_bucket_of_a_live_revision_cannot_be_deleted_even_when_the_draft_reads_another(alias, bucket):
    publish(alias, None)
    alias.refresh_from_db()
    alias.bucket = Bucket.objects.create(name="other")
    alias.save()
    with pytest.raises(ProtectedError):
        bucket.delete()
    # Not even by who goes past Django: the database refuses.
    bucket.places.all().delete()
    with transaction.atomic():
        Bucket.objects.filter(pk=bucket.pk)._raw_delete("default")
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "blank"),
        ("Photos", "lower-case"),
        ("smart", "word of the URL grammar"),
        ("300x200", "word of the URL grammar"),
    ],
)
def test_a_bucket_with_a_wrong_name_is_refused(name, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Bucket(name=name).full_clean()


def test_a_bucket_keeps_its_name(bucket):
    bucket.name = "pictures"
    with pytest.raises(ValidationError, match="URLs and revisions say “photos”"):
        bucket.full_clean()


@pytest.mark.parametrize(("fields", "field", "sentence"), WRONG_PLACES)
def test_a_place_that_cannot_be_is_refused_with_a_sentence(bucket, settings, fields, field, sentence):
    settings.ENVIRONMENT = "staging"
    place = BucketPlace(bucket=bucket, **{"environment": "staging", "kind": "folder", **fields})
    with pytest.raises(ValidationError) as caught:
        place.full_clean()
    assert sentence in " ".join(caught.value.message_dict[field])


@pytest.mark.parametrize("fields", RIGHT_PLACES, ids=str)
def test_a_place_of_s3_that_is_not_awss_and_an_old_name_are_taken(bucket, fields):
    place = BucketPlace(bucket=bucket, environment="staging", kind="s3", **fields)
    place.full_clean()
    place.save()
    assert BucketPlace.objects.get(pk=place.pk).frozen() == place.frozen()


def test_a_place_in_a_folder_of_the_project_and_one_in_s3_are_taken_as_the_data_plane_reads_them(bucket):
    folder = BucketPlace(bucket=bucket, environment="staging", kind="folder", location="samples")
    s3 = BucketPlace(
        bucket=bucket,
        environment="production",
        kind="s3",
        location="acme-photos",
        prefix="originals/",
        region="eu-central-1",
        role_arn="arn:aws:iam::123456789012:role/readers/image-reader",
        external_id="word",
    )
    for place in (folder, s3):
        place.full_clean()
        place.save()
    bucket = Bucket.objects.get(pk=bucket.pk)
    assert bucket.frozen("production").place == s3.frozen()
    assert documents.to_builtins(bucket.frozen("production"))["place"]["role_arn"] == s3.role_arn
    assert bucket.frozen("elsewhere").place is None


def test_every_field_that_staff_edit_has_a_help_text():
    for model in (Alias, Bucket, BucketPlace):
        edited = [
            field for field in model._meta.fields if field.editable and field.name not in ("id", "bucket", "kind")
        ]
        assert len(edited) > 3
        for field in edited:
            assert field.help_text, f"{model.__name__}.{field.name}"


def test_the_only_place_of_an_environment_may_be_spelled_anew_and_others_are_as_the_first(bucket):
    place = BucketPlace.objects.create(bucket=bucket, environment="Staging", kind="folder", location="/srv")
    place.environment = "staging"
    place.full_clean()
    other = BucketPlace(bucket=Bucket.objects.create(name="other"), environment="staging", location="/srv")
    with pytest.raises(ValidationError, match="The environment is written “Staging”"):
        other.full_clean()


def test_a_place_is_of_the_environment_that_it_is_added_in(settings, bucket):
    settings.ENVIRONMENT = "staging"
    assert BucketPlace(bucket=bucket).environment == "staging"
