"""What the README shows is tried."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from imageservice_client.conf import read

from .models import Person

README = (Path(__file__).parent.parent / "README.md").read_text()


def blocks(language):
    found = re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)
    assert found
    return found


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_each_block_of_python_runs(number, listed):
    # The model is made for each block that shows one, and there is another Person here.
    code = blocks("python")[number].replace("class Person", f"class Person{number}")
    said = {"__name__": "client_tests.readme"}
    exec(compile(code, f"block {number}", "exec"), said)
    if "IMAGE_SERVICE" in said:
        assert read(said["IMAGE_SERVICE"])
    if model := said.get(f"Person{number}"):
        one = model(photo="people/ann.jpg", cover="1.jpg")
        assert one.photo.alias.hero.width == one.covers.hero.width == 1200
        assert one.photo.alias["profile-image/ios"].url


def test_the_tags_write_what_it_says(listed):
    (shown,) = blocks("django")
    written = Template(shown).render(Context({"person": Person(name="Ann", photo="ann.jpg")}))
    assert written.count("<img ") == 3
    assert 'class="round"' in written
    assert '<source type="image/avif"' in written
    assert 'fetchpriority="high"' in written
    assert " 640w, " in written


def test_the_table_names_every_setting():
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.M)) == {
        "URL", "ALIASES", "MAX_AGE", "TIMEOUT", "SECURITY_KEY"
    }  # fmt: skip
