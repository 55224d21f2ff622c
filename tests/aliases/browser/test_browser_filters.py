"""The picker of filters in a browser: searched, chosen, set, reordered and dropped, by pointer, finger and keyboard."""

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias
from tests.aliases.browser.axe import AXE, RULES, serious
from tests.aliases.browser.chromium import DRAFT, LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page

pytestmark = LOOKS_AT_PAGES


@pytest.fixture
def sharp(alias: Alias) -> Alias:
    alias.filters = "sharpen(0.8,1.2,true)"
    alias.save()
    return alias


def opened(browser: Browser, path: str) -> None:
    browser.go(path)
    browser.driver.execute_script("document.querySelectorAll('details').forEach((one) => (one.open = true));")
    browser.click(By.CSS_SELECTOR, ".filter-picker")
    browser.find("dialog.filters")


def search(browser: Browser, words: str) -> None:
    field = browser.find(".filters [type=search]")
    field.clear()
    field.send_keys(words)


def shown(browser: Browser) -> list[str]:
    tiles = browser.driver.find_elements(By.CSS_SELECTOR, ".filters .filter:not([hidden]) > span:not(.unseen)")
    return [tile.text for tile in tiles]


def text(browser: Browser) -> str:
    return browser.written("#filters-text")


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def alt(browser: Browser, key: str) -> None:
    ActionChains(browser.driver).key_down(Keys.ALT).send_keys(key).key_up(Keys.ALT).perform()


def test_a_filter_is_found_set_and_moved_and_the_sheet_and_the_text_follow(browser: Browser, root: None, sharp: Alias):
    opened(browser, page("alias_change", sharp.pk))
    browser.wait(lambda: browser.natural_size(".filters [data-filter=blur] img") == (240, 160))
    for asked, found in (("grey", "Greyscale"), ("logo", "Watermark"), ("equalize", "Equalise")):
        search(browser, asked)
        assert shown(browser)[0] == found
    search(browser, "glow")
    browser.says("No filter matches “glow”.")
    search(browser, "contrast")
    browser.click(By.CSS_SELECTOR, "[data-filter=contrast]")
    browser.says("Contrast added, 2 of 2")
    # The settings of what was added; a second click adds nothing.
    amount = browser.find(".filters .argument input[type=text]")
    amount.clear()
    amount.send_keys("15")
    browser.click(By.CSS_SELECTOR, "[data-filter=contrast]")
    assert text(browser) == "sharpen(0.8,1.2,true):contrast(15)"
    # Moved by keys and said, and by the pointer.
    browser.driver.execute_script("document.querySelector('.order .selected .name').focus();")
    alt(browser, Keys.ARROW_UP)
    browser.says("Contrast, 1 of 2")
    assert text(browser) == browser.written("#id_filters") == "contrast(15):sharpen(0.8,1.2,true)"
    grips = browser.driver.find_elements(By.CSS_SELECTOR, ".order .grip")
    ActionChains(browser.driver).drag_and_drop_by_offset(grips[0], 0, 100).perform()
    browser.says("Contrast, 2 of 2")
    assert text(browser) == "sharpen(0.8,1.2,true):contrast(15)"
    # The sheet follows while the dialog is open, which shows its worst sample.
    before = browser.wait(lambda: browser.find(DRAFT).get_attribute("src"))
    browser.driver.execute_script("document.querySelector('.filters .settings input[type=text]').select();")
    press(browser, "10")
    browser.wait(lambda: browser.find(DRAFT).get_attribute("src") != before)
    browser.wait(lambda: browser.natural_size(".filters figure img") == (90, 90))
    browser.driver.execute_script(AXE)
    assert [found for scheme in RULES for found in serious(browser, scheme)] == []
    browser.press("Use these")
    assert browser.written("#id_filters") == "sharpen(0.8,1.2,true):contrast(10)"
    assert browser.driver.switch_to.active_element.text.startswith("Choose from ")
    assert browser.complaints() == []


def test_a_wrong_text_keeps_the_list_and_changes_are_dropped_only_when_asked(
    browser: Browser, root: None, sharp: Alias
):
    opened(browser, page("alias_change", sharp.pk))
    field = browser.find("#filters-text")
    field.send_keys(":glow(5)")
    browser.says("There is no filter called “glow”, at character 23.")
    assert browser.find(".order").text.startswith("Sharpen")
    browser.click(By.CSS_SELECTOR, "[data-filter=sepia]")  # which would lose what was typed
    browser.says("Correct the text first")
    field.clear()
    field.send_keys("blur(500)")
    browser.wait(lambda: "500 is not a whole number from 0 to 150" in browser.find("#filters-wrong").text)
    assert browser.find(".order").text.startswith("Blur")
    press(browser, Keys.ESCAPE)
    browser.says("You changed the filters. Drop the changes?")
    press(browser, Keys.ESCAPE)
    assert browser.find("dialog.filters").is_displayed()
    press(browser, Keys.ESCAPE)
    browser.press("Drop them")
    browser.wait(lambda: browser.written("#id_filters") == "sharpen(0.8,1.2,true)")
    # Nothing changed: it closes.
    browser.click(By.CSS_SELECTOR, ".filter-picker")
    press(browser, Keys.ESCAPE)
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, "dialog.filters"))


def test_a_finger_reorders_on_a_telephone_where_it_fills_the_screen(browser: Browser, root: None, sharp: Alias):
    driver = browser.driver
    metrics = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        opened(browser, page("alias_change", sharp.pk))
        browser.click(By.CSS_SELECTOR, "[data-filter=sepia]")
        browser.press("Settings")
        box = "const box = document.querySelector(arguments[0]).getBoundingClientRect();"
        assert driver.execute_script(f"{box} return [box.width, box.height];", "dialog.filters") == [400, 800]
        x, y = driver.execute_script(f"{box} return [box.left + 10, box.top + 10];", ".order li:last-child .grip")
        for kind, points in (
            ("touchStart", [{"x": x, "y": y}]),
            ("touchMove", [{"x": x, "y": y - 30}]),
            ("touchMove", [{"x": x, "y": y - 70}]),
            ("touchEnd", []),
        ):
            driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        browser.says("Sepia, 1 of 2")
        assert text(browser) == "sepia():sharpen(0.8,1.2,true)"
        driver.execute_script(AXE)
        assert serious(browser, "light") == []
    finally:
        driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
