"""Verdicts over the whole sample set: of what is live and of drafts, from real pictures; stored, and shown where
somebody looks for them."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from aliases.models import Alias, AuditEntry, BucketPlace, DraftHealth, Health, Sample
from aliases.pictures import checking, contact_sheet, health, preview, verdicts
from aliases.pictures.health import State, known
from aliases.publishing.publishing import publish
from tests.aliases.forms import form_of, page, text_of
from tests.drawings import drawn
from tests.values import KEYS

pytestmark = pytest.mark.django_db


@pytest.fixture
def hero(bucket, service) -> Alias:
    """A live alias with a sample that fits its budget; of the bucket's others one is too heavy, and one small."""
    noise = BytesIO()
    Image.effect_noise((900, 600), 120).save(noise, "JPEG")
    service.put("heavy/one.jpg", noise.getvalue())
    service.put("small.jpg", drawn(100, 60))
    for key in ("heavy/one.jpg", "small.jpg"):
        Sample.objects.create(bucket=bucket, key=key)
    made = Alias.objects.create(
        name="hero", bucket=bucket, width=300, format="jpeg", jpeg_quality=95, sample="cat.jpg", most_kilobytes=30
    )
    publish(made, None)
    return made


def checked(name: str = "hero") -> health.Known:
    checking.check(health.served().get(name=name))
    return known(health.served().get(name=name))


def test_a_check_knows_the_worst_of_each_rule_with_its_sample_and_figure(hero):
    found = checked()
    assert found.state is State.BREAKS_RULES
    assert [(one.rule, one.badge, one.level, one.key, one.count) for one in found.worst] == [
        ("bytes", "Over its budget", "warn", "heavy/one.jpg", 1),
        ("enlarging", "Enlarged 3.0×", "warn", "small.jpg", 1),
    ]
    assert float(found.worst[0].figure.removesuffix("\N{NO-BREAK SPACE}kB")) > 30
    assert (found.samples, found.left_out, found.looked_at is not None) == (3, 0, True)
    assert 0 < (found.median or 0) < 30_000


def test_warnings_alone_need_no_attention(hero):
    Alias.objects.filter(pk=hero.pk).update(most_kilobytes=None)
    found = checked()
    assert (found.state, found.needs_attention) == (State.WARNED, False)
    Alias.objects.filter(pk=hero.pk).update(enlarging_rule="must")
    assert known(health.served().get(name="hero")).state is State.UNKNOWN
    assert checked().state is State.BREAKS_RULES
    Alias.objects.filter(pk=hero.pk).update(enlarging_rule="off")
    assert checked().state is State.WELL


@pytest.mark.parametrize("key", KEYS)
def test_the_key_of_the_worst_sample_may_be_any(bucket, service, key):
    service.put(key, drawn(60, 40))
    Sample.objects.create(bucket=bucket, key=key)
    publish(Alias.objects.create(name="hero", bucket=bucket, width=300, sample="cat.jpg"), None)
    assert [one.key for one in checked().worst] == [key]


def test_a_sample_set_is_judged_of_an_alias_that_names_no_sample(hero):
    Alias.objects.filter(pk=hero.pk).update(sample="")
    assert known(health.served().get(name="hero")).state is State.NO_SAMPLE
    assert checked().samples == 2
    Sample.objects.all().delete()
    assert checked().state is State.NO_SAMPLE


def test_an_original_of_the_set_that_cannot_be_read_is_a_warning(hero, service):
    service.put("small.jpg", b"no picture")
    found = checked()
    assert [(one.rule, one.badge, one.level) for one in found.worst if one.rule == "readable"] == [
        ("readable", "Cannot be rendered", "warn")
    ]
    (service.originals / "small.jpg").unlink()
    assert [one.badge for one in checked().worst if one.rule == "readable"] == ["Sample missing"]


def test_what_has_not_changed_is_not_rendered_again_and_what_has_is(hero, service, monkeypatch):
    checked()
    looks: list[str] = []
    reviewed = contact_sheet.reviewed

    def counting(of: Any, sample: str, accept: Any) -> Any:
        looks.append(sample)
        return reviewed(of, sample, accept)

    monkeypatch.setattr(contact_sheet, "reviewed", counting)
    before: Any = Health.objects.get().judged_at
    assert checked().state is State.BREAKS_RULES
    assert looks == []
    after: Any = Health.objects.get().judged_at
    assert after > before
    service.put("heavy/one.jpg", drawn(300, 200))
    assert [one.rule for one in checked().worst] == ["enlarging"]
    assert looks == ["heavy/one.jpg"]  # the others are remembered


