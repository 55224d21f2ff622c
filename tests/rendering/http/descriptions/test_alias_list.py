"""The list of live aliases, for pages that write their URLs."""

import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import READER, Alias, Catalogue
from rendering.http.descriptions.alias_list import ALIASES
from rendering.imaging.encoding import Encoding
from rendering.imaging.filters import FILTERS
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Fit, Geometry
from rendering.imaging.recipe import Recipe
from tests.drawings import opened

LIST = "/-/aliases.json"


@pytest.fixture(autouse=True)
def listing(settings):
    settings.LIST_ALIASES = True


def alias(name, *, width=90, height=90, filters="", encoding=None, **geometry):
    recipe = Recipe(Geometry(width=width, height=height, **geometry), encoding or Encoding(), FILTERS.read(filters))
    return Alias(name, 3, "photos", recipe)


def test_it_says_of_each_alias_what_a_page_needs(service):
    square = replace(alias("square", encoding=Encoding("png"), smart=Smart()), dprs=(1.5, 2), widths=(60, 300))
    wide = alias("wide", height=None, encoding=Encoding("auto", offers=("webp",)))
    service.publish(wide, square)
    response = service.get(LIST)
    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "serial": 1,
        "aliases": {
            "square": {
                "revision": 3, "width": 90, "height": 90, "fit": "cover", "exact": True, "ratios": [1, 1.5, 2],
                "widths": [60, 90, 300], "format": "png", "offers": [],
            },
            "wide": {
                "revision": 3, "width": 90, "height": None, "fit": "cover", "exact": False, "ratios": [1],
                "widths": [], "format": "auto", "offers": ["webp"],
            },
        },
    }  # fmt: skip
    assert list(response.json()["aliases"]) == ["square", "wide"]


@pytest.mark.parametrize(
    "one",
    [
        alias("plain"),
        alias("filtered", filters="grayscale():quality(20)"),
        alias("stretched", fit=Fit.STRETCH),
        alias("turned", turn=90),
        alias("flipped", flip_horizontally=True),
        alias("padded", filters="padding(1,2,3,4)"),
        alias("turned-after", height=40, filters="rotate(90)"),
        alias("whole", height=40, fit=Fit.CONTAIN),
        alias("covering", height=40, fit=Fit.OUTSIDE),
        alias("never-enlarged", width=900, enlarge=False),
        alias("never-enlarged-by-filter", width=900, filters="no_upscale()"),
        alias("as-the-original", width="orig"),
        alias("one-side", width=None),
        alias("adaptive", height=40, adaptive=True),
        alias("in-proportion", filters="proportion(0.5)"),
    ],
    ids=lambda one: one.name,
)
def test_only_a_size_that_every_picture_has_is_exact(service, one):
    service.publish(one)
    service.put("tall.png", drawn_png(30, 70))
    service.put("wide.png", drawn_png(200, 100))
    said = service.get(LIST).json()["aliases"][one.name]
    sizes = {opened(service.get(f"/{one.name}/{key}")).size for key in ("tall.png", "wide.png")}
    assert said["exact"] is (sizes == {(said["width"], said["height"])})


def drawn_png(width, height):
    from tests.drawings import drawn

    return drawn(width, height, "PNG")


def test_it_is_kept_until_another_catalogue_is_read(service, monkeypatch):
    service.publish(alias("first"))
    before = service.get(LIST)
    assert before["Cache-Tag"] == "aliases"
    assert before["Cache-Control"] == "public, max-age=60, s-maxage=86400, stale-while-revalidate=60"
    made = ALIASES.of(READER.current())
    assert ALIASES.of(READER.current()) is made
    unchanged = service.get(LIST, If_None_Match=before["ETag"])
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (304, b"", before["ETag"])
    service.publish(alias("second"))
    service.wait(10)
    after = service.get(LIST, If_None_Match=before["ETag"])
    assert list(after.json()["aliases"]) == ["second"]


def test_without_a_cdn_that_is_purged_caches_hold_it_for_a_minute(service):
    service.purged = False
    service.publish()
    assert "s-maxage=60," in service.get(LIST)["Cache-Control"]


def test_an_alias_that_cannot_be_read_is_left_out(service, caplog):
    good, bad = alias("good"), alias("bad")
    service.publish(good, bad)
    catalogue = Catalogue.of(2, [service.bucket], [good, bad])
    catalogue.aliases["bad"]["recipe"] = {"geometry": {"width": "wide"}}
    service.serial = 2
    from rendering.storage.factory import configured

    configured("catalogue").write("catalogue.json", catalogue.encode(), "application/json")
    assert list(service.get(LIST).json()["aliases"]) == ["good"]
    assert "alias bad is not listed" in caplog.text


def test_where_it_is_not_to_be_public_it_is_a_404_that_says_so(service, settings):
    settings.LIST_ALIASES = False
    service.publish()
    refused = service.get(LIST)
    assert refused.status_code == 404
    assert "LIST_ALIASES=on" in refused.json()["message"]


def test_before_anything_is_published_it_is_a_503(service):
    assert service.get(LIST).status_code == 503


def test_it_can_be_read_by_scripts_of_other_sites_and_by_head(service):
    service.publish()
    response = service.get(LIST, method="HEAD")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.content == b""
    assert service.get(LIST, method="POST").status_code == 405
