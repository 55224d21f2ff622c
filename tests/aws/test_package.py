"""What is in the zip that Zappa uploads."""

import hashlib
import json
import re
import subprocess
import zipfile

import pytest

from deploy.package import archive, binaries, contents, licences, locks, tree
from deploy.stages import ROOT
from tests.aws.sandbox import TOOLS
from tests.aws.stage import packaged, zappa
from tests.deploy.package import cyclonedx


@pytest.fixture(scope="module")
def held(package):
    with zipfile.ZipFile(package) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_finds_faces_and_is_within_lambdas_limits(package, held):
    """Of a zip sent with the call itself, and of what it unpacks to; with room for what is to come."""
    assert package.stat().st_size <= 0.9 * archive.LARGEST_SENT
    assert sum(map(len, held.values())) <= 0.6 * archive.LARGEST_UNPACKED
    assert {"numpy", "onnxruntime"} <= {name.partition("/")[0] for name in held}
    assert not [name for name in held if name.startswith(("numpy/random/", "numpy/fft/", "google/", "flatbuffers/"))]


def test_beside_it_lies_the_bill_of_what_is_in_it(package, held):
    bill = json.loads(package.with_suffix(".cdx.json").read_text())
    assert not cyclonedx.faults(bill)
    (digest,) = bill["metadata"]["component"]["hashes"]
    assert digest["content"] == hashlib.sha256(package.read_bytes()).hexdigest()
    packed = {name.partition(".dist-info")[0].rpartition("-") for name in held if name.endswith(".dist-info/METADATA")}
    of_python = {(one["name"], one["version"]) for one in bill["components"] if one["name"] not in ("YuNet", "zlib-ng")}
    assert of_python == {(licences.canonical(name), version) for name, _, version in packed}
    library = next(one for one in bill["components"] if one["name"] == "zlib-ng")
    assert library["hashes"][0]["content"] == hashlib.sha256(held["zlib-ng/libz.so.1"]).hexdigest()


#: Run by the runtime's own Python: the magic number, and the hash of a source, are its own.
CHECK = """
import importlib.util, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    held = {name: archive.read(name) for name in archive.namelist()}
sources = [name for name in held if name.endswith(".py")]
for name in sources:
    assert held[importlib.util.cache_from_source(name)][8:16] == importlib.util.source_hash(held[name]), name
modules = [name for name in held if name.endswith(".pyc")]
for name in modules:
    assert held[name][:4] == importlib.util.MAGIC_NUMBER, name
    assert held[name][4:8] == b"\\1\\0\\0\\0", name  # hash-based, unchecked
    room = name.partition("/")[0]
    assert ("__pycache__" in name) == (room in ("aliases", "imageservice", "rendering", "__pycache__")), name
print(len(modules))
"""


