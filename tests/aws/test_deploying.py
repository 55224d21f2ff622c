"""`make deploy`, Zappa and `make destroy`, against an AWS on this machine that runs what is uploaded to it.

The tests of a file share one account and run in order: from nothing to serving, changed, broken, mended, taken away.
"""

import base64
import hashlib
import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from deploy import smoke, stages
from tests.aws.account import (
    ACCOUNT,
    BUCKET,
    DRAFTS,
    FUNCTIONS,
    HOST,
    api_of,
    invoke,
    make,
    manage,
    policy_of,
    run,
    secret_of,
    settings_of,
    through,
)
from tests.aws.cloud import Call, Cloud
from tests.aws.cloudfront import Front
from tests.aws.rest_api import event
from tests.aws.stage import client
from tests.drawings import drawn

# moto's CloudFormation passes over what it does not know, such as bucket policies.
pytestmark = pytest.mark.filterwarnings("ignore:Tried to parse")


@pytest.fixture(scope="module")
def fronts(cloud: Cloud) -> Iterator[dict[str, str]]:
    """Addresses of the service: through the CDN, and round it."""

    def invoked(asked: dict[str, Any]) -> Any:
        return invoke(cloud, FUNCTIONS["production"], asked)

    def with_secret(asked: dict[str, Any]) -> Any:
        edge = cloud.stacks.stacks.get("imageservice-production-edge")
        asked["multiValueHeaders"]["X-Origin-Secret"] = [edge.parameters["OriginSecret"] if edge else ""]
        return invoked(asked)

    through, direct = Front(with_secret), Front(invoked)
    yield {"SERVICE_URL": through.url, "DIRECT_URL": direct.url}
    through.stop()
    direct.stop()


@pytest.fixture(scope="module")
def deployed(cloud: Cloud, database: str, fronts: dict[str, str]) -> str:
    """What `make deploy STAGE=production` said on the empty account."""
    done = make("live", cloud, DATABASE_URL=database, **fronts)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_bucket_for_packages_that_is_another_accounts_is_told(cloud, database):
    """The secret and the storage are there by then; the run that follows goes on from them."""
    cloud.refuses = ("s3", "AccessDenied", "Access Denied")
    done = make("live", cloud, DATABASE_URL=database)
    cloud.refuses = None
    assert done.returncode == 1
    said = done.stdout + done.stderr
    assert f"The bucket imageservice-packages-{ACCOUNT}-eu-west-1, through which packages are uploaded, is ano" in said
    assert "choose another s3_bucket in zappa_settings.json" in said
    assert "Traceback" not in said


def test_a_session_that_ends_while_zappa_works_is_told(cloud, database):
    cloud.expires = ("POST", "/2015-03-31/functions")
    done = make("live", cloud, DATABASE_URL=database)
    cloud.expires = cloud.refuses = None
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("The session with AWS has expired; sign in again")


def test_from_an_empty_account_to_serving(cloud, deployed, fronts):
    assert f"imageservice, production: account {ACCOUNT}, region eu-west-1." in deployed
    assert [line for line in deployed.splitlines() if re.match(r"\[11/11\]", line)]
    assert f"ok: {fronts['SERVICE_URL']}/healthz answers 200" in deployed
    assert f"ok: {fronts['SERVICE_URL']}/hero/space/hubble.jpg answers 200, image/" in deployed
    assert "Smart crops" not in deployed  # of which it would say that they find no faces
    assert f"Pictures: {fronts['SERVICE_URL']}/<alias>/<key>\nAdmin:    {fronts['SERVICE_URL']}/admin/" in deployed


def test_what_was_uploaded_is_the_package_byte_for_byte_and_the_admin_is_the_same_code(cloud, deployed, package):
    """Built three times, by three processes."""
    codes = [cloud.functions[FUNCTIONS[stage]].code for stage in ("production", "production_admin")]
    assert codes[0] == package.read_bytes()
    held = [zipfile.ZipFile(io.BytesIO(code)) for code in codes]
    assert held[0].namelist() == held[1].namelist()
    different = {name for name in held[0].namelist() if held[0].read(name) != held[1].read(name)}
    assert {name.rpartition("/")[2].partition(".")[0] for name in different} == {"zappa_settings"}


