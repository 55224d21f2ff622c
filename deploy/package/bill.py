"""The bill of materials beside a package: what is in it, in which version, under which licence, as CycloneDX 1.6.

Packages of Python are those that were installed, with what depends on what from the lock. What they bundle is known
from the bills that wheels carry (PEP 770) and, where there is none, from the libraries beside them. The rest is ours:
zlib-ng, the model that finds faces, and the scripts that Django's admin brings. The same package always gives the same
bytes, so there is no date in it.
"""

import hashlib
import json
import re
import tomllib
import uuid
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from ..stages import ROOT, Refused, Stage
from . import licences, locks, tree, zlib_ng

Component = dict[str, Any]

SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
#: The model that finds faces, by its path in the package.
MODEL = "rendering/imaging/focus/model/yunet_2023mar.onnx"
#: Scripts in Django's admin: where each says its version, and how.
SCRIPTS = {
    "jquery": ("django/contrib/admin/static/admin/js/vendor/jquery/jquery.min.js", r"jQuery v([\d.]+)"),
    "select2": ("django/contrib/admin/static/admin/js/vendor/select2/select2.full.min.js", r"Select2 ([\d.]+)"),
    "xregexp": ("django/contrib/admin/static/admin/js/vendor/xregexp/xregexp.min.js", r"XRegExp ([\d.]+)"),
}
#: A library of C beside a wheel's modules: its name, and the version if the name has one. The hash between them is of
#: the tool that put it there.
LIBRARY = re.compile(r"(?P<name>lib[^/]*?)(?:-[0-9a-f]{8,})*\.so(?:\.(?P<version>[\d.]+))?$")
#: What of a component in a wheel's own bill is repeated in ours.
REPEATED = ("type", "name", "version", "description", "licenses", "purl", "hashes")


def write(path: Path, stage: Stage, package: Path) -> None:
    """Write the bill of a stage's package. Raises Refused."""
    text = json.dumps(of(stage, tree.install(stage), package.read_bytes()), indent=1, sort_keys=True)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + "\n")


def of(stage: Stage, installed: Path, package: bytes) -> dict[str, Any]:
    """The bill of a package whose dependencies are installed in a folder."""
    locked = tree.requirements(stage)
    own = service(stage, package)
    components = [*python_packages(installed, locked), *others(stage.architecture)]
    known = {one["name"]: one["bom-ref"] for one in components}
    needs = [{"ref": own["bom-ref"], "dependsOn": sorted(one["bom-ref"] for one in components)}]
    for name in locked.keys() & known:
        children = [known[child] for child, other in locked.items() if name in other.parents and child in known]
        needs.append({"ref": known[name], "dependsOn": sorted(children)})
    bill = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own, "lifecycles": [{"phase": "build"}]},
        "components": components,
        "dependencies": sorted(needs, key=lambda one: str(one["ref"])),
    }
    said = json.dumps(bill, sort_keys=True)
    return {**bill, "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, said)}"}


def service(stage: Stage, package: bytes) -> Component:
    """The service itself: the package, by its hash."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return {
        "type": "application",
        "bom-ref": f"{stage.project}@{version}",
        "name": stage.project,
        "version": version,
        "licenses": licensed("BSD-3-Clause"),
        "hashes": hashed(package),
        "properties": [
            {"name": "lambda:runtime", "value": f"python{stage.python}"},
            {"name": "lambda:architecture", "value": stage.architecture},
            {"name": "zappa:stage", "value": stage.name},
        ],
    }


def python_packages(installed: Path, locked: Mapping[str, locks.Locked]) -> Iterator[Component]:
    """The distributions of a package, in the versions that are installed, with what is bundled in each.

    What the lock has for other systems, such as Windows, is not installed.
    """
    found = {licences.canonical(one.name): one for one in distributions(path=[str(installed)])}
    for name in sorted(locked.keys() & found):
        one = found[name]
        url = f"pkg:pypi/{name}@{one.version}"
        component: Component = {
            "type": "library",
            "bom-ref": url,
            "name": name,
            "version": one.version,
            "purl": url,
            "licenses": licensed(licences.of(one)),
        }
        inside = [*scripts(installed)] if name == "django" else [*bundled(installed, one)]
        yield {**component, "components": inside} if inside else component


def bundled(installed: Path, distribution: Distribution) -> Iterator[Component]:
    """What a wheel says that it bundles and, unless it says so, the libraries beside its modules."""
    seen = set()
    for path in distribution.files or ():
        if path.match("*.dist-info/sboms/*.json"):
            bill = json.loads((installed / path).read_text())
            for component in bill.get("components", ()):
                key = (component["name"], component.get("version"))
                if licences.canonical(component["name"]) != licences.canonical(distribution.name) and key not in seen:
                    seen.add(key)
                    yield {name: component[name] for name in REPEATED if name in component}
    said = {re.sub(r"^lib|[^a-z]", "", str(name).lower()) for name, _ in seen}
    for path in distribution.files or ():
        found = LIBRARY.fullmatch(path.name) if ".libs" in path.parts[0] and (installed / path).is_file() else None
        if found and re.sub(r"^lib|[^a-z]", "", found["name"].lower()) not in said:
            version = {"version": found["version"]} if found["version"] else {}
            content = (installed / path).read_bytes()
            yield {"type": "library", "name": found["name"], **version, "hashes": hashed(content)}


def scripts(installed: Path) -> Iterator[Component]:
    for name, (path, pattern) in SCRIPTS.items():
        content = (installed / path).read_bytes()
        version = re.search(pattern, content.decode())
        if not version:
            raise Refused(f"{path} of Django does not say its version as it used to; mend SCRIPTS in bill.py")
        url = f"pkg:npm/{name}@{version[1]}"
        yield {
            "type": "library",
            "name": name,
            "version": version[1],
            "purl": url,
            "licenses": licensed("MIT"),
            "hashes": hashed(content),
        }


def others(architecture: str) -> Iterator[Component]:
    """What is in a package and in no package index: zlib-ng, compiled by us, and the model."""
    version = locks.read(ROOT / "requirements-zlib.txt")["zlib-ng"].version
    yield {
        "type": "library",
        "bom-ref": "zlib-ng",
        "name": "zlib-ng",
        "version": version,
        "description": f"The library zlib-ng, compiled from the source in the archive of zlib-ng {version} on PyPI",
        "purl": f"pkg:pypi/zlib-ng@{version}",
        "licenses": licensed("Zlib"),
        "hashes": hashed((zlib_ng.build(architecture) / zlib_ng.LIBRARY).read_bytes()),
    }
    yield {
        "type": "machine-learning-model",
        "bom-ref": MODEL,
        "name": "YuNet",
        "version": "2023mar",
        "description": "Finds faces; of OpenCV Zoo",
        "licenses": licensed("MIT"),
        "hashes": hashed((ROOT / MODEL).read_bytes()),
    }


def licensed(expression: str) -> list[dict[str, Any]]:
    """An SPDX expression, as CycloneDX has it."""
    return [{"expression": expression}]


def hashed(content: bytes) -> list[dict[str, str]]:
    return [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]
