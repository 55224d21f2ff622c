"""Every file of text ends well, as .editorconfig and the hooks of .pre-commit-config.yaml have it."""

import pytest

from tests.tracked import ROOT, tracked

TEXTS = [name for name in tracked() if b"\0" not in (ROOT / name).read_bytes()[:8000]]


def faults(content: bytes) -> list[str]:
    lines = content.split(b"\n")
    blank = [f"blanks end line {number}" for number, line in enumerate(lines, 1) if line != line.rstrip()]
    if content and not content.endswith(b"\n"):
        blank.append("no line feed ends the file")
    if content.endswith(b"\n\n"):
        blank.append("an empty line ends the file")
    return blank


@pytest.mark.parametrize("name", TEXTS)
def test_lines_and_files_end_well(name):
    assert not faults((ROOT / name).read_bytes())


@pytest.mark.parametrize("content", [b"a \n", b"a\t\nb\n", b"a\r\n", b"a", b"a\n\n"])
def test_what_ends_badly_is_found(content):
    assert len(faults(content)) == 1


@pytest.mark.parametrize("content", [b"", b"a\n", b"a\n\n b\n"])
def test_what_ends_well_is_left_alone(content):
    assert faults(content) == []
