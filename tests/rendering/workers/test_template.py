"""The template: what it loads while the first picture waits for it."""

import json
import subprocess
import sys

from tests.running import ROOT

CODE = """
import json, sys
from rendering.workers import template
template.warm()
print(json.dumps(sorted(sys.modules)))
"""

#: What no picture needs: the service itself, its stores, what fetches URLs, and what takes long to declare a value.
NEVER = {
    "django", "boto3", "botocore", "urllib3", "urllib.request", "http.client", "ssl", "email", "xml", "asyncio",
    "multiprocessing", "dataclasses", "numpy", "onnxruntime",
}  # fmt: skip


def test_the_template_loads_the_codecs_and_nothing_that_no_picture_needs():
    said = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    modules = set(json.loads(said))
    assert {"PIL._webp", "PIL._avif", "rendering.imaging.pipeline.render", "rendering.workers.child"} <= modules
    assert not modules & NEVER
