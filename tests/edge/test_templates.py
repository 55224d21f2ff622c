"""What CloudFormation would take, and what it takes but AWS or we do not."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.templates import FOLDER, NAMES, code, template
from rendering.dialects.image_handler.query import EDITS, EXPIRES, SIGNATURE
from rendering.http.headers import picture_headers, preflight
from rendering.pictures import derivatives
from tests.edge.stacks import for_profile, resources, stack, with_parameters

ROOT = Path(__file__).resolve().parent.parent.parent
DISTRIBUTION: dict[str, Any] = for_profile("PayAsYouGo")
BEHAVIOURS: dict[str, dict[str, Any]] = {"*": DISTRIBUTION["DefaultCacheBehavior"]} | {
    one["PathPattern"]: one for one in DISTRIBUTION["CacheBehaviors"]
}
ORIGINS = {origin["Id"]: origin for origin in DISTRIBUTION["Origins"]}
#: AWS's own policies, by what they do.
DISABLED, OPTIMIZED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "658327ea-f89d-4fab-a63d-7e88639e58f6"
BY_PATH = "b2884449-e4de-46a7-ac36-70bc7f1ddd6d"  # CachingOptimizedForUncompressedObjects
CORS_S3, ALL_EXCEPT_HOST = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@pytest.mark.parametrize("name", NAMES)
def test_cloudformation_would_take_it(name, tmp_path):
    path = tmp_path / f"{name}.yaml"
    path.write_text(template(name))
    command = [
        Path(sys.executable).parent / "cfn-lint",
        "-r",
        "us-east-1" if name == "global" else "eu-central-1",
        "-c",
        "I",
        "-t",
        path,
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("name", NAMES)
def test_it_is_within_cloudformations_limits_and_its_yaml(name):
    assert len(template(name).encode()) <= 51_200
    # CloudFormation knows no anchors and aliases.
    assert not re.search(r"^[^#\n]*[:-] [&*]\w", (FOLDER / f"{name}.yaml").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_used_and_explained(name):
    parameters = stack(name)["Parameters"]
    used = {word for text in strings(without_parameters(name)) for word in re.findall(r"\w+", text)}
    assert set(parameters) <= used
    assert all(said["Description"] for said in parameters.values())


def without_parameters(name: str) -> dict[str, Any]:
    return {part: content for part, content in stack(name).items() if part not in ("Parameters", "Description")}


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


@pytest.mark.parametrize(("name", "file"), [("ViewerRequest", "viewer_request"), ("ViewerResponse", "viewer_response")])
def test_a_function_in_the_template_is_its_file(name, file):
    function = resources("edge", "CloudFront::Function")[name]
    code = (FOLDER / f"{file}.js").read_text()
    assert function["FunctionCode"] == ({"Fn::Sub": code} if "${" in code else code)
    assert function["FunctionConfig"]["Runtime"] == "cloudfront-js-2.0"
    assert function["AutoPublish"] is True
    assert len(code.encode()) <= 10 * 1024


def test_the_templates_are_printed(tmp_path):
    def ran(*names: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "edge.templates", *names]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran("edge").stdout == template("edge")
    for wrong in ((), ("nothing",), ("edge", "global")):
        assert (ran(*wrong).returncode, "storage, global, edge, monitoring" in ran(*wrong).stderr) == (1, True)


# --- What reaches whom


def test_a_picture_is_cached_by_its_path_and_accept_alone():
    assert BEHAVIOURS["*"]["CachePolicyId"] == {"Ref": "PictureCache"}
    assert "OriginRequestPolicyId" not in BEHAVIOURS["*"]  # nothing but the cache key is sent
    policy = with_parameters("edge", "PictureCache")["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert key["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Accept"]}
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert key["EnableAcceptEncodingGzip"] is key["EnableAcceptEncodingBrotli"] is False
    # What the service says of ages is what holds: no-store is not kept, and a year is.
    for one in resources("edge", "CloudFront::CachePolicy").values():
        config = one["CachePolicyConfig"]
        assert (config["MinTTL"], config["DefaultTTL"], config["MaxTTL"]) == (0, 0, 31_536_000)


def test_where_the_image_handlers_urls_are_answered_their_queries_reach_the_service_and_no_others():
    policy = with_parameters("edge", "PictureCache", HandlerQueries="yes")["CachePolicyConfig"]
    sent = policy["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"]
    assert sent["QueryStringBehavior"] == "whitelist"
    assert sent["QueryStrings"] == sorted({*EDITS, EXPIRES, SIGNATURE} - {"greyscale"})
    assert len(sent["QueryStrings"]) <= 10  # CloudFront's quota
    kept = re.search(r"const QUERIES = \[(.*?)\];", code("viewer_request.js"))
    assert kept
    assert re.findall(r"'(\w+)'", kept[1]) == sent["QueryStrings"]


def test_no_policy_sends_host_to_an_origin():
    """API Gateway answers 403 to another Host than its own."""
    used = {
        pattern: one["OriginRequestPolicyId"] for pattern, one in BEHAVIOURS.items() if "OriginRequestPolicyId" in one
    }
    assert used == {"/-/d/*": CORS_S3, "/admin": ALL_EXCEPT_HOST, "/admin/*": ALL_EXCEPT_HOST}
    for policy in resources("edge", "CloudFront::CachePolicy").values():
        key = policy["CachePolicyConfig"]["ParametersInCacheKeyAndForwardedToOrigin"]
        assert "Host" not in key["HeadersConfig"].get("Headers", [])


def test_every_behaviour_leads_where_it_should():
    leads = {pattern: one["TargetOriginId"] for pattern, one in BEHAVIOURS.items()}
    assert leads == {
        "*": "images",
        "/-/d/*": "bucket",
        "/static/*": "bucket",
        "/admin": "admin",
        "/admin/*": "admin",
    }
    assert set(leads.values()) == set(ORIGINS)


def test_pictures_and_files_can_only_be_read_and_the_admin_is_never_cached():
    for pattern, one in BEHAVIOURS.items():
        assert one["ViewerProtocolPolicy"] == "redirect-to-https"
        if one["TargetOriginId"] == "admin":
            assert one["CachePolicyId"] == DISABLED
            assert len(one["AllowedMethods"]) == 7
        else:
            assert set(one["AllowedMethods"]) <= {"GET", "HEAD", "OPTIONS"}
            assert one["CachePolicyId"] != DISABLED
        assert one["Compress"] is (pattern not in ("*", "/-/d/*"))
    assert BEHAVIOURS["/static/*"]["CachePolicyId"] == OPTIMIZED


def test_one_function_reads_what_is_not_the_buckets_and_one_says_what_was_noted_with_kept_pictures():
    for pattern, one in BEHAVIOURS.items():
        functions = {
            association["EventType"]: association["FunctionARN"]["Fn::GetAtt"][0]
            for association in one.get("FunctionAssociations", [])
        }
        if one["TargetOriginId"] != "bucket":
            assert functions == {"viewer-request": "ViewerRequest"}
        else:
            assert functions == ({"viewer-response": "ViewerResponse"} if pattern == "/-/d/*" else {})


def test_origins_are_reached_by_tls_alone_with_the_secret_and_within_the_gateways_time():
    """cfn-lint takes any word for OriginProtocolPolicy."""
    for name in ("images", "admin"):
        config = ORIGINS[name]["CustomOriginConfig"]
        assert config["OriginProtocolPolicy"] == "https-only"
        assert config["OriginSSLProtocols"] == ["TLSv1.2"]
        assert 29 < config["OriginReadTimeout"] <= 60  # more needs a quota
        assert ORIGINS[name]["OriginCustomHeaders"] == [
            {"HeaderName": "X-Origin-Secret", "HeaderValue": {"Ref": "OriginSecret"}}
        ]
    assert stack("edge")["Parameters"]["OriginSecret"]["NoEcho"] is True
    assert ORIGINS["images"]["OriginShield"]["Enabled"] is True
    assert ORIGINS["images"]["OriginPath"] == {"Fn::Sub": "/${Environment}"}
    assert ORIGINS["admin"]["OriginPath"] == {"Fn::Sub": "/${Environment}_admin"}
    # Origin groups, were there any, allow GET, HEAD and OPTIONS alone.
    assert "OriginGroups" not in DISTRIBUTION


def test_the_viewer_gets_no_older_tls_than_1_2():
    certificate = for_profile("PayAsYouGo", CertificateArn="arn:aws:acm:…")["ViewerCertificate"]
    assert (certificate["MinimumProtocolVersion"], certificate["SslSupportMethod"]) == ("TLSv1.2_2021", "sni-only")


# --- The bucket


def test_cloudfront_reads_derivatives_and_static_files_and_nothing_else_of_the_bucket():
    (policy,) = resources("edge", "S3::BucketPolicy").values()
    allowed = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
    assert {one["Action"] for one in allowed} == {"s3:GetObject", "s3:ListBucket"}
    (read,) = [one["Resource"] for one in allowed if one["Action"] == "s3:GetObject"]
    assert [one["Fn::Sub"].partition(":::")[2] for one in read] == ["${BucketName}/-/d/*", "${BucketName}/static/*"]
    for one in allowed:
        assert one["Principal"] == {"Service": "cloudfront.amazonaws.com"}
        source = one["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
        assert source.endswith(":distribution/${Distribution}")
    access = resources("edge", "CloudFront::OriginAccessControl")["BucketAccess"]["OriginAccessControlConfig"]
    assert (access["OriginAccessControlOriginType"], access["SigningBehavior"]) == ("s3", "always")
    assert ORIGINS["bucket"]["OriginAccessControlId"] == {"Fn::GetAtt": ["BucketAccess", "Id"]}


def test_nobody_is_allowed_everything():
    kinds = ("S3::BucketPolicy", "IAM::Role", "IAM::Policy", "IAM::ManagedPolicy")
    policies = [policy for name in NAMES for kind in kinds for policy in resources(name, kind).values()]
    statements = [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]
    assert {one["Effect"] for one in statements} == {"Allow", "Deny"}
    for one in statements:
        if one["Effect"] == "Allow":
            assert "*" not in str(one["Action"])
            assert one["Principal"] != "*"
        else:
            assert one["Sid"] == "OnlyEncrypted"


@pytest.mark.parametrize("name", ["Bucket", "LogBucket"])
def test_buckets_are_private_and_outlive_their_stack(name):
    resource = stack("storage")["Resources"][name]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
    assert set(resource["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}


def test_only_derivatives_expire():
    rules = resources("storage", "S3::Bucket")["Bucket"]["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if "ExpirationInDays" in rule]
    assert [(rule["Prefix"], rule["ExpirationInDays"]) for rule in expiring] == [("-/d/", {"Ref": "DerivativeDays"})]


def test_buckets_names_fit():
    longest = "p" * stack("storage")["Parameters"]["Project"]["MaxLength"]
    longest += "-" + "e" * stack("storage")["Parameters"]["Environment"]["MaxLength"]
    assert len(f"{longest}-logs-123456789012-ap-southeast-1") <= 63


# --- What viewers hear


@pytest.mark.parametrize(
    ("origin", "policy"), [("*", "cross-origin"), ("https://shop.example", "same-site"), ("none", "same-origin")]
)
def test_what_the_service_says_is_never_overridden_and_s3_is_made_to_say_the_same(settings, origin, policy):
    settings.CORS_SITE, settings.RESOURCE_POLICY = origin, policy
    made = with_parameters("edge", "PictureResponse", CorsSite=origin, ResourcePolicy=policy)
    config = made["ResponseHeadersPolicyConfig"]
    security, custom = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    assert not [one for one in (*security.values(), *custom) if one["Override"]]
    said = {one["Header"]: one["Value"] for one in custom}
    said["Content-Security-Policy"] = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    said["X-Content-Type-Options"] = "nosniff"
    if cors := config.get("CorsConfig"):
        assert cors["OriginOverride"] is False
        (said["Access-Control-Allow-Origin"],) = cors["AccessControlAllowOrigins"]["Items"]
        said["Access-Control-Expose-Headers"] = ", ".join(cors["AccessControlExposeHeaders"]["Items"])
    assert said == picture_headers()
    # Nothing of what viewers are promised is taken away.
    removed = {one["Header"].lower() for one in config["RemoveHeadersConfig"]["Items"]}
    assert not removed & {name.lower() for name in (*said, "X-Request-Id", "Server-Timing", "ETag")}


def test_a_preflight_is_answered_alike():
    config = with_parameters("edge", "PictureResponse")["ResponseHeadersPolicyConfig"]
    cors = config["CorsConfig"]
    asked = preflight("")
    assert asked["Access-Control-Allow-Methods"] == ", ".join(cors["AccessControlAllowMethods"]["Items"])
    assert asked["Access-Control-Allow-Headers"] == ", ".join(cors["AccessControlAllowHeaders"]["Items"])
    assert asked["Access-Control-Max-Age"] == str(cors["AccessControlMaxAgeSec"])


def test_scripts_that_are_redirected_to_a_kept_picture_may_ask_there_too():
    kept = BEHAVIOURS["/-/d/*"]
    assert kept["AllowedMethods"] == ["GET", "HEAD", "OPTIONS"]
    assert kept["OriginRequestPolicyId"] == CORS_S3  # AWS's: Origin, and the headers of a preflight
    (rule,) = with_parameters("storage", "Bucket")["CorsConfiguration"]["CorsRules"]
    assert (rule["AllowedOrigins"], rule["AllowedHeaders"], rule["MaxAge"]) == (["*"], ["*"], 86400)
    (rule,) = with_parameters("storage", "Bucket", CorsSite="https://shop.example")["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == ["https://shop.example"]
    assert "CorsConfiguration" not in with_parameters("storage", "Bucket", CorsSite="none")


def test_errors_are_cached_for_as_long_as_they_say_and_faults_for_a_second():
    ages = {one["ErrorCode"]: one["ErrorCachingMinTTL"] for one in DISTRIBUTION["CustomErrorResponses"]}
    # All that CloudFront keeps by itself, for ten seconds, when nothing is said.
    assert set(ages) == {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
    assert {age for status, age in ages.items() if status < 500} == {0}
    assert {age for status, age in ages.items() if status >= 500} == {1}


def test_tags_are_read_from_the_header_that_s3_can_send_too():
    # s3/storage.py keeps a derivative's tag as the metadata "cache-tag".
    assert DISTRIBUTION["CacheTagConfig"] == {"HeaderName": "x-amz-meta-cache-tag"}


def test_a_derivatives_url_is_its_key_in_the_bucket():
    key = "photos/" + "a" * 32 + "/" + "b" * 16 + "." + "c" * 16
    assert derivatives.KEY.fullmatch(key)
    assert "OriginPath" not in ORIGINS["bucket"]
    assert "/-/d/*" in BEHAVIOURS
    assert "s3://…/-/d" in (FOLDER / "storage.yaml").read_text()


# --- Who slows down and who is told


def test_who_asks_too_often_is_told_to_wait():
    (acl,) = resources("global", "WAFv2::WebACL").values()
    assert acl["Scope"] == "CLOUDFRONT"
    assert acl["Rules"]
    assert [one["Name"] for one in acl["Rules"] if "Name" in one] == ["logins", "requests"]
    for rule in (one for one in acl["Rules"] if "Name" in one):
        assert "RateBasedStatement" in rule["Statement"]
        assert rule["Action"]["Block"]["CustomResponse"]["ResponseCode"] == 429


def test_the_admin_is_closed_to_other_networks_where_some_are_given():
    (acl,) = resources("global", "WAFv2::WebACL").values()
    (given,) = [one["Fn::If"] for one in acl["Rules"] if "Fn::If" in one]
    condition, rule, otherwise = given
    assert (condition, otherwise, rule["Action"]) == ("HasNetworks", {"Ref": "AWS::NoValue"}, {"Block": {}})
    paths, not_within = rule["Statement"]["AndStatement"]["Statements"]
    matches = [one["ByteMatchStatement"] for one in paths["OrStatement"]["Statements"]]
    # Not all that begins with /admin: an alias may be called administrators.
    assert [(one["PositionalConstraint"], one["SearchString"]) for one in matches] == [
        ("EXACTLY", "/admin"),
        ("STARTS_WITH", "/admin/"),
    ]
    sets = not_within["NotStatement"]["Statement"]["OrStatement"]["Statements"]
    assert [one["IPSetReferenceStatement"]["Arn"]["Fn::GetAtt"][0] for one in sets] == [
        "AdminNetworksOf4",
        "AdminNetworksOf6",
    ]


def test_former_catalogues_are_kept_and_former_derivatives_are_not():
    bucket = resources("storage", "S3::Bucket")["Bucket"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    kept = {
        rule["Prefix"]: rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "NoncurrentVersionExpiration" in rule
    }
    assert kept == {"-/d/": 1, "catalogue/": {"Ref": "CatalogueDays"}, "static/": 1}
