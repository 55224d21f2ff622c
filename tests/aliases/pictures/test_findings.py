"""Findings: a draft's badges for one sample, coloured by the alias's rules, from real pictures."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.management import CommandError
from PIL import Image

from aliases.models import Alias, AuditEntry, Publication, Sample
from aliases.pictures import contact_sheet, verdicts
from tests.aliases.forms import form_of, page, text_of
from tests.aliases.management.commands.running import run
from tests.drawings import drawn
from tests.rendering.imaging.focus.portraits import portrait
from tests.rendering.imaging.pictures import animation
from tests.values import KEYS

pytestmark = pytest.mark.django_db


def saved(image: Image.Image, format: str = "PNG") -> bytes:  # noqa: A002 - as Pillow's own
    file = BytesIO()
    image.save(file, format)
    return file.getvalue()


def logo() -> bytes:
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    clear.paste((200, 0, 0, 255), (50, 50, 150, 150))
    return saved(clear)


@pytest.fixture
def card(bucket, service) -> Alias:
    """An alias that cuts a face, fills transparency, stops an animation, and is over its budget."""
    service.put("people/ann.png", saved(portrait()))
    service.put("brand/logo.png", logo())
    service.put("moving.gif", animation())
    for key in ("brand/logo.png", "moving.gif", "cat.jpg"):
        Sample.objects.create(bucket=bucket, key=key, reasons=["widest"])
    return Alias.objects.create(
        name="team/card", bucket=bucket, width=512, height=288, format="jpeg", sample="people/ann.png"
    )


def badges(admin: Any, alias: Alias, key: str, **fields: Any) -> dict[str, str]:
    response = admin.post(page("alias_preview", alias.pk), {**form_of(alias, **fields), "_key": key})
    assert response.status_code == 200, response.content
    found = json.loads(response["X-Review"])
    assert found["width"], found["height"]
    return {finding["badge"]: finding["level"] for finding in found["findings"]}


def test_each_sample_has_the_badges_of_what_is_done_to_it(admin, card):
    assert badges(admin, card, "people/ann.png") == {"Cuts a face": "warn"}
    assert badges(admin, card, "brand/logo.png") == {"Transparency becomes white": "warn", "Enlarged 2.6×": "warn"}
    assert badges(admin, card, "moving.gif") == {"Plays no more": "warn", "Enlarged 8.5×": "warn"}
    assert badges(admin, card, "cat.jpg", width=310, height=200) == {}
    assert badges(admin, card, "cat.jpg", width=360, height=240) == {"Enlarged 1.2×": "plain"}


def test_rules_colour_them(admin, card):
    must = {"faces_rule": "must", "motion_rule": "must", "transparency_rule": "off", "enlarging_rule": "off"}
    assert badges(admin, card, "people/ann.png", **must) == {"Cuts a face": "bad"}
    assert badges(admin, card, "moving.gif", **must) == {"Plays no more": "bad", "Enlarged 8.5×": "plain"}
    assert badges(admin, card, "brand/logo.png", **must)["Transparency becomes white"] == "plain"
    assert badges(admin, card, "people/ann.png", faces_rule="off") == {}  # nobody looked
    assert badges(admin, card, "cat.jpg", most_kilobytes=1, most_enlarged="") == {
        "Over its budget": "warn",
        "Enlarged 1.7×": "plain",
    }


def test_a_cure_makes_its_finding_go(admin, card):
    def cure(key: str) -> dict[str, str]:
        response = admin.post(page("alias_preview", card.pk), {**form_of(card), "_key": key})
        cures = [finding["cure"] for finding in json.loads(response["X-Review"])["findings"] if finding["cure"]]
        return {one["field"]: one["value"] for one in cures}

    assert badges(admin, card, "people/ann.png", **cure("people/ann.png")) == {}
    assert badges(admin, card, "brand/logo.png", **cure("brand/logo.png")) == {}
    assert badges(admin, card, "moving.gif", **cure("moving.gif")) == {}


def test_where_the_face_is_cut_is_said_in_parts_of_the_picture(admin, card):
    response = admin.post(page("alias_preview", card.pk), form_of(card))
    ((left, top, right, bottom),) = json.loads(response["X-Review"])["cut"]
    assert 0.3 < left < right < 0.6
    assert top < 0 < bottom < 0.5


@pytest.mark.parametrize("key", KEYS)
def test_a_sample_may_have_any_key(admin, alias, bucket, service, key):
    service.put(key, drawn(60, 40))
    Sample.objects.create(bucket=bucket, key=key)
    assert key in [sample.key for sample in contact_sheet.samples_of(bucket, "", "")]
    assert badges(admin, alias, key) == {"Enlarged 2.2×": "warn"}


def test_the_samples_are_the_aliases_own_and_those_that_its_prefix_reaches(card, bucket):
    def keys(prefix: str, sample: str) -> list[str]:
        return [one.key for one in contact_sheet.samples_of(bucket, prefix, sample)]

    assert keys("", "cat.jpg") == ["cat.jpg", "brand/logo.png", "moving.gif"]
    assert keys("brand/", "") == ["logo.png"]
    assert keys("elsewhere/", "") == []


def test_publishing_against_a_rule_takes_a_tick_and_a_reason_that_the_history_and_the_audit_log_keep(admin, card):
    Alias.objects.filter(pk=card.pk).update(faces_rule="must", transparency_rule="must")
    url = page("alias_publish", card.pk)
    refused = text_of(admin.post(url, {"why": "new team page"}))
    assert "“Faces stay whole” is broken by people/ann.png (cuts a face)." in refused
    assert "“Transparency stays” is broken by brand/logo.png (transparency becomes white)." in refused
    assert "Animations play" not in refused.partition("Not done yet")[2].partition("Change that")[0]
    assert "Say why it should go live all the same" in text_of(admin.post(url, {"anyway": "on", "why": " "}))
    assert not Publication.objects.exists()
    assert admin.post(url, {"anyway": "on", "why": "new team page"}).status_code == 302
    publication = Publication.objects.get()
    assert [sentence.partition(" is broken")[0] for sentence in publication.against] == [
        "“Faces stay whole”",
        "“Transparency stays”",
    ]
    assert "new team page" in (history := text_of(admin.get(page("alias_history", card.pk))))
    assert "“Faces stay whole” is broken by people/ann.png" in history
    entry = AuditEntry.objects.get(action="alias published")
    assert entry.after
    assert entry.after["against"] == publication.against


def test_the_command_stops_at_a_rule_that_is_a_must_and_goes_on_with_a_reason(card):
    assert "is live" in run("publish", "team/card")  # warnings stop nobody
    Alias.objects.filter(pk=card.pk).update(faces_rule="must", width=510)
    said = r"“Faces stay whole” is broken by people/ann\.png .*Nothing was published\. .*--anyway and a reason"
    with pytest.raises(CommandError, match=said):
        run("publish", "--all")
    with pytest.raises(CommandError, match="Say with --why"):
        run("publish", "team/card", "--anyway")
    assert Publication.objects.count() == 1
    assert "Revision 2 of “team/card” is live." in run("publish", "team/card", "--anyway", "--why", "new team page")
    assert "people/ann.png" in Publication.objects.latest("pk").against[0]


def test_warnings_take_neither_and_a_rule_that_is_kept_says_nothing(admin, card):
    assert admin.post(page("alias_publish", card.pk), {}).status_code == 302
    assert Publication.objects.get().against == []


def test_a_broken_original_in_the_set_stops_nobody(admin, alias, bucket, service):
    service.put("broken.jpg", b"no picture")
    Sample.objects.create(bucket=bucket, key="broken.jpg")
    assert verdicts.broken_by(alias) == ()
    assert admin.post(page("alias_publish", alias.pk), {}).status_code == 302


def test_what_the_page_has_shown_is_not_rendered_again_to_publish(admin, alias, monkeypatch):
    admin.post(page("alias_preview", alias.pk), form_of(alias), headers={"accept": "image/avif"})
    monkeypatch.setattr(contact_sheet, "review", None)
    assert verdicts.broken_by(alias) == ()
