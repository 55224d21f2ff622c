"""CloudFormation's templates, read: `!Ref x` is {"Ref": "x"}, `!Sub x` {"Fn::Sub": "x"}."""

from typing import Any

from cfnlint.decode import cfn_yaml

from edge.templates import template


def stack(name: str) -> dict[str, Any]:
    """The template of that name."""
    read: dict[str, Any] = cfn_yaml.loads(template(name))
    return read


def resources(name: str, kind: str) -> dict[str, dict[str, Any]]:
    """The properties of a template's resources of that kind, as "CloudFront::Function", by their names."""
    found = stack(name)["Resources"].items()
    return {one: resource.get("Properties", {}) for one, resource in found if resource["Type"] == f"AWS::{kind}"}
