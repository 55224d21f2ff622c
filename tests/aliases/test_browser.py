"""The admin in a browser: from a folder of pictures to a served one, to a change and back again, without an error."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.request import urlopen

import pytest
from django.contrib.auth.models import User
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from aliases.models import Alias, Bucket
from rendering import catalogue
from tests.conftest import Service, drawn

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1400,1200"
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER) and os.environ.get("REQUIRE_CHROMIUM") != "1",
        reason="no chromium and chromedriver on this machine (REQUIRE_CHROMIUM=1 makes this a failure)",
    ),
]


class Browser:
    """Chromium on the service under test."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self.address = driver, address

    def go(self, path: str) -> None:
        self.driver.get(self.address + path)

    def find(self, selector: str) -> WebElement:
        element: WebElement = self.wait(lambda: self.driver.find_element(By.CSS_SELECTOR, selector))
        return element

    def fill(self, name: str, text: str) -> None:
        def filled() -> bool:
            field = self.driver.find_element(By.CSS_SELECTOR, f"[name={name}]")
            field.clear()
            field.send_keys(text)
            return True

        self.wait(filled)

    def press(self, words: str) -> None:
        """Click the button, link or submit input that says so."""
        path = f"//button[normalize-space()='{words}'] | //a[normalize-space()='{words}'] | //input[@value='{words}']"
        self.click(By.XPATH, path)

    def click(self, by: str, selector: str) -> None:
        """Also on a page that is still moving: what cannot be clicked yet is looked for again."""

        def clicked() -> bool:
            self.driver.find_element(by, selector).click()
            return True

        self.wait(clicked)

    def wait(self, look: Callable[[], Any], seconds: float = 10) -> Any:
        """What `look` returns, as soon as it returns something."""
        end = time.monotonic() + seconds
        while True:
            try:
                if found := look():
                    return found
            except Exception:
                if time.monotonic() > end:
                    raise
            assert time.monotonic() < end, f"nothing came; the page says: {self.text()}"
            time.sleep(0.05)

    def text(self) -> str:
        return str(self.driver.find_element(By.TAG_NAME, "body").text)

    def says(self, words: str) -> None:
        self.wait(lambda: words in self.text())

    def natural_size(self, selector: str) -> tuple[int, int]:
        script = """
            const image = document.querySelector(arguments[0]);
            return image && image.complete ? [image.naturalWidth, image.naturalHeight] : null;
        """
        width, height = self.driver.execute_script(script, selector) or (0, 0)
        return int(width), int(height)

    def complaints(self) -> list[str]:
        """What the console says: errors of scripts, refusals by the page's policy, pictures that did not come."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture
def address(own_service: None, transactional_db: None) -> Iterator[str]:
    """Of a server that has started with this test's settings; pytest-django's own would start once for all tests."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or "chromium"
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER or "chromedriver"))
    try:
        yield Browser(driver, address)
    finally:
        driver.quit()


@pytest.fixture
def root(browser: Browser) -> None:
    User.objects.create_superuser("root", password="secret")
    browser.go("/admin/")
    browser.fill("username", "root")
    browser.fill("password", "secret")
    browser.press("Log in")
    # A click is done before the page that it leads to has come, and going elsewhere meanwhile would undo it.
    browser.find("#user-tools form")


def served(browser: Browser, path: str) -> bytes:
    with urlopen(browser.address + path) as response:
        content: bytes = response.read()
    return content


def size_of(content: bytes) -> tuple[int, int]:
    import io

    from PIL import Image

    return Image.open(io.BytesIO(content)).size


