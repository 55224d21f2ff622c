"""The templates and settings, held against what AWS documents and nothing but AWS enforces: edge/limits.json."""

import json
import re
from typing import Any

import pytest

from deploy import stages
from deploy.account import parameters, permissions, roles
from deploy.account.network import ENTER
from edge.limits import LIMITS, NEAREST, OPT_IN, SHIELDS, shield_of
from edge.templates import NAMES
from tests.edge.stacks import resources, stack, with_parameters

CLOUDFRONT, IAM, LAMBDA = LIMITS["cloudfront"], LIMITS["iam"], LIMITS["lambda"]
SETTINGS = stages.read()
STAGES = [stages.stage(name, SETTINGS) for name in stages.deployable(SETTINGS)]
DISTRIBUTION: dict[str, Any] = resources("edge", "CloudFront::Distribution")["Distribution"]["DistributionConfig"]
#: The longest that parameters may be.
LONGEST = {
    "Project": "p" * 16,
    "Environment": "e" * 12,
    "Suffix": "-ap-southeast-1",
    "AWS::AccountId": "1" * 12,
    "AWS::Region": "ap-southeast-1",
}


def longest(value: Any) -> str:
    """A name with parameters that are as long as can be."""
    text = value if isinstance(value, str) else value["Fn::Sub"]
    return re.sub(r"\$\{([\w:]+)\}", lambda found: LONGEST[found[1]], text)


@pytest.mark.parametrize("part", [name for name in LIMITS if name != "note"])
def test_every_part_says_where_it_is_from_and_of_when(part):
    assert LIMITS[part]["source"]
    assert re.search(r"20\d\d-\d\d-\d\d", LIMITS[part]["read"])


def test_functions_are_within_their_sizes():
    for name in resources("edge", "CloudFront::Function"):
        function = with_parameters("edge", name, CorsSite=f"https://{'a' * 253}:65535")
        assert len(function["FunctionCode"].encode()) <= CLOUDFRONT["function_bytes"]
        assert len(function["FunctionConfig"]["Comment"]) <= CLOUDFRONT["function_comment"]
        assert len(longest(function["Name"])) <= CLOUDFRONT["function_name"]


def test_errors_are_only_those_that_cloudfront_takes():
    codes = [one["ErrorCode"] for one in DISTRIBUTION["CustomErrorResponses"]]
    assert set(codes) <= set(CLOUDFRONT["custom_error_codes"])
    assert len(codes) == len(set(codes))


def test_origins_wait_no_longer_than_cloudfront_lets_them():
    for origin in DISTRIBUTION["Origins"]:
        custom = origin.get("CustomOriginConfig", {})
        for value, limit in (
            (custom.get("OriginReadTimeout", 30), "read_timeout"),
            (custom.get("OriginKeepaliveTimeout", 5), "keepalive_timeout"),
            (origin.get("ConnectionAttempts", 3), "attempts"),
            (origin.get("ConnectionTimeout", 10), "connection_timeout"),
        ):
            least, most = CLOUDFRONT[limit]
            assert least <= value <= most, (origin["Id"], limit)
    # API Gateway gives up first, so that its own answer arrives.
    assert (
        LIMITS["apigateway"]["timeout_milliseconds"]
        < 1000 * DISTRIBUTION["Origins"][0]["CustomOriginConfig"]["OriginReadTimeout"]
    )


def test_an_account_has_room_for_several_environments():
    for kind in ("CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy"):
        assert len(resources("edge", f"CloudFront::{kind}")) <= CLOUDFRONT["policies_of_each_kind"] // 10
    assert 1 + len(DISTRIBUTION["CacheBehaviors"]) <= min(LIMITS["flat_rate_plans"]["behaviours"].values())


@pytest.mark.parametrize(
    ("name", "kind", "key", "most"),
    [
        ("storage", "S3::Bucket", "BucketName", LIMITS["s3"]["bucket_name"]),
        ("global", "WAFv2::WebACL", "Name", 128),
        ("global", "WAFv2::IPSet", "Name", 128),
        ("global", "Logs::DeliverySource", "Name", 60),
        ("global", "Logs::DeliveryDestination", "Name", 60),
    ],
)
def test_names_fit_however_long_their_parts_are(name, kind, key, most):
    found = resources(name, kind)
    assert found
    for properties in found.values():
        assert len(longest(properties[key])) <= most


