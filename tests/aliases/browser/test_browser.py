"""The admin in a browser: from a folder of pictures to a served one, to a change and back again, without an error."""

import io
from typing import Any
from urllib.request import urlopen

import pytest
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from aliases.models import Alias, Bucket
from aliases.publishing.publishing import publish
from rendering.catalogue import catalogue
from tests.aliases.browser.chromium import DRAFT, LOOKS_AT_PAGES, Browser, sides_of
from tests.drawings import drawn
from tests.service import Service

pytestmark = LOOKS_AT_PAGES


def served(browser: Browser, path: str) -> bytes:
    with urlopen(browser.address + path) as response:
        content: bytes = response.read()
    return content


def size_of(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


def test_from_a_folder_of_pictures_to_a_served_one_to_a_change_and_back(browser: Browser, root: None, service: Service):
    service.put("people/ann.jpg", drawn(600, 400))

    # A bucket of the folder, tested.
    browser.go("/admin/aliases/bucket/add/")
    browser.fill("name", "photos")
    browser.fill("places-0-location", str(service.originals))
    browser.press("Save")
    browser.says("The bucket “photos” works.")
    browser.press("Test this bucket")
    browser.says("It works.")
    browser.wait(lambda: browser.natural_size(".originals img") == (320, 213))

    # An alias of it; the preview follows what is typed.
    browser.press("Make an alias of this bucket")
    browser.fill("name", "avatar")
    browser.fill("width", "90")
    browser.fill("height", "60")
    browser.wait(lambda: browser.natural_size(DRAFT) == (90, 60))
    browser.fill("filters", "brightness(300)")
    browser.says("300 is not a whole number from -100 to 100")
    browser.fill("filters", "")
    browser.click(By.CSS_SELECTOR, ".filter-picker")
    browser.click(By.CSS_SELECTOR, "[data-filter=grayscale]")
    browser.press("Use these")
    assert browser.find("#id_filters").get_attribute("value") == "grayscale()"
    browser.wait(lambda: browser.natural_size(DRAFT) == (90, 60))

    # Published, and served.
    browser.press("Publish…")
    browser.says("The first publication")
    browser.fill("why", "first avatars")
    browser.press("Publish")
    browser.says("The catalogue is written")
    browser.wait(lambda: browser.natural_size("#result") == (90, 60))
    assert size_of(served(browser, "/avatar/people/ann.jpg")) == (90, 60)

    # Changed, and published again.
    browser.press("Back to the alias")
    browser.fill("width", "120")
    browser.wait(lambda: browser.natural_size(DRAFT) == (120, 60))
    browser.press("Publish…")
    browser.says("width: 90 → 120")
    browser.press("Publish")
    browser.wait(lambda: browser.natural_size("#result") == (120, 60))
    assert size_of(served(browser, "/avatar/people/ann.jpg")) == (120, 60)

    # Rolled back: the old picture, from storage.
    browser.press("History and roll back")
    browser.press("Roll back…")
    browser.says("width: 120 → 90")
    kept = service.kept()
    browser.press("Roll back")
    browser.wait(lambda: browser.natural_size("#result") == (90, 60))
    assert size_of(served(browser, "/avatar/people/ann.jpg")) == (90, 60)
    assert service.kept() == kept

    # The list and the start page show it.
    browser.go("/admin/aliases/alias/")
    browser.says("Live, draft differs")
    browser.wait(lambda: browser.natural_size("#result_list img") == (90, 60))
    browser.go("/")
    browser.says("/avatar/people/ann.jpg")
    browser.wait(lambda: browser.natural_size(".example figure + figure img") == (90, 60))
    complaints = [text for text in browser.complaints() if "422" not in text]  # 422: the wrong filter above
    assert complaints == []


def test_drawing_on_the_original_sets_the_focal_box(browser: Browser, root: None, bucket: Bucket):
    alias = Alias.objects.create(name="a", bucket=bucket, width=50, height=50, sample="cat.jpg")
    browser.go(f"/admin/aliases/alias/{alias.pk}/change/")
    browser.press("Draw the focal box…")
    browser.wait(lambda: browser.natural_size("#focal-original") == (300, 200))
    browser.press("Set focus")
    image = browser.find("#focal-original")
    drag = webdriver.ActionChains(browser.driver).move_to_element_with_offset(image, 0, 0).click_and_hold()
    drag.move_by_offset(int(image.size["width"] / 4), int(image.size["height"] / 4)).release().perform()
    value = browser.written("#id_focal_box")
    assert sides_of(value) == pytest.approx([0.5, 0.5, 0.75, 0.75], abs=0.01)
    assert browser.find("input[name=crop][value=focal]").is_selected()
    assert browser.find("#focal-box").is_displayed()
    browser.press("Done")
    browser.press("Save draft")
    browser.says("is saved")
    alias.refresh_from_db()
    assert (alias.crop, alias.focal_box) == ("focal", value)
    assert browser.complaints() == []


def test_a_visual_quality_is_measured_before_the_eyes_of_who_publishes(browser: Browser, root: None, wall: Alias):
    browser.driver.set_window_size(500, 900)
    browser.go(f"/admin/aliases/alias/{wall.pk}/change/")
    browser.wait(lambda: browser.natural_size(DRAFT) == (120, 80))
    browser.press("Publish…")
    browser.says("measured on 2 pictures")  # the page came to this by itself
    width = browser.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0
    browser.press("Publish")
    browser.wait(lambda: browser.natural_size("#result") == (120, 80))
    browser.press("Back to the alias")
    browser.go(f"/admin/aliases/alias/{wall.pk}/publish/")
    browser.press("Measure again")
    browser.says("Nothing differs from revision 1, which is live now")
    assert browser.complaints() == []


#: The colours of the crops as chosen, near their upper corners; null while one has not come.
COLOURS = """
    const crops = [...document.querySelectorAll("img[data-crop]")];
    if (crops.length < 2 || crops.some((crop) => !crop.complete || crop.matches(".waiting"))) {
        return null;
    }
    return crops.map((crop) => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [crop.naturalWidth, crop.naturalHeight];
        const context = canvas.getContext("2d");
        context.drawImage(crop, 0, 0);
        return [...context.getImageData(10, 10, 1, 1).data];
    });
"""
RED, GREEN = 0, 1


def test_a_focus_is_drawn_moved_resized_and_published_and_every_crop_follows(
    browser: Browser, root: None, bucket: Bucket, service: Service
):
    service.put("cat.jpg", drawn(300, 90))
    for name, width in (("square", 90), ("narrow", 30)):
        publish(Alias.objects.create(name=name, bucket=bucket, width=width, height=90, crop="smart"), None)

    def box() -> list[float]:
        return sides_of(browser.written("#id_box"))

    def drag(element: WebElement, x: float, y: float, start: tuple[float, float] = (0, 0)) -> None:
        """From a place, counted from the element's middle, by parts of the picture's sides."""
        if element.get_attribute("data-corner") is None:
            browser.press("Set focus")
        image = browser.find(".picture img").size
        chain = webdriver.ActionChains(browser.driver)
        chain.move_to_element_with_offset(element, int(start[0] * image["width"]), int(start[1] * image["height"]))
        chain.click_and_hold().move_by_offset(int(x * image["width"]), int(y * image["height"])).release().perform()

    def crops_are(dominant: int, lacking: int) -> None:
        """Wait until the upper corners of all crops as chosen have one colour, by the numbers of its channels."""
        browser.wait(
            lambda: (
                (colours := browser.driver.execute_script(COLOURS))
                and all(colour[dominant] > 200 > colour[lacking] for colour in colours)
            )
        )

    browser.go(f"/admin/aliases/bucket/{bucket.pk}/focus/?key=cat.jpg")
    assert not browser.find("#focal-box").is_displayed()
    # Drawn over the left end, the box is chosen; the crops are of the red end.
    drag(browser.find(".picture img"), 0.2, 0.4, (-0.49, -0.45))
    assert browser.find("[name=choice][value=box]").is_selected()
    assert browser.find("#focal-box").is_displayed()
    assert box() == pytest.approx([0.01, 0.05, 0.21, 0.45], abs=0.02)
    crops_are(RED, GREEN)
    # Moved to the other end, as far as the picture goes: the green one.
    drag(browser.find("#focal-box"), 0.95, 0)
    assert box() == pytest.approx([0.8, 0.05, 1, 0.45], abs=0.02)
    crops_are(GREEN, RED)
    # Pulled at a corner, moved and resized by keys.
    drag(browser.find("[data-corner='left bottom']"), 0.1, 0.2)
    assert box() == pytest.approx([0.9, 0.05, 1, 0.65], abs=0.04)
    before = box()
    browser.find("#focal-box").send_keys(Keys.ARROW_LEFT, Keys.ARROW_LEFT, Keys.ARROW_DOWN)
    assert box() == pytest.approx([before[0] - 0.02, before[1] + 0.01, before[2] - 0.02, before[3] + 0.01], abs=0.001)
    browser.find("#focal-box").send_keys(Keys.SHIFT, Keys.ARROW_RIGHT, Keys.ARROW_UP)
    assert box() == pytest.approx([before[0] - 0.02, before[1] + 0.01, before[2] - 0.01, before[3]], abs=0.001)
    # The other choices put it away, and it comes back as it was.
    set_box = box()
    browser.click(By.CSS_SELECTOR, "[name=choice][value=nothing]")
    assert not browser.find("#focal-box").is_displayed()
    browser.click(By.CSS_SELECTOR, "[name=choice][value=box]")
    assert browser.find("#focal-box").is_displayed()
    assert box() == set_box

    browser.fill("why", "the green end")
    browser.press("Save and publish")
    browser.says("Every smart crop of “cat.jpg” follows it.")
    browser.says("“the green end”")
    crops_are(GREEN, RED)
    for name in ("square", "narrow"):
        corner: Any = Image.open(io.BytesIO(served(browser, f"/{name}/cat.jpg"))).convert("RGB").getpixel((10, 10))
        assert corner[1] > 200 > corner[0]
    assert browser.complaints() == []


def test_a_box_that_cannot_be_read_is_told_beside_the_crops(browser: Browser, root: None, bucket: Bucket):
    publish(Alias.objects.create(name="narrow", bucket=bucket, width=30, height=90, crop="smart"), None)
    browser.go(f"/admin/aliases/bucket/{bucket.pk}/focus/?key=cat.jpg")
    browser.click(By.CSS_SELECTOR, "[name=choice][value=box]")
    browser.fill("box", "0.5x0.5:0.4x0.6")
    browser.says("0.5x0.5:0.4x0.6 is empty")
    assert browser.wait(browser.complaints)  # the console has the 422s as well
    browser.fill("box", "0.5x0.5:0.7x0.6")
    browser.wait(lambda: "is empty" not in browser.text())
    assert browser.find("#focal-box").is_displayed()


def test_the_pages_fit_a_telephone(browser: Browser, root: None, alias: Alias):
    publish(alias, None)
    catalogue.READER.forget()
    browser.driver.set_window_size(500, 900)
    focus = f"/admin/aliases/bucket/{alias.bucket_id}/focus/"
    history = f"/admin/aliases/alias/{alias.pk}/history/"
    for path in ("/", history, f"/admin/aliases/alias/{alias.pk}/publish/", focus, f"{focus}?key=cat.jpg"):
        browser.go(path)
        width = browser.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, path
    assert browser.complaints() == []


def test_a_fault_of_the_service_is_told_in_the_place_of_the_picture(
    browser: Browser, root: None, alias: Alias, service: Service
):
    publish(alias, None)
    service.originals.rename(service.originals.parent / "elsewhere")
    browser.go(f"/admin/aliases/alias/{alias.pk}/change/")
    browser.says("of the bucket “photos” does not exist")
    assert any("502" in text for text in browser.wait(browser.complaints))
