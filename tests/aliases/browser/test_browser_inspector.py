"""The inspector in a browser: / leads to its box, what fails to what is right; a URL is built beside its picture."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias
from aliases.publishing.publishing import publish
from rendering.catalogue.catalogue import READER
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.service import Service

pytestmark = LOOKS_AT_PAGES


@pytest.fixture
def live(alias: Alias, settings) -> Alias:
    settings.SECURITY_KEY = "a-key-of-sixteen-or-more"
    publish(alias, None)
    READER.forget()
    return alias


def test_from_the_box_to_what_is_wrong_to_what_is_right(browser: Browser, root: None, live: Alias):
    browser.find("body").send_keys("/")
    box = browser.driver.switch_to.active_element
    assert box.get_attribute("id") == "ask"
    box.send_keys("https://images.example.com/profile-image/ios/cat.jpeg", Keys.ENTER)
    browser.says("no such key")
    assert browser.natural_size(".meant img") == (90, 90)
    browser.press("Inspect this one")
    browser.says("Works. The alias profile-image/ios, revision 1, of cat.jpg.")
    assert browser.written("#url") == "/profile-image/ios/cat.jpg"
    assert browser.natural_size(".side img") == (90, 90)
    browser.press("Render it again")
    browser.says("Rendered again, once")
    assert browser.complaints() == []
    browser.click(By.ID, "ask")
    browser.find("#ask").send_keys("profile", Keys.ENTER)
    browser.wait(lambda: browser.driver.current_url.endswith("/admin/aliases/alias/?q=profile"))


def test_the_original_of_a_url_is_chosen_in_a_dialog(browser: Browser, root: None, live: Alias):
    browser.go("/admin/build/")
    browser.says("Choose a bucket and an original.")
    assert "This field is required" not in browser.text()
    if not browser.written("#id_bucket"):
        browser.find("#id_bucket").send_keys("photos")
    browser.click(By.CSS_SELECTOR, ".field-sample .choose")
    browser.says("Choose an original")
    browser.click(By.CSS_SELECTOR, "dialog.picker [role=option]")
    browser.press("Use this picture")
    browser.wait(lambda: browser.natural_size("#built") == (300, 200))
    assert browser.written("#id_sample") == "cat.jpg"


def test_what_is_nearest_but_cannot_be_shown_has_a_sign(browser: Browser, root: None, live: Alias, service: Service):
    service.put("gone.jpg", b"")
    browser.go("/admin/inspect/?url=/profile-image/ios/gonee.jpg")
    browser.says("gone.jpg")
    browser.find(".meant .pic.none svg")


def test_a_url_is_built_while_the_picture_follows(browser: Browser, root: None, live: Alias):
    browser.go("/admin/build/?url=/profile-image/ios/cat.jpg")
    browser.wait(lambda: browser.natural_size("#built") == (90, 90))
    browser.fill("width", "120")
    browser.wait(lambda: browser.natural_size("#built") == (120, 90))
    browser.wait(lambda: "/120x90/" in browser.find("#signed").text)
    browser.fill("filters", "blurx(2)")
    browser.says("There is no filter named blurx")
    assert browser.natural_size("#built") == (120, 90)
    browser.fill("filters", "grayscale()")
    browser.wait(lambda: "grayscale()" in browser.find("#signed").text)
    assert [said for said in browser.complaints() if "422" not in said] == []
    browser.press("Save as an alias…")
    browser.wait(lambda: browser.written("#id_filters") == "grayscale()")
    assert browser.written("#id_width") == "120"
