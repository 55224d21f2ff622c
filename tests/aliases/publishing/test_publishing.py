"""Publishing, rolling back, enabling: what goes live, what the history says, what the outbox is left to tell."""

import pytest
from django.core.exceptions import ValidationError

from aliases.drafts.words import in_words
from aliases.models import Alias, Bucket, Outbox, Publication, Revision
from aliases.publishing.page_tokens import page_token
from aliases.publishing.publishing import differences, publish, publish_buckets, roll_back, set_enabled
from aliases.publishing.sending import write_catalogue
from rendering.catalogue.catalogue import READER
from rendering.storage.factory import configured
from tests.drawings import opened

pytestmark = pytest.mark.django_db


def tags() -> list[str]:
    """What the newest change has invalidated; it must have written the catalogue."""
    catalogue = Outbox.objects.filter(kind="catalogue").latest("pk")
    invalidate = Outbox.objects.filter(kind="invalidate", pk__gt=catalogue.pk).first()
    return invalidate.tags if invalidate else []


def changed(alias: Alias, **fields: object) -> Alias:
    Alias.objects.filter(pk=alias.pk).update(**fields)
    return Alias.objects.get(pk=alias.pk)


def test_a_published_draft_is_a_revision_in_the_history_and_in_the_outbox(alias, made):
    user = made("ann")
    outcome = publish(alias, user, "first avatars")
    alias.refresh_from_db()
    assert alias.live == Revision.objects.get(alias=alias, number=1)
    assert alias.live_bucket == alias.bucket
    publication = Publication.objects.get()
    assert (publication.action, publication.by, publication.why) == ("publish", user, "first avatars")
    assert str(alias) == "profile-image/ios"  # as lists, messages and the history name it
    assert outcome.sentence == "Revision 1 of “profile-image/ios” is live."
    first, second = Outbox.objects.order_by("pk")
    assert (first.kind, first.sends_left, first.publication) == ("catalogue", 1, publication)
    assert (second.kind, second.sends_left, second.tags) == ("invalidate", 2, ["alias:profile-image/ios"])


def test_the_picture_changes_with_a_publication_and_comes_from_storage_after_the_roll_back(alias, service, committed):
    def size() -> tuple[int, int]:
        READER.forget()
        return opened(service.get("/profile-image/ios/cat.jpg")).size

    with committed():
        publish(alias, None)
    assert size() == (90, 90)
    alias = changed(alias, width=120)
    assert size() == (90, 90)
    with committed():
        publish(alias, None)
    assert size() == (120, 90)
    before = service.kept()
    with committed():
        roll_back(alias, Revision.objects.get(number=1), None, "too wide")
    assert size() == (90, 90)
    assert service.kept() == before


def test_a_draft_that_is_live_already_makes_no_revision(alias):
    publish(alias, None)
    count = Outbox.objects.count()
    outcome = publish(changed(alias, label="Only a label", notes="…", sample="other.jpg"), None)
    assert outcome.publication is None
    assert "unchanged since revision 1" in outcome.sentence
    assert (Revision.objects.count(), Publication.objects.count(), Outbox.objects.count()) == (1, 1, count)


SHORT = {"max_age": 30, "shared_max_age": 300, "stale_while_revalidate": 30}
LONGER = {"max_age": 600, "shared_max_age": 600, "stale_while_revalidate": 600}


def test_longer_cache_ages_go_live_but_invalidate_nothing(alias):
    publish(changed(alias, **SHORT), None)
    outcome = publish(changed(alias, **LONGER), None)
    assert outcome.publication
    assert outcome.tags == ()
    assert tags() == []


@pytest.mark.parametrize("age", ["max_age", "shared_max_age", "stale_while_revalidate"])
def test_shorter_cache_ages_invalidate_the_answers_that_would_tell_the_longer_ones_for_long(alias, age):
    publish(changed(alias, **SHORT), None)
    publish(changed(alias, **{**LONGER, age: 1}), None)
    assert tags() == ["alias:profile-image/ios"]


@pytest.mark.parametrize(
    "fields", [{"width": 91}, {"dprs": "2"}, {"widths": "320"}, {"fallback": "cat.jpg"}, {"prefix": "x/"}]
)
def test_whatever_else_changes_invalidates_the_alias(alias, fields):
    publish(alias, None)
    publish(changed(alias, **fields), None)
    assert tags() == ["alias:profile-image/ios"]


