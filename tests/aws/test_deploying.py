"""Zappa itself, against an AWS on this machine that runs what it uploads: deploy, status, update, manage, undeploy."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from deploy import stages
from tests.aws.cloud import Cloud
from tests.aws.conftest import CREDENTIALS, SECRETS, client, forget, zappa
from tests.aws.rest_api import event

ACCOUNT = "123456789012"
BUCKET = f"imageservice-production-{ACCOUNT}-eu-west-1"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An account with the secrets and the bucket that `make deploy` makes first, and both functions of production."""
    folder = tmp_path_factory.mktemp("cloud")
    cloud = Cloud(folder)
    forget(cloud.url)
    kept = SECRETS | {"DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}"}
    client("secretsmanager", cloud.url).create_secret(Name="imageservice/production", SecretString=json.dumps(kept))
    place = {"LocationConstraint": "eu-west-1"}
    client("s3", cloud.url).create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
    for stage in ("production_admin", "production"):
        run(cloud, "deploy", stage)
    yield cloud
    cloud.stop()


def run(cloud: Cloud, *arguments: str, expected: int = 0) -> str:
    result = zappa(*arguments, AWS_ENDPOINT_URL=cloud.url, **CREDENTIALS)
    assert result.returncode == expected, result.stdout + result.stderr
    return result.stdout + result.stderr


