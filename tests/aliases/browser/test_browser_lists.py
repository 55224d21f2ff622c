"""The desk, the list, the history and the comparison in Chromium: they work, and keep nobody from using them."""

from pathlib import Path
from typing import Any

import axe_core_python  # type: ignore[import-untyped]
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from aliases.models import Alias, Bucket
from aliases.pictures import checking
from aliases.publishing.publishing import publish
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.service import Service

pytestmark = LOOKS_AT_PAGES

AXE = Path(axe_core_python.__file__).with_name("axe.min.js").read_text()
SCHEMES = ("light", "dark")


@pytest.fixture
def twice(alias: Alias, bucket: Bucket) -> Alias:
    """An alias of two revisions whose draft differs, beside one that is broken."""
    publish(alias, None, "first")
    Alias.objects.filter(pk=alias.pk).update(filters="grayscale()")
    publish(Alias.objects.get(pk=alias.pk), None, "grey")
    Alias.objects.filter(pk=alias.pk).update(width=61)
    publish(Alias.objects.create(name="gone", bucket=bucket, sample="gone.jpg"), None)
    checking.check_some(5)
    return alias


def findings(browser: Browser, scheme: str) -> list[str]:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    script = "axe.run(document, {resultTypes: ['violations'], preload: false}).then(arguments[0]);"
    result: Any = browser.driver.execute_async_script(script)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in result["violations"]]


def test_axe_finds_nothing_in_light_and_dark_narrow_and_wide(browser: Browser, root: None, twice: Alias):
    found = []
    for path in (
        "/admin/",
        page("alias_changelist"),
        page("alias_history", twice.pk),
        f"{page('alias_compare', twice.pk)}?a=1&b=2",
        f"{page('alias_publish_some')}?pk={twice.pk}",
        page("alias_snippets", twice.pk),
    ):
        for width in (400, 1280):
            browser.driver.set_window_size(width, 1000)
            browser.go(path)
            browser.driver.execute_script(AXE)
            found += [f"{path}, {width}, {scheme}: {one}" for scheme in SCHEMES for one in findings(browser, scheme)]
    assert not found, "\n".join(found)


def test_ticking_shows_what_can_be_done_and_escape_takes_it_back(browser: Browser, root: None, twice: Alias):
    browser.go(page("alias_changelist"))
    assert not browser.find("#bulk button").is_displayed()
    browser.click(By.CSS_SELECTOR, "[name=_selected_action]")
    browser.says("1 selected")
    assert browser.find("#bulk button").is_displayed()
    webdriver.ActionChains(browser.driver).send_keys("\ue00c").perform()  # Escape
    browser.says("Tick aliases to do something with many at once")
    browser.click(By.ID, "all")
    browser.says("2 selected")
    browser.press("Publish drafts…")
    browser.says("width: 90 → 61")
    browser.says("Its draft is live already.")


def test_badges_and_rules_say_what_a_revision_does(browser: Browser, root: None, alias: Alias):
    Alias.objects.filter(pk=alias.pk).update(width=360, height=240)
    publish(Alias.objects.get(), None)
    Alias.objects.filter(pk=alias.pk).update(width=90, height=60, most_enlarged=1.1, enlarging_rule="must")
    publish(Alias.objects.get(), None)
    browser.go(f"{page('alias_compare', alias.pk)}?a=1&b=2")
    browser.says("Not enlarged any more")
    browser.go(f"{page('alias_compare', alias.pk)}?a=2&b=1")
    browser.says("Enlarged 1.2×")
    browser.go(page("alias_roll_back", alias.pk, 1))
    browser.says("1 of 1: cat.jpg (enlarged 1.2×)")
    browser.says("A rule is broken. Say why it should go live all the same, or go back.")
    assert browser.find("[type=submit].default").get_attribute("value") == "Roll back anyway"
    assert browser.complaints() == []


def test_two_revisions_are_chosen_and_compared_in_pictures(
    browser: Browser, root: None, twice: Alias, service: Service
):
    browser.go(page("alias_history", twice.pk))
    browser.says("A: Revision 2 · B: The draft")
    browser.driver.execute_script("document.querySelector('[name=a][value=\"1\"]').click();")
    browser.driver.execute_script("document.querySelector('[name=b][value=\"2\"]').click();")
    browser.says("A: Revision 1 · B: Revision 2")
    browser.press("Compare")
    browser.says("1 of 1 samples look different.")
    browser.wait(lambda: browser.natural_size(".cmp img.b") == (90, 90))
    browser.press("Slider")
    assert browser.find("#slider").is_displayed()
    browser.driver.execute_script(
        "const one = document.getElementById('slider'); one.value = 20; one.dispatchEvent(new Event('input'));"
    )
    shown = browser.driver.execute_script("return getComputedStyle(document.querySelector('.cmp img.b')).clipPath")
    assert "20%" in shown
    assert browser.complaints() == []
    # Of pictures that are gone nothing is claimed, and no torn ones are shown.
    (service.originals / "cat.jpg").unlink()
    browser.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    browser.driver.refresh()
    browser.says("1 cannot be compared.")
    assert "look different" not in browser.find("#verdict").text
    browser.find(".cmp.none:empty")
