"""Where benchmarks install what they compare with: environments under build/peers/, never the project's own."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "build" / "peers"
HERE = Path(__file__).resolve().parent


def python(name: str, requirements: Path) -> Path:
    """The interpreter of an environment with exactly those requirements, created again when they change.

    Raises SystemExit if they cannot be installed.
    """
    folder = PEERS / name
    stamp, wanted = folder / "requirements.txt", requirements.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Installing {requirements.name} into {folder.relative_to(ROOT)}...", flush=True)
        # As in the Makefile: Debian's venv has no ensurepip, so pip installs from outside.
        outside = sys._base_executable  # type: ignore[attr-defined]  # the interpreter that made this environment
        subprocess.run([outside, "-m", "venv", "--clear", "--without-pip", folder], check=True)
        pip = [outside, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet"]
        if subprocess.run([*pip, "--disable-pip-version-check", "--requirement", requirements], check=False).returncode:
            raise SystemExit(f"What {requirements.name} names could not be installed: pip says why, above.")
        stamp.write_text(wanted)
    return folder / "bin" / "python"


@cache
def node(package: Path) -> Path | None:
    """The folder with the node_modules of a package.json; None, with a printed sentence, if they cannot be
    installed."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        print("sharp is left out: it needs node and npm, of which Debian's packages are nodejs and npm.")
        return None
    folder = PEERS / "npm"
    stamp = folder / "package.json"
    if not stamp.exists() or stamp.read_text() != package.read_text():
        print(f"Installing {package.name} into {folder.relative_to(ROOT)}...", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(package, stamp)
        try:
            subprocess.run([npm, "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True)
        except subprocess.CalledProcessError:
            stamp.unlink()
            print("sharp is left out: npm could not install it, and says why above.")
            return None
    return folder
