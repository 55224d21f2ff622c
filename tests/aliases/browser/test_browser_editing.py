"""Editing in a browser when something comes between: another editor, the end of a session, a slip of a finger."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket, Publication
from aliases.pictures import preview
from aliases.publishing.publishing import publish
from tests.aliases.browser.chromium import LOOKS_AT_PAGES, Browser, sides_of
from tests.aliases.forms import page
from tests.drawings import drawn
from tests.service import Service

pytestmark = LOOKS_AT_PAGES


def saved_by_ann(alias: Alias, **fields: Any) -> None:
    """Another editor saves the draft."""
    ann, _ = User.objects.get_or_create(username="ann")
    for name, value in fields.items():
        setattr(alias, name, value)
    alias.save()
    kind = ContentType.objects.get_for_model(Alias)
    LogEntry.objects.create(
        user=ann, content_type=kind, object_id=str(alias.pk), object_repr=str(alias), action_flag=CHANGE
    )


def log_in_in_another_tab(browser: Browser) -> None:
    """By the link that the page offers, and back to the page."""
    browser.click(By.XPATH, "//a[starts-with(normalize-space(), 'Log in in a')]")
    browser.wait(lambda: len(browser.driver.window_handles) == 2)
    browser.driver.switch_to.window(browser.driver.window_handles[1])
    browser.fill("username", "root")
    browser.fill("password", "secret")
    browser.press("Log in")
    browser.find("#user-tools form")
    browser.driver.close()
    browser.driver.switch_to.window(browser.driver.window_handles[0])


def asks_before_leaving(browser: Browser) -> bool:
    script = "return !dispatchEvent(new Event('beforeunload', {cancelable: true}));"
    return bool(browser.driver.execute_script(script))


def test_a_publication_that_was_overtaken_is_asked_anew_and_made(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_publish", alias.pk))
    browser.fill("why", "sharper")
    saved_by_ann(alias, width=50)
    browser.press("Publish")
    browser.says("The draft was saved by ann")
    browser.says("width: 50")
    assert browser.written("[name=why]") == "sharper"
    browser.press("Publish")
    browser.says("The catalogue is written")
    assert Publication.objects.get().why == "sharper"
    assert browser.complaints() == []


def test_two_editors_lose_nothing_and_choose_where_both_changed_the_same(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.fill("width", "70")
    browser.fill("notes", "mine")
    saved_by_ann(alias, width=120, label="Ann's label")
    browser.press("Save draft")
    browser.says("Changed by both: whose do you keep?")
    browser.says("ann (")
    assert (browser.written("#id_width"), browser.written("#id_label")) == ("70", "Ann's label")
    # Nothing is chosen, so the browser itself asks to.
    browser.press("Save draft")
    browser.find("[name=_choice-width]:invalid")
    browser.wait(lambda: asks_before_leaving(browser))  # once the page's scripts have come
    browser.click(By.CSS_SELECTOR, "[name=_choice-width][value=mine]")
    browser.press("Save draft")
    browser.says("is saved")
    alias.refresh_from_db()
    assert (alias.width, alias.label, alias.notes) == (70, "Ann's label", "mine")


def test_a_session_that_ends_during_the_preview_costs_nothing(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.natural_size("#preview-draft") == (90, 90))
    Session.objects.all().delete()
    browser.fill("width", "70")
    browser.says("You were logged out. Nothing that you typed is lost")
    assert "From before" in browser.find("#preview-draft-facts").text
    log_in_in_another_tab(browser)
    browser.driver.execute_script("dispatchEvent(new Event('focus'));")
    browser.wait(lambda: browser.natural_size("#preview-draft") == (70, 90))
    assert "logged out" not in browser.text()
    browser.press("Save draft")
    browser.says("is saved")
    alias.refresh_from_db()
    assert alias.width == 70


def test_a_form_that_was_sent_after_the_session_ended_is_held_and_sent_again(
    browser: Browser, root: None, alias: Alias
):
    browser.go(page("alias_change", alias.pk))
    browser.fill("width", "70")
    browser.fill("notes", "two\nlines")
    Session.objects.all().delete()
    browser.press("Save draft")
    browser.says("Your session has ended")
    assert asks_before_leaving(browser)
    log_in_in_another_tab(browser)
    browser.press("Send again")
    browser.says("is saved")
    alias.refresh_from_db()
    assert (alias.width, alias.notes.replace("\r", "")) == (70, "two\nlines")


def test_a_publication_after_the_session_ended_is_held_and_made(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_publish", alias.pk))
    browser.fill("why", "because")
    Session.objects.all().delete()
    browser.press("Publish")
    browser.says("Your session has ended")
    log_in_in_another_tab(browser)
    browser.press("Send again")
    browser.says("The catalogue is written")
    assert Publication.objects.get().why == "because"


def test_a_bucket_is_tested_after_the_session_ended(browser: Browser, root: None, bucket: Bucket):
    browser.go(page("bucket_change", bucket.pk))
    Session.objects.all().delete()
    browser.press("Test this bucket")
    browser.fill("username", "root")
    browser.fill("password", "secret")
    browser.press("Log in")
    browser.says("It works.")
    Session.objects.all().delete()
    browser.press("Test again")
    browser.says("Your session has ended")
    log_in_in_another_tab(browser)
    browser.press("Send again")
    browser.says("It works.")


def test_a_page_that_waits_goes_on_after_the_session_ended(browser: Browser, root: None, alias: Alias, settings: Any):
    settings.CATALOGUE_MAX_AGE = 4
    publish(alias, None)
    browser.go(page("alias_publication", Publication.objects.get().pk))
    Session.objects.all().delete()
    browser.says("You were logged out")
    log_in_in_another_tab(browser)  # and, back in its tab, the page goes on by itself
    browser.wait(lambda: "logged out" not in browser.text())
    browser.says("Every process has read it.")


def test_the_button_above_the_form_saves_it_and_enter_saves_the_draft(browser: Browser, root: None, alias: Alias):
    url = page("alias_change", alias.pk)
    browser.go(url)
    assert not asks_before_leaving(browser)
    browser.fill("width", "70")
    assert asks_before_leaving(browser)
    browser.press("Publish…")
    browser.says("width: 70")
    browser.go(url)
    browser.find("#id_width").send_keys(Keys.BACKSPACE, "5", Keys.ENTER)
    browser.says("is saved")
    alias.refresh_from_db()
    assert alias.width == 75
    assert not Publication.objects.exists()
    # What came back with an error is as edited as before.
    browser.fill("width", "x")
    browser.driver.execute_script("document.getElementById('id_width').type = 'text';")
    browser.fill("width", "-5")
    browser.press("Save draft")
    browser.find(".errornote")
    assert asks_before_leaving(browser)


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
        browser.wait(lambda: browser.natural_size("#preview-original") == (300, 300))
        field, unset, rule = "#id_focal_box", "", "[name=crop][value=focal]"
    else:
        browser.go(f"{page('bucket_focus', bucket.pk)}?key=cat.jpg")
        field, rule = "#id_box", "[name=choice][value=box]"
        unset = browser.written(field)
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
    swipe_scrolls(browser, "#focal-box")
    assert sides_of(browser.written(field)) == drawn_box
    drag_by_touch(browser, "[data-corner='right bottom']", 30)
    browser.wait(lambda: sides_of(browser.written(field))[2] > drawn_box[2])


def test_a_focus_is_set_and_taken_back_by_the_keyboard_alone(browser: Browser, root: None, bucket: Bucket):
    alias = Alias.objects.create(name="a", bucket=bucket, width=50, height=40, crop="smart", sample="cat.jpg")
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.find(".focal-tools button").is_enabled())
    browser.find(".focal-tools button").send_keys(Keys.ENTER)
    assert browser.written("#id_focal_box") == "0.250x0.250:0.750x0.750"
    browser.driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT, Keys.SHIFT, Keys.ARROW_UP)
    assert browser.written("#id_focal_box") == "0.240x0.250:0.740x0.740"
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert browser.written("#id_focal_box") == ""
    assert browser.find("[name=crop][value=smart]").is_selected()
    assert browser.driver.switch_to.active_element.text == "Set focus"


def test_figures_belong_to_the_pictures_that_they_stand_below(
    browser: Browser, root: None, alias: Alias, service: Service
):
    service.put("large.jpg", drawn(3000, 2000))
    sizes = {key: (service.originals / key).stat().st_size for key in ("cat.jpg", "large.jpg")}
    browser.go(page("alias_change", alias.pk))

    def part() -> str:
        return browser.find("#preview-draft-facts").text.rpartition(", ")[2]

    def right(key: str) -> bool:
        alias.sample = key
        made = len(preview.draft(alias).content)
        return part() == f"{max(1, round(100 * made / sizes[key]))} % of the original's bytes"

    for key, width in (("large.jpg", 3000), ("cat.jpg", 300), ("large.jpg", 3000)):
        browser.fill("sample", key)
        browser.wait(lambda width=width: browser.natural_size("#preview-original")[0] == width)  # type: ignore[misc]
        browser.wait(lambda key=key: right(key))  # type: ignore[misc]


def test_a_picture_from_before_is_marked_until_the_service_answers_again(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.natural_size("#preview-draft") == (90, 90))
    browser.driver.set_network_conditions(offline=True, latency=0, throughput=0)
    browser.fill("width", "70")
    browser.says("The service does not answer")
    browser.find("figure.old #preview-draft")
    assert "From before: no newer picture could be had" in browser.find("#preview-draft-facts").text
    browser.driver.delete_network_conditions()
    browser.wait(lambda: browser.natural_size("#preview-draft") == (70, 90))
    assert "From before" not in browser.text()


def test_what_is_wrong_in_the_folded_part_of_the_form_unfolds_it(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.natural_size("#preview-draft") == (90, 90))
    assert not browser.find("#id_dprs").is_displayed()
    browser.click(By.XPATH, "//summary[contains(., 'Delivery')]")
    browser.fill("dprs", "x")
    browser.click(By.XPATH, "//summary[contains(., 'Delivery')]")
    browser.wait(lambda: browser.find(".field-dprs .live-error").is_displayed())
    browser.press("Save draft")
    browser.says("Please correct the error below")
    assert browser.find("#id_dprs").is_displayed()


def test_a_new_form_is_not_called_wrong_before_anything_is_typed(browser: Browser, root: None, bucket: Bucket):
    browser.go(page("alias_add"))
    browser.says("Choose a bucket, and name a sample")
    # Whatever the page's scripts set off as it came has been answered when this is.
    browser.fill("width", "0")
    browser.find(".field-width .live-error")
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, ".live-error")) == 1


def test_what_is_sent_offline_stays_in_the_form(browser: Browser, root: None, alias: Alias):
    url = page("bucket_change", alias.bucket_id)
    browser.go(url)
    browser.fill("label", "typed on a train")
    browser.driver.set_network_conditions(offline=True, latency=0, throughput=0)
    browser.press("Save")
    browser.says("Nothing that you typed is lost")
    browser.driver.delete_network_conditions()
    assert browser.written("#id_label") == "typed on a train"
    browser.press("Save")
    browser.says("was changed successfully")
    assert Bucket.objects.get().label == "typed on a train"


def test_what_is_wrong_is_told_to_who_cannot_see_it_and_blanks_no_picture_that_it_does_not_change(
    browser: Browser, root: None, alias: Alias
):
    Alias.objects.create(name="taken", bucket=alias.bucket)
    browser.go(page("alias_change", alias.pk))
    browser.fill("name", "taken")
    browser.says("There is an alias of that name already")
    name = browser.find("#id_name")
    assert name.get_attribute("aria-invalid") == "true"
    assert "id_name_live_error" in (name.get_attribute("aria-describedby") or "")
    assert browser.find("#id_name_live_error").get_attribute("role") == "alert"
    assert browser.natural_size("#preview-draft") == (90, 90)
    browser.fill("name", "free")
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, "#id_name_live_error"))
    assert browser.find("#id_name").get_attribute("aria-invalid") is None