def test_samples_for_which_there_is_no_time_are_left_out_and_looked_at_later(hero):
    checking.check(health.served().get(), -1)
    found = known(health.served().get())
    assert (found.state, found.samples, found.left_out) == (State.UNKNOWN, 0, 3)
    Health.objects.update(judged_at=timezone.now() - timedelta(minutes=11))
    assert checking.check_some(20, again_after=timedelta(hours=1))
    assert known(health.served().get()).left_out == 0


def test_a_set_that_has_grown_is_looked_at_again_at_the_next_turn(hero, bucket, service):
    hour = timedelta(hours=1)
    checking.check_some(20, again_after=hour)
    Alias.objects.create(name="waits", bucket=bucket, width=50, sample="cat.jpg")
    checking.check_drafts(20, again_after=hour)
    assert (checking.check_some(20, again_after=hour), checking.check_drafts(20, again_after=hour)) == ([], [])
    service.put("another.jpg", drawn(30, 20))
    Sample.objects.create(bucket=bucket, key="another.jpg")
    assert [alias.name for alias in checking.check_some(20, again_after=hour)] == ["hero"]
    assert [alias.name for alias in checking.check_drafts(20, again_after=hour)] == ["waits"]
    assert known(health.served().get()).samples == 4


def test_of_a_bucket_that_does_not_answer_one_sample_alone_is_asked_for(hero, bucket, monkeypatch):
    bucket.places.update(location="/nowhere")
    asked: list[str] = []
    want = contact_sheet.want

    def counting(of: Any, sample: str, accept: Any) -> Any:
        asked.append(sample)
        return want(of, sample, accept)

    monkeypatch.setattr(contact_sheet, "want", counting)
    found = checked()
    assert (found.state, found.cause) == (State.BROKEN, "bucket unreachable")
    assert asked == ["cat.jpg"]


def test_what_is_live_is_judged_and_not_the_draft(hero):
    Alias.objects.filter(pk=hero.pk).update(width=50, jpeg_quality=20)
    assert [one.rule for one in checked().worst] == ["bytes", "enlarging"]
    of_draft = verdicts.of(Alias.objects.get())
    assert of_draft
    assert of_draft.worst == ()


def test_publishing_in_the_admin_stores_what_is_found(admin, hero):
    Alias.objects.filter(pk=hero.pk).update(width=310)
    assert admin.post(page("alias_publish", hero.pk), {}).status_code == 302
    assert [one.rule for one in known(health.served().get()).worst] == ["bytes", "enlarging"]


def test_the_list_shows_the_finding_with_its_sample_and_filters_by_it(admin, hero, alias):
    publish(alias, None)
    checking.check_some(20)
    said = text_of(admin.get(page("alias_changelist")))
    assert re.search(r"Over its budget heavy/one\.jpg, [0-9.]+ kB, and 1 more finding ", said)
    assert "Needs attention 1" in said
    for query, names in (
        ({"health": "attention"}, ["hero"]),
        ({"health": "breaks_rules"}, ["hero"]),
        ({"finding": "enlarging"}, ["hero"]),
        ({"finding": "bytes"}, ["hero"]),
        ({"finding": "faces"}, []),
    ):
        found = admin.get(page("alias_changelist"), query).context["cl"]
        assert [row.alias.name for row in found.rows] == names, query


def test_the_page_of_an_alias_shows_what_is_the_matter_and_the_next_step(admin, hero, service):
    checked()
    said = text_of(admin.get(page("alias_change", hero.pk)))
    assert "heavy/one.jpg: The file has " in said
    assert "See the samples" in said
    assert "What is live was checked just now." in said
    (service.originals / "cat.jpg").unlink()
    checked()
    said = text_of(admin.get(page("alias_change", hero.pk)))
    assert "Its sample cat.jpg is not in the bucket." in said
    assert "Choose another" in said


def test_a_draft_that_waits_is_checked_and_what_is_found_holds_until_it_is_saved_otherwise(admin, hero):
    Alias.objects.filter(pk=hero.pk).update(width=120, transparency_rule="off")
    assert "samples not checked yet" in text_of(admin.get("/admin/"))
    assert [alias.name for alias in checking.check_drafts(20, again_after=timedelta(hours=1))] == ["hero"]
    assert checking.check_drafts(20, again_after=timedelta(hours=1)) == []
    said = text_of(admin.get("/admin/"))
    assert "Enlarged 1.2×" not in said  # that is no warning
    assert "checked just now" in said
    Alias.objects.filter(pk=hero.pk).update(width=200)
    assert "samples not checked yet" in text_of(admin.get("/admin/"))
    checking.check_drafts(20, again_after=timedelta(hours=1))
    assert "Enlarged 2.0×: small.jpg." in text_of(admin.get("/admin/"))
    assert DraftHealth.objects.count() == 1


