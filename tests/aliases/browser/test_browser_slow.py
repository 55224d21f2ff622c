"""A slow network, and a bucket that hangs: the form can be used, nothing typed is lost, and all comes in the end."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket, BucketPlace, Sample
from rendering.storage import bulkhead
from rendering.storage.s3 import clients, connections
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.rendering.played_s3 import Kept, PlayedS3
from tests.service import Service, forget

pytestmark = LOOKS_AT_PAGES

#: Seconds to wait for anything: far more than any of it takes, also beside other tests.
PATIENCE = 120
#: Writes down all that the sum of the sheet ever says.
NOTE = """
    window.said = [];
    const sum = document.querySelector("[data-sum]");
    new MutationObserver(() => window.said.push(sum.textContent)).observe(sum, {childList: true, subtree: true});
"""
KEYS = ["cat.jpg", "two.jpg", "three.jpg"]


@pytest.fixture
def sampled(alias: Alias) -> Alias:
    """An alias with several samples."""
    for key in KEYS:
        Sample.objects.create(bucket=alias.bucket, key=key)
    return alias


@pytest.fixture
def hanging(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[PlayedS3]:
    """The bucket's S3, which hangs until its fault is taken away."""
    monkeypatch.setattr(connections, "READ", 0.2)
    monkeypatch.setattr(bulkhead, "REST", 0.1)
    server = PlayedS3()
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "s"), ("DEFAULT_REGION", "eu-west-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    forget()
    for key in KEYS:
        server.kept["ours", key] = Kept(drawn(300, 200), {"Content-Type": "image/jpeg"})
    BucketPlace.objects.filter(bucket=bucket).update(kind="s3", location="ours", prefix="")
    server.fault = lambda asked: "hang"
    yield server
    clients.forget()
    server.stop()


def mend(server: PlayedS3) -> None:
    server.fault = lambda asked: ""


def settled(browser: Browser, words: str = "no sample has a problem") -> None:
    browser.wait(lambda: words in browser.find("[data-sum]").text, PATIENCE)


def test_over_a_slow_network_the_form_is_used_while_the_sheet_comes_bit_by_bit(
    browser: Browser, root: None, sampled: Alias, service: Service
):
    for key in KEYS[1:]:
        service.put(key, drawn(300, 200))
    browser.go(page("alias_change", sampled.pk))
    settled(browser)
    browser.driver.execute_script(NOTE)
    browser.network(latency=400, kilobytes=50)
    try:
        # What is typed goes on while pictures of what was typed before are on their way.
        for width in ("60", "6", "65"):
            browser.fill("width", width)
        browser.wait(lambda: browser.natural_size(".frame.draft img") == (65, 90), PATIENCE)
        browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting"), PATIENCE)
        settled(browser)
        said = browser.driver.execute_script("return window.said;")
        assert any(text.startswith(("1 of 3 ready", "2 of 3 ready")) for text in said), said
        browser.click(By.CSS_SELECTOR, "#id_sample + .choose")
        browser.wait(lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".picker [data-key] img"), PATIENCE)
        browser.find(".picker [data-key='two.jpg']").click()
        browser.press("Use this picture")
        browser.press("Save draft")
        browser.wait(lambda: "is saved" in browser.text(), PATIENCE)
        assert browser.written("#id_width") == "65"
    finally:
        browser.network()
    sampled.refresh_from_db()
    assert (sampled.width, sampled.sample) == (65, "two.jpg")


def test_while_the_bucket_hangs_the_form_is_used_and_the_sheet_says_so_and_recovers(
    browser: Browser, root: None, hanging: PlayedS3, sampled: Alias
):
    browser.go(page("alias_change", sampled.pk))
    browser.fill("notes", "typed while it hung")
    browser.wait(lambda: "3 of 3 samples could not be had just now" in browser.text(), PATIENCE)
    tiles = [tile.text for tile in browser.driver.find_elements(By.CSS_SELECTOR, ".tile")]
    assert all("Bucket unreachable" in text for text in tiles), tiles
    assert not browser.driver.find_elements(By.CSS_SELECTOR, ".tile.waiting")
    browser.find("#id_width").send_keys(Keys.CONTROL, "s")
    browser.wait(lambda: "is saved" in browser.text(), PATIENCE)
    sampled.refresh_from_db()
    assert sampled.notes == "typed while it hung"
    browser.wait(lambda: "3 of 3 samples could not be had just now" in browser.text(), PATIENCE)
    mend(hanging)
    browser.press("Try now")
    browser.wait(lambda: browser.natural_size(".frame.draft img") == (90, 90), PATIENCE)
    settled(browser)
    assert "could not be had" not in browser.text()
    assert browser.written("#id_notes") == "typed while it hung"


def test_while_the_bucket_hangs_the_picker_says_so_takes_a_typed_key_and_recovers(
    browser: Browser, root: None, hanging: PlayedS3, alias: Alias
):
    browser.go(page("alias_change", alias.pk))
    browser.click(By.CSS_SELECTOR, "#id_sample + .choose")
    browser.find(".picker .find input").send_keys("two.jpg")
    browser.wait(lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".picker [role=alert]"), PATIENCE)
    browser.press("Take “two.jpg”")
    browser.says("1 chosen")
    mend(hanging)
    browser.press("Try again")
    browser.wait(lambda: browser.driver.find_elements(By.CSS_SELECTOR, ".picker [data-key='two.jpg'] img"), PATIENCE)
    browser.press("Use this picture")
    browser.wait(lambda: browser.written("#id_sample") == "two.jpg")