def invoke(cloud: Cloud, function: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The function's answer, by way of Lambda's API, as API Gateway calls it."""
    answer = client("lambda", cloud.url).invoke(FunctionName=function, Payload=json.dumps(asked))
    payload = json.loads(answer["Payload"].read())
    assert "FunctionError" not in answer, payload
    assert isinstance(payload, dict)
    return payload


@pytest.mark.parametrize("function", ["imageservice-production", "imageservice-production-admin"])
def test_the_api_is_regional_and_has_nothing_but_the_proxy(cloud, function):
    template = client("cloudformation", cloud.url).get_template(StackName=function)["TemplateBody"]
    resources = template["Resources"]
    assert resources["Api"]["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    kinds = [one["Type"].removeprefix("AWS::ApiGateway::") for one in resources.values()]
    assert sorted(kinds) == ["Method", "Method", "Resource", "RestApi"]
    assert {one["Properties"].get("AuthorizationType", "NONE") for one in resources.values()} == {"NONE"}


def test_every_body_is_binary_to_the_gateway_and_none_is_compressed(cloud):
    patches = [json.loads(one.body) for one in cloud.said("apigateway", "PATCH", "^/restapis/[a-z0-9]+$")]
    operations = [operation for patch in patches for operation in patch["patchOperations"]]
    assert {"op": "add", "path": "/binaryMediaTypes/*~1*"} in operations
    assert "/minimumCompressionSize" not in {operation["path"] for operation in operations if "value" in operation}


@pytest.mark.parametrize(
    ("stage", "plane", "seconds"), [("production", "images", 29), ("production_admin", "admin", 300)]
)
def test_a_function_is_what_the_settings_say(cloud, stage, plane, seconds):
    made = client("lambda", cloud.url).get_function(FunctionName=f"imageservice-{stage.replace('_', '-')}")
    settings = made["Configuration"]
    assert (settings["Runtime"], settings["Architectures"]) == ("python3.13", ["x86_64"])
    assert settings["Handler"] == "imageservice.lambda_entry.lambda_handler"
    assert (settings["MemorySize"], settings["Timeout"]) == (1769, seconds)
    variables = settings["Environment"]["Variables"]
    assert (variables["PLANE"], variables["ENVIRONMENT"]) == (plane, "production")
    assert variables["DERIVATIVES_URL"] == f"s3://{BUCKET}/-/d"
    assert variables["ORIGIN_SECRET"] == "secretsmanager:imageservice/production#ORIGIN_SECRET"
    assert ("DATABASE_URL" in variables) == (plane == "admin")
    assert not set(variables.values()) & set(SECRETS.values())


@pytest.mark.parametrize(("stage", "file"), [("production", "images"), ("production_admin", "admin")])
def test_a_role_may_do_what_the_file_says_and_no_more(cloud, stage, file):
    role = f"imageservice-{stage.replace('_', '-')}-ZappaLambdaExecutionRole"
    iam = client("iam", cloud.url)
    assert iam.list_role_policies(RoleName=role)["PolicyNames"] == ["zappa-permissions"]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    policy = iam.get_role_policy(RoleName=role, PolicyName="zappa-permissions")["PolicyDocument"]
    written = json.loads((stages.ROOT / f"deploy/policies/{file}.json").read_text())
    assert [one["Action"] for one in policy["Statement"]] == [one["Action"] for one in written["Statement"]]
    for statement in policy["Statement"]:
        for resource in statement["Resource"]:
            assert "${" not in resource
            assert re.match(r"arn:aws:[a-z0-9]+:[a-z0-9-]*:[0-9]*:[a-z]", resource), resource
        assert not [action for action in statement["Action"] if "*" in action]


def test_the_plane_of_pictures_may_neither_publish_nor_purge():
    images = json.loads((stages.ROOT / "deploy/policies/images.json").read_text())
    actions = {action for statement in images["Statement"] for action in statement["Action"]}
    assert not actions & {"s3:DeleteObject", "cloudfront:CreateInvalidation"}
    writable = [one["Resource"] for one in images["Statement"] if "s3:PutObject" in one["Action"]]
    assert writable == [["arn:aws:s3:::${project}-${environment}-${account}-${region}/-/d/*"]]


def test_it_is_not_kept_warm_nor_touched(cloud):
    assert not cloud.said("events", "POST", "")


def test_deploying_again_says_that_it_is_there(cloud):
    assert "already deployed" in run(cloud, "deploy", "production", expected=1)


def test_the_database_is_migrated_and_the_admin_answers_on_the_viewers_host(cloud):
    run(cloud, "manage", "production_admin", "migrate --verbosity 1")
    assert "static files copied" in run(cloud, "manage", "production_admin", "collectstatic --noinput")
    lambda_ = client("lambda", cloud.url)
    function = "imageservice-production-admin"
    variables = lambda_.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    variables["ALLOWED_HOSTS"] = "images.example.com"  # what the edge's stack tells, once it is there
    lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
    through: dict[str, Any] = {"X_Origin_Secret": SECRETS["ORIGIN_SECRET"], "X_Viewer_Host": "images.example.com"}

    welcome = invoke(cloud, function, event("/admin/", **through))
    assert (welcome["statusCode"], welcome["multiValueHeaders"]["Location"]) == (302, ["/admin/login/?next=/admin/"])
    page = invoke(cloud, function, event("/admin/login/", **through))
    assert page["statusCode"] == 200
    cookies = page["multiValueHeaders"]["Set-Cookie"]
    assert [cookie.partition("=")[0] for cookie in cookies] == ["csrftoken"]
    assert "Secure" in cookies[0]
    (sheet,) = re.findall(
        r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', base64.b64decode(page["body"]).decode()
    )
    kept = client("s3", cloud.url).get_object(Bucket=BUCKET, Key=sheet.removeprefix("/"))
    assert (kept["ContentType"], kept["CacheControl"]) == ("text/css", "public, max-age=31536000, immutable")

    for refused, status in (
        (event("/admin/"), 403),
        (event("/admin/", **through | {"X_Viewer_Host": "evil.example.com"}), 400),
    ):
        assert invoke(cloud, function, refused)["statusCode"] == status


def test_somebody_can_log_in(cloud):
    run(cloud, "manage", "production_admin", "migrate --verbosity 0")
    # Zappa takes a command apart at spaces; a password is better set with manage.py changepassword.
    code = (
        "from django.contrib.auth.models import User;"
        "User.objects.filter(username='ada').exists() or User.objects.create_superuser('ada', password='p'*20)"
    )
    run(cloud, "invoke", "production_admin", code, "--raw")
    through: dict[str, Any] = {"X_Origin_Secret": SECRETS["ORIGIN_SECRET"], "X_Viewer_Host": "images.example.com"}
    function = "imageservice-production-admin"
    page = invoke(cloud, function, event("/admin/login/", **through))
    cookie = page["multiValueHeaders"]["Set-Cookie"][0].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', base64.b64decode(page["body"]).decode())
    assert token
    form = f"username=ada&password={'p' * 20}&next=/admin/&csrfmiddlewaretoken={token[1]}".encode()
    sent = {
        "Content_Type": "application/x-www-form-urlencoded",
        "Cookie": cookie,
        "Origin": "https://images.example.com",
    }
    answer = invoke(cloud, function, event("/admin/login/", "POST", form, **through, **sent))
    assert answer["statusCode"] == 302
    names = [one.partition("=")[0] for one in answer["multiValueHeaders"]["Set-Cookie"]]
    assert sorted(names) == ["csrftoken", "sessionid"]  # each once


def test_status_shows_the_function(cloud):
    said = run(cloud, "status", "production")
    assert re.search(r"Lambda Runtime:\s+python3.13", said)


def test_an_update_keeps_the_api_and_an_older_package_can_be_brought_back(cloud, package):
    api = client("cloudformation", cloud.url).describe_stack_resource(
        StackName="imageservice-production", LogicalResourceId="Api"
    )["StackResourceDetail"]["PhysicalResourceId"]
    said = run(cloud, "update", "production")
    assert f"https://{api}.execute-api.eu-west-1.amazonaws.com/production" in said
    run(cloud, "update", "production", "-z", str(package))
    code = client("lambda", cloud.url).get_function(FunctionName="imageservice-production")["Configuration"][
        "CodeSha256"
    ]
    assert code == base64.b64encode(hashlib.sha256(package.read_bytes()).digest()).decode()
    assert cloud.functions["imageservice-production"].code == package.read_bytes()


def test_missing_credentials_are_told(cloud, tmp_path):
    away = {"AWS_EC2_METADATA_DISABLED": "true", "HOME": str(tmp_path), "AWS_ENDPOINT_URL": cloud.url}
    result = zappa("deploy", "staging", **away)
    assert result.returncode == 1
    assert "There are no AWS credentials" in result.stderr


def test_undeploying_takes_away_functions_and_apis_and_leaves_what_holds_data(cloud):
    for stage in ("production", "production_admin"):
        run(cloud, "undeploy", stage, "-y")
    assert client("lambda", cloud.url).list_functions()["Functions"] == []
    assert client("cloudformation", cloud.url).describe_stacks()["Stacks"] == []
    assert BUCKET in [one["Name"] for one in client("s3", cloud.url).list_buckets()["Buckets"]]
