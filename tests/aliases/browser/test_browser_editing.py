"""Editing in a browser when something comes between: another editor, the end of a session, a slip of a finger."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from aliases.models import Alias, Bucket, Publication
from aliases.pictures import preview
from tests.aliases.browser.chromium import DRAFT, LOOKS_AT_PAGES, Browser, asks_before_leaving
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


def test_figures_belong_to_the_pictures_that_they_stand_below(
    browser: Browser, root: None, alias: Alias, service: Service
):
    service.put("large.jpg", drawn(3000, 2000))
    browser.go(page("alias_change", alias.pk))

    def figures(width: int) -> str:
        alias.width = width
        made = len(preview.draft(alias).content)
        return f"{made / 1000:.1f} kB PNG" if made >= 1000 else f"{made} bytes PNG"

    for width in (60, 80, 50):
        browser.fill("width", str(width))
        browser.wait(lambda width=width: browser.natural_size(DRAFT)[0] == width)  # type: ignore[misc]
        assert browser.find(".tile .facts").text.startswith(figures(width))


def test_a_picture_from_before_is_marked_until_the_service_answers_again(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.natural_size(DRAFT) == (90, 90))
    browser.driver.set_network_conditions(offline=True, latency=0, throughput=0)
    browser.fill("width", "70")
    browser.says("No connection since")
    browser.find(".tile.old")
    browser.driver.delete_network_conditions()
    browser.wait(lambda: browser.natural_size(DRAFT) == (70, 90))
    browser.wait(lambda: "No connection" not in browser.text())


def test_what_is_wrong_in_the_folded_part_of_the_form_unfolds_it(browser: Browser, root: None, alias: Alias):
    browser.go(page("alias_change", alias.pk))
    browser.wait(lambda: browser.natural_size(DRAFT) == (90, 90))
    assert not browser.find("#id_dprs").is_displayed()
    browser.click(By.XPATH, "//summary[contains(., 'Sharp screens and widths')]")
    browser.fill("dprs", "x")
    browser.click(By.XPATH, "//summary[contains(., 'Sharp screens and widths')]")
    browser.wait(lambda: browser.find(".field-dprs .live-error").is_displayed())
    browser.press("Save draft")
    browser.says("Please correct the error below")
    assert browser.find("#id_dprs").is_displayed()


def test_a_new_form_is_not_called_wrong_before_anything_is_typed(browser: Browser, root: None, bucket: Bucket):
    browser.go(page("alias_add"))
    browser.says("Choose a bucket. Here you see")
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
    assert browser.natural_size(DRAFT) == (90, 90)
    browser.fill("name", "free")
    browser.wait(lambda: not browser.driver.find_elements(By.CSS_SELECTOR, "#id_name_live_error"))
    assert browser.find("#id_name").get_attribute("aria-invalid") is None


def test_what_was_wrong_when_the_page_was_sent_goes_once_it_is_right(browser: Browser, root: None, bucket: Bucket):
    browser.go(page("alias_add"))
    browser.press("Save draft")
    browser.says("Please correct the errors below.")
    browser.find(".field-name .errorlist")
    browser.fill("name", "Hero")
    browser.says("An alias's name has lower-case letters")
    assert "This field is required" not in browser.find(".field-name").text
    browser.fill("name", "hero")
    browser.wait(lambda: browser.find(".field-name").text == "Name\n?")
    assert "This field is required" in browser.find(".field-bucket").text
    assert not browser.find("#id_name").get_attribute("aria-invalid")
