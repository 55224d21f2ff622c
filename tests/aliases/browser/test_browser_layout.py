"""Every page of the admin at every width: nothing is cut off or covered, and nobody is kept from using it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.urls import reverse
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket, BucketPlace, Publication
from aliases.publishing.overruling import overrule
from aliases.publishing.publishing import publish, set_enabled
from rendering.catalogue import catalogue
from rendering.dialects.raw_path import path_of
from rendering.imaging.frame.geometry import Box
from tests.aliases.browser.axe import AXE, RULES, serious
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.service import Service
from tests.values import KEYS, WIDTHS

pytestmark = LOOKS_AT_PAGES

#: As long as names, labels and keys may be, without a place to break a line.
LONG_NAME = "team-with-quite-a-long-name/" + "x" * 72
LONG_LABEL = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 2
LONG_KEY = KEYS[-1]
LONG_SAMPLE = f"{KEYS[-1][:450]}.jpg"

#: What of a page's controls is outside of the window, clipped by what it stands in, or covered by something else.
MISPLACED = Path(__file__).with_name("misplaced.js").read_text()
#: What of its words is cut off.
CUT = Path(__file__).with_name("cut.js").read_text()
#: What may be scrolled sideways: groups and folders, which are strips on a telephone, and tables that are called one.
STRIPS = ".filters nav, .tree, .scrolling"
#: What is cut on purpose: the whole of it is in a title, or beside it.
SHORTENED = "[title], .urlbox code, .picker .chosen"
#: As wide as letters are anywhere: with Segoe or Roboto there is more room.
WIDE_LETTERS = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(':root, html[data-theme] { --font-family-primary: "DejaVu Sans", Verdana, sans-serif; }');
    document.adoptedStyleSheets.push(sheet);
"""


@pytest.fixture
def pages(bucket: Bucket, service: Service) -> list[str]:
    """The paths of all pages, of what is longest."""
    for key in (LONG_KEY, LONG_SAMPLE):
        service.put(key, drawn(300, 200))
    publish(
        Alias.objects.create(name="short", bucket=bucket, width=90, height=90, crop="smart", sample="cat.jpg"), None
    )
    alias = Alias.objects.create(
        name=LONG_NAME, label=LONG_LABEL, notes=LONG_LABEL, bucket=bucket, width=90, height=60, crop="smart",
        format="auto", filters="brightness(10):contrast(10):grayscale()", sample=LONG_SAMPLE, dprs="2, 3",
        widths="320, 640, 1280",
    )  # fmt: skip
    root = User.objects.get(username="root")
    first = publish(alias, root, LONG_LABEL).publication
    assert first
    Alias.objects.filter(pk=alias.pk).update(width=91, background="ff8800", fallback=LONG_SAMPLE)
    alias.refresh_from_db()
    publish(alias, root, LONG_LABEL)
    Alias.objects.filter(pk=alias.pk).update(height=61)
    publish(Alias.objects.create(name="broken", bucket=bucket, sample=f"gone/{LONG_SAMPLE[:400]}"), None)
    off = Alias.objects.create(name="off", bucket=bucket)
    publish(off, None)
    set_enabled(off, False, root)
    other = Bucket.objects.create(name="b" * 60)
    BucketPlace.objects.create(bucket=other, environment="local", kind="folder", location="/" + "long-folder/" * 20)
    line = overrule(bucket, LONG_KEY, [Box.read("0.1x0.1:0.4x0.5")], root, LONG_LABEL)
    assert line
    catalogue.READER.forget()
    focus = page("bucket_focus", bucket.pk)
    inspected = path_of("short", LONG_KEY), "/short/cat.jpeg", f"/unsafe/9x9/{'x' * 500}/y"
    return [
        "/",
        "/admin/",
        page("alias_changelist"),
        page("alias_add"),
        page("alias_change", alias.pk),
        page("alias_change", off.pk),
        page("alias_history", alias.pk),
        f"{page('alias_compare', alias.pk)}?a=1&b=2",
        page("alias_snippets", alias.pk),
        f"{page('alias_publish_some')}?pk={alias.pk}",
        page("alias_publish", alias.pk),
        page("alias_roll_back", alias.pk, 1),
        page("alias_disable", alias.pk),
        page("alias_enable", off.pk),
        page("alias_delete", off.pk),
        page("alias_publication", Publication.objects.earliest("pk").pk),
        page("bucket_changelist"),
        page("bucket_add"),
        page("bucket_change", other.pk),
        page("bucket_history", bucket.pk),
        page("bucket_delete", other.pk),
        f"{page('bucket_browse', bucket.pk)}?{urlencode({'key': LONG_KEY})}",
        f"{page('bucket_browse', bucket.pk)}?{urlencode({'key': 'cat.jpg'})}",
        page("bucket_browse", other.pk),
        focus,
        f"{focus}?key=cat.jpg",
        page("overruledfocus_changelist"),
        page("outbox_changelist"),
        *(f"{reverse('admin:inspect')}?{urlencode({'url': path})}" for path in inspected),
        f"{reverse('admin:build')}?{urlencode({'url': inspected[0]})}",
        "/admin/no/such/page/",
    ]


