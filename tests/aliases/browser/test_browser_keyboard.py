"""The admin by the keyboard alone, from a new alias to a roll back. The focus is always seen, and never lost."""

from io import BytesIO
from pathlib import Path

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.rendering.imaging.focus.portraits import portrait
from tests.service import Service

pytestmark = LOOKS_AT_PAGES

#: Why the focus is not seen.
UNSEEN = Path(__file__).with_name("focused.js").read_text()
#: More stops than any page of one alias has.
MOST_STOPS = 150


class Hands:
    """Of somebody who has a keyboard and no pointer."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def press(self, *keys: str, holding: str = "") -> None:
        """Keys, one after the other, with another held down."""
        actions = ActionChains(self.browser.driver)
        if holding:
            actions.key_down(holding)
        actions.send_keys(*keys)
        if holding:
            actions.key_up(holding)
        actions.perform()

    def here(self) -> str:
        """What a screen reader calls what has the focus."""
        return str(self.browser.driver.switch_to.active_element.accessible_name)

    def stands_on(self, words: str) -> None:
        """Wait until something of that name has the focus, and is seen to have it."""
        self.browser.wait(lambda: words in self.here())
        self.is_seen()

    def is_seen(self) -> None:
        unseen = self.browser.driver.execute_script(UNSEEN)
        assert not unseen, f"{self.here()!r}: {unseen}; {self.browser.driver.current_url}"

    def tab_to(self, words: str, *, back: bool = False) -> None:
        """Tab until something whose name begins so has the focus; every stop on the way is seen."""
        passed = []
        for _ in range(MOST_STOPS):
            self.press(Keys.TAB, holding=Keys.SHIFT if back else "")
            if self.browser.driver.execute_script("return document.activeElement === document.body;"):
                continue  # out of the page and in again
            self.is_seen()
            passed.append(self.here())
            if passed[-1].startswith(words):
                return
        raise AssertionError(f"Tab leads to no “{words}”, but to {passed}")

    def replace(self, text: str) -> None:
        self.press("a", holding=Keys.CONTROL)
        self.press(text)


def test_an_alias_is_made_published_and_rolled_back_by_keys_alone(
    browser: Browser, root: None, bucket: Bucket, service: Service
):
    file = BytesIO()
    portrait().save(file, "JPEG")
    service.put("people/ann.jpg", file.getvalue())
    hands = Hands(browser)

    # From the desk to the form of a new alias, and to its bucket.
    browser.go("/admin/")
    hands.tab_to("Add an alias")
    hands.press(Keys.ENTER)
    browser.find("#alias_form")
    hands.tab_to("Name")
    hands.press("card")
    hands.tab_to("Bucket")
    hands.press("photos")

    # The picker: into a folder and to a picture, without ever losing the focus.
    hands.tab_to("Choose a sample…")
    hands.press(Keys.ENTER)
    hands.stands_on("Keys that begin with")
    browser.find(".picker [role=option]")
    hands.press(Keys.ARROW_DOWN)
    hands.stands_on("people/ folder")
    hands.press(Keys.ENTER)
    hands.stands_on("ann.jpg")
    hands.press(Keys.BACKSPACE)
    hands.stands_on("people/ folder")
    hands.press(Keys.ENTER)
    hands.stands_on("ann.jpg")
    hands.press(Keys.ENTER)
    browser.says("1 chosen")
    hands.stands_on("ann.jpg")
    hands.press(Keys.ENTER)
    hands.stands_on("Choose a sample…")
    assert browser.written("#id_sample") == "people/ann.jpg"

    # A size that cuts the face; and the button that mends it goes, but not the focus.
    hands.tab_to("Width")
    hands.press("120")
    hands.tab_to("Height")
    hands.press("68")
    browser.says("Cuts a face")
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting"))
    hands.tab_to("Crop around faces", back=True)  # the sheet stands before the fields
    hands.press(Keys.ENTER)
    hands.stands_on("people/ann.jpg")
    browser.wait(lambda: "Cuts a face" not in browser.text())
    hands.tab_to("Faces")
    hands.press(Keys.ARROW_LEFT)  # from “faces” to the square before it, “bottom right”
    hands.press(Keys.ARROW_UP)
    assert browser.find("[name=crop][value=right]").is_selected()
    hands.press(Keys.ARROW_LEFT)
    assert browser.find("[name=crop][value=center]").is_selected()

    # Filters: 41 tiles are one stop; two are chosen, set in order and used.
    fold = "const folds = [...document.querySelectorAll('summary')]; return folds.map((one) => one.textContent).join();"
    assert "Filters" in browser.driver.execute_script(fold)
    hands.tab_to("Filters")
    hands.press(Keys.ENTER)
    hands.tab_to("Choose from ")
    hands.press(Keys.ENTER)
    hands.stands_on("Search filters")
    hands.press("grey", Keys.ENTER)
    hands.stands_on("Greyscale")
    hands.press(Keys.ENTER)
    browser.says("Greyscale added, 1 of 1")
    hands.stands_on("Greyscale")
    hands.press(Keys.TAB, holding=Keys.SHIFT)
    hands.stands_on("Search filters")
    hands.replace("contrast")
    hands.press(Keys.ARROW_DOWN)
    hands.stands_on("Contrast")
    hands.press(Keys.SPACE)
    browser.says("Contrast added, 2 of 2")
    hands.press(Keys.TAB)  # past all other tiles
    hands.stands_on("Greyscale")
    hands.tab_to("Contrast")
    hands.press(Keys.ARROW_UP, holding=Keys.ALT)
    browser.says("Contrast, 1 of 2")
    hands.stands_on("Contrast")
    hands.tab_to("Once more")
    hands.press(Keys.ENTER)
    browser.says("Contrast added, 3 of 3")
    hands.stands_on("Contrast")
    hands.tab_to("Remove contrast")
    hands.press(Keys.ENTER)
    hands.stands_on("Greyscale")
    hands.tab_to("Use these")
    hands.press(Keys.ENTER)
    hands.stands_on("Choose from ")
    filters = browser.written("#id_filters")
    assert filters.startswith("contrast(")
    assert filters.endswith("):grayscale()")
    # Beside the field they stand with their pictures, and one is removed there.
    hands.tab_to("Remove greyscale", back=True)
    hands.press(Keys.ENTER)
    hands.stands_on("Contrast")
    assert browser.written("#id_filters") == filters.removesuffix(":grayscale()")

    # Saved; and the sheet, drawn anew for another kind of browser, keeps the focus.
    hands.press("s", holding=Keys.CONTROL)
    browser.says("is saved")
    browser.find(".tile .draft img[src]")
    hands.tab_to("WebP")
    hands.press(Keys.SPACE)
    browser.wait(lambda: "WebP" in browser.find(".seg [aria-pressed=true]").text)
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting"))
    hands.stands_on("WebP")

    # Published, changed, and published again.
    publish(hands, "the first")
    hands.tab_to("Back to the alias")
    hands.press(Keys.ENTER)
    browser.find("#alias_form")
    hands.tab_to("Width")
    hands.replace("150")
    publish(hands, "wider")

    # Inspected, and from there rolled back.
    hands.tab_to("Inspect", back=True)
    hands.press(Keys.ENTER)
    browser.says("Works. The alias card, revision 2")
    hands.tab_to("History")
    hands.press(Keys.ENTER)
    hands.tab_to("Roll back…")
    hands.press(Keys.ENTER)
    hands.tab_to("Why")
    hands.press("back to the first")
    hands.tab_to("Roll back")
    hands.press(Keys.ENTER)
    browser.says("It is live")
    alias = Alias.objects.get()
    assert alias.live
    assert alias.live.number == 1
    assert [said for said in browser.complaints() if "422" not in said] == []  # of a form that is half filled in


def publish(hands: Hands, why: str) -> None:
    """By Ctrl Enter from the form, with a reason, until it is live."""
    hands.press(Keys.ENTER, holding=Keys.CONTROL)
    hands.browser.find("#decide")
    hands.browser.wait(lambda: "problem" in hands.browser.find("[data-sum]").text)
    hands.tab_to("Why")
    hands.press(why)
    hands.tab_to("Publish")
    hands.press(Keys.ENTER)
    hands.browser.says("It is live")


def test_what_is_offered_again_and_put_back_leaves_the_focus_in_the_form(browser: Browser, root: None, alias: Alias):
    hands = Hands(browser)
    browser.go(page("alias_change", alias.pk))
    browser.fill("width", "77")
    browser.wait(lambda: "77" in str(browser.driver.execute_script("return Object.values(localStorage).join();")))
    browser.driver.execute_script("document.forms.alias_form.reset();")
    browser.go(page("alias_change", alias.pk))
    browser.says("you typed something here that was not saved")
    hands.tab_to("Put it back")
    hands.press(Keys.ENTER)
    assert browser.written("#id_width") == "77"
    hands.is_seen()
