"""Browsing a bucket, and choosing a picture of it wherever a key is asked for, by pointer and by keyboard."""

from functools import partial

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket, BucketPlace
from aliases.pictures import samples
from aliases.publishing.sending import write_catalogue
from tests.aliases.browser.axe import AXE, RULES, serious
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.service import Service
from tests.values import KEYS

pytestmark = LOOKS_AT_PAGES


SHOWN = """
    const options = [...document.querySelectorAll(".keys:not([aria-busy]) [role=option]")];
    return options.map((one) => one.dataset.key ?? one.dataset.folder);
"""
CHOOSE = """
    const options = [...document.querySelectorAll(".picker [data-key]")];
    options.find((one) => one.dataset.key === arguments[0]).click();
"""
TYPE = """
    const field = document.querySelector(".picker .find input");
    field.value = arguments[0];
    field.dispatchEvent(new Event("input", {bubbles: true}));
"""
#: By how much the dialog is wider than its window, and whether its buttons are all in sight.
FITS = """
    const body = document.querySelector(".picker .body");
    const buttons = [...document.querySelectorAll(".picker footer .btn")].map((one) => one.getBoundingClientRect());
    const seen = buttons.map((one) => one.left >= 0 && one.right <= innerWidth && one.bottom <= innerHeight);
    return [body.scrollWidth - body.clientWidth, ...seen];
"""


def shown(browser: Browser) -> list[str]:
    """The keys and folders in the list, once they have come."""
    found: list[str] = browser.driver.execute_script(SHOWN)
    return found


def has(browser: Browser, key: str) -> bool:
    return key in shown(browser)


def stands(browser: Browser, selector: str, text: str) -> bool:
    return browser.written(selector) == text


def look_for(browser: Browser, text: str) -> None:
    """Type into the search of the dialog: also what chromedriver has no keys for, such as an emoji."""
    browser.find(".picker .find input")
    browser.driver.execute_script(TYPE, text)


def press(browser: Browser, *keys: str) -> None:
    """Keys, on whatever has the focus."""
    for key in keys:
        browser.driver.switch_to.active_element.send_keys(key)


def focused(browser: Browser) -> str:
    script = "const at = document.activeElement; return at.dataset.key ?? at.dataset.folder ?? at.tagName;"
    return str(browser.driver.execute_script(script))


def test_a_bucket_is_browsed_by_keyboard_and_a_picture_pinned(
    browser: Browser, root: None, bucket: Bucket, service: Service
):
    for number in range(30):
        service.put(f"team/{number:02}.jpg", drawn(60, 40))
    service.put("team/notes.txt", b"text")
    browser.go(page("bucket_browse", bucket.pk))
    browser.wait(lambda: shown(browser) == ["team/", "cat.jpg"])
    browser.find(".tree [data-folder='team/']")
    browser.find("h1").click()
    browser.find(".keys [tabindex='0']").send_keys(Keys.ARROW_RIGHT)
    assert focused(browser) == "cat.jpg"
    press(browser, Keys.ENTER)
    browser.says("300 × 200 pixels")
    assert browser.find("[data-key='cat.jpg']").get_attribute("aria-selected") == "true"
    browser.press("Pin to the sample set")
    browser.says("pinned")
    assert [one.key for one in samples.of(bucket)] == ["cat.jpg"]
    browser.press("Take out of the sample set")
    browser.wait(lambda: not samples.of(bucket))

    browser.find("[data-folder='team/'][role=option]").send_keys(Keys.ENTER)
    browser.wait(lambda: len(shown(browser)) == 24)
    browser.press("Show 48 more")
    browser.wait(lambda: len(shown(browser)) == 30)
    assert focused(browser) == "team/24.jpg"
    browser.says("1 other file is hidden")
    browser.press("All files")
    assert len(shown(browser)) == 31
    browser.find("[data-key='team/24.jpg']").send_keys(Keys.HOME)
    assert focused(browser) == "team/00.jpg"
    press(browser, "/")
    assert focused(browser) == "INPUT"
    press(browser, "2")
    browser.wait(lambda: shown(browser) == [f"team/2{digit}.jpg" for digit in range(10)])
    press(browser, Keys.ARROW_DOWN, Keys.BACKSPACE)
    browser.wait(lambda: shown(browser)[:1] == ["team/00.jpg"])
    press(browser, Keys.BACKSPACE)
    browser.wait(lambda: shown(browser) == ["team/", "cat.jpg"])
    # The tree of folders.
    browser.find(".tree [tabindex='0']").send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    browser.wait(lambda: len(shown(browser)) == 24)
    assert browser.complaints() == []


