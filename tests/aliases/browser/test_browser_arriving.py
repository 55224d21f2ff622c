"""Pages as they arrive over a network that takes its time: nothing moves under the pointer of whoever reads already."""

from collections.abc import Iterator

import pytest

from aliases.models import Alias, Bucket
from aliases.publishing.publishing import publish
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page

pytestmark = LOOKS_AT_PAGES

#: Adds up how far things moved, as browsers measure it: 0.1 is what https://web.dev/cls calls good.
WATCH = """
    window.moved = [];
    const what = ({node}) => node?.className || node?.nodeName;
    new PerformanceObserver((list) => {
        for (const {value, sources} of list.getEntries()) {
            window.moved.push([value, sources.map(what).join()]);
        }
    }).observe({type: "layout-shift", buffered: true});
"""
MOST = 0.1
#: The fields before which something else is a stop of the Tab key.
LATE = """
    const stops = "a[href], button, input:not([type=hidden]), select, textarea";
    const first = (row) => [...row.querySelectorAll(stops)].find((one) => !one.disabled);
    const rows = [...document.querySelectorAll(".fields .form-row")];
    return rows.filter((row) => first(row)?.matches(".help-button")).map((row) => row.className);
"""


@pytest.fixture
def slowly(browser: Browser) -> Iterator[Browser]:
    """A browser that is far away."""
    watching = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    browser.network(latency=100, kilobytes=200)
    yield browser
    browser.network()
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", watching)
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", [1280, 800, 400])
def test_nothing_moves_while_a_page_arrives(slowly: Browser, root: None, alias: Alias, width: int):
    publish(alias, None)
    alias.refresh_from_db()
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    slowly.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    sheets = [page("alias_change", alias.pk), page("alias_publish", alias.pk)]
    for path in (
        "/admin/",
        page("alias_changelist"),
        page("alias_add"),
        page("bucket_change", alias.bucket_id),
        *sheets,
    ):
        slowly.go(path)
        if path in sheets:
            slowly.wait(lambda: "no sample has a problem" in slowly.find("[data-sum]").text)
        moved = slowly.driver.execute_script("return window.moved;")
        assert sum(value for value, _ in moved) < MOST, (path, moved)


def test_a_new_alias_begins_at_its_name(browser: Browser, root: None, bucket: Bucket):
    browser.go(page("alias_add"))
    browser.wait(lambda: browser.driver.switch_to.active_element.get_attribute("id") == "id_name")
    assert browser.driver.execute_script("return scrollY;") == 0


def test_a_field_is_reached_before_its_help_which_opens_and_closes(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    assert browser.driver.execute_script(LATE) == []
    help_text = browser.find("#id_width_helptext")
    assert not help_text.is_displayed()
    browser.find("[data-help=id_width_helptext]").click()
    assert help_text.is_displayed()
    browser.find("[data-help=id_width_helptext]").click()
    assert not help_text.is_displayed()