def go(browser: Browser, path: str) -> None:
    """To a page as it is when its pictures, and what its scripts ask for, have come."""
    browser.go(path)
    if "/alias/" in path and path.endswith(("/change/", "/add/")):
        browser.wait(lambda: "JavaScript" not in browser.find("[data-sum]").text)
    if "/browse/" in path:
        browser.find(".browser [data-key], .browser [role=alert]")


@pytest.fixture
def resized(browser: Browser) -> Iterator[Any]:
    """Set the window's inner width exactly."""

    def resize(width: int, height: int = 900) -> None:
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    yield resize
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_nothing_is_cut_off_or_covered_at_any_width_with_the_sidebar_open_or_not(
    browser: Browser, root: None, pages: list[str], resized: Any
):
    found = {}
    for path in pages:
        go(browser, path)
        for width in WIDTHS:
            resized(width)
            for sidebar in ("open", "closed"):
                if problems := browser.driver.execute_script(MISPLACED, sidebar == "open"):
                    found[path, width, sidebar] = problems
    assert not found, "\n".join(f"{where}: {problem}" for where, problems in found.items() for problem in problems)


def test_no_words_are_cut_off_on_a_telephone_with_wide_letters(
    browser: Browser, root: None, pages: list[str], resized: Any
):
    found: list[str] = []

    def look(what: str) -> None:
        found.extend(f"{what}: {one}" for one in browser.driver.execute_script(CUT, STRIPS, SHORTENED))

    resized(400)
    for path in pages:
        go(browser, path)
        browser.driver.execute_script(WIDE_LETTERS)
        look(path)
    browser.go(page("alias_add"))
    browser.driver.execute_script(WIDE_LETTERS)
    browser.find("#id_bucket").send_keys("photos")
    browser.fill("width", "90")
    browser.fill("height", "60")
    browser.driver.execute_script("document.querySelectorAll('details').forEach((one) => (one.open = true));")
    for opener, dialog in (
        (".filter-picker", ".filters"),
        ("#id_sample + .choose", ".picker"),
        ("[data-focal-open]", "#focal-dialog"),
    ):
        browser.click(By.CSS_SELECTOR, opener)
        browser.find(f"dialog[open]{dialog}")
        if dialog == ".filters":
            browser.click(By.CSS_SELECTOR, "[data-filter=watermark]")  # with the most settings
        look(dialog)
        ActionChains(browser.driver).send_keys(Keys.ESCAPE).perform()
        if dialog == ".filters":
            browser.press("Drop them")
        browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, "dialog[open]"))
    assert not found, "\n".join(found)


def test_no_page_keeps_anybody_from_using_it_light_or_dark(browser: Browser, root: None, pages: list[str]):
    found = []
    for path in pages:
        go(browser, path)
        browser.driver.execute_script(AXE)
        for scheme in RULES:
            found += [f"{path}, {scheme}: {finding}" for finding in serious(browser, scheme)]
    assert not found, "\n".join(found)


def test_pages_that_tell_of_trouble_fit_and_can_be_used_too(browser: Browser, root: None, alias: Alias, resized: Any):
    found: list[str] = []

    def look(what: str) -> None:
        for width in WIDTHS:
            resized(width)
            found.extend(f"{what}, {width}: {one}" for one in browser.driver.execute_script(MISPLACED, True))
        browser.driver.execute_script(AXE)
        found.extend(f"{what}, {scheme}: {one}" for scheme in RULES for one in serious(browser, scheme))

    publish(alias, None)
    url = page("alias_change", alias.pk)
    browser.go(url)
    browser.fill("width", "99999")
    browser.fill("filters", f"blur({'9' * 200})")
    browser.find(".live-error")
    look("live errors")
    Alias.objects.filter(pk=alias.pk).update(width=120, filters=f"watermark({LONG_SAMPLE},0,0,0)")
    browser.press("Save draft")
    browser.says("Changed by both")
    look("conflicts and errors")
    Session.objects.all().delete()
    browser.driver.execute_script("document.getElementById('alias_form').noValidate = true;")
    browser.press("Save draft")
    browser.says("Your session has ended")
    look("held")
    browser.log_in("root")
    Alias.objects.filter(pk=alias.pk).update(filters="")
    browser.go(page("alias_publish", alias.pk))
    browser.says("no sample has a problem")  # or the button would say “anyway” by the time it is pressed
    Alias.objects.filter(pk=alias.pk).update(filters="gone()")
    browser.press("Publish")
    browser.says("Not done yet")
    look("refused")
    browser.go(url)
    browser.driver.delete_all_cookies()
    browser.fill("width", "70")
    browser.says("You were logged out")
    look("logged out")
    assert not found, "\n".join(found)
