"""Importing a document on a page: what it would change is shown, and then done, by whom and whether it is still so."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from aliases.editing.documents import export
from aliases.models import Alias, Sample
from tests.aliases.forms import page, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(alias, bucket) -> dict[str, Any]:
    """One alias as it is, one that differs and one that is new."""
    Sample.objects.create(bucket=bucket, key="cat.jpg", pinned=True)
    Alias.objects.create(name="second", bucket=bucket, width=50)
    said, _ = export()
    said["aliases"]["second"]["width"] = 51
    said["aliases"]["third"] = {"bucket": "photos", "width": 70}
    return said


def sent(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("aliases.json", content)}


def hidden(shown: Any) -> dict[str, str]:
    return {name: shown.context["form"][name].value() for name in ("text", "seen")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_shows_what_it_would_change_and_a_second_press_changes_it(admin, document, encoding):
    shown = admin.post(page("alias_import"), sent(json.dumps(document).encode(encoding)))
    said = text_of(shown)
    assert "profile-image/ios: unchanged" in said
    assert "second: width: 50 → 51" in said
    assert "third: new; " in said
    assert not Alias.objects.filter(name="third").exists()
    done = text_of(admin.post(page("alias_import"), hidden(shown), follow=True))
    assert "Imported as drafts: 2 of 3; the others were the same already." in done
    assert Alias.objects.get(name="second").width == 51
    entries = LogEntry.objects.values_list("object_repr", "change_message", "user__username")
    assert set(entries) == {("second", "Imported: width: 50 → 51.", "root"), ("third", "Imported.", "root")}


def test_what_somebody_saved_meanwhile_is_shown_before_it_is_lost(admin, document):
    shown = admin.post(page("alias_import"), sent(json.dumps(document).encode()))
    Alias.objects.filter(name="second").update(width=99)
    again = admin.post(page("alias_import"), hidden(shown))
    assert "second: width: 99 → 51" in text_of(again)
    assert Alias.objects.get(name="second").width == 99
    assert admin.post(page("alias_import"), hidden(again)).status_code == 302
    assert Alias.objects.get(name="second").width == 51


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file that was exported."),
        (b"\xff\xfe\xff", "Save it as UTF-8."),
        (b"{", "The file cannot be imported: it is not JSON: "),
        (b"[" * 100_000, "an object of aliases, each an object of fields."),
        (b'{"a": 1, "a": 2}', "“a” occurs twice in it, and only one can be meant."),
        (b"[]", "This is not a document of aliases"),
        (
            b'{"document": "aliases", "version": 1, "aliases": {"x": {"bucket": "none"}}}',
            "There is no bucket “none” here.",
        ),
    ],
)
def test_what_cannot_be_imported_says_why_and_changes_nothing(admin, document, content, said):
    before = list(Alias.objects.values())
    told = text_of(admin.post(page("alias_import"), sent(content) if content else {}))
    assert "Nothing was imported." in told
    assert said in told
    assert list(Alias.objects.values()) == before


def test_the_list_leads_to_it_whoever_may_use_it(client, made, alias):
    for rights, offered in ((("view_alias", "add_alias"), False), (("add_alias", "change_alias", "view_bucket"), True)):
        client.force_login(made(f"with {len(rights)}", *rights))
        assert (page("alias_import") in client.get(page("alias_changelist")).content.decode()) == offered
        assert (client.get(page("alias_import")).status_code == 200) == offered