def test_the_sample_set_is_found_with_its_progress(browser: Browser, root: None, bucket: Bucket, service: Service):
    service.put("wide.png", drawn(500, 20, "PNG", "RGBA"))
    browser.go(page("bucket_browse", bucket.pk))
    browser.press("Find pictures")
    browser.says("found just now")
    browser.says("widest")
    assert {one.key for one in samples.of(bucket)} == {"cat.jpg", "wide.png"}
    browser.press("Take wide.png out of the set")
    browser.wait(lambda: len(samples.of(bucket)) == 1)
    browser.press("Pin pictures…")
    browser.click(By.CSS_SELECTOR, ".picker [data-key='cat.jpg']")
    browser.click(By.CSS_SELECTOR, ".picker [data-key='wide.png']")
    browser.says("2 chosen")
    browser.press("Use these pictures")
    browser.wait(lambda: [one.pinned for one in samples.of(bucket)] == [True, True])


def test_a_sample_a_fallback_and_an_overlay_are_chosen_with_odd_keys(
    browser: Browser, root: None, alias: Alias, service: Service
):
    odd = [key for key in KEYS if key.endswith((".jpg", ".JPG")) and len(key) < 500]
    for key in odd:
        service.put(key)
        service.put(f"pre fix/{key}")
    brand = Bucket.objects.create(name="brand")
    BucketPlace.objects.create(bucket=brand, environment="local", kind="folder", location=str(service.originals))
    alias.bucket.overlays_from.add(brand)
    write_catalogue()  # the preview finds the buckets of overlays there
    Alias.objects.filter(pk=alias.pk).update(prefix="pre fix/", sample="")
    browser.go(page("alias_change", alias.pk))
    for key in odd:
        browser.click(By.CSS_SELECTOR, "#id_sample + .choose")
        look_for(browser, f"pre fix/{key}")
        if "/." in key:  # folders list no hidden files
            browser.press(f"Take “pre fix/{key}”")
        else:
            browser.wait(partial(has, browser, f"pre fix/{key}"))
            browser.driver.execute_script(CHOOSE, f"pre fix/{key}")
        browser.press("Use this picture")
        browser.wait(partial(stands, browser, "#id_sample", key))
    browser.driver.execute_script("document.querySelectorAll('details').forEach((one) => (one.open = true));")
    browser.click(By.CSS_SELECTOR, "#id_fallback + .choose")
    browser.wait(lambda: "cat.jpg" in shown(browser))
    browser.driver.execute_script(AXE)
    assert [found for scheme in RULES for found in serious(browser, scheme)] == []
    browser.find(".picker [data-key='cat.jpg']").send_keys(Keys.ENTER, Keys.ENTER)
    browser.wait(lambda: browser.written("#id_fallback") == "cat.jpg")
    assert browser.driver.execute_script("return document.activeElement.className").endswith("choose")

    browser.click(By.CSS_SELECTOR, ".filter-picker")
    browser.click(By.CSS_SELECTOR, "[data-filter=watermark]")
    browser.click(By.CSS_SELECTOR, ".filters .choose")
    browser.find(".picker:not(.filters) select").send_keys("brand")
    browser.find(".picker:not(.filters) .find input").send_keys("1+1=2/", Keys.ENTER)
    browser.click(By.CSS_SELECTOR, ".picker [data-key='1+1=2/c++.jpg']")
    browser.press("Use this picture")
    browser.wait(partial(stands, browser, ".filters .argument input", "brand/1%2B1%3D2/c%2B%2B.jpg"))
    browser.press("Use these")
    assert browser.written("#id_filters") == "watermark(brand/1%2B1%3D2/c%2B%2B.jpg,-10,-10,20,40)"
    assert browser.complaints() == []


def test_where_nothing_begins_so_or_nothing_can_be_listed_one_goes_on(
    browser: Browser, root: None, alias: Alias, service: Service
):
    service.put("studio/one.jpg")
    browser.go(page("alias_change", alias.pk))
    browser.click(By.CSS_SELECTOR, "#id_sample + .choose")
    browser.wait(lambda: "cat.jpg" in shown(browser))
    browser.find(".picker .find input").send_keys("studoi/x")
    browser.press("Open studio/")
    browser.wait(lambda: shown(browser) == ["studio/one.jpg"])
    alias.bucket.places.update(location="samples/nowhere")
    browser.find(".picker .find input").send_keys("two.jpg", Keys.ENTER)
    browser.says("There is no folder")
    browser.press("Take “studio/two.jpg”")
    browser.press("Use this picture")
    browser.wait(lambda: browser.written("#id_sample") == "studio/two.jpg")


@pytest.mark.parametrize("width", [320, 768])
def test_the_dialog_fits_narrow_windows(browser: Browser, root: None, alias: Alias, service: Service, width: int):
    service.put(KEYS[-1])
    metrics = {"width": width, "height": 640, "deviceScaleFactor": 1, "mobile": True}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        browser.go(page("alias_change", alias.pk))
        browser.click(By.CSS_SELECTOR, "#id_sample + .choose")
        browser.click(By.CSS_SELECTOR, ".picker [data-key='cat.jpg']")
        assert browser.driver.execute_script(FITS) == [0, True, True]
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
