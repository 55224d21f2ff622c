"""Logging in with a browser by an identity provider and by a passkey, on a service that has both."""

from collections.abc import Iterator
from typing import Any

import pytest
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from tests.aliases.access.site import PASSWORD, Site, saml_provider
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser

pytestmark = LOOKS_AT_PAGES[1:]  # no database here: the service has its own


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with saml_provider(tmp_path_factory.mktemp("provider"), {"ann": {"uid": ["ann"], "groups": ["team"]}}) as url:
        made = Site(
            tmp_path_factory.mktemp("site"), SECOND_FACTOR="on", SAML_METADATA_URL=url, SSO_GROUPS="team=editor"
        )
        yield made
        made.stop()


@pytest.fixture
def browser(site: Site, chromium: Any) -> Iterator[Browser]:
    """At the name that passkeys need; addresses have none."""
    browser = Browser(chromium, site.url.replace("127.0.0.1", "localhost"))
    browser.forget()
    yield browser
    browser.forget()


def is_in(browser: Browser, name: str) -> bool:
    return bool(browser.driver.title.startswith("Desk") and name in browser.find("#user-tools").text.lower())


def test_the_button_leads_to_the_provider_and_back(browser: Browser):
    browser.go("/admin/")
    browser.press("Log in with single sign-on")
    browser.wait(lambda: is_in(browser, "ann"))
    assert [one for one in browser.complaints() if "favicon" not in one] == []  # which the provider has none of


def test_a_passkey_is_added_listed_and_logged_in_with(browser: Browser):
    options = VirtualAuthenticatorOptions(
        transport="internal", has_resident_key=True, has_user_verification=True, is_user_verified=True
    )
    browser.driver.add_virtual_authenticator(options)
    try:
        browser.go("/admin/")
        browser.fill("login", "root")
        browser.fill("password", PASSWORD)
        browser.press("Log in")
        browser.wait(lambda: is_in(browser, "root"))
        browser.press("Second factor")
        browser.press("Add")
        browser.fill("password", PASSWORD)
        browser.press("Confirm")
        browser.click("css selector", "[name=passwordless]")
        browser.press("Add")
        browser.says("Recovery Codes")
        browser.go("/admin/account/2fa/webauthn/")
        browser.says("Master key")
        browser.forget()
        browser.go("/admin/")
        browser.press("Log in with a passkey")
        browser.wait(lambda: is_in(browser, "root"))
        assert browser.complaints() == []
    finally:
        browser.driver.remove_virtual_authenticator()
