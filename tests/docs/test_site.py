"""The site of the documentation: every page is in it, and what a page links to comes with it."""

import pytest
import yaml

from docs import make_site
from tests.tracked import ROOT, tracked

#: Pages that are for those who look at the repository.
APART = {
    ".github/PULL_REQUEST_TEMPLATE.md",
    "NOTICE.md",
    "client/js/README.md",
    "rendering/imaging/focus/model/README.md",
}


def test_every_page_is_in_the_navigation_once():
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(), Loader=yaml.BaseLoader)
    assert sorted(make_site.pages(settings["nav"])) == sorted({*tracked("*.md")} - APART)


def test_what_pages_link_to_is_copied_where_they_expect_it(tmp_path):
    make_site.copy(tmp_path / "pages")
    for name in ("README.md", "docs/pictures/form-1280-light.webp", "hosting/varnish.vcl", "client/README.md"):
        assert (tmp_path / "pages" / name).read_bytes() == (ROOT / name).read_bytes()
    assert not (tmp_path / "pages/manage.py").exists()


def test_a_link_that_leads_nowhere_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(make_site, "ROOT", tmp_path)
    (tmp_path / "one.md").write_text("[two](two.md), `[shown](three.md)`, [away](https://example.com/four.md)\n")
    with pytest.raises(make_site.DeadLink, match=r"one\.md links to two\.md"):
        list(make_site.linked(tmp_path / "one.md"))
    (tmp_path / "two.md").touch()
    assert list(make_site.linked(tmp_path / "one.md")) == [tmp_path / "two.md"]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("What `make deploy` does: DRY=1, first", "what-make-deploy-does-dry1-first"),
        ("D17 (2026-11-22): Where URLs – all – deviate", "d17-2026-11-22-where-urls--all--deviate"),
        ("max_bytes", "max_bytes"),
    ],
)
def test_anchors_are_those_of_github(heading, anchor):
    assert make_site.slug(heading.replace("`", ""), "-") == anchor
