"""Logging in by an identity provider that speaks SAML, which runs here; and what it must not be fooled by."""

import base64
import re
from collections.abc import Iterator
from html import unescape

import pytest
import requests

from tests.aliases.access.site import Site, leave, saml_provider

PEOPLE = {
    "ann": {"uid": ["ann"], "mail": ["ann@example.com"], "groups": ["everybody", "team"]},
    "eve": {"uid": ["eve"], "groups": ["everybody"]},
    "root": {"uid": ["root"], "groups": ["team"]},
}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with saml_provider(tmp_path_factory.mktemp("provider"), PEOPLE) as url:
        yield url


@pytest.fixture(scope="module")
def site(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"), SAML_METADATA_URL=provider, SSO_GROUPS="team=editor")
    yield made
    made.stop()


def answer(site: Site, *, who: str = "ann", **wanted: str) -> tuple[str, dict[str, str]]:
    """Where the provider's page posts to, and what."""
    chosen = "".join(f"&{name}={value}" for name, value in {"who": who, **wanted}.items())
    page = site.get(leave(site, "saml") + chosen).text
    action = re.search(r'action="([^"]*)"', page)
    assert action, page
    fields = re.findall(r'name="([^"]*)" value="([^"]*)"', page)
    return unescape(action[1]), {name: unescape(value) for name, value in fields}


def log_in(site: Site, who: str = "ann", **wanted: str) -> requests.Response:
    to, fields = answer(site, who=who, **wanted)
    return site.browser.post(to, fields, timeout=20)


def test_who_belongs_to_a_mapped_group_gets_its_role(site):
    page = log_in(site)
    assert page.url == f"{site.url}/admin/", page.text
    assert site.get("/admin/aliases/alias/add/").status_code == 200
    assert site.get("/admin/auth/user/").status_code == 403
    said = site.manage(
        "shell", "-c", "from aliases.admin.users import User; print(*User.objects.values_list('username', 'email'))"
    )
    assert "('ann', 'ann@example.com')" in said


def test_who_belongs_to_none_is_told_so_and_has_no_account(site):
    refused = log_in(site, "eve")
    assert refused.status_code == 403
    assert "nothing that it says about you gives you a role here" in refused.text
    assert "eve" not in site.manage("audit_log")


def test_a_name_that_is_taken_becomes_another_account(site):
    page = log_in(site, "root")
    assert page.url == f"{site.url}/admin/"
    assert site.get("/admin/auth/user/").status_code == 403  # which the root who was there before may see


@pytest.mark.parametrize(
    "wanted",
    [{"sign": "response"}, {"sign": "nothing"}, {"key": "forged"}, {"digest": "sha1"}, {"issued": "id-of-nothing"}],
    ids=lambda wanted: "-".join(wanted.values()),
)
def test_an_answer_that_is_not_signed_as_it_has_to_be_or_answers_nothing_logs_nobody_in(site, wanted):
    refused = log_in(site, **wanted)
    assert refused.status_code == 403
    assert "cannot be used, so you are not logged in" in refused.text
    assert "/admin/account/login/" in site.get("/admin/").url


def test_an_answer_is_for_the_browser_that_asked_and_once(site):
    to, fields = answer(site)
    stranger = requests.post(to, fields, timeout=20)
    assert stranger.status_code == 403
    assert site.browser.post(to, fields, timeout=20).url == f"{site.url}/admin/"
    site.browser.get(f"{site.url}/admin/account/logout/", timeout=20)
    again = site.browser.post(to, fields, timeout=20)
    assert again.status_code == 403


def test_what_was_changed_on_the_way_logs_nobody_in(site):
    to, fields = answer(site, who="eve")
    text = base64.b64decode(fields["SAMLResponse"]).replace(b"everybody", b"team")
    refused = site.browser.post(to, {**fields, "SAMLResponse": base64.b64encode(text).decode()}, timeout=20)
    assert refused.status_code == 403


def test_nobody_is_logged_out_by_another_site(site):
    log_in(site)
    assert site.get("/admin/account/saml/sso/sls/").status_code == 404
    assert site.get("/admin/").url.endswith("/admin/")
