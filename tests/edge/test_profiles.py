"""The distribution by how it is paid: nothing is in it that the plan excludes, and viewers are told the same."""

import json
from typing import Any

import pytest

from edge.limits import LIMITS
from rendering.http.headers import picture_headers
from tests.edge.stacks import for_profile, resources, stack, with_parameters

PLANS = ("Pro", "Business", "Premium")
LEAST: dict[str, str] = LIMITS["flat_rate_plans"]["least_plan"]


def used(config: dict[str, Any]) -> set[str]:
    """What of a plan a distribution uses, as edge/limits.json calls it."""
    own = {
        "cache": "CachePolicyId",
        "origin request": "OriginRequestPolicyId",
        "response headers": "ResponseHeadersPolicyId",
    }
    behaviours = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]
    found = {
        f"custom {name} policy"
        for name, key in own.items()
        if any(isinstance(one.get(key), dict) for one in behaviours)
    }
    if any("OriginShield" in one for one in config["Origins"]):
        found.add("Origin Shield")
    if "OriginGroups" in config:
        found.add("origin failover")
    return found | {"cache tags", "access logs", "custom WAF response"}


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_has_all_that_its_profile_uses(plan):
    for what in used(for_profile(plan)):
        assert PLANS.index(LEAST[what]) <= PLANS.index(plan), what


@pytest.mark.parametrize(
    ("profile", "more"),
    [
        ("PayAsYouGo", {"Origin Shield", "custom cache policy", "custom response headers policy"}),
        ("Premium", {"Origin Shield", "custom cache policy", "custom response headers policy"}),
        ("Business", {"custom cache policy", "custom response headers policy"}),
        ("Pro", set()),
    ],
)
def test_a_profile_gives_up_no_more_than_it_must(profile, more):
    assert used(for_profile(profile)) - {"cache tags", "access logs", "custom WAF response"} == more


def test_resources_that_a_profile_does_not_use_are_not_made():
    for kind in ("CachePolicy", "ResponseHeadersPolicy"):
        for name in resources("edge", f"CloudFront::{kind}"):
            assert stack("edge")["Resources"][name]["Condition"] == "HasPolicies"


def test_without_policies_the_function_takes_their_place():
    def associated(profile: str) -> list[str]:
        return [one["EventType"] for one in for_profile(profile)["DefaultCacheBehavior"]["FunctionAssociations"]]

    assert associated("PayAsYouGo") == ["viewer-request"]
    assert associated("Pro") == ["viewer-request", "viewer-response"]


def test_the_function_says_what_the_service_says_and_takes_away_what_the_policy_does():
    said = with_parameters("edge", "ViewerResponse")["FunctionCode"]
    for name, value in picture_headers().items():
        assert f"'{name.lower()}'" in said
        assert value in said
    removed = resources("edge", "CloudFront::ResponseHeadersPolicy")["PictureResponse"]["ResponseHeadersPolicyConfig"]
    for one in removed["RemoveHeadersConfig"]["Items"]:
        assert f"'{one['Header'].lower()}'" in said


def test_the_names_of_buckets_and_aliases_do_not_reach_viewers():
    config = resources("edge", "CloudFront::ResponseHeadersPolicy")["PictureResponse"]["ResponseHeadersPolicyConfig"]
    assert {"Header": "x-amz-meta-cache-tag"} in config["RemoveHeadersConfig"]["Items"]
    assert "x-amz-meta-cache-tag" in json.dumps(for_profile("Pro")["CacheTagConfig"])


def test_where_no_origin_shield_is_wanted_there_is_none():
    assert not any("OriginShield" in one for one in for_profile("PayAsYouGo", OriginShieldRegion="none")["Origins"])
