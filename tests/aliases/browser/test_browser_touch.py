"""Boxes drawn by a finger, which scrolls too, or set by the keyboard alone."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser, sides_of
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.service import Service

pytestmark = LOOKS_AT_PAGES


@pytest.fixture
def telephone(browser: Browser) -> Iterator[None]:
    driver = browser.driver
    metrics = {"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    yield
    driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def middle(browser: Browser, selector: str) -> tuple[float, float]:
    script = """
        const one = document.querySelector(arguments[0]);
        one.scrollIntoView({block: "center", behavior: "instant"});
        const box = one.getBoundingClientRect();
        return [box.left + box.width / 2, box.top + box.height / 2];
    """
    x, y = browser.driver.execute_script(script, selector)
    return float(x), float(y)


def touch(browser: Browser, x: float, y: float, across: float, down: float) -> None:
    """A finger set down, moved and lifted."""

    def send(kind: str, *points: dict[str, float]) -> None:
        browser.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*points]})

    send("touchStart", {"x": x, "y": y})
    for step in range(1, 13):
        send("touchMove", {"x": x + across * step / 12, "y": y + down * step / 12})
    send("touchEnd")


#: Whether the page has come to rest.
STANDS = "const [done, before] = [arguments[0], scrollY]; setTimeout(() => done(scrollY === before), 150);"


def swipe_scrolls(browser: Browser, selector: str) -> None:
    """Wait until the page is scrolled by a swipe up over an element."""
    x, y = middle(browser, selector)
    before = browser.driver.execute_script("return scrollY;")
    touch(browser, x, y, 0, -120)
    browser.wait(lambda: browser.driver.execute_script("return scrollY;") > before + 50)
    browser.wait(lambda: browser.driver.execute_async_script(STANDS))


def drag_by_touch(browser: Browser, selector: str, by: float) -> None:
    """From an element's middle to the right and down."""
    touch(browser, *middle(browser, selector), by, by)


@pytest.mark.parametrize("where", ["preview", "focus"])
def test_a_swipe_over_a_picture_scrolls_and_a_box_is_drawn_where_it_is_meant(
    browser: Browser, root: None, bucket: Bucket, service: Service, telephone: None, where: str
):
    service.put("cat.jpg", drawn(300, 300))
    alias = Alias.objects.create(name="a", bucket=bucket, width=50, height=40, crop="smart", sample="cat.jpg")
    if where == "preview":
        browser.go(page("alias_change", alias.pk))
        browser.press("Draw the focal box…")
        browser.wait(lambda: browser.natural_size("#focal-original") == (300, 300))
        field, unset, rule = "#id_focal_box", "", "[name=crop][value=focal]"
    else:
        browser.go(f"{page('bucket_focus', bucket.pk)}?key=cat.jpg")
        field, rule = "#id_box", "[name=choice][value=box]"
        unset = browser.written(field)
    if where == "focus":
        swipe_scrolls(browser, ".picture img")
    assert browser.written(field) == unset
    assert not browser.find(rule).is_selected()

    browser.press("Set focus")
    assert browser.find(".focal-tools button").get_attribute("aria-pressed") == "true"
    drag_by_touch(browser, ".picture img", 60)
    browser.wait(lambda: browser.find(rule).is_selected())
    drawn_box = sides_of(browser.written(field))
    assert drawn_box[:2] == pytest.approx([0.5, 0.5], abs=0.02)
    # Drawn, it is done: a swipe scrolls again, over the box as well; its corner resizes it.
    assert browser.find(".focal-tools button").get_attribute("aria-pressed") == "false"
    if where == "focus":  # the form's is in a dialog, behind which nothing scrolls
        swipe_scrolls(browser, "#focal-box")
    assert sides_of(browser.written(field)) == drawn_box
    drag_by_touch(browser, "[data-corner='right bottom']", 30)
    browser.wait(lambda: sides_of(browser.written(field))[2] > drawn_box[2])


def test_a_focus_is_set_and_taken_back_by_the_keyboard_alone(browser: Browser, root: None, bucket: Bucket):
    alias = Alias.objects.create(name="a", bucket=bucket, width=50, height=40, crop="smart", sample="cat.jpg")
    browser.go(page("alias_change", alias.pk))
    browser.press("Draw the focal box…")
    browser.wait(lambda: browser.find(".focal-tools button").is_enabled())
    browser.find(".focal-tools button").send_keys(Keys.ENTER)
    assert browser.written("#id_focal_box") == "0.250x0.250:0.750x0.750"
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT, Keys.SHIFT, Keys.ARROW_UP)
    assert browser.written("#id_focal_box") == "0.240x0.250:0.740x0.740"
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert browser.written("#id_focal_box") == ""
    assert browser.find("[name=crop][value=smart]").is_selected()
    assert browser.driver.switch_to.active_element.text == "Set focus"
