"""What of the settings is refused before anything is asked of AWS, and what the stacks are given."""

from typing import Any

import pytest

from deploy import stages
from deploy.account import parameters
from deploy.stages import Refused, Stage

SETTINGS = stages.read()


def pair(**more: Any) -> tuple[Stage, Stage]:
    """The two stages of production, with other settings."""
    images, admin = (stages.stage(name, SETTINGS) for name in ("production", "production_admin"))
    name = str(more.pop("stage", "production"))
    return Stage(name, {**images.settings, **more}), Stage(f"{name}_admin", {**admin.settings, **more})


def given(**edge: str) -> dict[str, Any]:
    return {"stacks": {"edge": edge}}


def test_the_settings_as_they_are_can_be_deployed():
    for name in ("production", "staging"):
        parameters.check(stages.stage(name, SETTINGS), stages.stage(f"{name}_admin", SETTINGS))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"project_name": "pictures-of-the-house"}, "at most 16 characters"),
        ({"project_name": "Pictures"}, "project_name is “Pictures”"),
        ({"stage": "production2026"}, "at most 12 characters"),
        ({"stage": "pre_production"}, "The stage is called “pre_production”"),
        ({"aws_region": "ap-southeast-4"}, "no Origin Shield in ap-southeast-4, and AWS does not say which is nearest"),
        (given(OriginShieldRegion="eu-north-1"), "no Origin Shield in eu-north-1 .*; there are ap-northeast-1"),
        (given(Profile="Free"), "The Profile of stacks.edge is “Free”; there are PayAsYouGo, Premium, Business, Pro"),
        (given(OriginShild="none"), "“OriginShild” in stacks of zappa_settings.json is no parameter of edge/edge.yaml"),
        ({"stacks": {"nothing": {"A": "b"}}}, "no parameter of edge/nothing.yaml"),
    ],
)
def test_what_aws_would_refuse_halfway_is_refused_before_it_is_asked(more, sentence):
    with pytest.raises(Refused, match=sentence):
        parameters.check(*pair(**more))


@pytest.mark.parametrize(
    ("region", "edge", "shield"),
    [
        ("eu-west-1", {}, "eu-west-1"),
        ("eu-north-1", {}, "eu-west-2"),
        ("eu-west-1", {"OriginShieldRegion": "eu-central-1"}, "eu-central-1"),
        ("ap-southeast-4", {"OriginShieldRegion": "none"}, "none"),
        ("ap-southeast-4", {"OriginShieldRegion": "ap-southeast-2"}, "ap-southeast-2"),
        ("ap-southeast-4", {"Profile": "Business"}, "none"),
        ("eu-west-1", {"Profile": "Pro"}, "none"),
        ("eu-west-3", {"Profile": "Premium"}, "eu-west-2"),
    ],
)
def test_the_nearest_origin_shield_is_taken(region, edge, shield):
    images, admin = pair(aws_region=region, **given(**edge))
    parameters.check(images, admin)
    assert parameters.shield(images) == shield


def variables(**more: str) -> dict[str, Any]:
    images, _ = pair()
    return {"aws_environment_variables": {**images.settings["aws_environment_variables"], **more}}


def test_variables_that_lambda_has_no_room_for_are_refused_before_anything_is_uploaded():
    parameters.check(*pair(**variables(SSO_GROUPS="é" * 1000)))
    with pytest.raises(
        Refused, match=r"take [45],\d\d\d bytes, and Lambda takes 4,096; keep long values in the secret"
    ):
        parameters.check(*pair(**variables(SSO_GROUPS="é" * 2000)))


def test_the_firewall_gets_the_networks_of_the_admin():
    def networks(text: str) -> dict[str, str]:
        return parameters.networks(pair(**variables(ADMIN_NETWORKS=text))[1])

    assert networks("") == {"AdminNetworks4": "", "AdminNetworks6": ""}
    assert networks("203.0.113.0/24, 2001:db8::/32,198.51.100.7") == {
        "AdminNetworks4": "203.0.113.0/24,198.51.100.7/32",
        "AdminNetworks6": "2001:db8::/32",
    }
    assert networks("ssm:/networks") == {"AdminNetworks4": "", "AdminNetworks6": ""}
    with pytest.raises(Refused, match=r"ADMIN_NETWORKS has “203.0.113.7/24”, which is no network"):
        networks("203.0.113.7/24")


def test_what_cloudfront_serves_from_the_bucket_follows_the_services_settings():
    def following(**more: str) -> dict[str, str]:
        images, _ = pair(**variables(**more))
        return parameters.following(images, CorsSite="CORS_SITE", ResourcePolicy="RESOURCE_POLICY")

    assert following() == {}
    assert following(CORS_SITE="none") == {"CorsSite": "none"}
    assert following(CORS_SITE="https://shop.example", RESOURCE_POLICY="same-site") == {
        "CorsSite": "https://shop.example",
        "ResourcePolicy": "same-site",
    }


def test_queries_reach_the_service_where_it_answers_urls_of_awss_image_handler():
    assert parameters.queries(pair()[0]) == {}
    assert parameters.queries(pair(**variables(IMAGE_HANDLER_BUCKETS="photos"))[0]) == {"HandlerQueries": "yes"}


def test_a_region_that_has_to_be_enabled_is_told_where_credentials_are_refused():
    assert parameters.not_opted_in(pair()[0]) == ""
    assert "aws account enable-region --region-name ap-east-1" in parameters.not_opted_in(
        pair(aws_region="ap-east-1")[0]
    )
