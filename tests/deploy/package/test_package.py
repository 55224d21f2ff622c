import importlib.util
import os
import subprocess
import sys
import zipfile

import pytest

from deploy.package import archive
from deploy.stages import Refused

SOURCE = b'"""Said."""\nNAMES = {"a", "b"}\n\n\ndef said(name):\n    return name in {"x", "y", "z"}\n'


def test_a_module_is_compiled_so_that_no_date_is_asked(tmp_path):
    """The .pyc is used although the source beside it has another date, and another text."""
    (name, content), *_ = archive.compiled([("said.py", SOURCE)])
    assert name == f"__pycache__/said.{sys.implementation.cache_tag}.pyc"
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / name).write_bytes(content)
    (tmp_path / "said.py").write_text("raise SystemExit('compiled again')")
    os.utime(tmp_path / "said.py", (1, 1))
    code = "import said; print(said.said('x'), said.__file__)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["True", str(tmp_path / "said.py")]
    assert content[:4] == importlib.util.MAGIC_NUMBER


def test_a_module_that_does_not_compile_is_told():
    with pytest.raises(Refused, match=r"aliases/broken\.py does not compile"):
        list(archive.compiled([("aliases/broken.py", b"def (")]))


def test_the_same_files_give_the_same_bytes_in_whatever_order(tmp_path):
    entries = [("b.py", SOURCE), ("a/c.txt", b"text"), *archive.compiled([("b.py", SOURCE)])]
    archive.pack(tmp_path / "one.zip", entries)
    size = archive.pack(tmp_path / "two.zip", reversed(entries))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (size.files, size.zipped) == (3, (tmp_path / "two.zip").stat().st_size)
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert {(one.date_time, one.external_attr >> 16) for one in packed.infolist()} == {(archive.DATE, 0o644)}
        assert size.unpacked == sum(one.file_size for one in packed.infolist())


def test_a_package_goes_on_from_what_was_packed_before(tmp_path):
    before = archive.pack(tmp_path / "before.zip", [("b.py", SOURCE)])
    for name in ("one.zip", "two.zip"):
        size = archive.pack(tmp_path / name, [("a.txt", b"text")], begun=tmp_path / "before.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (size.files, size.unpacked) == (2, before.unpacked + 4)
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {"a.txt": b"text", "b.py": SOURCE}