def test_secrets_are_made_once_and_stand_in_no_setting(cloud, deployed, database):
    held = secret_of(cloud)
    assert held["DATABASE_URL"] == database
    made = [held[name] for name in ("ORIGIN_SECRET", "SECURITY_KEY", "SECRET_KEY", "ADMIN_PASSWORD")]
    assert len(set(made)) == 4
    assert all(len(value) >= 24 for value in made)
    told = [one for one in cloud.calls if one.service in ("lambda", "iam", "s3", "apigateway")]
    everything = "".join(one.body for one in told if not one.path.endswith("/invocations"))
    assert not [value for value in made if value in everything]
    assert not [value for value in made if value in deployed]


def test_the_edge_is_given_the_apis_the_bucket_the_secret_and_the_firewall(cloud, deployed):
    given = cloud.stacks.stacks["imageservice-production-edge"].parameters
    apis = {name: api_of(cloud, function) for name, function in FUNCTIONS.items()}
    assert given == {
        "Project": "imageservice",
        "Environment": "production",
        "Suffix": "-eu-west-1",
        "ImagesApiId": apis["production"],
        "AdminApiId": apis["production_admin"],
        "OriginSecret": secret_of(cloud)["ORIGIN_SECRET"],
        "BucketName": BUCKET,
        "OriginShieldRegion": "eu-west-1",
        "WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/imageservice/a1b2",
    }
    assert cloud.stacks.stacks["imageservice-production-eu-west-1-global"].parameters == {
        "Project": "imageservice",
        "Environment": "production",
        "Suffix": "-eu-west-1",
        "DistributionId": "EDFDVBD632BHDS",
        "LogBucketName": f"imageservice-production-logs-{ACCOUNT}-eu-west-1",
        "AdminNetworks4": "",
        "AdminNetworks6": "",
        "AlarmEmail": "",
    }
    assert cloud.stacks.stacks["imageservice-production-monitoring"].parameters == {
        "Project": "imageservice",
        "Environment": "production",
        "DistributionId": "EDFDVBD632BHDS",
        "LogBucketName": f"imageservice-production-logs-{ACCOUNT}-eu-west-1",
        "AlarmEmail": "",
    }
    groups = client("logs", cloud.url).describe_log_groups()["logGroups"]
    assert {(one["logGroupName"], one["retentionInDays"]) for one in groups} == {
        (f"/aws/lambda/{function}", 30) for function in FUNCTIONS.values()
    }


