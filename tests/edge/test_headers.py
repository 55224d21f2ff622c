"""Headers that our templates and functions name, held against those that CloudFront refuses: cloudfront_headers.json.

A template that names one cannot be deployed, and nothing but AWS says so.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.templates import FOLDER
from tests.edge.stacks import stack, with_parameters

LISTS: dict[str, Any] = json.loads((Path(__file__).parent / "cloudfront_headers.json").read_text())
TEMPLATES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
FUNCTIONS = sorted(path.stem for path in FOLDER.glob("*.js"))
#: A header that a function sets or takes away.
TOUCHED = re.compile(
    r"""(?:delete\s+[\w.]*\bheaders(?:\.(\w+)|\[['"]([^'"]+)['"]\])|\bheaders(?:\.(\w+)|\[['"]([^'"]+)['"]\])\s*=[^=])"""
)
#: Constants that list headers: an array's members, an object's names.
LISTED = re.compile(r"^const \w+ = (?:\[(.*?)\]|\{(.*?)\});", re.MULTILINE | re.DOTALL)


def named(value: Any) -> Iterator[tuple[str, list[str]]]:
    """What a template names, wherever it stands in it: the list that it is held against, and the headers."""
    if isinstance(value, list):
        for one in value:
            yield from named(one)
    if not isinstance(value, dict):
        return
    for key, within in value.items():
        match key, within:
            case "RemoveHeadersConfig", {"Items": items}:
                yield "removed", [one["Header"] for one in items]
            case "CustomHeadersConfig", {"Items": items}:
                yield "added", [one["Header"] for one in always_or_sometimes(items)]
            case "OriginCustomHeaders", items:
                yield "sent_to_origins", [one["HeaderName"] for one in items]
            case "CachePolicyConfig", {"ParametersInCacheKeyAndForwardedToOrigin": {"HeadersConfig": headers}}:
                yield "cached_by", headers.get("Headers", [])
            case "OriginRequestPolicyConfig", {"HeadersConfig": headers}:
                # What is forwarded; what is left out of all that the viewer sends may be anything.
                yield "forwarded", [] if headers["HeaderBehavior"] == "allExcept" else headers.get("Headers", [])
            case "ForwardedValues", {"Headers": headers}:
                yield "cached_by", headers
            case "CustomResponse", {"ResponseHeaders": items}:
                yield "blocked_with", [one["Name"] for one in items]
        yield from named(within)


def always_or_sometimes(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The items of a list, also those that a condition decides."""
    for one in items:
        yield from [either for either in one["Fn::If"][1:] if "Header" in either] if "Fn::If" in one else [one]


def touched(code: str) -> set[str]:
    found = {next(filter(None, groups)).lower() for groups in TOUCHED.findall(code)}
    for members, properties in LISTED.findall(code):
        found |= set(re.findall(r"'([a-z0-9-]+)'", members)) | set(re.findall(r"'([a-z0-9-]+)':", properties))
    return found


def refused(which: str, headers: Iterator[str] | list[str] | set[str]) -> list[str]:
    """Of these headers, those that CloudFront would refuse there."""
    names, prefixes = set(LISTS[which]["names"]), tuple(LISTS[which]["prefixes"])
    return [one for one in headers if one.lower() in names or (prefixes and one.lower().startswith(prefixes))]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_names_no_header_that_cloudfront_refuses(name):
    for which, headers in named(stack(name)["Resources"]):
        assert refused(which, headers) == [], which
        assert len(headers) <= LISTS["at_most"].get(which, 100)
        assert len({one.lower() for one in headers}) == len(headers)


def test_of_the_templates_everything_that_names_headers_is_looked_at():
    found = {which for name in TEMPLATES for which, headers in named(stack(name)["Resources"]) if headers}
    assert found >= {"removed", "added", "sent_to_origins", "cached_by", "blocked_with"}
    assert "x-amz-apigw-id" in [one for which, headers in named(stack("edge")) if which == "removed" for one in headers]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_touches_no_header_that_is_not_its_to_touch(name):
    found = touched((FOLDER / f"{name}.js").read_text())
    assert found
    assert refused("touched_by_functions", found) == []
    assert refused(f"read_only_to_{name}", found) == []


@pytest.mark.parametrize(
    ("which", "header"),
    [
        ("removed", "x-amzn-RequestId"),
        ("removed", "X-Edge-Location"),
        ("removed", "x-amz-cf-pop"),
        ("added", "Transfer-Encoding"),
        ("sent_to_origins", "X-Amz-Date"),
        ("sent_to_origins", "Host"),
        ("cached_by", "Cookie"),
        ("forwarded", "Authorization"),
        ("touched_by_functions", "x-cache"),
        ("read_only_to_viewer_request", "Host"),
        ("blocked_with", "Content-Type"),
    ],
)
def test_what_aws_refused_is_found(which, header):
    assert refused(which, [header]) == [header]


def test_what_a_function_touches_is_found_however_it_is_written():
    code = """const GONE = ['x-b', 'x-c'];\nconst SAID = {\n 'x-d': 'inline',\n};
              r.headers.accept = {}; delete r.headers['via']; r.headers["x-a"] = x;
              if (r.headers.host == 1 && r.headers['y']) {}"""
    assert touched(code) == {"accept", "via", "x-a", "x-b", "x-c", "x-d"}


@pytest.mark.parametrize("which", [name for name in LISTS if name != "note"])
def test_every_list_says_where_it_is_from_and_of_when(which):
    assert LISTS[which]["source"]
    assert re.search(r"20\d\d-\d\d-\d\d", LISTS[which]["read"])
    if which != "at_most":
        assert LISTS[which]["names"] == [one.lower() for one in LISTS[which]["names"]]


def test_values_of_added_headers_are_short_enough():
    longest = f"https://{'a' * 253}:65535"
    config = with_parameters("edge", "PictureResponse", CorsSite=longest)["ResponseHeadersPolicyConfig"]
    for one in config["CustomHeadersConfig"]["Items"]:
        assert len(one["Value"]) <= LISTS["at_most"]["characters_of_a_value"]
