"""Buckets in a browser: one made in a popup, and a change that is decided upon."""

import pytest
from selenium.webdriver.common.by import By

from aliases.models import Alias, Bucket
from aliases.publishing.publishing import publish
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.service import Service

pytestmark = LOOKS_AT_PAGES


def test_pictures_of_a_bucket_from_a_popup_can_be_chosen_at_once(
    browser: Browser, root: None, bucket: Bucket, service: Service
):
    service.put("team-40/one.jpg")
    browser.go("/admin/aliases/alias/add/")
    assert not browser.find("#id_sample + .choose").is_enabled()
    page = browser.driver.current_window_handle
    browser.click(By.ID, "add_id_bucket")
    browser.wait(lambda: len(browser.driver.window_handles) == 2)
    browser.driver.switch_to.window(next(one for one in browser.driver.window_handles if one != page))
    browser.fill("name", "teams")
    browser.fill("places-0-location", str(service.originals / "team-40"))
    browser.press("Save")
    browser.driver.switch_to.window(page)
    browser.wait(lambda: browser.find("#id_sample + .choose").is_enabled())
    browser.click(By.CSS_SELECTOR, "#id_sample + .choose")
    browser.click(By.CSS_SELECTOR, ".picker [data-key='one.jpg']")
    browser.press("Use this picture")
    browser.wait(lambda: browser.written("#id_sample") == "one.jpg")


@pytest.mark.parametrize("width", [400, 1280])
def test_a_change_that_breaks_is_decided_upon_and_undone(browser: Browser, root: None, alias: Alias, width: int):
    publish(alias, None)
    browser.driver.set_window_size(width, 900)
    change = f"/admin/aliases/bucket/{alias.bucket_id}/change/"
    browser.go(change)
    browser.fill("places-0-prefix", "nope/")
    browser.press("Save")
    browser.says("Of 1 sample found now, 1 would be missing.")
    assert browser.natural_size(".samples img") != (0, 0)
    assert browser.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    browser.press("Back to the form")
    browser.says("Nothing is saved yet")
    assert browser.find("[name=places-0-prefix]").get_attribute("value") == "nope/"
    browser.press("Save")
    browser.find("[value='Save anyway']")
    browser.click(By.NAME, "anyway")
    browser.fill("why", "to see")
    browser.press("Save anyway")
    browser.says("was changed successfully")
    assert alias.bucket.places.get().prefix == "nope/"
    browser.go(f"/admin/aliases/bucket/{alias.bucket_id}/history/")
    browser.says("“to see”")
    browser.press("Go back to before this change…")
    browser.press("Save and make it live")
    browser.says("The catalogue is written")  # the page before says what will change, too
    browser.says("prefix: “nope/” → empty")
    assert alias.bucket.places.get().prefix == ""


def test_the_test_of_a_bucket_shows_no_broken_picture(browser: Browser, root: None, bucket: Bucket, service: Service):
    service.put("damaged.jpg", b"\xff\xd8\xff\xe0 nothing more")
    service.put("notes.txt", b"some text")
    browser.go(f"/admin/aliases/bucket/{bucket.pk}/test/")
    browser.says("cannot be decoded")
    browser.says("no picture by its name")
    broken = "return [...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.src)"
    assert browser.driver.execute_script(broken) == []
    browser.wait(lambda: browser.natural_size(".originals img") == (300, 200))
