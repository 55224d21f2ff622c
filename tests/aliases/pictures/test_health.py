"""Whether viewers get their pictures: looked at when something is shown or published, kept and told."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from django.utils.html import strip_tags

from aliases.models import Alias, Bucket, Health, Publication
from aliases.pictures import checking, health, preview
from aliases.pictures.health import State, known
from aliases.publishing.bucket_changes import change
from aliases.publishing.bucket_state import state_of
from aliases.publishing.publishing import publish
from tests.aliases.forms import page
from tests.drawings import opened
from tests.service import Service

pytestmark = pytest.mark.django_db


def states() -> dict[str, State]:
    return {alias.name: known(alias).state for alias in health.served()}


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))


@pytest.fixture
def live(alias: Alias) -> Alias:
    publish(alias, None)
    return alias


def spoil(service: Service, how: str, alias: Alias) -> None:
    """Take the sample away from viewers."""
    if how == "missing":
        (service.originals / "cat.jpg").unlink()
    elif how == "damaged":
        service.put("cat.jpg", b"\xff\xd8\xff\xe0 nothing more")
    elif how == "no picture":
        service.put("cat.jpg", b"some text")
    elif how == "wrong sample":
        Alias.objects.filter(pk=alias.pk).update(sample="dog.jpg")
    elif how == "place moved":
        alias.bucket.places.update(prefix="nope/")


HOW = ("missing", "damaged", "no picture", "wrong sample", "place moved")


@pytest.mark.parametrize("how", HOW)
def test_what_viewers_get_no_picture_of_is_told_in_the_list_once_it_was_looked_at(admin, live, service, how):
    listed = text(admin.get(page("alias_changelist")))
    assert "Not checked yet" in listed
    spoil(service, how, live)
    assert "Not checked yet" in text(admin.get(page("alias_changelist")))
    # A folder that is gone is the service's fault.
    assert admin.get(page("alias_thumbnail", live.pk)).status_code == (502 if how == "place moved" else 422)
    listed = text(admin.get(page("alias_changelist")))
    cause = {"missing": "Sample missing", "wrong sample": "Sample missing", "place moved": "Bucket unreachable"}
    assert cause.get(how, "Cannot be rendered") in listed
    assert "Needs attention 1" in listed
    assert states() == {"profile-image/ios": State.BROKEN}


def test_the_list_looks_at_no_sample(admin, live, bucket, monkeypatch):
    def looked(*args: Any) -> None:
        raise AssertionError("a sample was rendered")

    monkeypatch.setattr(preview, "revision", looked)
    for query in ({}, {"health": "broken"}, {"health": "unknown"}, {"health": "x"}, {"state": "live"}):
        assert admin.get(page("alias_changelist"), query).status_code in (200, 302)


def test_the_filter_finds_each_state(admin, live, bucket, service):
    for name, sample in {"well": "cat.jpg", "bare": "", "broken": "gone.jpg", "draft": "cat.jpg"}.items():
        made = Alias.objects.create(name=name, bucket=bucket, width=50, sample=sample)
        if name != "draft":
            publish(made, None)
    for alias in health.served().filter(name__in=("well", "broken")):
        checking.check(alias)
    expected = {"broken": "broken", "well": "well", "no_sample": "bare", "unknown": "profile-image/ios"}
    for state, name in expected.items():
        found = admin.get(page("alias_changelist"), {"health": state}).context["cl"].result_list
        assert [alias.name for alias in found] == [name], state


def test_a_thumbnail_is_small_and_kept_by_the_browser_alone_until_something_else_is_live(admin, live):
    url = re.findall(r'src="([^"]+/thumbnail/[^"]+)"', admin.get(page("alias_changelist")).content.decode())[0]
    response = admin.get(url)
    assert max(opened(response).size) <= 192
    assert response["Cache-Control"] == "private, max-age=3600"
    Alias.objects.filter(pk=live.pk).update(width=33)
    publish(Alias.objects.get(pk=live.pk), None)
    again = admin.get(page("alias_changelist")).content.decode()
    assert url not in again


def test_ticked_samples_are_looked_at_at_once(admin, live, bucket, service):
    gone = Alias.objects.create(name="gone", bucket=bucket, sample="gone.jpg")
    publish(gone, None)
    draft = Alias.objects.create(name="draft", bucket=bucket, sample="cat.jpg")

    def looked(*aliases: Alias) -> str:
        form = {"action": "look_now", "_selected_action": [alias.pk for alias in aliases]}
        return text(admin.post(page("alias_changelist"), form, follow=True))

    assert "Checked 1 alias: it is well." in looked(live)
    assert states() == {live.name: State.WELL, "gone": State.UNKNOWN}
    assert "Checked 2 aliases: 1 broken." in looked(live, gone, draft)
    assert states() == {live.name: State.WELL, "gone": State.BROKEN}
    assert "None of these is live, so there was nothing to check." in looked(draft)
    publish(draft, None)
    assert "Checked 2 aliases: all are well." in looked(live, draft)


def test_of_what_is_live_now_nothing_is_known_of_what_was_looked_at_before(live, bucket, service):
    checking.check_some(5)
    assert states() == {"profile-image/ios": State.WELL}
    Alias.objects.filter(pk=live.pk).update(width=33)
    publish(Alias.objects.get(pk=live.pk), None)
    assert states() == {"profile-image/ios": State.UNKNOWN}
    checking.check_some(5)
    service.put("elsewhere/cat.jpg")
    after = state_of(bucket)
    after["places"]["local"]["prefix"] = "elsewhere/"
    change(bucket, after, None)
    assert states() == {"profile-image/ios": State.UNKNOWN}


def test_what_was_looked_at_longest_ago_is_looked_at_first_and_only_for_so_long(bucket):
    for name in ("one", "two", "three"):
        publish(Alias.objects.create(name=name, bucket=bucket, width=50, sample="cat.jpg"), None)
    assert {alias.name for alias in checking.check_some(60)} == {"one", "two", "three"}
    assert checking.check_some(60) == []
    hour = timedelta(hours=1)
    assert checking.check_some(60, again_after=hour) == []
    for name, age in {"two": 3 * hour, "three": 2 * hour}.items():
        Health.objects.filter(alias__name=name).update(judged_at=timezone.now() - age)
    assert [alias.name for alias in checking.check_some(0, again_after=hour)] == ["two"]
    assert [alias.name for alias in checking.check_some(60, again_after=hour)] == ["three"]


def test_the_schedule_looks_and_tells_what_is_broken(live, service):
    (service.originals / "cat.jpg").unlink()
    told = StringIO()
    call_command("send_outbox", stdout=told)
    assert "Broken: profile-image/ios: There is no such original" in told.getvalue()
    assert states() == {"profile-image/ios": State.BROKEN}


def test_broken_aliases_come_first_on_the_start_page_with_the_reason(client, bucket, service):
    for number in range(14):
        publish(Alias.objects.create(name=f"a{number:02}", bucket=bucket, width=50, sample="cat.jpg"), None)
    publish(Alias.objects.create(name="z", bucket=bucket, width=50, sample="gone.jpg"), None)
    told = client.get("/").content.decode()
    assert told.index("<code>/z/</code>") < told.index("<code>/a00/</code>")
    assert "Viewers get no picture of the sample." in told
    assert "/z/gone.jpg?v=" not in told


@pytest.mark.parametrize("how", HOW)
def test_a_draft_whose_sample_cannot_be_made_is_published_only_when_that_is_meant(admin, alias, service, how):
    spoil(service, how, alias)
    url = page("alias_publish", alias.pk)
    asked = admin.get(url)
    seen = asked.context["form"]["seen"].value()
    refused = admin.post(url, {"seen": seen, "why": "because"})
    assert 'value="Publish anyway"' in refused.content.decode()
    assert "The sample cannot be made" in text(refused)
    assert 'value="because"' in refused.content.decode()
    assert not Publication.objects.exists()
    refused = admin.post(url, {"seen": seen, "anyway": "on"})
    assert "Say why it should go live all the same" in text(refused)
    done = admin.post(url, {"seen": seen, "anyway": "on", "why": "because"}, follow=True)
    assert "Viewers get no picture of the sample." in text(done)
    assert '<li class="wrong">' in done.content.decode()
    assert "/profile-image/ios/cat.jpg?v=" not in done.content.decode()
    steps = admin.post(page("alias_progress", Publication.objects.get().pk)).json()["steps"]
    assert [step["wrong"] for step in steps].count(True) == 1


def test_a_draft_whose_sample_is_well_or_that_has_none_is_not_stopped(admin, alias, bucket):
    for one in (alias, Alias.objects.create(name="bare", bucket=bucket, width=50)):
        asked = admin.get(page("alias_publish", one.pk))
        assert 'value="Publish"' in asked.content.decode()
        done = admin.post(page("alias_publish", one.pk), {"seen": asked.context["form"]["seen"].value()}, follow=True)
        assert '<li class="wrong">' not in done.content.decode()
    assert states()["profile-image/ios"] == State.WELL


def test_rolling_back_and_enabling_are_stopped_likewise(admin, live, service):
    Alias.objects.filter(pk=live.pk).update(width=33)
    publish(Alias.objects.get(pk=live.pk), None)
    (service.originals / "cat.jpg").unlink()
    back = page("alias_roll_back", live.pk, 1)
    refused = admin.post(back, {})
    assert 'value="Roll back anyway"' in refused.content.decode()
    assert "The sample cannot be made" in text(refused)
    admin.post(page("alias_disable", live.pk), {})
    enable = page("alias_enable", live.pk)
    refused = admin.post(enable, {})
    assert 'value="Enable anyway"' in refused.content.decode()
    assert "The sample cannot be made" in text(refused)
    assert "Say why it should go live all the same" in text(admin.post(enable, {"anyway": "on"}))
    assert not Alias.objects.get(pk=live.pk).enabled
    admin.post(enable, {"anyway": "on", "why": "the picture comes tonight"})
    assert Alias.objects.get(pk=live.pk).enabled
    assert "There is no such original" in Publication.objects.get(why="the picture comes tonight").against[0]


def test_a_bucket_of_other_aliases_is_no_reason(bucket: Bucket, live):
    """The place of another environment does not count for this one."""
    checking.check_some(5)
    bucket.places.create(environment="staging", kind="s3", location="photos")
    assert states() == {"profile-image/ios": State.WELL}
