"""Bodies that are no forms: they are refused with a page that says so, wherever they are posted."""

import pytest
from django.urls import reverse

from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
#: Body, type of content, other headers, and what is said of them.
BODIES = {
    "no boundary": (b"--XX\r\n", PARTS, {}, "as browsers send a form"),
    "a boundary of no ASCII": (b"--XX\r\n", f"{PARTS}; boundary=\xff", {}, "as browsers send a form"),
    "a length that is no number": (b"a=1", FORM, {"CONTENT_LENGTH": "x"}, "as browsers send a form"),
    "a negative length": (b"--XX--\r\n", f"{PARTS}; boundary=XX", {"CONTENT_LENGTH": "-1"}, "as browsers send a form"),
    "another encoding": (b"a=1", f"{FORM}; charset=utf-16", {}, "as browsers send a form"),
    "too many fields": (b"&".join(b"f%d=1" % number for number in range(1001)), FORM, {}, "more than 1,000 fields"),
    "too long": (b"name=" + b"x" * 2_700_000, FORM, {}, "more than 2.5\xa0MB"),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_that_cannot_be_read_is_refused_with_a_page_by_whoever_it_is_sent(body, alias, admin, client, made):
    content, kind, headers, said = body
    admin.raise_request_exception = False
    few = type(client)(raise_request_exception=False)
    few.force_login(made("few"))
    stranger = type(client)(raise_request_exception=False)
    checked = type(client)(raise_request_exception=False, enforce_csrf_checks=True)
    for path in (
        page("alias_change", alias.pk),
        page("alias_publish", alias.pk),
        page("alias_publish", 999),
        page("bucket_change", alias.bucket.pk),
        page("alias_changelist"),
        reverse("admin:login"),
    ):
        for sender in (admin, few, stranger, checked):
            answer = sender.generic("POST", path, content, kind, **headers)
            assert (answer.status_code, said in answer.content.decode()) == (400, True), path
            assert "settings." not in answer.content.decode()


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "PUT"])
def test_a_query_of_more_fields_than_are_read_is_refused_without_an_error_in_the_log(method, alias, admin, caplog):
    for path in ("/", page("alias_changelist"), page("alias_change", alias.pk), reverse("admin:login"), "/admin"):
        answer = admin.generic(method, f"{path}?{'&' * 1001}", b"", FORM)
        assert answer.status_code == 400, path
        assert method == "HEAD" or "more than 1,000 fields" in answer.content.decode()
    assert not [line for line in caplog.records if line.levelname == "ERROR"]


def test_a_script_is_told_so_in_json(alias, admin):
    answer = admin.generic("POST", page("alias_preview", alias.pk), b"x", PARTS, HTTP_ACCEPT="image/*,application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "unreadable"


def test_a_referer_that_is_no_address_is_another_site(alias, admin):
    admin.raise_request_exception = False
    answer = admin.post(page("alias_publish", 999), {"why": "sharper"}, headers={"Referer": "http://["})
    assert answer.status_code == 404
    assert "sharper" in answer.content.decode()


def test_a_form_of_just_the_size_that_is_read_is_answered_by_its_own_page(alias, admin):
    answer = admin.post(page("alias_change", alias.pk), form_of(alias, filters=" " * 2_000_000))
    assert answer.status_code == 200
    assert "at most 20,000 are read" in answer.content.decode()
