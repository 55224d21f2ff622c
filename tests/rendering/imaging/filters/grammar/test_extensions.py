"""Filters of other packages: installed as pip installs them, found by their entry points, and bounded as ours are."""

import io
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from rendering.dialects.signing import sign
from rendering.imaging.filters import FILTERS, colour
from rendering.imaging.filters.grammar import extensions
from rendering.imaging.filters.grammar.extensions import GROUP
from rendering.imaging.filters.grammar.registry import Registry
from rendering.imaging.reading.limits import Limits
from rendering.imaging.recipe import Recipe
from tests.drawings import drawn
from tests.running import ROOT, Running

GOOD = """
    from typing import Annotated

    from PIL.Image import Image

    from rendering.imaging.filters.grammar.cost import costs
    from rendering.imaging.parameters import Integer, Percent

    @costs(20)
    def darken(image: Image, amount: Percent, steps: Annotated[int, Integer(1, 8)] = 1) -> Image:
        \"\"\"Darken the picture.\"\"\"
        return image.point(lambda value: value * (100 - abs(amount)) // 100)

    @costs(1)
    def endless(image: Image) -> Image:
        \"\"\"Never ends.\"\"\"
        while True:
            pass

    @costs(10_000_000)
    def laborious(image: Image) -> Image:
        \"\"\"Says that it takes very long.\"\"\"
        return image
"""
NAMES = ("darken", "endless", "laborious")


def install(
    folder: Path, code: str, names: tuple[str, ...] = NAMES, package: str = "acme_filters", **more: str
) -> None:
    """Install a package into a folder of packages, as pip does with a wheel."""
    (folder / f"{package}.py").write_text(textwrap.dedent(code))
    information = folder / f"{package}-{more.get('version', '1.0')}.dist-info"
    information.mkdir(exist_ok=True)
    version = more.get("version", "1.0")
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    points = "\n".join(f"{name} = {package}:{more.get(name, name)}" for name in names)
    (information / "entry_points.txt").write_text(f"[{GROUP}]\n{points}\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch) -> Iterator[Path]:
    """A folder from which Python imports packages, and in which nothing is installed yet."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name, module in sys.modules.items() if str(tmp_path) in str(getattr(module, "__file__", ""))]:
        del sys.modules[name]
    extensions.WRONG.clear()


def registered() -> Registry:
    """Ours and theirs, in a registry of the test's own."""
    registry = Registry()
    registry.register([colour.brightness])
    extensions.register(registry)
    return registry


def test_where_no_package_has_filters_there_are_ours(packages):
    assert list(registered()) == ["brightness"]
    assert extensions.WRONG == []
    assert not any(one.package for one in FILTERS.values())


def test_a_package_whose_entry_points_cannot_be_read_is_passed_over(packages):
    (packages / "odd-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)
    assert list(registered()) == ["brightness"]


def test_a_filter_of_a_package_is_read_and_written_as_ours_are(packages):
    install(packages, GOOD)
    registry = registered()
    assert set(registry) == {"brightness", *NAMES}
    assert extensions.WRONG == []
    (call,) = registry.read("darken(30,2)")
    assert (str(call), call.filter.package) == ("darken(30,2)", "acme_filters 1.0")
    assert call.filter.usage == "darken(amount[,steps])"


def test_another_version_of_a_package_makes_other_derivatives(packages):
    install(packages, GOOD)
    (ours,) = FILTERS.read("brightness(30)")

    def fingerprint(call):
        return Recipe(filters=(call,)).fingerprint(1, Limits())

    (first,) = registered().read("darken(30)")
    (packages / "acme_filters-1.0.dist-info").rename(packages / "acme_filters-1.1.dist-info")
    install(packages, GOOD, version="1.1")
    (second,) = registered().read("darken(30)")
    assert second.filter.package == "acme_filters 1.1"
    assert fingerprint(first) != fingerprint(second)
    assert fingerprint(ours) == Recipe(filters=(ours,)).fingerprint(1, Limits())


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        ("def x(", "x", "SyntaxError"),
        ("import nothing_of_the_kind", "x", "No module named 'nothing_of_the_kind'"),
        ("y = 1", "x", "AttributeError"),
        ("raise SystemExit(3)", "x", "SystemExit"),
        ("x = 5", "x", "it is no function"),
        ("def x(): 'Help.'", "x", "the type of a filter's first parameter must be one of"),
        ("from PIL.Image import Image\ndef x(image: Image): 'Help.'", "x", "says what it costs"),
        ("from PIL.Image import Image\ndef x(image: Image): pass", "x", "docstring is its help"),
        ("from PIL.Image import Image\ndef x(image: Image, y: int): 'Help.'", "x", "the type of y must be one of"),
    ],
)
def test_what_is_wrong_with_a_filter_is_told_and_the_others_work(packages, code, name, said):
    install(packages, GOOD)
    install(packages, code, (name,), package="broken_filters")
    assert set(registered()) == {"brightness", *NAMES}
    (wrong,) = extensions.WRONG
    assert wrong.startswith("The filter “x” of broken_filters 1.0 cannot be used: ")
    assert said in wrong


def test_a_name_that_is_taken_is_told_with_who_has_it(packages):
    install(packages, GOOD)
    install(packages, GOOD.replace("darken", "brightness"), ("brightness",), package="a_second")
    install(packages, GOOD, ("darken",), package="a_third")
    install(packages, GOOD, ("lighten",), package="a_fourth", lighten="darken")
    registry = registered()
    assert registry["brightness"].package == ""
    there = sorted(extensions.WRONG)
    assert len(there) == 3
    assert "“brightness” of a_second 1.0" in there[0]
    assert "this service has a filter of that name already" in there[0]
    assert registry["darken"].package.split()[0] in ("a_third", "acme_filters")
    assert f"{registry['darken'].package} has a filter of that name already" in there[1]
    assert "“lighten” of a_fourth 1.0" in there[2]
    assert "its function is called darken" in there[2]


# --- In the service as it runs


KEY = "a-key-of-sixteen-or-more"


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    packages = tmp_path / "packages"
    packages.mkdir()
    install(packages, GOOD)
    service = Running(tmp_path, PYTHONPATH=str(packages), SECURITY_KEY=KEY, MAX_CPU="1")
    service.put("one.jpg", drawn())
    yield service
    service.kill()


def test_the_service_renders_with_it_within_its_limits(running):
    def asked(text: str) -> tuple[int, bytes]:
        path = f"60x40/filters:{text}:format(png)/photos/one.jpg"
        status, _, body = running.get(f"/{sign(KEY, path)}/{path}")
        return status, body

    (plain, light), (darker, dark) = asked("brightness(0)"), asked("darken(50)")
    assert (plain, darker) == (200, 200), running.log.read_text()
    before, after = (ImageStat.Stat(Image.open(io.BytesIO(one)).convert("L")).mean[0] for one in (light, dark))
    assert after < 0.6 * before
    # What never ends is ended, and what says that it takes too long is not begun; others are served meanwhile.
    assert asked("endless()")[0] == 422
    assert asked("laborious()")[0] == 422
    assert asked("darken(20)")[0] == 200


def test_a_broken_filter_keeps_the_service_from_starting_and_says_why(tmp_path):
    install(tmp_path, "import nothing_of_the_kind", ("x",), package="broken_filters")
    ran = subprocess.run(
        [sys.executable, "manage.py", "check", "--tag", "imageservice"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path), "PLANE": "images"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "imageservice.E019" in ran.stderr
    assert "The filter “x” of broken_filters 1.0 cannot be used: ModuleNotFoundError" in ran.stderr
