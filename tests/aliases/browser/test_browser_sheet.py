"""The contact sheet in a browser: it follows the form, says what is wrong with each sample, and precedes publishing."""

from io import BytesIO
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket, Publication, Sample
from aliases.publishing.publishing import publish
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.rendering.imaging.focus.portraits import portrait
from tests.rendering.imaging.pictures import animation
from tests.service import Service

pytestmark = LOOKS_AT_PAGES


@pytest.fixture
def card(bucket: Bucket, service: Service) -> Alias:
    """A live alias whose draft cuts a face, stops an animation, and has a broken original among its samples."""
    file = BytesIO()
    portrait().save(file, "JPEG")
    service.put("ann.jpg", file.getvalue())
    service.put("moving.gif", animation())
    service.put("broken.jpg", b"no picture")
    for key in ("cat.jpg", "moving.gif", "broken.jpg"):
        Sample.objects.create(bucket=bucket, key=key)
    alias = Alias.objects.create(
        name="card", bucket=bucket, width=120, height=68, crop="smart", sample="ann.jpg", faces_rule="must"
    )
    publish(alias, None)
    alias.refresh_from_db()
    alias.crop, alias.format = "center", "jpeg"
    alias.save()
    return alias


def keys(browser: Browser) -> list[str]:
    return [str(tile.get_attribute("aria-label")) for tile in browser.driver.find_elements(By.CSS_SELECTOR, ".tile")]


def ready(browser: Browser) -> None:
    browser.wait(lambda: "problem" in browser.find("[data-sum]").text)
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting"))


def test_the_sheet_follows_the_form_worst_first_and_a_cure_makes_its_badge_go(
    browser: Browser, root: None, card: Alias
):
    browser.go(page("alias_change", card.pk))
    ready(browser)
    assert keys(browser)[0] == "ann.jpg"
    assert sorted(keys(browser)) == ["ann.jpg", "broken.jpg", "cat.jpg", "moving.gif"]
    lead = browser.find(".tile.lead")
    assert "Cuts a face" in lead.text
    assert lead.find_elements(By.CSS_SELECTOR, ".face")
    browser.says("Plays no more")
    browser.says("Cannot be rendered")
    browser.wait(lambda: "live" in browser.find(".tile.lead .facts").text)
    browser.press("Crop around faces")
    browser.wait(lambda: "Cuts a face" not in browser.text())
    assert browser.find("[name=crop][value=smart]").is_selected()
    # A wrong field keeps the pictures, and says where it is.
    browser.fill("width", "12O")
    browser.says("You see the draft as it was before")
    assert browser.find(".sheet.wrong .frame.draft img").is_displayed()
    browser.fill("width", "100")
    browser.wait(lambda: browser.natural_size(".frame.draft img")[0] == 100)
    assert not browser.driver.find_elements(By.CSS_SELECTOR, ".sheet.wrong")
    # The keyboard saves; arrows move by rows among the nine squares.
    square = browser.find("[name=crop][value=center]")
    square.send_keys(Keys.SPACE)
    square.send_keys(Keys.ARROW_UP)
    assert browser.find("[name=crop][value=top]").is_selected()
    browser.find("#id_width").send_keys(Keys.CONTROL, "s")
    browser.says("is saved")
    card.refresh_from_db()
    assert (card.width, card.crop) == (100, "top")


def test_publishing_against_a_rule_asks_for_a_tick_and_a_reason(browser: Browser, root: None, card: Alias):
    browser.go(page("alias_publish", card.pk))
    ready(browser)
    browser.says("1 broken")
    assert "ann.jpg (cuts a face)" in browser.find("[data-rule=faces]").text
    browser.press("Publish anyway")  # which the browser itself refuses without a reason and a tick
    browser.find("[name=why]:invalid")
    browser.press("Side by side")
    browser.fill("why", "the new page")
    browser.click(By.NAME, "anyway")
    browser.press("Publish anyway")
    browser.says("The catalogue is written")
    assert "people" not in Publication.objects.latest("pk").against[0]
    assert "ann.jpg" in Publication.objects.latest("pk").against[0]
    # What was broken stands there, and no sign lies over the words of a step.
    browser.says("It went live all the same: “the new page”.")
    assert browser.find(".steps li").value_of_css_property("padding-left") == "32px"
    assert browser.find(".served .urlbox code").text.endswith("/card/ann.jpg")
    browser.press("Undo…")
    browser.says("Every sample as revision 1 makes it")
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting"))
    browser.wait(lambda: "on average" in browser.find("[data-sum]").text)
    assert "2 of 4 have a problem" in browser.find("[data-sum]").text  # what is broken, and what it enlarges


#: The menus whose chosen words are cut off.
CUT_OFF = """
    const pen = document.createElement("canvas").getContext("2d");
    return [...document.querySelectorAll("#alias_form select")].filter((menu) => {
        const { font, paddingLeft, paddingRight } = getComputedStyle(menu);
        pen.font = font;
        const room = menu.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
        return room > 0 && pen.measureText(menu.selectedOptions[0].text).width > room + 1;
    }).map((menu) => menu.name);
"""


def test_where_there_are_no_samples_some_are_found_or_one_is_chosen(browser: Browser, root: None, bucket: Bucket):
    alias = Alias.objects.create(name="bare", bucket=bucket, width=60, enlarging_rule="must", bytes_rule="must")
    browser.go(page("alias_change", alias.pk))
    browser.says("No samples yet.")
    browser.driver.execute_script("document.querySelectorAll('details').forEach((fold) => { fold.open = true; });")
    assert browser.driver.execute_script(CUT_OFF) == []
    browser.click(By.CSS_SELECTOR, "[data-sum] button")
    browser.find("dialog.picker[open]").send_keys(Keys.ESCAPE)
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, "dialog.picker"))
    browser.press("Find samples")
    browser.wait(lambda: keys(browser) == ["cat.jpg"])
    browser.wait(lambda: browser.natural_size(".frame.draft img")[0] == 60)
    assert Sample.objects.get().key == "cat.jpg"


def test_whoever_may_only_look_is_told_nothing_of_fields_that_are_not_there(browser: Browser, made: Any, card: Alias):
    made("viewer", "view_alias")
    browser.log_in("viewer")
    browser.go(page("alias_change", card.pk))
    browser.wait(lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".help-button:not([hidden])"))
    assert [fold.text for fold in browser.driver.find_elements(By.CSS_SELECTOR, "[data-fold] summary span")] == [""] * 7
    assert browser.find("#saved").text == ""
    assert browser.find(".field-jpeg_quality").is_displayed()


def test_what_was_typed_and_not_saved_is_offered_again(browser: Browser, root: None, card: Alias):
    browser.go(page("alias_change", card.pk))
    browser.fill("width", "77")
    browser.wait(lambda: browser.driver.execute_script("return localStorage.length && localStorage.key(0).length;"))
    browser.driver.execute_script(
        "addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), true);"
    )
    browser.wait(lambda: "77" in str(browser.driver.execute_script("return Object.values(localStorage).join();")))
    script: Any = "window.stop(); document.forms.alias_form.reset();"
    browser.driver.execute_script(script)
    browser.go(page("alias_change", card.pk))
    browser.says("you typed something here that was not saved")
    browser.press("Put it back")
    assert browser.written("#id_width") == "77"
