"""Snippets in Chromium: they are opened, read and copied by keyboard alone, on a telephone too."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page

pytestmark = LOOKS_AT_PAGES


@pytest.fixture
def shown(browser: Browser, root: None, alias: Alias) -> Browser:
    Alias.objects.filter(pk=alias.pk).update(widths="60, 120", dprs="2")
    browser.driver.set_window_size(400, 900)
    browser.go(page("alias_snippets", alias.pk))
    return browser


def test_a_snippet_is_opened_and_copied_by_keyboard(shown: Browser):
    _, second, *_ = shown.driver.find_elements(By.CSS_SELECTOR, ".snippets details")
    assert not second.get_attribute("open")
    second.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    code = second.find_element(By.TAG_NAME, "code").text
    assert code.startswith("<picture>")
    # What clipboards hold, pages may not read: one that takes a text is put in their place.
    shown.driver.execute_script(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.taken = text; }}});"
    )
    second.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    shown.wait(lambda: shown.driver.execute_script("return window.taken") == f"{code}\n")
    shown.wait(lambda: "copied" in str(shown.find("#copied").get_attribute("textContent")))


def test_where_the_clipboard_is_closed_the_code_is_selected(shown: Browser):
    shown.driver.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined});")
    first = shown.find(".snippets details")
    first.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    code = first.find_element(By.TAG_NAME, "code").text
    shown.wait(lambda: shown.driver.execute_script("return getSelection().toString()").strip() == code)


def test_nothing_has_to_be_scrolled_sideways(shown: Browser):
    for summary in shown.driver.find_elements(By.CSS_SELECTOR, ".snippets details:not([open]) summary"):
        summary.send_keys(Keys.ENTER)
    wide = "[...document.querySelectorAll('.snippets pre, html')].some((one) => one.scrollWidth > one.clientWidth)"
    assert not shown.driver.execute_script(f"return {wide}")