def test_a_draft_whose_visual_quality_is_not_measured_is_not_checked(wall):
    assert checking.check_drafts(20, again_after=timedelta(hours=1)) == []
    assert not DraftHealth.objects.exists()


def test_whoever_rolls_back_or_enables_against_a_rule_gives_a_reason_that_the_history_keeps(admin, hero):
    Alias.objects.filter(pk=hero.pk).update(width=90)
    publish(Alias.objects.get(), None)
    Alias.objects.filter(pk=hero.pk).update(bytes_rule="must")
    back = page("alias_roll_back", hero.pk, 1)
    shown = admin.get(back).content.decode()
    assert 'data-rule="bytes"' in shown
    assert f'data-draft-url="{page("alias_picture", hero.pk, "1")}"' in shown
    refused = text_of(admin.post(back, {"why": "too small"}))
    assert "“At most 30 kB” is broken by heavy/one.jpg (over its budget)." in refused
    assert "Say why it should go live all the same" in text_of(admin.post(back, {"anyway": "on"}))
    assert admin.post(back, {"anyway": "on", "why": "too small"}).status_code == 302
    admin.post(page("alias_disable", hero.pk), {})
    enable = page("alias_enable", hero.pk)
    assert 'data-rule="bytes"' in admin.get(enable).content.decode()
    assert "is broken by heavy/one.jpg" in text_of(admin.post(enable, {"why": "sale"}))
    assert admin.post(enable, {"anyway": "on", "why": "sale"}).status_code == 302
    history = text_of(admin.get(page("alias_history", hero.pk)))
    assert history.count("“At most 30 kB” is broken by heavy/one.jpg (over its budget).") == 2
    for action in ("alias rolled back", "alias enabled"):
        after: Any = AuditEntry.objects.get(action=action).after
        assert after["against"] == ["“At most 30 kB” is broken by heavy/one.jpg (over its budget)."]


def test_a_revision_is_shown_with_what_is_found_in_it(admin, hero):
    response = admin.get(page("alias_picture", hero.pk, "1"), {"key": "small.jpg", "browser": "avif"})
    assert "Enlarged 3.0×" in response["X-Review"].encode().decode("unicode_escape")


def test_what_cannot_be_shown_says_so_by_the_words_of_the_list(admin, hero, service):
    (service.originals / "cat.jpg").unlink()
    refused = admin.post(page("alias_preview", hero.pk), form_of(hero))
    assert refused.json()["badge"] == "Sample missing"


def test_a_test_of_the_bucket_that_works_looks_again_at_its_broken_aliases(admin, hero, bucket, service):
    place = BucketPlace.objects.get()
    BucketPlace.objects.update(location="/nowhere")
    checked()
    assert known(health.served().get()).cause == "bucket unreachable"
    assert "marked as broken" not in text_of(admin.get(page("bucket_test", bucket.pk)))
    # It was the folder that was away, not the place that was wrong.
    service.originals.rename(service.originals.with_name("away"))
    BucketPlace.objects.update(location=place.location)
    checked()
    assert known(health.served().get()).cause == "bucket unreachable"
    service.originals.with_name("away").rename(service.originals)
    said = text_of(admin.get(page("bucket_test", bucket.pk)))
    assert "1 alias of this bucket was marked as broken, and has been checked again" in said
    assert known(health.served().get()).state is not State.BROKEN


def test_where_there_is_no_time_for_all_of_them_nothing_false_is_said(hero, bucket, service):
    publish(Alias.objects.create(name="second", bucket=bucket, width=20, sample="cat.jpg"), None)
    service.originals.rename(service.originals.with_name("away"))
    checking.check_some(20)
    service.originals.with_name("away").rename(service.originals)
    assert checking.look_at_bucket(bucket, -1) == 2
    assert {known(alias).state for alias in health.served()} == {State.BREAKS_RULES, State.UNKNOWN}


def test_what_another_version_stored_is_as_if_nobody_had_looked(hero):
    checked()
    Health.objects.update(findings=[{"rule": "bytes", "level": 3}])
    assert known(health.served().get()).state is State.UNKNOWN
    Health.objects.update(findings=[{"rule": "x", "badge": "New", "level": "plain", "why": "?", "key": "k", "more": 1}])
    assert known(health.served().get()).state is State.WARNED


def test_a_revision_that_cannot_be_read_any_more_is_broken(hero):
    with pytest.raises(preview.NoPicture):
        verdicts.of(hero, {"bucket": "gone", "recipe": {}})
    assert verdicts.broken_by(hero, {"bucket": "gone", "recipe": {}})
