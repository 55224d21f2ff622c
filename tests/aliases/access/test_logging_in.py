"""Logging in by django-allauth, as it is served: with a second factor, and by an identity provider that runs here."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from tests.aliases.access.site import PASSWORD, Site, code, free_port, leave, wait_for

TEAM = {"sub": "ann", "preferred_username": "ann", "email": "ann@example.com", "groups": ["everybody", "team"]}
STRANGER = {"sub": "eve", "preferred_username": "eve", "email": "eve@example.com", "groups": ["everybody"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    port = free_port()
    command = ["-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    users = [argument for claims in (TEAM, STRANGER) for argument in ("--user-claims", json.dumps(claims))]
    process = subprocess.Popen([sys.executable, *command, *users], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    wait_for(f"{url}/.well-known/openid-configuration")
    yield url
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def site(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(
        tmp_path_factory.mktemp("site"),
        REQUIRE_SECOND_FACTOR="on",
        OIDC_URL=provider,
        OIDC_CLIENT_ID="images",
        OIDC_CLIENT_SECRET="hush",
        SSO_NAME="Example's accounts",
        SSO_GROUPS="team=editor, owners of it=owner",
    )
    yield made
    made.stop()


def by_provider(site: Site, sub: str) -> requests.Response:
    asking = site.get(leave(site, "oidc"))
    return site.browser.post(asking.url, {"sub": sub}, timeout=20)


def test_a_second_factor_is_set_up_before_anything_else_and_asked_for_from_then_on(site):
    first = site.log_in()
    assert first.url.endswith("/admin/account/2fa/")
    assert "Set up a second factor first" in first.text
    for path in ("/", "/admin/", "/admin/aliases/alias/", "/admin/auth/user/"):
        assert site.get(path).url.endswith("/admin/account/2fa/")
    assert site.get("/admin/", headers={"Accept": "application/json"}).json()["code"] == "second_factor"
    again = site.get("/admin/account/2fa/totp/activate/")
    assert again.url.partition("?")[0].endswith("/admin/account/reauthenticate/")
    page = site.send(again, password=PASSWORD, next="/admin/account/2fa/totp/activate/")
    assert_strict(first, again, page, site.get("/admin/account/2fa/webauthn/add/"))
    secret = re.search(r'alt="([A-Z2-7]{16,})"', page.text)
    assert secret, page.text
    codes = site.send(page, code=code(secret[1]))
    recovery = re.findall(r"\b[0-9]{8}\b", site.get("/admin/account/2fa/recovery-codes/").text)
    assert codes.ok
    assert len(recovery) == 10
    assert site.get("/admin/").url.endswith("/admin/")

    asked = site.log_in()
    assert asked.url.partition("?")[0].endswith("/admin/account/2fa/authenticate/")
    assert site.get("/admin/").url.partition("?")[0].endswith("/authenticate/")  # half a log-in is none
    wrong = site.send(asked, code="000000")
    assert "Incorrect code" in wrong.text
    assert site.send(wrong, code=code(secret[1], 1)).url.endswith("/admin/")
    assert site.send(site.log_in(), code=recovery[0]).url.endswith("/admin/")
    assert "Incorrect code" in site.send(site.log_in(), code=recovery[0]).text  # each works once
    logged = site.manage("audit_log")
    assert "authenticator added" in logged
    assert secret[1] not in logged


def test_nobody_logs_in_beside_these_pages_or_signs_up_by_them(site):
    site.browser = requests.Session()
    page = site.get("/admin/login/")
    assert "/admin/account/login/" in page.url
    assert "Forgot" not in page.text
    posted = site.send(page, "/admin/login/", username="root", password=PASSWORD)
    assert "/admin/account/login/" in posted.url
    for path in ("signup/", "email/", "3rdparty/", "3rdparty/signup/", "password/change/"):
        refused = site.get(f"/admin/account/{path}")
        assert refused.status_code in (404, 200), path
        assert "There is no such page" in refused.text or "DEBUG" in refused.text, path


def test_a_wrong_password_counts_for_the_lock(site):
    for _ in range(5):
        wrong = site.log_in("somebody", "wrong")
    assert wrong.status_code == 429
    assert "Try again after" in wrong.text
    site.manage("axes_reset")


def test_who_belongs_to_a_mapped_group_gets_its_role_and_needs_no_second_factor_here(site):
    page = by_provider(site, "ann")
    assert page.url == f"{site.url}/admin/", page.text
    assert "ann" in page.text
    assert site.get("/admin/aliases/alias/add/").status_code == 200
    assert site.get("/admin/auth/user/").status_code == 403


def test_who_belongs_to_none_is_told_so_and_has_no_account(site):
    refused = by_provider(site, "eve")
    assert refused.status_code == 403
    assert "nothing that it says about you gives you a role here" in refused.text
    assert "/admin/account/login/" in site.get("/admin/").url
    assert "eve" not in site.manage("audit_log")


def test_the_log_in_page_has_no_script_or_style_within_it(site):
    site.browser = requests.Session()
    assert_strict(site.get("/admin/"))


def assert_strict(*pages: requests.Response) -> None:
    """Nothing that the Content-Security-Policy would not run."""
    for page in pages:
        assert page.status_code == 200, page.url
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
        inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>|\son[a-z]+=|\sstyle=|<style", page.text)
        assert inline == [], page.url
