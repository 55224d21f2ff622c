"""A bucket of 20,000 keys in a browser: found by what they begin with, page after page, and the page stays small."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.rendering.many_keys import fill
from tests.rendering.moto_server import MotoServer

pytestmark = LOOKS_AT_PAGES

KEYS = [f"{number:05}.jpg" for number in range(10_000)]
FOLDERS = [f"set-{number:04}/a b@é.jpg" for number in range(10_000)]
SHOWN = """
    const options = [...document.querySelectorAll(".keys:not([aria-busy]) [role=option]")];
    return options.map((one) => one.dataset.key ?? one.dataset.folder);
"""
#: Presses what shows more until so many have been listed; returns how many are drawn, in the list and in the tree.
LIST_ON = """
    const [wanted, done] = arguments;
    const list = document.querySelector(".keys");
    const press = () => {
        const last = list.querySelector("[role=option]:last-child");
        if (Number(last?.getAttribute("aria-posinset")) >= wanted) {
            done([list.querySelectorAll("[role=option]").length, document.querySelectorAll("[role=treeitem]").length]);
        } else if (list.hasAttribute("aria-busy")) {
            setTimeout(press, 10);
        } else {
            [...document.querySelectorAll(".more button")].find((one) => one.textContent.includes("more")).click();
            setTimeout(press, 10);
        }
    };
    press();
"""


@pytest.fixture
def filled(many: MotoServer) -> None:
    fill("many", [*KEYS, *FOLDERS], drawn(40, 30))


def shown(browser: Browser) -> list[str]:
    """The keys and folders in the list, once they have come."""
    found: list[str] = browser.driver.execute_script(SHOWN)
    return found


def press(browser: Browser, *keys: str) -> None:
    for key in keys:
        browser.driver.switch_to.active_element.send_keys(key)


def search(browser: Browser, text: str) -> None:
    field = browser.find(".find input")
    field.clear()
    field.send_keys(text)


def focused(browser: Browser) -> str:
    script = "const at = document.activeElement; return at.dataset.key ?? at.dataset.folder ?? at.tagName;"
    return str(browser.driver.execute_script(script))


def test_the_page_of_a_large_bucket_stays_small_and_every_key_is_near(
    browser: Browser, root: None, filled: None, alias: Alias
):
    browser.driver.set_script_timeout(120)
    browser.go(page("bucket_browse", alias.bucket_id))
    browser.wait(lambda: shown(browser) == KEYS[:24])
    # On and on: what was listed first is no longer drawn, and comes back.
    assert browser.driver.execute_async_script(LIST_ON, 530)[0] == 480
    browser.says("to 552 shown, more follow")
    browser.press("Show 48 before")
    browser.wait(lambda: shown(browser)[0] == KEYS[552 - 480 - 48])
    assert focused(browser) == KEYS[552 - 480 - 48]
    assert browser.find("[role=option]").get_attribute("aria-posinset") == str(552 - 480 - 48 + 1)
    press(browser, Keys.END)
    assert focused(browser) == KEYS[552 - 48 - 1]
    browser.press("Show 48 more")
    browser.wait(lambda: shown(browser)[-1] == KEYS[551])
    # The last key is as near as the first.
    search(browser, "0999")
    browser.wait(lambda: shown(browser) == KEYS[9990:])
    search(browser, "set-9999")
    browser.wait(lambda: shown(browser) == ["set-9999/"])
    press(browser, Keys.ARROW_DOWN, Keys.ENTER)
    browser.wait(lambda: shown(browser) == ["set-9999/a b@é.jpg"])
    press(browser, Keys.ENTER)
    browser.says("40 × 30 pixels")
    # Folders: neither the list nor the tree grows without an end.
    search(browser, "set-")
    browser.wait(lambda: len(shown(browser)) == 24)
    assert browser.driver.execute_async_script(LIST_ON, 530)[0] == 480
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "[role=treeitem]")) <= 203
    assert browser.complaints() == []


def test_one_of_many_keys_is_picked_by_the_keyboard(browser: Browser, root: None, filled: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.find("#id_sample + .choose").send_keys(Keys.ENTER)
    browser.wait(lambda: len(shown(browser)) == 24)
    press(browser, *"0777")
    browser.wait(lambda: shown(browser) == KEYS[7770:7780])
    press(browser, Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert focused(browser) == KEYS[7771]
    press(browser, Keys.ENTER, Keys.ENTER)
    browser.wait(lambda: browser.written("#id_sample") == KEYS[7771])
    browser.wait(lambda: browser.natural_size(".frame.draft img") == (90, 90))