def test_every_module_has_a_pyc_that_the_runtime_believes(package):
    checked = subprocess.run([TOOLS / "bin/python", "-c", CHECK, package], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert int(checked.stdout) > 1000


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_every_compiled_file_is_for_the_stages_cpu(held, package, architecture, tmp_path):
    if architecture == "arm64":
        settings = json.loads((ROOT / "zappa_settings.json").read_text())
        settings["base"]["architecture"] = "arm64"
        (tmp_path / "settings.json").write_text(json.dumps(settings))
        packaged("production", tmp_path / "arm64.zip", "-s", str(tmp_path / "settings.json"))
        size = (tmp_path / "arm64.zip").stat().st_size
        assert size <= 0.9 * archive.LARGEST_SENT
        with zipfile.ZipFile(tmp_path / "arm64.zip") as opened:
            held = {name: opened.read(name) for name in opened.namelist()}
    compiled = {name: content for name, content in held.items() if content[:4] == b"\x7fELF"}
    folders = {name.partition("/")[0] for name in compiled}
    assert {"PIL", "pillow.libs", "psycopg_binary", "numpy", "onnxruntime"} <= folders
    assert [one for one in compiled.items() if binaries.wrong_with(one[1], architecture, tree.GLIBC)] == []


def test_it_brings_zlib_ng_along_with_its_licence(held):
    library = held["zlib-ng/libz.so.1"]
    assert library[:4] == b"\x7fELF"
    # What Pillow's wheel links to, by the versions that it asks for, or the loader would complain at every start.
    assert {b"ZLIB_1.2.0", b"ZLIB_1.2.3.4", b"inflateReset2", b"deflateSetDictionary"} <= set(library.split(b"\0"))
    assert b"zlib-ng" in library
    assert b"Jean-loup Gailly" in held["zlib-ng/LICENSE.md"]


def test_it_holds_the_locked_versions_and_no_tools(held):
    found = {}
    for name, content in held.items():
        if name.endswith(".dist-info/METADATA"):
            said = dict(re.findall(r"^(Name|Version): (\S+)", content.decode(), re.MULTILINE))
            found[said["Name"].lower().replace("_", "-")] = said["Version"]
    left_out = json.loads((ROOT / "zappa_settings.json").read_text())["base"]["leave_out"]
    service = locks.without(locks.read(ROOT / "requirements.txt"), left_out)
    tools = locks.read(ROOT / "requirements-deploy.txt")
    # Of some, older Pythons get the same or another version; of others there is none for this one.
    older = [name for name, one in service.items() if "version <" in one.text and "version >=" not in one.text]
    expected = {name: one.version for name, one in service.items() if name not in older}
    expected |= {name: tools[name].version for name in tree.OF_ZAPPA}
    del expected["tzdata"]  # for Windows
    assert found == expected


def test_beside_the_dependencies_there_are_the_rooms_and_zappas_settings_alone(held):
    stage_tree = next(iter(tree.FOLDER.glob("python3.13-x86_64-*")))
    theirs = {path.with_suffix(".pyc").name if path.suffix == ".py" else path.name for path in stage_tree.iterdir()}
    ours = {name.partition("/")[0] for name in held} - theirs - {"__pycache__"}
    assert ours == {*contents.ROOMS, "zappa_settings.py", "zlib-ng"}


def test_it_holds_no_secret_and_no_account(held):
    settings = held["zappa_settings.py"].decode()
    assert "DEBUG=False" in settings
    assert not re.search("SECRET|KEY|DATABASE|PASSWORD|[0-9]{12}", settings)
    for name, content in held.items():
        if name.startswith(contents.ROOMS):
            contents.check(name, content)
            assert not re.search(r"(^|/)(\.env|.*\.(pem|key|sqlite3?|sql)|credentials.*)$", name)


def changed(tmp_path, **settings):
    everything = json.loads((ROOT / "zappa_settings.json").read_text())
    everything["base"] |= settings
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(everything))
    return str(path)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"runtime": "python3.12"}, "runs on Python 3.12, and this Zappa on 3.13"),
        ({"runtime": "python3.11"}, "Pillow needs one of"),
        ({"environment_variables": {"A": "b"}}, "use aws_environment_variables"),
        ({"aws_environment_variables": {"SECRET_KEY": "k" * 50}}, "SECRET_KEY stands in zappa_settings.json"),
        ({"s3_bucket": "${acount}-packages"}, "placeholder"),
    ],
)
def test_settings_that_cannot_work_are_refused_with_a_sentence(settings, words, tmp_path):
    result = zappa("package", "production", "--output", str(tmp_path / "x.zip"), "-s", changed(tmp_path, **settings))
    assert result.returncode == 1
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "x.zip").exists()


def test_a_module_of_the_wrong_cpu_stops_the_build(tmp_path, monkeypatch):
    """As when something was installed into the tree by hand."""
    stage_tree = next(iter(tree.FOLDER.glob("python3.13-x86_64-*")))
    intruder = stage_tree / "intruder.so"
    intruder.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(11) + (183).to_bytes(2, "little"))
    try:
        result = zappa("package", "production", "--output", str(tmp_path / "x.zip"))
    finally:
        intruder.unlink()
    assert result.returncode == 1
    assert "intruder.so is for arm64, not for x86_64" in result.stderr
    assert not (tmp_path / "x.zip").exists()
