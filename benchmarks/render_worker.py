"""This service's renderer, driven by benchmarks/render.py: a line of JSON in, one out.

The process keeps its memory as the service's processes do. It runs the service's own `render`, with the recipe that the
service reads from the operation's URL.
"""

import json
import sys
import time
from pathlib import Path

import PIL
from PIL import features

from rendering import process
from rendering.dialects.thumbor import read
from rendering.imaging.pipeline.render import render
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults


def main() -> None:
    process.keep_memory()
    versions = ", ".join(
        f"{name} {features.version(feature)}"
        for name, feature in (
            ("libjpeg-turbo", "libjpeg_turbo"),
            ("libwebp", "webp"),
            ("libavif", "avif"),
            ("zlib", "zlib"),
        )
    )
    tell({"versions": f"this service, Pillow {PIL.__version__} ({versions})", "peak": peak()})
    for line in sys.stdin:
        asked = json.loads(line)
        content = Path(asked["file"]).read_bytes()
        recipe = read(asked["path"], Limits()).recipe.settled("any", Defaults())
        before, started = peak(), time.process_time()
        for _ in range(asked["times"]):
            made = render(Opened(content, Limits()), recipe)
        spent = (time.process_time() - started) * 1000 / asked["times"]
        if asked["save"]:
            Path(asked["save"]).write_bytes(made.content)
        tell({"cpu": spent, "bytes": len(made.content), "peak": peak(), "before": before})


def tell(said: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def peak() -> int:
    """The peak memory of this process, in kilobytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