@pytest.mark.parametrize(("stage", "rate", "burst"), [("production", 500, 1000), ("production_admin", 50, 100)])
def test_the_gateway_refuses_more_requests_than_the_settings_say(cloud, deployed, stage, rate, burst):
    """Who knows its address could otherwise have functions run that only say 403."""
    held = client("apigateway", cloud.url).get_stage(restApiId=api_of(cloud, FUNCTIONS[stage]), stageName=stage)
    limits = held["methodSettings"]["*/*"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (rate, burst)


def test_the_admin_is_told_of_the_distribution_when_there_is_one(cloud, deployed):
    variables = settings_of(cloud, "production_admin")["Environment"]["Variables"]
    assert (variables["CLOUDFRONT_DISTRIBUTION_ID"], variables["ALLOWED_HOSTS"]) == ("EDFDVBD632BHDS", HOST)
    purge = [one for one in policy_of(cloud, "production_admin")["Statement"] if one["Sid"] == "PurgeTheCdn"]
    assert purge[0]["Resource"] == [f"arn:aws:cloudfront::{ACCOUNT}:distribution/EDFDVBD632BHDS"]


@pytest.mark.parametrize("function", ["imageservice-production", "imageservice-production-admin"])
def test_the_api_is_regional_and_has_nothing_but_the_proxy(cloud, deployed, function):
    template = client("cloudformation", cloud.url).get_template(StackName=function)["TemplateBody"]
    resources = template["Resources"]
    assert resources["Api"]["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    kinds = [one["Type"].removeprefix("AWS::ApiGateway::") for one in resources.values()]
    assert sorted(kinds) == ["Method", "Method", "Resource", "RestApi"]
    assert {one["Properties"].get("AuthorizationType", "NONE") for one in resources.values()} == {"NONE"}


def test_every_body_is_binary_to_the_gateway_and_none_is_compressed(cloud, deployed):
    patches = [json.loads(one.body) for one in cloud.said("apigateway", "PATCH", "^/restapis/[a-z0-9]+$")]
    operations = [operation for patch in patches for operation in patch["patchOperations"]]
    assert {"op": "add", "path": "/binaryMediaTypes/*~1*"} in operations
    assert "/minimumCompressionSize" not in {operation["path"] for operation in operations if "value" in operation}


@pytest.mark.parametrize(
    ("stage", "plane", "seconds"), [("production", "images", 29), ("production_admin", "admin", 300)]
)
def test_a_function_is_what_the_settings_say(cloud, deployed, stage, plane, seconds):
    settings = settings_of(cloud, stage)
    assert (settings["Runtime"], settings["Architectures"]) == ("python3.13", ["x86_64"])
    assert settings["Handler"] == "imageservice.lambda_entry.lambda_handler"
    assert (settings["MemorySize"], settings["Timeout"]) == (1769, seconds)
    variables = settings["Environment"]["Variables"]
    assert (variables["PLANE"], variables["ENVIRONMENT"]) == (plane, "production")
    assert variables["DERIVATIVES_URL"] == f"s3://{BUCKET}/-/d"
    assert variables["ORIGIN_SECRET"] == "secretsmanager:imageservice/production/images#ORIGIN_SECRET"
    assert ("DATABASE_URL" in variables) == (plane == "admin")
    assert not set(variables.values()) & set(secret_of(cloud).values())


@pytest.mark.parametrize(("stage", "file"), [("production", "images"), ("production_admin", "admin")])
def test_a_role_may_do_what_the_file_says_and_no_more(cloud, deployed, stage, file):
    role = f"{FUNCTIONS[stage]}-eu-west-1"
    iam = client("iam", cloud.url)
    assert sorted(iam.list_role_policies(RoleName=role)["PolicyNames"]) == ["catalogue", "zappa-permissions"]
    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    policy = policy_of(cloud, stage)
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
    assert writable == [["arn:${partition}:s3:::${project}-${environment}-${account}-${region}/-/d/*"]]


def test_one_schedule_is_made_that_drains_the_outbox_and_none_that_keeps_warm(cloud, deployed):
    rules = client("events", cloud.url).list_rules()["Rules"]
    assert [(one["Name"].rpartition("-")[2], one["ScheduleExpression"]) for one in rules] == [
        ("aliases.events.outbox_due", "rate(1 minute)")
    ]
    (rule,) = rules
    asked = {"detail-type": "Scheduled Event", "resources": [rule["Arn"]]}
    assert invoke(cloud, "imageservice-production-admin", asked) is None


def test_a_dry_run_reads_and_tells_what_would_change(cloud, deployed, database):
    since = len(cloud.calls)
    same = make("live", cloud, DRY="1")
    assert same.returncode == 0, same.stderr
    assert "Nothing was changed (DRY)." in same.stdout
    changed = [line for line in same.stdout.splitlines() if re.match(r"  [+~-] ", line)]
    assert changed == [f"  ~ the function {name}: the code of this checkout is uploaded" for name in ADMIN_FIRST]
    other = make("live", cloud, DRY="1", ALARM_EMAIL="ops@example.com", DATABASE_URL=database + "x")
    for line in (
        "~ the secret imageservice/production/admin: DATABASE_URL",
        "~ AlarmEmail of the stack imageservice-production-monitoring: “” becomes “ops@example.com”",
    ):
        assert f"  {line}\n" in other.stdout
    assert database not in other.stdout
    assert {writing(one) for one in cloud.calls[since:]} == {""}


def test_a_dry_run_shows_rights_and_variables_that_somebody_changed(cloud, deployed):
    iam, role = client("iam", cloud.url), f"{FUNCTIONS['production_admin']}-eu-west-1"
    before = policy_of(cloud, "production_admin")
    others = [one for one in before["Statement"] if one["Sid"] != "PurgeTheCdn"]
    document = json.dumps({**before, "Statement": others})
    iam.put_role_policy(RoleName=role, PolicyName="zappa-permissions", PolicyDocument=document)
    told = make("live", cloud, DRY="1").stdout
    iam.put_role_policy(RoleName=role, PolicyName="zappa-permissions", PolicyDocument=json.dumps(before))
    assert f"  + in the rights zappa-permissions of {FUNCTIONS['production_admin']}: PurgeTheCdn: " in told


ADMIN_FIRST = [FUNCTIONS["production_admin"], FUNCTIONS["production"]]


def writing(call: Call) -> str:
    """What a call changes; empty if it only reads."""
    if call.service in ("lambda", "s3", "apigateway"):
        return "" if call.method in ("GET", "HEAD") else f"{call.service} {call.method} {call.path}"
    form = re.search(r"Action=([A-Za-z]+)", call.body)
    named = form[1] if form else call.target
    return "" if re.match(r"Get|List|Describe", named) else f"{call.service} {named}"


def test_deploying_again_says_that_it_is_there(cloud, deployed):
    assert "already deployed" in run(cloud, "deploy", "production", expected=1)


def test_the_admin_answers_on_the_viewers_host_with_its_static_files_in_the_bucket(cloud, deployed):
    function = FUNCTIONS["production_admin"]
    welcome = invoke(cloud, function, event("/admin/", **through(cloud)))
    assert (welcome["statusCode"], welcome["multiValueHeaders"]["Location"]) == (302, ["/admin/login/?next=/admin/"])
    page = invoke(cloud, function, event("/admin/login/", **through(cloud)))
    assert page["statusCode"] == 200
    cookies = page["multiValueHeaders"]["Set-Cookie"]
    assert [cookie.partition("=")[0] for cookie in cookies] == ["csrftoken"]
    assert "Secure" in cookies[0]
    (sheet,) = re.findall(
        r'href="(/static/admin/css/base\.[0-9a-f]{12}\.css)"', base64.b64decode(page["body"]).decode()
    )
    kept = client("s3", cloud.url).get_object(Bucket=BUCKET, Key=sheet.removeprefix("/"))
    assert (kept["ContentType"], kept["CacheControl"]) == ("text/css", "public, max-age=31536000, immutable")


@pytest.mark.parametrize(("host", "secret", "status"), [(HOST, "", 403), ("evil.example.com", None, 400)])
def test_the_admin_answers_nobody_else(cloud, deployed, host, secret, status):
    sent = through(cloud, X_Viewer_Host=host) | ({} if secret is None else {"X_Origin_Secret": secret})
    assert invoke(cloud, FUNCTIONS["production_admin"], event("/admin/", **sent))["statusCode"] == status


def test_the_first_user_can_log_in_from_the_services_own_address_alone(cloud, deployed):
    function = FUNCTIONS["production_admin"]
    page = invoke(cloud, function, event("/admin/login/", **through(cloud)))
    cookie = page["multiValueHeaders"]["Set-Cookie"][0].partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', base64.b64decode(page["body"]).decode())
    assert token
    password = secret_of(cloud)["ADMIN_PASSWORD"]
    form = f"username=admin&password={password}&next=/admin/&csrfmiddlewaretoken={token[1]}".encode()
    sent = {
        "Content_Type": "application/x-www-form-urlencoded",
        "Cookie": cookie,
        "Origin": f"https://{HOST}",
    }
    answer = invoke(cloud, function, event("/admin/login/", "POST", form, **through(cloud), **sent))
    assert answer["statusCode"] == 302
    names = [one.partition("=")[0] for one in answer["multiValueHeaders"]["Set-Cookie"]]
    assert sorted(names) == ["csrftoken", "sessionid"]  # each once
    sent["Origin"] = "https://evil.example.com"
    answer = invoke(cloud, function, event("/admin/login/", "POST", form, **through(cloud), **sent))
    assert answer["statusCode"] == 403


def test_status_shows_the_function(cloud, deployed):
    said = run(cloud, "status", "production")
    assert re.search(r"Lambda Runtime:\s+python3.13", said)


def test_an_older_package_can_be_brought_back_under_the_same_api(cloud, deployed, package):
    api = api_of(cloud, FUNCTIONS["production"])
    said = run(cloud, "update", "production", "-z", str(package))
    assert f"https://{api}.execute-api.eu-west-1.amazonaws.com/production" in said
    code = client("lambda", cloud.url).get_function(FunctionName="imageservice-production")["Configuration"][
        "CodeSha256"
    ]
    assert code == base64.b64encode(hashlib.sha256(package.read_bytes()).digest()).decode()
    assert cloud.functions["imageservice-production"].code == package.read_bytes()


def test_a_variable_that_the_settings_do_not_name_goes_from_the_function_at_the_next_update(cloud, deployed, package):
    """Zappa would keep it: a key that leaked would go on to be taken."""
    functions = client("lambda", cloud.url)
    before = settings_of(cloud, "production")["Environment"]["Variables"]
    leaked = {**before, "FORMER_KEY": "a key that leaked", "PLANE": "all"}
    functions.update_function_configuration(FunctionName=FUNCTIONS["production"], Environment={"Variables": leaked})
    said = run(cloud, "update", "production", "-z", str(package))
    assert "zappa_settings.json does not name them: FORMER_KEY" in said
    assert settings_of(cloud, "production")["Environment"]["Variables"] == before
    asked = {"FunctionName": FUNCTIONS["production"], "Qualifier": "live"}
    assert functions.get_function_configuration(**asked)["Environment"]["Variables"] == before


def test_an_origin_secret_is_replaced_while_every_request_is_answered(cloud, deployed, fronts):
    """As a viewer sees it, through a CDN that sends the secret which its stack was given last."""
    before, seen, done = secret_of(cloud)["ORIGIN_SECRET"], [], threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(smoke.ask(f"{fronts['SERVICE_URL']}/healthz")[0])

    def answered() -> None:
        asked = len(seen)
        while len(seen) < asked + 2:
            time.sleep(0.02)

    viewer = threading.Thread(target=look)
    viewer.start()
    cloud.stacks.settle = answered
    since = len(cloud.calls)
    said = make("rotate", cloud, SECRET="ORIGIN_SECRET")
    done.set()
    viewer.join()
    cloud.stacks.settle = lambda: None
    assert said.returncode == 0, said.stdout + said.stderr
    after = secret_of(cloud)
    assert (after["ORIGIN_SECRET"] == before, after["ORIGIN_SECRET_FALLBACKS"]) == (False, "")
    assert cloud.stacks.stacks["imageservice-production-edge"].parameters["OriginSecret"] == after["ORIGIN_SECRET"]
    assert set(seen) == {200}
    order = [step for one in cloud.calls[since:] if (step := rotating(one))]
    told = ["imageservice-production-admin", "imageservice-production"]
    assert order == ["accepts both", *told, "CloudFront", "accepts one", *told]
    former = invoke(cloud, FUNCTIONS["production"], event("/healthz", X_Origin_Secret=before))
    assert former["statusCode"] == 403


def rotating(call: Call) -> str:
    """What a call is in the course of a rotation; empty for all others."""
    if call.service == "secretsmanager" and '"SecretString"' in call.body:
        return (
            "accepts one" if 'FALLBACKS\\": \\"\\"' in call.body.partition("ORIGIN_SECRET_")[2][:40] else "accepts both"
        )
    if call.service == "cloudformation" and "Action=UpdateStack&" in call.body and "production-edge" in call.body:
        return "CloudFront"
    changed = re.fullmatch(r"/2015-03-31/functions/(.+)/configuration", call.path)
    return changed[1].rpartition(":")[2] if changed and call.method == "PUT" else ""


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("", "SECRET is one of ORIGIN_SECRET, SECURITY_KEY, SECRET_KEY"),
        ("ADMIN_PASSWORD", "change that user's password in the admin"),
        ("DATABASE_URL", "DATABASE_URL=postgres://… make deploy STAGE=production"),
    ],
)
def test_what_is_not_replaced_here_is_told(cloud, deployed, field, words):
    said = make("rotate", cloud, SECRET=field)
    assert (said.returncode, words in said.stderr) == (1, True), said.stderr


