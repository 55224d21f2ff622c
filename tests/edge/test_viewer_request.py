"""CloudFront's function and the service read the same request, and find the same in it."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest

from rendering import routing
from rendering.catalogue.catalogue import Alias
from rendering.dialects.raw_path import decode
from rendering.dialects.signing import sign
from rendering.http.causes import CAUSES
from rendering.imaging.encoding import accept_class
from tests.service import Service

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = (ROOT / "edge/viewer_request.js").read_text()
NODE = shutil.which("node")
KEY = "a-key-of-more-than-sixteen-characters"

node = pytest.mark.skipif(
    not NODE and os.environ.get("REQUIRE_NODE") != "1",
    reason="no node on this machine (REQUIRE_NODE=1 makes this a failure)",
)
ENGINES = [
    pytest.param("node", marks=node),
    # CloudFront's own engine is of this family.
    pytest.param("njs", marks=pytest.mark.skipif(not shutil.which("njs"), reason="no njs on this machine")),
]


@node
def test_the_tests_of_the_functions_pass():
    assert NODE
    files = sorted((ROOT / "tests/edge").glob("*.test.mjs"))
    ran = subprocess.run([NODE, "--test", *files], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def handled(engine: str, folder: Path, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the function makes of requests, in a process of that engine."""
    script, answer = folder / "requests.js", folder / "answer.json"
    calls = f"{json.dumps(requests)}.map((request) => handler({{ request: request }}))"
    write = f"require('fs').writeFileSync({json.dumps(str(answer))}, JSON.stringify({calls}));"
    script.write_text(f"{CODE}\n{write}\n", encoding="utf-8")
    subprocess.run([engine, str(script)], check=True)
    made: list[dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
    return made


def request(uri: str = "/a/b.jpg", **headers: str) -> dict[str, Any]:
    values = {"host": "a.example", **headers}
    return {"uri": uri, "querystring": {}, "headers": {name: {"value": value} for name, value in values.items()}}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_accept_becomes_is_of_the_same_class(engine, tmp_path):
    words = ["image/avif", "image/webp", "image/*", "*/*", "IMAGE/WEBP", ";", ",", ";q=", "q=0", "0", "1", ".", "5"]
    words += [" ", "\t", "\xa0", "q", "=", "x", '"']
    some = random.Random(1)
    cases = json.loads((ROOT / "tests/accept.json").read_text(encoding="utf-8"))
    headers = [case["accept"] or "" for case in cases]
    headers += ["".join(some.choices(words, k=some.randrange(12))) for _ in range(3000)]
    made = handled(engine, tmp_path, [request(accept=header) for header in headers])
    found = {header: accept_class(one["headers"]["accept"]["value"]) for header, one in zip(headers, made, strict=True)}
    assert {one["headers"]["accept"]["value"] for one in made} == {"image/avif,image/webp", "image/webp", "*/*"}
    assert found == {header: accept_class(header) for header in headers}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_path_and_what_becomes_of_it_mean_the_same(service: Service, settings, engine, tmp_path):
    settings.SECURITY_KEY, settings.ALLOW_UNSAFE_URL = KEY, True
    long = Alias("a-name-of-just-27-characters"[:27], 1, "photos", service.alias.recipe, dprs=(2,))
    service.publish(service.alias, Alias("ios", 1, "photos", service.alias.recipe, dprs=(2,), widths=(640,)), long)
    raws = paths(random.Random(2))
    made = [one["uri"][1:] for one in handled(engine, tmp_path, [request(f"/{raw}") for raw in raws])]
    again = [one["uri"][1:] for one in handled(engine, tmp_path, [request(f"/{raw}") for raw in made])]
    assert made == again
    meant = [meaning(raw) for raw in raws]
    assert [meaning(raw) for raw in made] == meant
    assert [unquote_to_bytes(raw) for raw in made] == [unquote_to_bytes(raw) for raw in raws]
    # That they mean the same is only worth something when many mean something, and many were spelled anew.
    assert sum(not isinstance(one, str) for one in meant) > 1000
    assert sum(one != raw for one, raw in zip(made, raws, strict=True)) > 1000


def meaning(raw: str) -> Any:
    """What the service finds in a raw path: a target, or an error with its sentence."""
    try:
        return routing.target_of(raw.removeprefix("-/info/"))
    except tuple(CAUSES) as error:
        return f"{type(error).__name__}: {error}"


def paths(some: random.Random) -> list[str]:
    """Paths as clients might write them: aliases, signed, unsafe, descriptions and nonsense, quoted more or less."""
    pieces = ["a", "Z", "9", "-", ".", "_", "~", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", ":", "@", "/"]
    pieces += [" ", '"', "<", ">", "[", "]", "^", "`", "{", "|", "}", "\\", "%", "é", "日", "..", "//", "%41", "%2F"]
    starts = [
        "ios",
        "ios@2x",
        "ios@640w",
        "profile-image/ios",
        "a-name-of-just-27-characters"[:27],
        "unsafe",
        "none",
        "-",
        "i%6Fs",
    ]
    slots = ["", "300x200/", "smart/", "%73mart/", "fit-in/-90x/", "trim:top-left:20/", "0.1x0.2:0.9x0.8/"]
    slots += ["filters:quality(70)/", "filters:watermark(photos/a%2Fb (1).png,0,0,0):quality%2870)/"]
    found = []
    for _ in range(4000):
        key = "".join(some.choices(pieces, k=some.randrange(1, 9)))
        start = some.choice(starts)
        # Quoted wholly, hardly, or in small letters; or not at all.
        spelling = some.choice([key, quote(key), quote(key, safe=""), quote(key, safe="/()[]|").lower()])
        tail = f"{some.choice(slots)}photos/{spelling}" if start == "unsafe" else spelling
        found.append(f"{some.choice(['', '', '-/info/'])}{start}/{tail}")
        if some.random() < 0.3:
            path = f"{some.choice(slots)}photos/{spelling}"
            signed = some.choice([path, decoded_or(path), quote(decoded_or(path), safe="/")])
            signature = some.choice([sign(KEY, signed), sign(KEY, signed).rstrip("="), sign("another", signed)])
            found.append(f"{some.choice(['', '-/info/'])}{signature}/{path}")
    # A query would end the path, and a server takes a # for no part of it.
    return [path for path in found if "?" not in path and "#" not in path]


def decoded_or(path: str) -> str:
    try:
        return decode(path)
    except Exception:  # noqa: BLE001 - no UTF-8: it is signed as it stands
        return path
