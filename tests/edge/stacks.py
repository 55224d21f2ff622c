"""CloudFormation's templates, read: `!Ref x` is {"Ref": "x"}, `!Sub x` {"Fn::Sub": "x"}."""

import re
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


def with_parameters(name: str, resource: str, **parameters: str) -> Any:
    """The properties of one resource as CloudFormation makes it with the parameters, or their defaults."""
    read = stack(name)
    given = {one: said.get("Default", "given") for one, said in read["Parameters"].items()} | parameters
    return filled(chosen(read["Resources"][resource]["Properties"], given, read["Conditions"]), given)


def filled(value: Any, given: dict[str, str]) -> Any:
    """The value with its parameters in place."""
    if isinstance(value, list):
        return [filled(one, given) for one in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Ref"] and value["Ref"] in given:
        return given[value["Ref"]]
    if list(value) == ["Fn::Sub"] and isinstance(value["Fn::Sub"], str):
        return re.sub(r"\$\{(\w+)\}", lambda found: given.get(found[1], found[0]), value["Fn::Sub"])
    return {name: filled(one, given) for name, one in value.items()}


def for_profile(profile: str, **parameters: str) -> dict[str, Any]:
    """The distribution's configuration as CloudFormation makes it with that Profile and the parameters' defaults."""
    read = stack("edge")
    given = {name: said.get("Default", "given") for name, said in read["Parameters"].items()}
    given |= {"Profile": profile, "OriginShieldRegion": "eu-west-1", **parameters}
    conditions = read["Conditions"]
    config = read["Resources"]["Distribution"]["Properties"]["DistributionConfig"]
    found: dict[str, Any] = chosen(config, given, conditions)
    return found


def chosen(value: Any, given: dict[str, str], conditions: dict[str, Any]) -> Any:
    """The value with its conditions decided, and without what then has none."""
    if isinstance(value, list):
        members = [chosen(one, given, conditions) for one in value]
        return [one for one in members if one != {"Ref": "AWS::NoValue"}]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value:
        name, yes, no = value["Fn::If"]
        return chosen(yes if holds(conditions[name], given, conditions) else no, given, conditions)
    each = {name: chosen(one, given, conditions) for name, one in value.items()}
    return {name: one for name, one in each.items() if one != {"Ref": "AWS::NoValue"}}


def holds(condition: Any, given: dict[str, str], conditions: dict[str, Any]) -> bool:
    ((kind, said),) = condition.items()
    if kind == "Fn::Equals":
        one, other = (resolved(value, given) for value in said)
        return bool(one == other)
    if kind == "Condition":
        return holds(conditions[said], given, conditions)
    each = [holds(one, given, conditions) for one in said]
    return {"Fn::Not": not each[0], "Fn::And": all(each), "Fn::Or": any(each)}[kind]


def resolved(value: Any, given: dict[str, str]) -> Any:
    if isinstance(value, dict) and "Ref" in value:
        return given[value["Ref"]]
    if isinstance(value, dict) and "Fn::Join" in value:
        return resolved(value["Fn::Join"][1], given)
    return value
