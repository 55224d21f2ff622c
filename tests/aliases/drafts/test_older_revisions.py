"""Revisions as other versions of the service wrote them: older ones, which say less; newer ones, which say what is not
known here. `tests/stored` has what was written; a later version adds to it and takes nothing away."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from aliases.drafts import content
from aliases.drafts.calibration import calibration_of
from aliases.drafts.words import differences
from aliases.editing.documents import load, load_samples
from aliases.models import Alias, Bucket, Publication, Revision
from aliases.publishing.publishing import publish
from tests.aliases.drafts.stored_json import changed, members
from tests.aliases.forms import page

pytestmark = pytest.mark.django_db

STORED = Path(__file__).parents[2] / "stored"
REVISIONS: dict[str, dict[str, Any]] = json.loads((STORED / "revisions.json").read_text("utf-8"))
EXPORT: dict[str, Any] = json.loads((STORED / "export.json").read_text("utf-8"))


#: A revision with a smart crop, filters and ratios, and one with a visual quality: between them they have every member.
RICH = {
    **REVISIONS["profile-image/ios"],
    "prefix": "",
    "dprs": [2.0],
    "widths": [320, 640],
    "recipe": {**REVISIONS["profile-image/ios"]["recipe"], "filters": ["grayscale()"]},
}
MEMBERS = [("rich", path) for path in members(RICH)] + [
    ("wall", path) for path in members(REVISIONS["wall"]) if path[0] == "calibration"
]

#: What a newer version might write in place of a member, and what a damaged row might hold.
STRANGE: tuple[Any, ...] = ({"a newer": "thing"}, "orbit", 7, None, [])


@pytest.fixture
def published(alias):
    """An alias that is live with a revision of that content, and has an older one."""

    def make(said):
        publish(alias, None, "first")
        revision = Revision.objects.create(alias=alias, number=2, content=said)
        Publication.objects.create(
            alias=alias, revision=revision, before=alias.revisions.get(number=1), action="publish"
        )
        Alias.objects.filter(pk=alias.pk).update(live=revision, live_bucket=alias.bucket)
        alias.refresh_from_db()
        return alias

    return make


def pages(alias: Alias, which: str, path: tuple[str, ...]) -> list[str]:
    """The pages that show a revision, to be tried for one of its members: all of them for a member of the revision
    itself. Of those further in, which are read like their neighbours, each has every third page."""
    publication = alias.publications.first()
    assert publication
    every = [
        "/",
        page("alias_changelist"),
        page("alias_changelist") + "?state=differs",
        page("alias_change", alias.pk),
        page("alias_history", alias.pk),
        page("alias_publish", alias.pk),
        page("alias_roll_back", alias.pk, 1),
        page("alias_roll_back", alias.pk, 2),
        page("alias_disable", alias.pk),
        page("alias_snippets", alias.pk),
        page("alias_publication", publication.pk),
        page("bucket_focus", alias.bucket.pk) + "?key=cat.jpg",
    ]
    return every if len(path) == 1 else every[MEMBERS.index((which, path)) % 3 :: 3]


@pytest.mark.parametrize("name", REVISIONS)
def test_what_was_stored_is_read_as_it_was_meant(name, bucket):
    Bucket.objects.create(name="brand")
    said = REVISIONS[name]
    draft = Alias(name=name, sample="a.jpg", **{**content.thawed(said), "bucket": bucket})
    draft.bucket.save()
    bucket.overlays_from.set(Bucket.objects.filter(name="brand"))
    draft.full_clean()
    draft.save()
    if found := calibration_of(said):
        draft.calibration = content.note(draft, found)
    assert not content.differ(said, draft.content())
    assert content.filled(draft.content()) == content.filled(said)
    assert differences(said, draft.content()) == []
    assert content.served(name, said) == content.served(name, draft.content())


def test_what_was_exported_is_imported_and_exported_again_unchanged(bucket):
    bucket.overlays_from.add(Bucket.objects.create(name="brand"))
    assert {change.new for change in load(EXPORT)} == {True}
    assert [change.differences for change in load(EXPORT)] == [[]] * len(EXPORT["aliases"])
    assert Alias.objects.count() == len(EXPORT["aliases"]) > 0
    assert load_samples(EXPORT) == ["samples of photos: 2, 1 of them pinned"]
    for alias in Alias.objects.select_related("bucket"):
        assert content.drafted(alias) == content.thawed(
            {**REVISIONS[alias.name], **({"calibration": {"ssim": alias.ssim}} if alias.ssim else {})}
        ), alias


@pytest.mark.parametrize(
    ("which", "path"), MEMBERS, ids=lambda value: value if isinstance(value, str) else ".".join(value)
)
def test_a_revision_that_does_not_say_something_yet_has_its_default_on_every_page(
    which, path, published, admin, service
):
    service.put("people/ann.jpg")
    alias = published(changed(RICH if which == "rich" else REVISIONS["wall"], path))
    for one in pages(alias, which, path):
        assert admin.get(one).status_code == 200, one
    if path != ("bucket",):
        call_command("export_aliases", "--live")
        assert admin.post(page("alias_copy", alias.pk, 2), {"sure": "1"}).status_code == 302
        alias.refresh_from_db()
        if which == "rich":
            assert not content.differ(changed(RICH, path), alias.content())


@pytest.mark.parametrize(
    ("which", "path", "strange"),
    # Not each with each, which would take minutes: neighbours are read alike.
    [(*member, STRANGE[number % len(STRANGE)]) for number, member in enumerate(MEMBERS)],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else str(value),
)
def test_a_revision_that_says_something_strange_takes_no_page_down(which, path, strange, published, admin, service):
    service.put("people/ann.jpg")
    alias = published(changed(RICH if which == "rich" else REVISIONS["wall"], path, strange))
    for one in pages(alias, which, path):
        assert admin.get(one).status_code == 200, one
    assert admin.post(page("alias_copy", alias.pk, 2), {"sure": "1"}).status_code == 302
