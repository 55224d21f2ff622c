"""The audit log as a file, and how long it is kept."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aliases.audit.handing_out import trim
from aliases.audit.recording import record
from aliases.models import AuditEntry

pytestmark = pytest.mark.django_db
NAMES = ["=1+1", "people/söndag, 1.jpg", 'quo"te', "two\nlines", "@home", "-1"]


@pytest.fixture(autouse=True)
def recorded(db) -> None:
    AuditEntry.objects.all().delete()
    for name in NAMES:
        record("alias changed", name, 1, before={"width": 1}, after={"width": 2}, why="because")


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit_log", *arguments, stdout=out)
    return out.getvalue()


def body(response) -> str:
    return b"".join(response.streaming_content).decode()


def test_json_lines_have_everything(admin):
    AuditEntry.objects.filter(action__startswith="logged").delete()
    for text in (printed(), printed("--format", "jsonl")):
        rows = [json.loads(line) for line in text.splitlines() if "changed" in line]
        assert [row["subject"] for row in rows if row["action"] == "alias changed"] == NAMES
        assert (rows[0]["before"], rows[0]["after"], rows[0]["why"]) == ({"width": 1}, {"width": 2}, "because")


def test_no_spreadsheet_takes_a_cell_for_a_formula():
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert [row["subject"] for row in rows] == ["'=1+1", *NAMES[1:4], "'@home", "'-1"]
    assert json.loads(rows[0]["after"]) == {"width": 2}


@pytest.mark.parametrize("name", ["csv", "jsonl"])
def test_the_admin_hands_out_the_same_file(admin, name):
    response = admin.get(f"/admin/aliases/auditentry/export/{name}/")
    assert response["Content-Disposition"] == f'attachment; filename="audit-log.{name}"'
    assert body(response) == printed("--format", name)
    assert admin.get("/admin/aliases/auditentry/export/xml/").status_code == 404


def test_the_list_and_a_line_are_shown_and_cannot_be_changed(admin):
    entry = AuditEntry.objects.get(subject="@home")
    shown = admin.get("/admin/aliases/auditentry/").content.decode()
    assert "Export as CSV" in shown
    line = admin.get(f"/admin/aliases/auditentry/{entry.pk}/change/").content.decode()
    assert "&quot;width&quot;: 2" in line
    assert 'type="submit"' not in line.split("<main", 1)[-1]


def test_old_lines_go_when_they_are_to_and_not_before(settings):
    AuditEntry.objects.filter(subject="@home").update(at=timezone.now() - timedelta(days=91))
    assert trim() == 0  # AUDIT_DAYS is 0
    settings.AUDIT_DAYS = 92
    assert trim() == 0
    settings.AUDIT_DAYS = 90
    call_command("send_outbox", stdout=io.StringIO())
    assert AuditEntry.objects.exclude(action="audit log trimmed").count() == len(NAMES) - 1
    trimmed = AuditEntry.objects.get(action="audit log trimmed")
    assert trimmed.before == {"lines": 1}


def test_a_command_trims_and_says_what_is_missing(settings):
    AuditEntry.objects.update(at=timezone.now() - timedelta(days=3))
    for arguments, said in ((("--days", "0"), "at least 1"), ((), "AUDIT_DAYS is 0")):
        with pytest.raises(CommandError, match=said):
            call_command("trim_audit_log", *arguments)
    out = io.StringIO()
    call_command("trim_audit_log", "--days", "2", stdout=out)
    assert out.getvalue() == f"{len(NAMES)} lines were removed.\n"


@pytest.mark.parametrize(("since", "count"), [("2000-01-01", len(NAMES)), ("2999-01-01", 0)])
def test_a_day_is_where_it_begins(since, count):
    assert len(printed("--since", since).splitlines()) == count


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="is no day; write it as 2026-11-30"):
        printed("--since", "yesterday")