def test_parameters_are_as_long_as_is_reckoned_with_here_and_in_make_deploy():
    for name in NAMES:
        said = stack(name)["Parameters"]
        assert said["Project"]["MaxLength"] == len(LONGEST["Project"])
        assert said["Environment"]["MaxLength"] == len(LONGEST["Environment"])
        assert said["Project"]["AllowedPattern"].rstrip("*") + "{0,15}" == parameters.PROJECT.pattern
        assert said["Environment"]["AllowedPattern"].rstrip("*") + "{0,11}" == parameters.ENVIRONMENT.pattern


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_role_has_a_name_and_policies_that_iam_takes(stage):
    known = {**parameters.LONGEST, "suffix": LONGEST["Suffix"]}
    as_long = stages.Stage("e" * 12 + "_admin", {**stage.settings, "project_name": LONGEST["Project"]})
    assert len(roles.name(as_long, known)) <= IAM["role_name"]
    assert len(as_long.function) <= LAMBDA["function_name"]
    policy = as_long.fill(json.loads((stages.ROOT / stage.settings["attach_policy"]).read_text()), known)
    policy["Statement"].append(ENTER)
    # Room for the buckets of the catalogue, which are in a policy beside it.
    assert permissions.size(policy) <= IAM["role_inline_characters"] // 3
    assert max(json.dumps(policy, ensure_ascii=False)) <= IAM["last_character"]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_functions_variables_fit_with_room_for_more(stage):
    variables = stage.fill(stage.settings["aws_environment_variables"], parameters.LONGEST)
    assert parameters.environment_size(variables) <= LAMBDA["environment_bytes"] // 2


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_function_is_configured_as_lambda_and_the_gateway_allow(stage):
    least, most = LAMBDA["memory_megabytes"]
    assert least <= stage.settings["memory_size"] <= most
    assert stage.settings["timeout_seconds"] <= LAMBDA["timeout"]
    assert stage.settings.get("lambda_concurrency", 0) <= LAMBDA["concurrency"] - LAMBDA["unreserved_least"]
    throttle = stage.settings["throttle"]
    assert throttle["requests_a_second"] <= LIMITS["apigateway"]["requests_a_second"]
    assert throttle["burst"] <= LIMITS["apigateway"]["burst"]
    assert len(stage.name) <= LIMITS["apigateway"]["stage_name"]


def test_the_firewalls_answers_have_few_headers():
    (acl,) = resources("global", "WAFv2::WebACL").values()
    rules = [one["Fn::If"][1] if "Fn::If" in one else one for one in acl["Rules"]]
    for rule in rules:
        answer = rule["Action"]["Block"].get("CustomResponse", {})
        assert len(answer.get("ResponseHeaders", ())) <= LIMITS["waf"]["headers_of_an_answer"]
    assert len(rules) <= min(LIMITS["flat_rate_plans"]["waf_rules"].values())


# --- Regions


def test_the_regions_of_origin_shield_are_those_that_the_template_takes():
    assert stack("edge")["Parameters"]["OriginShieldRegion"]["AllowedValues"] == ["none", *SHIELDS]


def test_each_region_has_a_shield_nearby_or_it_is_known_that_none_is_named():
    every = {*LIMITS["regions"]["default"], *OPT_IN}
    assert set(NEAREST.values()) <= set(SHIELDS)
    assert not set(NEAREST) & set(SHIELDS)
    assert every >= {*SHIELDS, *NEAREST}
    assert (shield_of("eu-west-1"), shield_of("eu-north-1"), shield_of("ap-southeast-4")) == (
        "eu-west-1",
        "eu-west-2",
        "",
    )
    assert {one for one in every if not shield_of(one)} == {
        "ap-east-2", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
        "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-2", "il-central-1", "mx-central-1",
    }  # fmt: skip


def test_no_access_logs_are_of_the_kind_that_opt_in_regions_refuse():
    assert "Logging" not in DISTRIBUTION
    (source,) = resources("global", "Logs::DeliverySource").values()
    assert source["LogType"] == "ACCESS_LOGS"
