"""Editing in a browser while the session ends: nothing is lost."""

from typing import Any

from django.contrib.sessions.models import Session
from selenium.webdriver.common.by import By

from aliases.models import Alias, Bucket, Publication
from aliases.publishing.publishing import publish
from tests.aliases.browser.chromium import DRAFT, LOOKS_AT_PAGES, Browser, asks_before_leaving
from tests.aliases.forms import page

pytestmark = LOOKS_AT_PAGES


def log_in_in_another_tab(browser: Browser) -> None:
    """By the link that the page offers, and back to the page."""
    browser.click(By.XPATH, "//a[starts-with(normalize-space(), 'Log in in a')]")
    browser.wait(lambda: len(browser.driver.window_handles) == 2)
    browser.driver.switch_to.window(browser.driver.window_handles[1])
    browser.fill("username", "root")
    browser.fill("password", "secret")
    browser.press("Log in")
    browser.find("#user-tools form")
    browser.driver.close()
    browser.driver.switch_to.window(browser.driver.window_handles[0])
    browser.driver.execute_script(
        "dispatchEvent(new Event('focus'))"
    )  # the headless shell has no windows to come back to


def test_a_session_that_ends_during_the_preview_costs_nothing(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.natural_size(DRAFT) == (90, 90))
    Session.objects.all().delete()
    browser.fill("width", "70")
    browser.says("You were logged out. Nothing that you typed is lost")
    browser.find(".tile.old")
    log_in_in_another_tab(browser)
    browser.driver.execute_script("dispatchEvent(new Event('focus'));")
    browser.wait(lambda: browser.natural_size(DRAFT) == (70, 90))
    assert "logged out" not in browser.text()
    browser.press("Save draft")
    browser.says("is saved")
    alias.refresh_from_db()
    assert alias.width == 70


def test_a_form_that_was_sent_after_the_session_ended_is_held_and_sent_again(
    browser: Browser, root: None, alias: Alias
):
    browser.go(page("alias_change", alias.pk))
    browser.fill("width", "70")
    browser.fill("notes", "two\nlines")
    Session.objects.all().delete()
    browser.press("Save draft")
    browser.says("Your session has ended")
    assert asks_before_leaving(browser)
    log_in_in_another_tab(browser)
    browser.press("Send again")
    browser.says("is saved")
    alias.refresh_from_db()
    assert (alias.width, alias.notes.replace("\r", "")) == (70, "two\nlines")


def test_a_publication_after_the_session_ended_is_held_and_made(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_publish", alias.pk))
    browser.fill("why", "because")
    Session.objects.all().delete()
    browser.press("Publish")
    browser.says("Your session has ended")
    log_in_in_another_tab(browser)
    browser.press("Send again")
    browser.says("The catalogue is written")
    assert Publication.objects.get().why == "because"


def test_a_bucket_is_tested_after_the_session_ended(browser: Browser, root: None, bucket: Bucket):
    browser.go(page("bucket_change", bucket.pk))
    Session.objects.all().delete()
    browser.press("Test this bucket")
    browser.fill("username", "root")
    browser.fill("password", "secret")
    browser.press("Log in")
    browser.says("It works.")
    Session.objects.all().delete()
    browser.press("Test again")
    browser.says("Your session has ended")
    log_in_in_another_tab(browser)
    browser.press("Send again")
    browser.says("It works.")


def test_a_page_that_waits_goes_on_after_the_session_ended(browser: Browser, root: None, alias: Alias, settings: Any):
    settings.CATALOGUE_MAX_AGE = 4
    publish(alias, None)
    browser.go(page("alias_publication", Publication.objects.get().pk))
    Session.objects.all().delete()
    browser.says("You were logged out")
    log_in_in_another_tab(browser)  # and, back in its tab, the page goes on by itself
    browser.wait(lambda: "logged out" not in browser.text())
    browser.says("Every process has read it.")