def test_from_a_folder_of_pictures_to_a_served_one_to_a_change_and_back(browser: Browser, root: None, service: Service):
    service.put("people/ann.jpg", drawn(600, 400))

    # A bucket of the folder, tested.
    browser.go("/admin/aliases/bucket/add/")
    browser.fill("name", "photos")
    browser.fill("places-0-location", str(service.originals))
    browser.press("Save")
    browser.says("“Test this bucket” shows")
    browser.press("Test this bucket")
    browser.says("It works.")
    browser.wait(lambda: browser.natural_size(".originals img") == (160, 107))

    # An alias of it; the preview follows what is typed.
    browser.press("make an alias of this bucket")
    browser.fill("name", "avatar")
    browser.fill("width", "90")
    browser.fill("height", "60")
    browser.wait(lambda: browser.natural_size("#preview-draft") == (90, 60))
    assert browser.natural_size("#preview-original") == (600, 400)
    browser.fill("filters", "brightness(300)")
    browser.says("300 is not a whole number from -100 to 100")
    browser.fill("filters", "")
    browser.click(By.CSS_SELECTOR, ".filter-picker summary")
    browser.click(By.CSS_SELECTOR, "[data-filter=grayscale] button")
    assert browser.find("#id_filters").get_attribute("value") == "grayscale()"
    browser.wait(lambda: browser.natural_size("#preview-draft") == (90, 60))

    # Published, and served.
    browser.press("Save and publish…")
    browser.says("The first publication")
    browser.fill("why", "first avatars")
    browser.press("Publish")
    browser.says("The catalogue is written")
    browser.wait(lambda: browser.natural_size("#result") == (90, 60))
    assert size_of(served(browser, "/avatar/people/ann.jpg")) == (90, 60)

    # Changed, and published again.
    browser.press("Back to the alias")
    browser.fill("width", "120")
    browser.wait(lambda: browser.natural_size("#preview-draft") == (120, 60))
    browser.press("Save and publish…")
    browser.says("width: 90 → 120")
    browser.press("Publish")
    browser.wait(lambda: browser.natural_size("#result") == (120, 60))
    assert size_of(served(browser, "/avatar/people/ann.jpg")) == (120, 60)
    kept = service.kept()

    # Rolled back: the old picture, from storage.
    browser.press("History and roll back")
    browser.press("Roll back to this…")
    browser.says("width: 120 → 90")
    browser.press("Roll back")
    browser.wait(lambda: browser.natural_size("#result") == (90, 60))
    assert size_of(served(browser, "/avatar/people/ann.jpg")) == (90, 60)
    assert service.kept() == kept

    # The list and the start page show it.
    browser.go("/admin/aliases/alias/")
    browser.says("live, draft differs")
    browser.wait(lambda: browser.natural_size("img.thumbnail") == (90, 60))
    browser.go("/")
    browser.says("/avatar/people/ann.jpg")
    browser.wait(lambda: browser.natural_size(".example figure + figure img") == (90, 60))
    complaints = [text for text in browser.complaints() if "422" not in text]  # 422: the wrong filter above
    assert complaints == []


def test_drawing_on_the_original_sets_the_focal_box(browser: Browser, root: None, bucket: Bucket):
    alias = Alias.objects.create(name="a", bucket=bucket, width=50, height=50, sample="cat.jpg")
    browser.go(f"/admin/aliases/alias/{alias.pk}/change/")
    browser.wait(lambda: browser.natural_size("#preview-original") == (300, 200))
    image = browser.find("#preview-original")
    drag = webdriver.ActionChains(browser.driver).move_to_element_with_offset(image, 0, 0).click_and_hold()
    drag.move_by_offset(int(image.size["width"] / 4), int(image.size["height"] / 4)).release().perform()
    value = browser.find("#id_focal_box").get_attribute("value") or ""
    assert [round(float(number), 1) for number in value.replace(":", "x").split("x")] in (
        [0.5, 0.5, 0.8, 0.8],
        [0.5, 0.5, 0.7, 0.7],
    )
    assert browser.find("input[name=crop][value=focal]").is_selected()
    assert browser.find("#focal-box").is_displayed()
    browser.press("Save draft")
    browser.says("is saved")
    alias.refresh_from_db()
    assert (alias.crop, alias.focal_box) == ("focal", value)
    assert browser.complaints() == []


def test_a_visual_quality_is_measured_before_the_eyes_of_who_publishes(browser: Browser, root: None, wall: Alias):
    browser.driver.set_window_size(500, 900)
    browser.go(f"/admin/aliases/alias/{wall.pk}/change/")
    browser.wait(lambda: "measured on this picture alone" in browser.find("#preview-draft-facts").text)
    browser.press("Save and publish…")
    browser.says("measured on 2 pictures")  # the page came to this by itself
    width = browser.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0
    browser.press("Publish")
    browser.wait(lambda: browser.natural_size("#result") == (120, 80))
    browser.press("Back to the alias")
    browser.go(f"/admin/aliases/alias/{wall.pk}/publish/")
    browser.press("Measure again")
    browser.says("Nothing differs from what is live now")
    assert browser.complaints() == []


def test_the_pages_fit_a_telephone(browser: Browser, root: None, alias: Alias):
    from aliases.publishing import publish

    publish(alias, None)
    catalogue.READER.__init__()  # type: ignore[misc]
    browser.driver.set_window_size(500, 900)
    for path in ("/", f"/admin/aliases/alias/{alias.pk}/history/", f"/admin/aliases/alias/{alias.pk}/publish/"):
        browser.go(path)
        width = browser.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, path
    assert browser.complaints() == []