def test_a_signing_key_is_replaced_in_two_runs_and_the_first_goes_on_where_it_stopped(cloud, deployed):
    before = secret_of(cloud)["SECURITY_KEY"]
    cloud.expires = ("PUT", "/2015-03-31/functions/imageservice-production/configuration")
    stopped = make("rotate", cloud, SECRET="SECURITY_KEY")
    cloud.expires = cloud.refuses = None
    assert stopped.returncode == 1
    assert stopped.stderr.strip().splitlines()[-1].startswith("The session with AWS has expired; sign in again")
    made = secret_of(cloud)
    assert made["SECURITY_KEY_FALLBACKS"] == before != made["SECURITY_KEY"]
    assert "accept the former as well" in make("rotate", cloud, SECRET="SECURITY_KEY", DRY="1").stdout
    again = make("rotate", cloud, SECRET="SECURITY_KEY")
    assert again.returncode == 0, again.stderr
    assert "Have those who sign URLs sign with the new one" in again.stdout
    assert secret_of(cloud) == made
    ended = make("rotate", cloud, SECRET="SECURITY_KEY")
    assert ended.returncode == 0, ended.stderr
    assert secret_of(cloud) == {**made, "SECURITY_KEY_FALLBACKS": ""}


def test_viewers_get_the_version_before_again(cloud, deployed):
    functions = client("lambda", cloud.url)
    now = functions.get_alias(FunctionName=FUNCTIONS["production"], Name="live")
    before = now["Description"].removeprefix("Before: ").split()
    since = len(cloud.calls)
    assert f"version {now['FunctionVersion']} is live; {before[0]} would be" in make("rollback", cloud, DRY="1").stdout
    assert not [one for one in cloud.calls[since:] if one.service == "lambda" and one.method != "GET"]
    said = make("rollback", cloud)
    assert said.returncode == 0, said.stderr
    after = functions.get_alias(FunctionName=FUNCTIONS["production"], Name="live")
    assert (after["FunctionVersion"], after["Description"]) == (before[0], f"Before: {' '.join(before[1:])}".rstrip())
    refused = make("rollback", cloud, "production_admin")
    assert (refused.returncode, "STAGE=production rolls back what viewers get" in refused.stderr) == (1, True)


