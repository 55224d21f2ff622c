"""Bills of materials, held against the schema of CycloneDX 1.6 as its own library brings it."""

import json
from importlib.resources import files
from typing import Any

from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]
from referencing import Registry, Resource


def faults(bill: dict[str, Any]) -> list[str]:
    """What is wrong with a bill, in the validator's words."""
    named = {f"http://cyclonedx.org/schema/{name}.SNAPSHOT.schema.json": schema(name) for name in ("spdx", "jsf-0.82")}
    registry = Registry().with_resources((url, Resource.from_contents(one)) for url, one in named.items())
    validator = Draft7Validator(schema("bom-1.6"), registry=registry, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(bill)]


def schema(name: str) -> Any:
    return json.loads((files("cyclonedx.schema") / "_res" / f"{name}.SNAPSHOT.schema.json").read_text())
