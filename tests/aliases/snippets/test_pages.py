"""Snippets for pages: each is run, in whatever shows it, and asks for the same pictures as the HTML; all are served."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pytest

from aliases.snippets import pages
from aliases.snippets.picture import Picture
from tests.drawings import drawn, opened
from tests.tracked import ROOT
from tests.values import KEYS

from .declared import BASE


class Elements(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def image(text):
    """The attributes of the one `<img>`, as any quoting of its URLs means them."""
    (found,) = (attributes for tag, attributes in Elements(text).found if tag == "img")
    return meant(found)


def meant(attributes):
    return {name.lower(): unquote(str(value)) for name, value in attributes.items()}


def urls(text):
    """Every URL of a page's images and sources."""
    for _, attributes in Elements(text).found:
        parts = [attributes.get("src", ""), *re.split(r",\s+", attributes.get("srcset", ""))]
        yield from (part.split(" ")[0] for part in parts if part)


def pictures(alias):
    return [Picture.of(BASE, alias, key) for key in KEYS]


def test_an_image_says_what_the_alias_declares(picture):
    found = Elements(pages.html(picture)).found[0][1]
    path = "people/ann%20%281%29.jpg"
    every: dict[str, dict[str, Any]] = {
        "hero": {
            "src": f"{BASE}/hero/{path}",
            "srcset": [f"{BASE}/hero@32w/{path} 32w", f"{BASE}/hero@64w/{path} 64w", f"{BASE}/hero/{path} 96w",
                       f"{BASE}/hero@128w/{path} 128w"],
            "sizes": "(max-width: 96px) 100vw, 96px", "width": "96", "height": "36",
        },
        "team/whole": {
            "src": f"{BASE}/team/whole/{path}",
            "srcset": [f"{BASE}/team/whole@32w/{path} 32w", f"{BASE}/team/whole@64w/{path} 64w"],
            "sizes": "100vw",
        },
        "icon": {
            "src": f"{BASE}/icon/{path}",
            "srcset": [f"{BASE}/icon/{path} 1x", f"{BASE}/icon@1.5x/{path} 1.5x", f"{BASE}/icon@2x/{path} 2x"],
            "width": "9", "height": "9",
        },
        "list": {"src": f"{BASE}/list/{path}"},
    }  # fmt: skip
    if "srcset" in found:
        found["srcset"] = re.split(r",\s+", found["srcset"])
    assert found == {**every[picture.alias.name], "loading": "lazy", "decoding": "async", "alt": ""}


def test_every_url_is_served_whatever_the_key(alias, service):
    service.publish(alias)
    for picture in pictures(alias):
        service.put(alias.prefix + picture.key, drawn(200, 150))
        by_window = [pages.by_window(picture)] if picture.listed.widths else []
        found = {url.removeprefix(BASE) for text in (pages.html(picture), *by_window) for url in urls(text)}
        assert found
        for url in found:
            response = service.get(url)
            assert response.status_code == 200, url
            assert opened(response).size


def test_a_picture_for_each_width_of_the_window_and_twice_that_where_it_may_be_requested(picture):
    if not picture.listed.widths:
        assert "HTML with <picture>" not in [one.title for one in pages.in_pages(picture)]
        return
    tags = [(tag, found.get("media"), found.get("srcset", "").count(" 2x")) for tag, found in
            Elements(pages.by_window(picture)).found]  # fmt: skip
    sources = {
        "hero": [("source", "(max-width: 32px)", 1), ("source", "(max-width: 64px)", 1)],
        "team/whole": [("source", "(max-width: 32px)", 1)],
    }[picture.alias.name]
    assert tags == [("picture", None, 0), *sources, ("img", None, 0)]


#: Runs each code of a list, with what it is given, and prints the attributes of the image that it makes.
NODE = """
const made = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map(({ script, component, photo }) => {
  const body = [];
  const document = { createElement: () => ({}), body: { append: (image) => body.push(image) } };
  new Function("document", script)(document);
  const h = (tag, attributes) => attributes;
  return [body[0], new Function("h", "photo", component)(h, photo)];
});
console.log(JSON.stringify(made));
"""


def without_jsx(code):
    """The component as a function that returns the attributes of its `<img>`: no compiler of JSX is installed here."""
    attribute = re.compile(r'^ +(\w+)=(?:"([^"\n]*)"|\{(.*?)\})(?=\n)', re.M | re.S)

    def called(found):
        members = [
            f"{name}: {expression or json.dumps(text)}" for name, text, expression in attribute.findall(found[1])
        ]
        return f'h("img", {{{", ".join(members)}}})'

    plain, count = re.subn(r"<img\n(.*?)    />", called, code.removeprefix("export "), flags=re.S)
    assert count == 1
    return f'{plain}\nreturn Picture({{ photo, alt: "" }});'


def test_scripts_and_components_make_the_same_image(alias):
    node = shutil.which("node")
    if not node and not os.environ.get("REQUIRE_NODE"):
        pytest.skip("node is not installed; REQUIRE_NODE=1 makes this a failure")
    assert node
    cases = [
        {"script": pages.javascript(one), "component": without_jsx(pages.react(one)), "photo": one.key}
        for one in pictures(alias)
    ]
    done = subprocess.run([node, "-e", NODE], input=json.dumps(cases), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for picture, (element, component) in zip(pictures(alias), json.loads(done.stdout), strict=True):
        expected = {name: re.sub(r",\s+", ", ", value) for name, value in image(pages.html(picture)).items()}
        assert meant(element) == expected
        assert meant(component) == expected


#: Renders templates of a project that has the client, which is told of the aliases by a file.
PROJECT = """
import json, sys
import django
from django.conf import settings

listed, base, cases = json.load(sys.stdin)
with open("aliases.json", "w") as file:
    json.dump(listed, file)
settings.configure(INSTALLED_APPS=["imageservice_client"], IMAGE_SERVICE={"URL": base, "ALIASES": "aliases.json"})
django.setup()
import imageservice_client
from django.template import Context, Engine
from django.template.backends.jinja2 import Jinja2

assert imageservice_client.load()
engine = Engine(libraries={"imageservice": "imageservice_client.templatetags.imageservice"})
jinja = Jinja2({"NAME": "j", "DIRS": [], "APP_DIRS": False, "OPTIONS": {}})
jinja.env.globals["Picture"] = imageservice_client.Picture
print(json.dumps([
    [engine.from_string(one).render(Context({"photo": photo})), jinja.from_string(other).render({"photo": photo})]
    for one, other, photo in cases
]))
"""


def test_templates_make_the_same_image(alias, service, settings, tmp_path):
    settings.LIST_ALIASES = True
    service.publish(alias)
    listed = service.get("/-/aliases.json").json()
    cases = [(pages.django(one), pages.jinja(one), one.key) for one in pictures(alias)]
    done = subprocess.run(
        [sys.executable, "-c", PROJECT],
        input=json.dumps([listed, BASE, cases]),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "client")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    for picture, both in zip(pictures(alias), json.loads(done.stdout), strict=True):
        expected = {name: re.sub(r",\s+", ", ", value) for name, value in image(pages.html(picture)).items()}
        assert [image(one) for one in both] == [expected, expected]
