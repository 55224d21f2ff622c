"""The audit log has a line for every change that staff and commands make, in the same transaction, without secrets."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from aliases.audit.watching import HISTORIES, ROWS
from aliases.models import Alias, AuditEntry, Bucket, BucketPlace
from aliases.publishing.bucket_changes import change, record_deletion
from aliases.publishing.bucket_state import state_of
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish, roll_back, set_enabled
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db

#: Models that nobody changes by hand, or whose changes other lines tell.
NOT_WATCHED = {
    "Bucket": "BucketChange has each change, with its places",
    "BucketPlace": "BucketChange has each change, with its places",
    "Revision": "made by a publication, whose line has its content",
    "FocusDocument": "a serial, written by the service",
    "Health": "what was found, not changed",
    "DraftHealth": "what was found, not changed",
    "Upkeep": "whose turn it is, and when the last one was",
    "Sample": "viewers get nothing else by it; a pinned one has who pinned it",
    "SampleSearch": "how far a search has got",
    "Outbox": "what is to be sent, and was",
    "CatalogueState": "a serial, written by the service",
    "AuditEntry": "the log itself",
    "Permission": "made by migrations",
    "ContentType": "made by migrations",
    "Session": "log-ins are recorded",
    "LogEntry": "Django's own log of the admin",
    "AccessAttempt": "failed log-ins are recorded",
    "AccessAttemptExpiration": "failed log-ins are recorded",
    "AccessFailureLog": "failed log-ins are recorded",
    "AccessLog": "log-ins are recorded",
}


def entries_of(**filters: Any) -> list[Any]:
    return list(AuditEntry.objects.filter(**filters).order_by("pk"))


def lines() -> list[str]:
    return [f"{entry.action} {entry.subject}".strip() for entry in AuditEntry.objects.order_by("pk")]


@pytest.fixture(autouse=True)
def empty(alias) -> None:
    AuditEntry.objects.all().delete()


@pytest.fixture
def ann(client, made) -> User:
    user: User = made("ann", is_superuser=True)
    client.force_login(user)
    AuditEntry.objects.all().delete()
    return user


def test_every_model_is_watched_or_has_a_reason_why_not():
    watched = {one.model.__name__ for one in ROWS} | {model.__name__ for model in HISTORIES}
    assert watched | NOT_WATCHED.keys() == {model.__name__ for model in apps.get_models()}
    assert not watched & NOT_WATCHED.keys()


def test_a_draft_that_is_saved_says_who_from_where_and_what_it_was(client, ann, alias):
    client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    response = client.post(page("alias_change", alias.pk), form_of(alias, width=120, notes="wide"))
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.subject, entry.subject_id) == ("alias changed", alias.name, str(alias.pk))
    assert (entry.by, entry.who, entry.address, entry.via) == (ann, "ann", "203.0.113.7", "admin")
    assert entry.request_id == response["X-Request-Id"]
    assert (entry.before, entry.after) == ({"width": 90, "notes": ""}, {"width": 120, "notes": "wide"})
    client.post(page("alias_change", alias.pk), form_of(Alias.objects.get()))
    assert AuditEntry.objects.count() == 1  # nothing was changed


def test_adding_and_deleting_have_all_there_was(client, ann, alias):
    client.post(page("alias_add"), form_of(alias, name="other"))
    client.post(page("alias_delete", Alias.objects.get(name="other").pk), {"post": "yes"})
    added, deleted = entries_of()
    assert (added.action, added.before, added.after["width"]) == ("alias added", None, 90)
    assert (deleted.action, deleted.before["bucket"], deleted.after) == ("alias deleted", "photos", None)


def test_what_goes_live_and_what_was_live_before_with_the_reason(alias, made):
    ann = made("ann")
    AuditEntry.objects.all().delete()
    publish(alias, ann, "first")
    first = alias.revisions.get()
    Alias.objects.filter(pk=alias.pk).update(width=120)
    publish(Alias.objects.get(), ann, "wider")
    roll_back(Alias.objects.get(), first, ann, "back")
    set_enabled(Alias.objects.get(), False, ann, "off")
    said = list(AuditEntry.objects.order_by("pk").values_list("action", "who", "why"))
    assert said == [
        ("alias published", "ann", "first"),
        ("alias published", "ann", "wider"),
        ("alias rolled back", "ann", "back"),
        ("alias disabled", "ann", "off"),
    ]
    (rolled,) = entries_of(action="alias rolled back")
    assert (rolled.before["revision"], rolled.after["revision"]) == (2, 1)
    assert rolled.before["content"] != rolled.after["content"]


def test_a_bucket_has_each_change_and_never_its_secret(bucket):
    BucketPlace.objects.filter(bucket=bucket).update(external_id="hush-1")
    before = state_of(bucket)
    places = {"local": {**before["places"]["local"], "external_id": "hush-2"}}
    change(bucket, {**before, "label": "Photos", "places": places}, None, "new")
    Alias.objects.all().delete()
    with transaction.atomic():
        record_deletion(bucket, None)
        bucket.delete()
    changed, deleted = entries_of(action__startswith="bucket")
    assert (changed.action, changed.why, deleted.action) == ("bucket changed", "new", "bucket deleted")
    assert (changed.before["label"], changed.after["label"]) == ("", "Photos")
    assert changed.before["places"]["local"]["external_id"] != changed.after["places"]["local"]["external_id"]
    assert "hush" not in json.dumps([[one.before, one.after] for one in (changed, deleted)])


def test_a_focus_has_what_it_was_before(bucket):
    overrule(bucket, "cat.jpg", [], None, "first")
    overrule(bucket, "cat.jpg", None, None, "back")
    entries = AuditEntry.objects.filter(action="focus overruled").order_by("pk")
    assert [(one.subject, one.before, one.after) for one in entries] == [
        ("photos/cat.jpg", {"boxes": None}, {"boxes": []}),
        ("photos/cat.jpg", {"boxes": []}, {"boxes": None}),
    ]


def test_users_and_groups_with_what_they_may_and_no_password(client, ann, made):
    bob, editor = made("bob"), Group.objects.get(name="editor")
    AuditEntry.objects.all().delete()
    bob.groups.add(editor)
    bob.user_permissions.add(Permission.objects.get(codename="publish_alias"))
    bob.groups.remove(editor)
    editor.user_set.add(bob)
    bob.groups.clear()
    entries = list(AuditEntry.objects.order_by("pk").values_list("action", "subject", "before", "after"))
    assert [one for one in entries if "groups" in (one[2] or {})] == [
        ("user changed", "bob", {"groups": []}, {"groups": ["editor"]}),
        ("user changed", "bob", {"groups": ["editor"]}, {"groups": []}),
        ("user changed", "bob", {"groups": []}, {"groups": ["editor"]}),
        ("user changed", "bob", {"groups": ["editor"]}, {"groups": []}),
    ]
    assert "publish" in json.dumps(entries)
    AuditEntry.objects.all().delete()
    url = reverse("admin:auth_user_password_change", args=[bob.pk])
    client.post(url, {"password1": "a-New-one-17", "password2": "a-New-one-17", "usable_password": "true"})
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.who) == ("user changed", "ann")
    assert (entry.before, entry.after) == ({"password": "(secret)"}, {"password": "(another secret)"})


def test_who_deletes_themselves_stays_in_the_log_by_name(client, ann):
    client.post(reverse("admin:auth_user_delete", args=[ann.pk]), {"post": "yes"})
    entry = AuditEntry.objects.get(action="user deleted")
    assert (entry.by, entry.who, entry.subject) == (None, "ann", "ann")


def test_what_is_undone_leaves_no_line(alias):
    with transaction.atomic():
        alias.width = 33
        alias.save()
        publish(alias, None)
        assert lines() == [f"alias changed {alias}", f"alias published {alias}"]
        transaction.set_rollback(True)
    assert lines() == []


def test_where_the_line_cannot_be_written_nothing_is_changed(alias, monkeypatch):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("aliases.audit.watching.record", fail)
    alias.width = 33
    with pytest.raises(RuntimeError):
        alias.save()
    with pytest.raises(RuntimeError):
        User.objects.create_user("bob")
    assert Alias.objects.get().width == 90
    assert not User.objects.exists()


def test_commands_are_named_with_the_user_of_the_machine(alias, tmp_path, monkeypatch):
    document = tmp_path / "aliases.json"
    with document.open("w") as file:
        call_command("export_aliases", stdout=file)
    document.write_text(document.read_text().replace('"width": 90', '"width": 91'))
    monkeypatch.setattr("sys.argv", ["manage.py", "import_aliases", str(document)])
    monkeypatch.setenv("LOGNAME", "operator")
    call_command("import_aliases", str(document))
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.before, entry.after) == ("alias changed", {"width": 90}, {"width": 91})
    assert (entry.by, entry.who, entry.address, entry.via) == (None, "operator", "", "manage.py import_aliases")


def test_log_ins_and_failed_ones_and_no_name_that_is_no_account(made, settings):
    settings.LOGIN_ATTEMPTS = 3
    made("bob")
    AuditEntry.objects.all().delete()
    client = Client(REMOTE_ADDR="203.0.113.7")
    client.post("/admin/login/", {"username": "bob", "password": "secret"})
    client.post("/admin/logout/")
    for name in ("bob", "my passphrase", "bob", "bob", "bob", "bob"):
        client.post("/admin/login/", {"username": name, "password": "wrong"})
    assert lines()[:5] == [
        "logged in bob",
        "logged out bob",
        "log-in failed bob",
        "log-in failed (no such account)",
        "log-in failed bob",
    ]
    assert sorted(lines()[5:]) == ["log-in failed bob", "log-in locked bob"]
    assert {entry.address for entry in AuditEntry.objects.all()} == {"203.0.113.7"}


@pytest.mark.parametrize(
    ("command", "subject"),
    [
        (("axes_reset",), "all accounts"),
        (("axes_reset_username", "bob"), "bob"),
        (("axes_reset_ip", "2001:db8::7"), "2001:db8::7"),
        (("axes_reset_ip_username", "2001:db8::7", "bob"), "bob from 2001:db8::7"),
    ],
)
def test_a_lock_that_a_command_lifts_has_a_line_and_nothing_to_lift_has_none(made, monkeypatch, command, subject):
    made("bob")
    client = Client(REMOTE_ADDR="2001:db8::7")
    for _ in range(2):
        client.post("/admin/login/", {"username": "bob", "password": "wrong"})
    monkeypatch.setattr("sys.argv", ["manage.py", command[0]])
    AuditEntry.objects.all().delete()
    for _ in range(2):
        call_command(*command)
    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.subject, entry.via) == ("log-in unlocked", subject, f"manage.py {command[0]}")
    assert (entry.before, entry.after) == ({"failures": 1}, {"failures": 0})  # rows: one for a name at an address


def test_commands_of_django_that_change_users_have_their_lines(made, monkeypatch, tmp_path):
    bob = made("bob")
    AuditEntry.objects.all().delete()
    monkeypatch.setattr(
        "django.contrib.auth.management.commands.changepassword.getpass.getpass", lambda prompt: "n3w-Pass-phrase"
    )
    call_command("changepassword", "bob")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "n3w-Pass-phrase")
    call_command("createsuperuser", "--noinput", "--username", "carol", "--email", "")
    dump = tmp_path / "users.json"
    call_command("dumpdata", "auth.user", "--pks", str(bob.pk), output=str(dump))
    dump.write_text(dump.read_text().replace('"is_staff": true', '"is_staff": false'))
    call_command("loaddata", str(dump))
    assert lines() == ["user changed bob", "user added carol", "user restored bob"]
    assert "n3w" not in json.dumps([[one.before, one.after] for one in AuditEntry.objects.all()])
    (entry,) = entries_of(action="user restored")
    assert (entry.after["is_staff"], entry.after["password"]) == (False, "(secret)")


def test_nobody_changes_the_log_in_the_admin(client, ann, alias):
    publish(alias, None)
    entry = AuditEntry.objects.get()
    before = AuditEntry.objects.values().get()
    for name, arguments in (("change", [entry.pk]), ("delete", [entry.pk]), ("add", [])):
        url = reverse(f"admin:aliases_auditentry_{name}", args=arguments)
        assert client.post(url, {"who": "eve", "action": "x", "post": "yes", "_save": "1"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"}
    client.post(reverse("admin:aliases_auditentry_changelist"), bulk)
    forged = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": entry.pk,
        "form-0-who": "eve",
        "_save": "Save",
    }
    client.post(reverse("admin:aliases_auditentry_changelist"), forged)
    assert AuditEntry.objects.values().get() == before


def test_a_line_neither_changes_nor_goes(alias):
    publish(alias, None)
    entry = AuditEntry.objects.get()
    entry.who = "somebody else"
    with pytest.raises(TypeError, match="never changes"):
        entry.save()
    with pytest.raises(TypeError, match="only with age"):
        entry.delete()
    assert Bucket.objects.exists()
