"""Chromium on the service under test, and what a person does in it."""

import os
import shutil
import time
from collections.abc import Callable
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

#: The headless shell takes half the CPU time of the whole browser, which has windows that nobody sees.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1400,1200"
)
#: For the modules of tests that look at pages.
LOOKS_AT_PAGES = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER) and os.environ.get("REQUIRE_CHROMIUM") != "1",
        reason="no chromium and chromedriver on this machine (REQUIRE_CHROMIUM=1 makes this a failure)",
    ),
]


def started() -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or "chromium"
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER or "chromedriver"))


class Browser:
    """Chromium on the service under test."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self.address = driver, address

    def go(self, path: str) -> None:
        self.driver.get(self.address + path)

    def log_in(self, name: str, password: str = "secret") -> None:
        self.go("/admin/login/?next=/admin/")
        self.fill("username", name)
        self.fill("password", password)
        self.press("Log in")
        # A click is done before the page that it leads to has come, and going elsewhere meanwhile would undo it.
        self.find("#user-tools form")

    def forget(self) -> None:
        """As if it had just been started."""
        while len(self.driver.window_handles) > 1:
            self.driver.switch_to.window(self.driver.window_handles[-1])
            self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])
        self.driver.get("about:blank")
        for command in ("Network.clearBrowserCookies", "Network.clearBrowserCache"):
            self.driver.execute_cdp_cmd(command, {})
        self.driver.set_window_size(1400, 1200)
        self.complaints()

    def network(self, latency: int = 0, kilobytes: int = -1) -> None:
        """Be as far away as this many milliseconds, with so many kilobytes a second; as near as can be without."""
        speed = kilobytes * 1000 if kilobytes > 0 else -1
        conditions = {"offline": False, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed}
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def find(self, selector: str) -> WebElement:
        element: WebElement = self.wait(lambda: self.driver.find_element(By.CSS_SELECTOR, selector))
        return element

    def fill(self, name: str, text: str) -> None:
        """Also in a part of a form that is folded."""

        def filled() -> bool:
            field = self.driver.find_element(By.CSS_SELECTOR, f"[name={name}]")
            self.driver.execute_script("arguments[0].closest('details')?.setAttribute('open', '');", field)
            field.clear()
            field.send_keys(text)
            return True

        self.wait(filled)

    def written(self, selector: str) -> str:
        """What stands in a field."""
        return self.find(selector).get_attribute("value") or ""

    def press(self, words: str) -> None:
        """Click the button, link or submit input that says so."""
        path = f"//button[normalize-space()='{words}'] | //a[normalize-space()='{words}'] | //input[@value='{words}']"
        self.click(By.XPATH, path)

    def click(self, by: str, selector: str) -> None:
        """Also on a page that is still moving: what cannot be clicked yet is looked for again. As a person does, it
        scrolls to what a bar covers."""

        def clicked() -> bool:
            element = self.driver.find_element(by, selector)
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});", element)
            element.click()
            return True

        self.wait(clicked)

    def wait(self, look: Callable[[], Any], seconds: float = 25) -> Any:
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


DRAFT, LIVE = ".frame.draft img", ".frame.live img"


def sides_of(box: str) -> list[float]:
    """The two corners of a box as a field has it: x and y of each."""
    return [float(side) for side in box.replace(":", "x").split("x")]


def asks_before_leaving(browser: Browser) -> bool:
    script = "return !dispatchEvent(new Event('beforeunload', {cancelable: true}));"
    return bool(browser.driver.execute_script(script))
