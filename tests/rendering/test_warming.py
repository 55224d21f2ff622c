"""What is done before the first request, so that the request need not do it."""

import json
import subprocess
import sys

from rendering.catalogue.catalogue import Alias, Bucket, Catalogue
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus import edges
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.drawings import drawn
from tests.running import ROOT

#: Warms, asks for each path, and tells the statuses and what only then was imported.
CODE = """
import json, sys
from imageservice import api_gateway
from imageservice.wsgi import application
from rendering.warming import warm
warm()
before = set(sys.modules)
answers = [
    api_gateway.answer(application, {"httpMethod": "GET", "path": path, "headers": {}})["statusCode"]
    for path in sys.argv[1:]
]
print(json.dumps([answers, sorted(set(sys.modules) - before)]))
"""


def test_the_first_pictures_import_nothing_any_more(tmp_path):
    names = ["jpeg", "png", "webp", "avif"]
    (tmp_path / "one.jpg").write_bytes(drawn())
    (tmp_path / "catalogue").mkdir()
    aliases = [Alias(name, 1, "photos", Recipe(Geometry(width=50), Encoding(format=name))) for name in names]
    aliases.append(Alias("smart", 1, "photos", Recipe(Geometry(50, 90, smart=Smart(edges.NAME)))))
    paths = [f"/{alias.name}/one.jpg" for alias in aliases] + ["/-/info/smart/one.jpg"]
    document = Catalogue.of(1, [Bucket("photos", Place("folder", str(tmp_path)))], aliases).encode()
    (tmp_path / "catalogue/catalogue.json").write_bytes(document)
    roots = {"FOLDER_ROOTS": str(tmp_path)}
    places = {"CATALOGUE_URL": tmp_path / "catalogue", "DERIVATIVES_URL": tmp_path / "derivatives"}
    done = subprocess.run(
        [sys.executable, "-c", CODE, *paths],
        cwd=ROOT,
        env={"PLANE": "images", **roots, **{name: path.as_uri() for name, path in places.items()}},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [[200] * len(paths), []]
