"""Takes the pictures, `python -m tests.screenshots`: all to build/screenshots/, and to docs/pictures/ those that
README.md and docs/ show. ONLY="form desk" takes those of some pages."""

import os
import re
import tempfile
from base64 import b64decode
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.aliases.browser.chromium import Browser, started
from tests.docs.checkout import KEY, cloned
from tests.screenshots.pages import PAGES, SCHEMES, WIDTHS, Page, window
from tests.tracked import ROOT, tracked

ALL, KEPT = ROOT / "build" / "screenshots", ROOT / "docs" / "pictures"
#: Of the demo's admin, who takes them.
PASSWORD = "only-for-pictures"
#: How lossy they are.
QUALITY = 78
#: Whether all pictures that are in the window have come, and none is awaited.
SETTLED = """
    const near = (one) => one.checkVisibility() && one.getBoundingClientRect().top < innerHeight;
    const awaited = [...document.querySelectorAll(".busy:not([hidden]), .waiting")].some(near);
    const images = [...document.images].filter(near);
    return document.readyState === "complete" && !awaited && images.every((one) => one.complete);
"""


def shown() -> set[str]:
    """The names of the pictures that the docs show."""
    texts = [(ROOT / name).read_text() for name in tracked("*.md")]
    return set(re.findall(r"pictures/([a-z]+-\d+-[a-z]+\.webp)", "\n".join(texts)))


def take(browser: Browser, page: Page, path: str) -> bytes:
    browser.go(path)
    page.prepare(browser)
    browser.wait(lambda: browser.driver.execute_script(SETTLED))
    browser.driver.execute_script("document.activeElement?.blur();")
    options = {"format": "png", "captureBeyondViewport": page.whole}
    shot = b64decode(browser.driver.execute_cdp_cmd("Page.captureScreenshot", options)["data"])
    file = BytesIO()
    Image.open(BytesIO(shot)).convert("RGB").save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def main() -> None:
    ALL.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("ONLY", "").split() or list(PAGES)
    kept = shown()
    with tempfile.TemporaryDirectory() as folder:
        checkout = cloned(Path(folder) / "imageservice")
        history = f"from tests.screenshots.history import write; print(write('{PASSWORD}'))"
        done = checkout.run(f'make setup && .venv/bin/python manage.py shell -v 0 -c "{history}"')
        assert done.returncode == 0, done.stdout + done.stderr
        alias, bucket = done.stdout.split()[-2:]
        with checkout.serving(SECURITY_KEY=KEY) as site:
            driver = started()
            try:
                browser = Browser(driver, f"http://127.0.0.1:{site.port}")
                browser.log_in("admin", PASSWORD)
                for name in wanted:
                    for width in WIDTHS:
                        for scheme in SCHEMES:
                            with window(browser, width, scheme):
                                page = PAGES[name]
                                picture = take(browser, page, page.path.format(alias=alias, bucket=bucket))
                            file = f"{name}-{width}-{scheme}.webp"
                            (ALL / file).write_bytes(picture)
                            if file in kept:
                                (KEPT / file).write_bytes(picture)
                            print(f"{file}: {len(picture) / 1000:.0f} kB{', kept' if file in kept else ''}", flush=True)
            finally:
                driver.quit()


if __name__ == "__main__":
    main()