def test_where_aliases_are_listed_each_change_invalidates_the_list(alias, settings):
    settings.LIST_ALIASES = True
    publish(alias, None)
    alias.width = 77
    alias.save()
    Outbox.objects.all().delete()
    publish(alias, None)
    assert Outbox.objects.get(kind=Outbox.Kind.INVALIDATE).tags == [f"alias:{alias}", "aliases"]


def test_a_draft_that_is_wrong_or_whose_bucket_is_nowhere_here_is_not_published(alias, settings):
    with pytest.raises(ValidationError, match="There is no filter named"):
        publish(changed(alias, filters="gone()"), None)
    alias = changed(alias, filters="")
    settings.ENVIRONMENT = "production"
    with pytest.raises(ValidationError, match=r"no place in the environment “production”.*manage.py add_bucket photos"):
        publish(alias, None)
    assert not Publication.objects.exists()
    assert not Outbox.objects.exists()


def test_a_draft_that_changed_while_the_publisher_looked_at_it_is_not_published(alias):
    seen = page_token(alias, alias.content())
    with pytest.raises(ValidationError, match="changed while you looked"):
        publish(changed(alias, width=91), None, seen=seen)
    assert publish(changed(alias, width=90), None, seen=seen).publication


def test_a_roll_back_leaves_the_draft_and_says_when_there_is_nothing_to_do(alias):
    publish(alias, None)
    publish(changed(alias, width=91), None)
    first = Revision.objects.get(number=1)
    roll_back(alias, first, None)
    alias.refresh_from_db()
    assert (alias.live.number, alias.width) == (1, 91)
    assert alias.differs()
    assert roll_back(alias, first, None).publication is None
    publish(alias, None)
    assert [revision.number for revision in Revision.objects.order_by("number")] == [1, 2, 3]


def test_a_roll_back_to_a_bucket_that_is_gone_or_a_revision_of_another_alias_is_refused(alias, bucket):
    publish(alias, None)
    first = Revision.objects.get()
    other = Bucket.objects.create(name="other")
    other.places.create(environment="local", kind="folder", location="samples")
    publish(changed(alias, bucket=other), None)
    bucket.delete()
    with pytest.raises(ValidationError, match="reads the bucket “photos”, which is gone"):
        roll_back(alias, first, None)
    stranger = Alias.objects.create(name="b", bucket=other)
    with pytest.raises(ValidationError, match="is not one of “b”"):
        roll_back(stranger, first, None)


def test_disabling_takes_the_alias_out_of_the_catalogue_and_enabling_brings_it_back(alias, service, committed):
    with committed():
        publish(alias, None)
    assert service.get("/profile-image/ios/cat.jpg").status_code == 200
    with committed():
        outcome = set_enabled(alias, False, None, "wrong pictures")
    assert outcome.sentence == "“profile-image/ios” was disabled."
    assert tags() == ["alias:profile-image/ios"]
    assert service.get("/profile-image/ios/cat.jpg").status_code == 404
    assert set_enabled(alias, False, None).publication is None
    with committed():
        set_enabled(alias, True, None)
    assert service.get("/profile-image/ios/cat.jpg").status_code == 200
    live = Revision.objects.get()
    assert [(one.action, one.before, one.revision, one.why) for one in Publication.objects.order_by("pk")] == [
        ("publish", None, live, ""),
        ("disable", live, live, "wrong pictures"),
        ("enable", live, live, ""),
    ]


def test_publishing_a_disabled_alias_keeps_it_disabled_and_says_so(alias):
    set_enabled(alias, False, None)
    assert "once the alias is enabled" in publish(alias, None).sentence
    assert tags() == []


def test_what_begins_or_ceases_to_answer_invalidates_the_live_aliases_that_it_shadows(alias, bucket):
    parent = Alias.objects.create(name="profile-image", bucket=bucket)
    Alias.objects.create(name="profile", bucket=bucket)
    publish(parent, None)
    assert tags() == ["alias:profile-image"]
    publish(alias, None)
    assert tags() == ["alias:profile-image/ios", "alias:profile-image"]
    publish(changed(alias, width=91), None)
    assert tags() == ["alias:profile-image/ios"]
    set_enabled(alias, False, None)
    assert tags() == ["alias:profile-image/ios", "alias:profile-image"]
    set_enabled(parent, False, None)
    set_enabled(alias, True, None)
    assert tags() == ["alias:profile-image/ios"]


