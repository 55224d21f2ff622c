"""Which files of the dependencies and of the service go into a package: those that a request or a command reads."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from ..stages import ROOT, Refused
from . import binaries

ROOMS = ("imageservice", "aliases", "rendering")

#: Not needed on Lambda. Patterns of paths, in which * also matches slashes.
DROPPED = (
    "*/__pycache__/*",  # archive.py compiles again: these hold the dates of their sources, which the zip changes
    "/bin/*",
    "*.pyi",
    "*/py.typed",
    "*/tests/*",
    "*/test/*",
    "*.dist-info/*",
    "*.pth",
    "*/locale/*",  # the admin speaks English
    *(f"/django/contrib/{name}/*" for name in ("admindocs", "flatpages", "gis", "humanize", "postgres", "redirects")),
    *(f"/django/contrib/{name}/*" for name in ("sitemaps", "syndication")),
    *(f"/django/db/backends/{name}/*" for name in ("mysql", "oracle")),
    "/django/conf/*_template/*",
    "*.a",
    "/boto3/data/*",
    "/boto3/examples/*",
    "/dateutil/zoneinfo/*",  # the runtime has its own
    *(
        f"/numpy/{name}/*"
        for name in ("_pyinstaller", "char", "core", "ctypeslib", "doc", "f2py", "fft", "ma", "polynomial")
    ),
    *(f"/numpy/{name}/*" for name in ("random", "rec", "strings", "testing", "typing")),
    *(f"/numpy/_core/{name}" for name in ("_*_tests.*", "_simd.*", "include/*", "lib/*")),  # for its tests, and for C
    "/numpy/*.pxd",
    "/onnxruntime/capi/libonnxruntime.so*",  # for programs in C; the Python module includes it
    *(f"/onnxruntime/{name}/*" for name in ("backend", "datasets", "quantization", "tools", "transformers")),
    "/packaging/licenses/*",
    "/PIL/_imagingft.*",  # no filter draws text; this also drops FreeType and HarfBuzz
    "/PIL/_imagingtk.*",
    "/storages/backends/*",
    "/s3transfer/crt.py",
    "/urllib3/contrib/emscripten/*",
    "/werkzeug/debug/*",
    *(f"/zappa/{name}" for name in ("cli.py", "core.py", "letsencrypt.py", "policies/*")),  # for deploying
)
#: Kept even where a pattern above matches.
KEPT = (
    "*.dist-info/METADATA",  # the versions, for whoever inspects a package
    "*.dist-info/entry_points.txt",  # which have filters
    "*/locale/__init__.py",
    "*/locale/en/*",
    "/boto3/data/s3/*",
    "/storages/backends/__init__.py",
    "/storages/backends/s3.py",
)
#: The AWS services that the code calls. botocore describes some 400.
SERVICES = ("cloudfront", "rekognition", "s3", "secretsmanager", "ssm", "sts")
DESCRIPTION = re.compile(r"botocore/data/([^/]+)/([^/]+)/")
#: Names of files that may not be in a package.
SECRETS = ("*.env", ".env*", "*.pem", "*.key", "*.p12", "*.sqlite3*", "id_rsa*", "credentials*", "secret_key", "*.sql")
TEXTS = (
    re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),  # an AWS access key's identifier
    re.compile(rb"postgres(?:ql)?://[^\s:/@'\"]+:(?!password@)[^\s@'\"]+@"),
)


def dependencies(tree: Path) -> dict[str, bytes]:
    """The files of the installed dependencies that are needed: content by path in the package."""
    newest: dict[str, str] = {}  # botocore has every version of each service's description
    for name, _ in files(tree):
        if found := DESCRIPTION.match(name):
            newest[found[1]] = max(found[2], newest.get(found[1], ""))
    needed = {
        name: path.read_bytes()
        for name, path in files(tree)
        if (newest[found[1]] == found[2] and found[1] in SERVICES if (found := DESCRIPTION.match(name)) else kept(name))
    }
    for orphan in binaries.orphans(needed):
        del needed[orphan]
    return needed


def kept(name: str) -> bool:
    return any(fnmatchcase(f"/{name}", pattern) for pattern in KEPT) or not any(
        fnmatchcase(f"/{name}", pattern) for pattern in DROPPED
    )


def rooms() -> dict[str, bytes]:
    """The service's own files: content by path in the package. Raises Refused for one that looks like a secret."""
    found: dict[str, bytes] = {}
    for room in ROOMS:
        for name, path in files(ROOT / room):
            if "__pycache__" in path.parts:
                continue
            if any(fnmatchcase(path.name, pattern) for pattern in SECRETS):
                raise Refused(f"{room}/{name} looks like a secret and would be in the package; keep it elsewhere")
            found[f"{room}/{name}"] = path.read_bytes()
            check(f"{room}/{name}", found[f"{room}/{name}"])
    return found


def check(name: str, content: bytes) -> None:
    """Raise Refused for content with a key or a password in it."""
    if any(pattern.search(content) for pattern in TEXTS):
        raise Refused(f"{name} holds a key or a password and would be in the package; keep it in AWS Secrets Manager")


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files in a folder and those in it, sorted, each with its path from there."""
    found = ((Path(parent), name) for parent, _, names in os.walk(folder) for name in names)
    yield from sorted(((parent / name).relative_to(folder).as_posix(), parent / name) for parent, name in found)
