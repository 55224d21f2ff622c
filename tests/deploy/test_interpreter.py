import sys
from pathlib import Path

from deploy import interpreter

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_running_python_is_found_when_it_is_the_one():
    path = interpreter.find(MINOR)
    assert path is not None
    assert interpreter.version_of(path) == MINOR


def test_a_shim_that_refuses_is_passed_over_for_what_pyenv_installed(tmp_path, monkeypatch):
    """pyenv puts python3.99 on the PATH for every version it has, and refuses to run those that are not selected."""
    script(tmp_path / "python3.99", "echo 'command not found' >&2; exit 127")
    installed = tmp_path / "pyenv/versions/3.99.1/bin"
    installed.mkdir(parents=True)
    script(installed / "python3.99", "echo 3.99")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert interpreter.find("3.99") == installed / "python3.99"


def test_one_that_uv_keeps_is_found_and_one_that_is_missing_is_fetched_by_it(tmp_path, monkeypatch):
    kept = tmp_path / "kept/python3.99"
    kept.parent.mkdir()
    script(
        tmp_path / "uv",
        f"""
        case "$2" in
            install) printf '#!/bin/sh\necho 3.99\n' >{kept}; chmod +x {kept};;
            find) test -e {kept} && echo {kept};;
        esac
        """,
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert interpreter.find("3.99") is None
    interpreter.install("3.99")
    assert interpreter.find("3.99") == kept


def test_a_version_that_nobody_has_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert interpreter.find("3.99") is None


def test_a_pyenv_of_another_user_is_none(monkeypatch):
    """Whoever became another user by `su` still has the variables of the one before."""

    def refused(self, pattern):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "glob", refused)
    monkeypatch.setenv("PYENV_ROOT", "/somebody/elses/.pyenv")
    assert interpreter.find("3.99") is None
