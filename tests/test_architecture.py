"""The plan of the house, held against the code."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = [
    path
    for room in ("imageservice", "aliases", "rendering")
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
]
#: What runs on a developer's machine, not in the service.
TOOLS = [path for room in ("deploy", "edge") for path in (ROOT / room).rglob("*.py")]


@pytest.mark.parametrize("path", MODULES + TOOLS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_enough_to_be_read_at_once(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "services", "misc"])
def test_there_is_no_drawer(word):
    assert not [path for path in MODULES + TOOLS if word in (path.stem, path.parent.name)]


def test_the_environment_is_read_in_settings_alone():
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if "os.environ" in path.read_text() or "getenv" in path.read_text() or "import environ" in path.read_text()
    ]
    # wsgi.py sets DJANGO_SETTINGS_MODULE, as Django's own template for it does; forking.py hands a few variables to a
    # process without settings; yunet.py sets a variable that ONNX Runtime reads; snippets do
    # for those who copy them.
    others = {
        "imageservice/wsgi.py",
        "rendering/workers/forking.py",
        "rendering/imaging/focus/yunet.py",
        "aliases/snippets/signing.py",
    }
    assert set(readers) <= {"imageservice/settings.py", *others}


def test_pictures_are_opened_in_one_file():
    opening = [path.name for path in MODULES if "Image.open(" in path.read_text()]
    assert opening == ["readers.py"]


#: What Pillow's pictures and modules have that is no part of its interface, though no underscore says so.
INSIDES = {"core", "decoderconfig", "decodermaxblock", "fp", "getdata", "im", "readonly", "tile"}


def touched(source: str) -> set[str]:
    """What a module touches that is private to others: by name, or by a text given to getattr and the like."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls" | "os")):
                pass
            case ast.Attribute(attr=name):
                found.add(name)
            case ast.Call(func=ast.Name(id="getattr" | "setattr"), args=[_, ast.Constant(value=str(name)), *_]):
                found.add(name)
            case ast.ImportFrom(names=names):
                found |= {alias.name for alias in names}
    return {name for name in found if name in INSIDES or (name.startswith("_") and not name.endswith("__"))}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.is_relative_to(ROOT / "rendering") and "PIL" in path.read_text()],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_pillow_is_inside_is_known_in_one_room(path):
    if path.parent != ROOT / "rendering" / "imaging" / "pillow":
        assert touched(path.read_text()) == set()


def test_what_is_private_to_pillow_is_noticed():
    room = ROOT / "rendering" / "imaging" / "pillow"
    seen = set().union(*(touched(path.read_text()) for path in room.glob("*.py")))
    assert {"decodermaxblock", "getdata", "_decoder"} <= seen
    assert touched("from PIL import Image\nImage.core.zlib_version") == {"core"}
    assert touched("from PIL.Image import _getdecoder") == {"_getdecoder"}
    assert touched("self._own.size") == set()


def imported(plane: str) -> set[str]:
    """The modules that a fresh process of that plane has imported once it is ready."""
    code = "import sys, imageservice.wsgi; print(*sys.modules, sep='\\n')"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        # Nothing else of this process's: no one's settings, nor the measuring of coverage, which imports modules.
        env={"PLANE": plane, "DJANGO_SETTINGS_MODULE": "imageservice.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(result.stdout.split())


def test_the_data_plane_loads_nothing_of_the_admin_and_no_boto3_before_it_is_needed():
    modules = imported("images")
    unwanted = ("aliases", "django.contrib", "boto3", "botocore", "sqlite3", "psycopg", "csp", "whitenoise")
    assert not [name for name in modules if name.startswith(unwanted)]
