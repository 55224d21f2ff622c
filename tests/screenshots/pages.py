"""Which pages are on the pictures, and how each looks when it is taken."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from selenium.webdriver.common.by import By

from tests.aliases.browser.chromium import Browser

#: Widths of windows: a laptop, a tablet, a telephone. And schemes of colours.
WIDTHS = {1280: 900, 800: 1000, 400: 800}
SCHEMES = ("light", "dark")
ADMIN = "/admin/aliases"


def stay(browser: Browser) -> None:
    """Nothing more than to wait for its pictures."""


def with_sheet(browser: Browser) -> None:
    """Until every sample of the contact sheet is there, and compared with what is live."""
    browser.wait(lambda: "problem" in browser.find("[data-sum]").text and "×" in browser.find("[data-sum]").text)
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting"))


def with_filters(browser: Browser) -> None:
    with_sheet(browser)
    browser.driver.execute_script("document.querySelector('.filter-picker').closest('details').open = true;")
    browser.click(By.CSS_SELECTOR, ".filter-picker")
    browser.find("dialog.filters .settings")


def with_pictures(browser: Browser) -> None:
    browser.find(".browser [data-key]")
    browser.wait(lambda: "pixels" in browser.find(".browser .original").text)


@dataclass(frozen=True)
class Page:
    """`path` has the numbers of the alias team/card and of the bucket for {alias} and {bucket}."""

    path: str
    prepare: Callable[[Browser], None] = stay
    #: Of the whole page, and not only of what a window shows at once.
    whole: bool = False


def inspecting(url: str) -> str:
    return f"/admin/inspect/?{urlencode({'url': url})}"


PAGES = {
    "start": Page("/"),
    "desk": Page("/admin/"),
    "aliases": Page(f"{ADMIN}/alias/"),
    "form": Page(f"{ADMIN}/alias/{{alias}}/change/", with_sheet),
    "filters": Page(f"{ADMIN}/alias/{{alias}}/change/", with_filters),
    "publish": Page(f"{ADMIN}/alias/{{alias}}/publish/", with_sheet),
    "history": Page(f"{ADMIN}/alias/{{alias}}/history/"),
    "compare": Page(f"{ADMIN}/alias/{{alias}}/compare/?a=3&b=draft"),
    "inspector": Page(inspecting("/team/card/people/astronaut.jpg")),
    "missing": Page(inspecting("/team/card/people/astronaut.jpeg")),
    "builder": Page(
        f"/admin/build/?{urlencode({'url': '/unsafe/480x320/smart/filters:sepia()/samples/people/astronaut.jpg'})}"
    ),
    "pictures": Page(f"{ADMIN}/bucket/{{bucket}}/browse/?key=brand/logo.png", with_pictures),
    "bucket": Page(f"{ADMIN}/bucket/{{bucket}}/change/"),
}


@contextmanager
def window(browser: Browser, width: int, scheme: str) -> Iterator[None]:
    """A window of that width, on a screen that is as sharp as the pictures need it."""
    sharp = 2 if width < 600 else 1
    metrics = {"width": width, "height": WIDTHS[width], "deviceScaleFactor": sharp, "mobile": width < 600}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    yield
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
