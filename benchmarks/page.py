"""Where benchmarks write their results: docs/performance.md, between markers, and JSON under build/."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/performance.md"
END = "<!-- end -->"


def write(benchmark: str, heading: str, report: str) -> None:
    """Put a report between its benchmark's markers, or at the end of the page if there are none yet."""
    begin = f"<!-- written by benchmarks/{benchmark}.py -->"
    page = PAGE.read_text() if PAGE.exists() else "# Performance\n"
    block = f"{begin}\n{report.strip()}\n{END}"
    if begin in page:
        before, _, rest = page.partition(begin)
        page = f"{before}{block}{rest.partition(END)[2]}"
    else:
        page = f"{page}\n## {heading}\n\n{block}\n"
    PAGE.write_text(page)


def keep(benchmark: str, figures: Any) -> Path:
    """Write the figures as JSON, to compare runs."""
    path = ROOT / "build" / f"{benchmark}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"machine": machine(), **figures}, indent=1))
    return path


def machine() -> str:
    """What the benchmark ran on."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else ""
    python = f"Python {platform.python_version()}"
    libraries = (f"{name} {version(name)}" for name in ("Django", "Pillow", "botocore", "gunicorn"))
    return (
        f"{os.cpu_count()} processors ({model or platform.machine()}), {sys.platform}, {python}, {', '.join(libraries)}"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