def test_a_changed_bucket_invalidates_itself_and_those_that_lay_its_pictures_over_theirs(bucket):
    other = Bucket.objects.create(name="other")
    other.overlays_from.add(bucket)
    publish_buckets([bucket], "moved")
    assert tags() == ["bucket:other", "bucket:photos"]


def test_differences_are_told_in_words(alias):
    old = alias.content()
    alias.width, alias.height, alias.jpeg_quality, alias.format = 120, None, 70, "jpeg"
    alias.crop, alias.filters, alias.max_age = "smart", "grayscale()", 10
    assert differences(old, alias.content()) == [
        "width: 90 → 120",
        "height: 90 → open",
        "crop rule: cut around the centre → cut around faces",
        "format: PNG → JPEG",
        "JPEG quality: default → 70",
        "filters: added grayscale()",
        "kept by browsers: 60 s → 10 s",
    ]
    assert differences(old, old) == []
    assert differences(None, old) == ["bucket: photos", "width: 90", "height: 90", "format: PNG"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("grayscale():blur(3)", "blur(3)", ["filters: removed grayscale()"]),
        ("grayscale():blur(3)", "blur(3):grayscale()", ["filters: now in the order blur("]),
        ("brightness(10)", "brightness(20)", ["filters: brightness(10) → brightness(20)"]),
        ("brightness(10)", "contrast(5):brightness(10):grayscale()", ["contrast(5)", "grayscale()"]),
    ],
)
def test_differences_of_filters_are_told_one_by_one(alias, old, new, told):
    alias.filters = old
    before = alias.content()
    alias.filters = new
    found = differences(before, alias.content())
    assert len(found) == len(told)
    for sentence, expected in zip(found, told, strict=True):
        assert expected in sentence


def test_a_recipe_is_told_in_words(alias):
    assert in_words(alias.content()) == "cut to 90 × 90 around the centre; PNG"
    alias.height, alias.format, alias.webp_quality, alias.dprs, alias.filters = None, "auto", 70, "2, 3", "grayscale()"
    assert (
        in_words(alias.content())
        == "90 wide, height follows; best format for the browser; WebP quality 70; grayscale(); also @2x, @3x"
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"crop": "smart"}, "cut to 90 × 90 around faces"),
        ({"crop": "top-left"}, "cut to 90 × 90 at the top left"),
        (
            {"crop": "focal", "focal_box": "0.1x0.1:0.5x0.5"},
            "cut to 90 × 90 around the focal box 0.1x0.1:0.5x0.5",
        ),
        ({"fit": "contain"}, "whole inside 90 × 90"),
        ({"fit": "adaptive-outside"}, "covering 90 × 90, turned where the picture is, nothing cut off"),
        ({"fit": "stretch"}, "stretched to 90 × 90"),
        ({"height": None}, "90 wide, height follows"),
        ({"width": None, "height": None}, "the original's size"),
    ],
)
def test_a_size_is_told_by_what_becomes_of_the_picture(alias, fields, told):
    for name, value in fields.items():
        setattr(alias, name, value)
    assert in_words(alias.content()) == f"{told}; PNG"


def test_a_draft_with_a_filter_that_is_gone_is_told_to_differ_instead_of_failing(alias):
    publish(alias, None)
    assert changed(alias, filters="gone()").differs()


def test_the_catalogue_says_what_is_live(alias, committed):
    import json

    with committed():
        publish(alias, None)
    changed(alias, width=500)
    stored = configured("catalogue").read("catalogue.json")
    assert stored
    document = json.loads(stored.content)
    assert list(document["aliases"]) == ["profile-image/ios"]
    assert document["aliases"]["profile-image/ios"]["revision"] == 1
    assert document["aliases"]["profile-image/ios"]["recipe"]["geometry"]["width"] == 90
    assert document["buckets"]["photos"]["place"]["kind"] == "folder"


@pytest.mark.parametrize("distribution", ["E1", ""])
def test_the_catalogue_says_whether_a_cdn_is_told_what_to_forget(alias, committed, settings, distribution):
    settings.CLOUDFRONT_DISTRIBUTION_ID = distribution
    write_catalogue()
    assert READER.current().purged is bool(distribution)