def test_a_second_run_mends_what_is_half_made_and_tries_an_alias(cloud, deployed, database, fronts, tmp_path):
    """The edge's creation had failed, the API of one function is gone, and meanwhile an alias was published."""
    storage = client("s3", cloud.url)
    storage.create_bucket(Bucket="originals", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    storage.put_object(Bucket="originals", Key="people/ada lovelace.jpg", Body=drawn())
    drafts = tmp_path / "aliases.json"
    drafts.write_text(json.dumps(DRAFTS))
    manage(cloud, database, "add_bucket", "photos", "s3://originals")
    manage(cloud, database, "import_aliases", str(drafts))
    manage(cloud, database, "publish", "--all")
    cloud.stacks.stacks["imageservice-production-edge"].status = "ROLLBACK_COMPLETE"
    client("cloudformation", cloud.url).delete_stack(StackName="imageservice-production")

    path = "/portraits/people/ada%20lovelace.jpg"
    done = make("live", cloud, SMOKE=path, **fronts)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "imageservice-production-edge was left half-made (ROLLBACK_COMPLETE)" in done.stdout
    assert cloud.stacks.stacks["imageservice-production-edge"].parameters["ImagesApiId"] == api_of(
        cloud, FUNCTIONS["production"]
    )
    assert f"ok: {fronts['SERVICE_URL']}{path} answers 200, image/png" in done.stdout
    assert "ok: S3 notifies no function of changes in “photos”" in done.stdout
    readable = [one["Resource"] for one in policy_of(cloud, "production", "catalogue")["Statement"]]
    assert [one for one in readable if "arn:aws:s3:::originals/*" in one]


def test_undeploying_takes_away_a_function_and_its_api(cloud, deployed):
    run(cloud, "undeploy", "production", "-y")
    functions = client("lambda", cloud.url).list_functions()["Functions"]
    assert [one["FunctionName"] for one in functions] == [FUNCTIONS["production_admin"]]


def test_destroying_asks_first(cloud, deployed):
    done = make("destroy", cloud)
    assert done.returncode == 1
    assert client("lambda", cloud.url).list_functions()["Functions"]


def test_destroying_leaves_what_holds_data_and_says_what(cloud, deployed, database):
    done = make("destroy", cloud, CONFIRM="production")
    assert done.returncode == 0, done.stdout + done.stderr
    assert not cloud.stacks.stacks.keys() & {"imageservice-production-edge", "imageservice-production-eu-west-1-global"}
    assert client("lambda", cloud.url).list_functions()["Functions"] == []
    stacks = [one["StackName"] for one in client("cloudformation", cloud.url).describe_stacks()["Stacks"]]
    assert stacks == ["imageservice-production-storage"]
    assert client("iam", cloud.url).list_roles()["Roles"] == []
    buckets = [one["Name"] for one in client("s3", cloud.url).list_buckets()["Buckets"]]
    assert sorted(buckets) == [BUCKET, f"imageservice-production-logs-{ACCOUNT}-eu-west-1", "originals"]
    assert secret_of(cloud)["DATABASE_URL"] == database
    for kept in (BUCKET, "imageservice/production/images", "imageservice/production/admin", "the database"):
        assert kept in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
