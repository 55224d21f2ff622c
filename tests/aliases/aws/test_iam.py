"""The policies that are printed, with IAM enforced: with them everything works, without any part of them something does
not, and says what. Requests are signed by a user who has the policy, as the function's role would have it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.management import CommandError, call_command
from moto.cloudfront.responses import CloudFrontResponse
from moto.iam.access_control import IAMPolicy, PermissionResult, create_access_key
from moto.s3.models import s3_backends

from aliases.aws import iam
from aliases.events import originals_changed
from aliases.management.commands.iam_policy import Command
from aliases.models import Bucket, BucketPlace, CatalogueState, Outbox
from aliases.publishing import sending
from aliases.publishing.cdns import cloudfront
from rendering.catalogue.catalogue import Alias, Catalogue
from rendering.catalogue.catalogue import Bucket as Published
from rendering.catalogue.parts import name_of
from rendering.http import health
from rendering.imaging.documents import to_builtins
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.smart import REKOGNITION, Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.errors import Denied
from rendering.storage.factory import configured, probe
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from tests import tracked
from tests.aliases.cdn import DISTRIBUTION
from tests.aliases.notifications import notification
from tests.drawings import drawn
from tests.rendering.moto_server import MotoServer, Request
from tests.service import Service, forget

ACCOUNT = "123456789012"
ROOT = "AKIAROOTROOTROOTROOT"
READER = f"arn:aws:iam::{ACCOUNT}:user/function"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/reads-pictures"
OWN, FOREIGN, OURS = "own-originals", "foreign-originals", "our-things"
PLACES = {
    "own": Place("s3", OWN, "originals/", region="eu-west-1"),
    "foreign": Place("s3", FOREIGN, region="eu-west-1", role_arn=ROLE, external_id="42"),
}
NOTHING: dict[str, Any] = {"project": "imageservice", "account": "", "reader": []}
ALL = [*PLACES.values(), Place("s3", "else", "a*?$/"), Place("folder", "samples")]
RECIPE = Recipe(Geometry(width=90, height=90), Encoding(format="png"))


class Root:
    """Who may do everything, and prepares the account."""

    def __init__(self, server: MotoServer) -> None:
        session: Any = boto3.Session(ROOT, "secret", region_name="eu-west-1")
        self.server = server
        self.s3, self.iam, self.cloudfront = (
            session.client(name, endpoint_url=server.url) for name in ("s3", "iam", "cloudfront")
        )

    def prepare(self) -> str:
        """Make the buckets and a distribution; the distribution's id."""
        self.server.reset()
        for bucket in (OWN, FOREIGN, OURS):
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        for bucket, key in ((OWN, "originals/one.jpg"), (OWN, "secret.jpg"), (FOREIGN, "one.jpg")):
            self.s3.put_object(Bucket=bucket, Key=key, Body=drawn())
        made = self.cloudfront.create_distribution(DistributionConfig=DISTRIBUTION)
        return str(made["Distribution"]["Id"])

    def let_in(self, policies: dict[str, Any]) -> None:
        """Do what the other account is told to do."""
        trust, permissions = (json.dumps(policies[f"{what} policy of {ROLE}"]) for what in ("trust", "permissions"))
        self.iam.create_role(RoleName="reads-pictures", AssumeRolePolicyDocument=trust)
        self.iam.put_role_policy(RoleName="reads-pictures", PolicyName="reads", PolicyDocument=permissions)


@pytest.fixture(scope="module")
def root() -> Iterator[Root]:
    server = MotoServer()
    yield Root(server)
    server.stop()


@pytest.fixture
def aws(root: Root, service: Service, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Root]:
    """An account with its buckets, a distribution and a published catalogue; nobody's rights are checked yet."""
    for name, value in {
        "AWS_ENDPOINT_URL": root.server.url,
        "AWS_ACCESS_KEY_ID": ROOT,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    new_process()
    root.server.fault = lambda request: None
    settings.CLOUDFRONT_DISTRIBUTION_ID = root.prepare()
    for name, url in (("DERIVATIVES_URL", f"s3://{OURS}/-/d"), ("CATALOGUE_URL", f"s3://{OURS}/catalogue")):
        setattr(settings, name, url)
        storage = {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": url}}
        settings.STORAGES = {**settings.STORAGES, name.removesuffix("_URL").lower(): storage}
    settings.ENVIRONMENT = "production"
    service.publish(
        *(Alias(name, 1, name, RECIPE) for name in PLACES),
        buckets=tuple(Published(name, place) for name, place in PLACES.items()),
    )
    monkeypatch.setattr(CloudFrontResponse, "_determine_resource", the_distribution, raising=False)
    root.let_in(call("production", bucket="foreign", reader=[READER]))
    yield root
    root.server.enforce(False)
    new_process()


def the_distribution(response: CloudFrontResponse) -> str:
    """moto asks policies about all distributions; AWS asks about the one in the URL."""
    return f"arn:aws:cloudfront::{ACCOUNT}:distribution/{response.path.split('/')[3]}"


def hidden_from_who_may_not_list(request: Request) -> tuple[str, bytes] | None:
    """What moto lacks: S3 answers 403 for an object that does not exist to those who may not list the bucket.

    See docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html.
    """
    _, bucket, key = (*request.path.split("/", 2), "", "")[:3]
    known = s3_backends[ACCOUNT]["aws"].buckets
    if request.method not in ("GET", "HEAD") or not key or bucket not in known or key in known[bucket].keys:
        return None
    name = request.authorization.partition("Credential=")[2].partition("/")[0]
    token = {"X-Amz-Security-Token": request.token} if request.token else {}
    policies = create_access_key(ACCOUNT, "aws", name, token).collect_policies()
    for policy in policies:
        asked = IAMPolicy(policy).is_action_permitted("s3:ListBucket", f"arn:aws:s3:::{bucket}")
        if asked == PermissionResult.PERMITTED:
            return None
    return "403 Forbidden", b"" if request.method == "HEAD" else b"<Error><Code>AccessDenied</Code></Error>"


def new_process() -> None:
    clients.forget()
    boto3.DEFAULT_SESSION = None
    cloudfront.client.cache_clear()
    forget()


def call(stage: str, **options: Any) -> Any:
    """What the command prints, read."""
    out = io.StringIO()
    call_command("iam_policy", stage=stage, stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())


@pytest.fixture
def become(aws: Root, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Become who has this policy and nothing else, in a new process; from here on IAM is enforced."""

    def act(policy: dict[str, Any]) -> None:
        aws.iam.create_user(UserName="function")
        aws.iam.put_user_policy(UserName="function", PolicyName="function", PolicyDocument=json.dumps(policy))
        key = aws.iam.create_access_key(UserName="function")["AccessKey"]
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
        new_process()
        aws.server.fault = hidden_from_who_may_not_list
        aws.server.enforce(True)

    return act


def without(policy: dict[str, Any], sid: str, action: str) -> dict[str, Any]:
    """The policy less one action of one statement."""
    left = []
    for one in policy["Statement"]:
        actions = [name for name in one["Action"] if (one["Sid"], name) != (sid, action)]
        if actions:
            left.append({**one, "Action": actions})
    return {**policy, "Statement": left}


def pairs(policy: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["Sid"], action) for one in policy["Statement"] for action in one["Action"]]


# --- The data plane's function


def test_with_the_policy_the_data_plane_does_all_that_it_does(become, service: Service, caplog):
    become(call("production"))
    for url in ("/own/one.jpg", "/foreign/one.jpg"):
        assert service.get(url).status_code == 200
        assert "s-maxage=31536000" in service.get(url)["Cache-Control"]
    assert service.get("/own/nobody.jpg").status_code == service.get("/foreign/nobody.jpg").status_code == 404
    assert set(health.run_checks().values()) == {"ok"}
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


#: What happens when the data plane lacks one action: the URL, the status, a word of the error, a word of the log.
IMAGES = {
    ("ReadCatalogue", "s3:GetObject"): ("/own/one.jpg", 503, "no_catalogue", "catalogue.json not read: Denied"),
    ("KeepDerivatives", "s3:GetObject"): ("/own/one.jpg", 502, "storage_denied", "storage"),
    ("KeepDerivatives", "s3:PutObject"): ("/own/one.jpg", 200, "", "derivative not kept"),
    ("FindNoDerivative", "s3:ListBucket"): ("/own/one.jpg", 502, "storage_denied", "storage"),
    ("ReadOriginals", "s3:GetObject"): ("/own/one.jpg", 404, "unknown_original", "bucket denies"),
    ("FindNoOriginal", "s3:ListBucket"): ("/own/nobody.jpg", 404, "unknown_original", "bucket denies"),
    ("AssumeRoles", "sts:AssumeRole"): ("/foreign/one.jpg", 502, "storage_credentials", "storage"),
}


def test_every_right_of_the_data_plane_is_taken_away_once(aws):
    assert sorted(pairs(call("production"))) == sorted(IMAGES)


@pytest.mark.parametrize(("sid", "action"), IMAGES, ids=lambda one: one)
def test_without_one_right_the_data_plane_fails_in_words(become, service: Service, caplog, sid, action):
    url, status, error, told = IMAGES[sid, action]
    become(without(call("production"), sid, action))
    response = service.get(url)
    assert response.status_code == status
    assert not error or json.loads(response.content)["error"] == error
    assert told in "".join(f"{record.getMessage()} {getattr(record, 'facts', '')}" for record in caplog.records)


#: What the data plane never asks for, and what its policy must not reach.
BEYOND: list[tuple[str, dict[str, Any]]] = [
    ("get_object", {"Bucket": OWN, "Key": "secret.jpg"}),
    ("put_object", {"Bucket": OWN, "Key": "originals/one.jpg", "Body": b""}),
    ("delete_object", {"Bucket": OWN, "Key": "originals/one.jpg"}),
    ("get_object", {"Bucket": FOREIGN, "Key": "one.jpg"}),
    ("delete_object", {"Bucket": OURS, "Key": "-/d/own/x/y"}),
    ("put_object", {"Bucket": OURS, "Key": "catalogue/catalogue.json", "Body": b""}),
    ("get_object", {"Bucket": OURS, "Key": "catalogue/other.json"}),
    ("put_object", {"Bucket": OURS, "Key": "static/admin.js", "Body": b""}),
    ("list_buckets", {}),
]


def test_the_policy_of_the_data_plane_reaches_no_further(become):
    become(call("production"))
    client = boto3.client("s3")
    for method, asked in BEYOND:
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(client, method)(**asked)


# --- The admin's function


@pytest.fixture
def bucket(aws: Root, transactional_db: None) -> Bucket:
    """The bucket of the control plane's own database, and something that it has to write."""
    made = Bucket.objects.create(name="own")
    place = PLACES["own"]
    BucketPlace.objects.create(
        bucket=made, environment="production", kind="s3", location=place.location, prefix=place.prefix
    )
    return made


#: A part of the catalogue that was replaced long ago.
OLD = "0" * 32


def troubles(bucket: Bucket) -> dict[str, str]:
    """What goes wrong with all that the admin's function asks of AWS, by what it does; empty where it works."""
    said = {}
    try:
        configured("catalogue").write(name_of(OLD), b"{}", "application/json")
        CatalogueState.objects.create(pk=1, retired={OLD: "2026-01-01T00:00:00+00:00"})
        sending.write_catalogue()
        said["tidy"] = "not removed" if CatalogueState.objects.get().retired else ""
    except Denied as error:
        said["publish"] = str(error)
    originals_changed(notification("originals/one.jpg", location=OWN))
    said["forget"] = Outbox.objects.get(kind=Outbox.Kind.REMOVE).last_error
    for name, place in PLACES.items():
        told = probe(place)
        said[name] = "" if told.ok else told.sentence
    try:  # as the page of an original does with what is found in it
        configured("derivatives").write("foreign/0/0.focus-edges.json", b"{}", "application/json")
    except Denied as error:
        said["look"] = str(error)
    said["ready"] = ", ".join(f"{what}: {state}" for what, state in health.run_checks().items() if state != "ok")
    return {what: words for what, words in said.items() if words}


def test_with_the_policy_the_admin_does_all_that_it_does(become, aws, bucket, service: Service):
    service.get("/own/one.jpg")
    assert aws.s3.list_objects_v2(Bucket=OURS, Prefix="-/d/own/")["KeyCount"] == 1
    become(call("production_admin"))
    assert troubles(bucket) == {}
    aws.server.enforce(False)
    assert aws.s3.list_objects_v2(Bucket=OURS, Prefix="-/d/own/")["KeyCount"] == 0


#: What does not work when the admin lacks one action, and a word of what it says.
ADMIN = {
    ("PublishCatalogue", "s3:GetObject"): ("publish", "GetObject"),
    ("PublishCatalogue", "s3:PutObject"): ("publish", "PutObject"),
    ("RemoveOldParts", "s3:DeleteObject"): ("tidy", "not removed"),
    ("RemoveDerivatives", "s3:GetObject"): ("ready", "storage of derivatives: denied"),
    ("RemoveDerivatives", "s3:PutObject"): ("look", "PutObject"),
    ("RemoveDerivatives", "s3:DeleteObject"): ("forget", "Denied"),
    ("FindDerivativesAndNoCatalogue", "s3:ListBucket"): ("forget", "Denied"),
    # moto words the denial in no format that boto3 reads.
    ("PurgeCdn", "cloudfront:CreateInvalidation"): ("forget", "CreateInvalidation"),
    ("ReadOriginals", "s3:GetObject"): ("own", "lacks s3:GetObject"),
    ("FindNoOriginal", "s3:ListBucket"): ("own", "lacks s3:ListBucket"),
    ("AssumeRoles", "sts:AssumeRole"): ("foreign", "cannot be assumed"),
}


def test_every_right_of_the_admin_is_taken_away_once(aws):
    assert sorted(pairs(call("production_admin"))) == sorted(ADMIN)


@pytest.mark.parametrize(("sid", "action"), ADMIN, ids=lambda one: one)
def test_without_one_right_the_admin_fails_in_words(become, bucket, service: Service, sid, action):
    service.get("/own/one.jpg")
    become(without(call("production_admin"), sid, action))
    what, words = ADMIN[sid, action]
    assert words in troubles(bucket).get(what, "nothing")


def test_the_first_catalogue_of_all_can_be_written(become, aws, bucket):
    aws.s3.delete_object(Bucket=OURS, Key="catalogue/catalogue.json")
    become(call("production_admin"))
    assert sending.write_catalogue() == 1


@pytest.mark.parametrize("sid", sorted({sid for sid, _ in (*IMAGES, *ADMIN)}))
def test_what_happens_without_it_is_documented(sid):
    assert f"`{sid}`" in (tracked.ROOT / "docs/running.md").read_text().partition("| without | happens |")[2]


# --- What other accounts add


@pytest.mark.parametrize("change", ["trust", "secret", "read", "list"])
def test_without_a_part_of_what_the_other_account_adds_its_bucket_is_denied(become, aws, service: Service, change):
    policies = call("production", bucket="foreign", reader=[READER])
    trust, permissions = policies[f"trust policy of {ROLE}"], policies[f"permissions policy of {ROLE}"]
    if change == "trust":
        trust["Statement"][0]["Principal"]["AWS"] = ["arn:aws:iam::123456789012:user/other"]
    if change == "secret":
        trust["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"] = ["43"]
    if change in ("read", "list"):
        permissions["Statement"].pop(("read", "list").index(change))
    aws.iam.delete_role_policy(RoleName="reads-pictures", PolicyName="reads")
    aws.iam.delete_role(RoleName="reads-pictures")
    aws.let_in(policies)
    become(call("production"))
    assert not probe(PLACES["foreign"]).ok
    assert service.get("/own/one.jpg").status_code == 200


def test_what_a_second_account_adds_to_its_bucket_or_role(aws):
    functions = [
        f"arn:aws:iam::{ACCOUNT}:role/imageservice-production-eu-west-1",
        f"arn:aws:iam::{ACCOUNT}:role/imageservice-production-admin-eu-west-1",
    ]
    assert call("production", bucket="own") == {
        f"bucket policy of {OWN}": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "ReadOriginals",
                    "Effect": "Allow",
                    "Action": ["s3:GetObject"],
                    "Resource": [f"arn:aws:s3:::{OWN}/originals/*"],
                    "Principal": {"AWS": functions},
                },
                {
                    "Sid": "FindNoOriginal",
                    "Effect": "Allow",
                    "Action": ["s3:ListBucket"],
                    "Resource": [f"arn:aws:s3:::{OWN}"],
                    "Principal": {"AWS": functions},
                },
            ],
        }
    }
    role = call("production_admin", bucket="foreign", project="Our Pictures", account="999999999999")
    assert role[f"trust policy of {ROLE}"]["Statement"] == [
        {
            "Sid": "BeAssumed",
            "Effect": "Allow",
            "Principal": {
                "AWS": [
                    "arn:aws:iam::999999999999:role/our-pictures-production-eu-west-1",
                    "arn:aws:iam::999999999999:role/our-pictures-production-admin-eu-west-1",
                ]
            },
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": ["42"]}},
        }
    ]


# --- What the policy is made of


def made(*places: Place, recipe: Recipe = RECIPE, plane: str = "images", **function: Any) -> dict[str, Any]:
    buckets = [Published(f"bucket-{number}", place) for number, place in enumerate(places)]
    catalogue = Catalogue.of(1, [*buckets, Published("nowhere", None)], [Alias("alias", 1, "bucket-0", recipe)])
    ours = Place("s3", OURS, "-/d/"), Place("s3", OURS, "catalogue/")
    return iam.policy(iam.Function(plane, *ours, **function), catalogue)


@pytest.mark.parametrize("plane", ["images", "admin"])
def test_no_resource_is_everything_where_a_name_is_known(plane):
    policy = made(*ALL, plane=plane, distribution="arn:aws:cloudfront::1:distribution/E1")
    assert policy["Statement"]
    for statement in policy["Statement"]:
        assert statement["Resource"]
        assert not any("*" in action for action in statement["Action"])
        for resource in statement["Resource"]:
            assert resource.startswith("arn:aws:")
            # A star stands for the rest of an object's key, behind a bucket's name and its prefix.
            assert "*" not in resource.removesuffix("/*").replace("${*}", "").removesuffix(":::")


def test_a_prefix_is_taken_literally():
    reads = next(one for one in made(*ALL)["Statement"] if one["Sid"] == "ReadOriginals")
    assert "arn:aws:s3:::else/a${*}${?}${$}/*" in reads["Resource"]


def test_what_is_no_s3_of_aws_is_no_matter_of_iam():
    only = made(Place("folder", "samples"), Place("s3", "minio", endpoint_url="https://minio.example.com"))
    assert {one["Sid"] for one in only["Statement"]} == {"ReadCatalogue", "KeepDerivatives", "FindNoDerivative"}


@pytest.mark.parametrize(
    ("recipe", "asked"),
    [
        (to_builtins(RECIPE), False),
        (to_builtins(Recipe(Geometry(width=90, smart=Smart()))), False),
        (to_builtins(Recipe(Geometry(width=90, smart=Smart("rekognition")))), True),
        ({"geometry": {"smart": {"detector": "rekognition"}}, "filters": ["face(0.5,largest,true)"]}, True),
        # Words that ask for nothing, and what this version cannot read, and so does not serve.
        ({**to_builtins(RECIPE), "filters": ["watermark(photos/rekognition-logo.png,0,0,0)"]}, False),
        ({**to_builtins(RECIPE), "filters": ["watermark(brand/rekognition.png,0,0,0)"]}, False),
        ({**to_builtins(RECIPE), "note": "rekognition"}, False),
        ({**to_builtins(RECIPE), "filters": ["detect(rekognition,0.5)"]}, False),
    ],
)
def test_rekognition_is_allowed_where_a_live_recipe_asks_for_it(recipe, asked):
    catalogue = Catalogue(1, {}, {"alias": {"revision": 1, "bucket": "own", "recipe": recipe}})
    ours = Place("s3", OURS, "-/d/"), Place("s3", OURS, "catalogue/")
    for plane in ("images", "admin"):
        policy = iam.policy(iam.Function(plane, *ours), catalogue)
        detect = [one for one in policy["Statement"] if "rekognition:DetectFaces" in one["Action"]]
        assert [one["Resource"] for one in detect] == ([["*"]] if asked else [])
        # The deployment's own choice is every smart crop's, of Thumbor URLs too.
        policy = iam.policy(iam.Function(plane, *ours, detector=REKOGNITION), catalogue)
        assert "rekognition:DetectFaces" in json.dumps(policy)


@pytest.mark.parametrize(("detector", "asked"), [("rekognition", True), ("yunet", False), ("none", False)])
def test_the_printed_rights_follow_the_deployments_detector(aws, settings, capsys, detector, asked):
    settings.DETECTOR = detector
    call_command("iam_policy", stage="production")
    assert ("rekognition:DetectFaces" in capsys.readouterr().out) is asked


def test_other_clouds_of_aws_have_their_own_names():
    catalogue = Catalogue.of(1, [Published("own", PLACES["own"])], [])
    ours = Place("s3", OURS, "-/d/"), Place("s3", OURS, "catalogue/")
    policy = iam.policy(iam.Function("images", *ours), catalogue, "aws-cn")
    assert {name for one in policy["Statement"] for name in one["Resource"]} >= {f"arn:aws-cn:s3:::{OWN}/originals/*"}


# --- The command


def test_before_anything_is_published_it_allows_no_bucket_and_says_so(aws, capsys):
    aws.s3.delete_object(Bucket=OURS, Key="catalogue/catalogue.json")
    call_command("iam_policy", stage="production")
    out, err = capsys.readouterr()
    assert [one["Sid"] for one in json.loads(out)["Statement"]] == [
        "ReadCatalogue",
        "KeepDerivatives",
        "FindNoDerivative",
    ]
    assert "Nothing is published yet" in err


def test_it_says_who_else_has_to_add_something_and_what_is_missing(aws, settings, capsys):
    settings.CLOUDFRONT_DISTRIBUTION_ID = ""
    call_command("iam_policy", stage="production_admin")
    out, err = capsys.readouterr()
    assert "cloudfront" not in out
    assert f"What the account of {ROLE} adds: --stage production_admin --bucket foreign" in err
    assert "CLOUDFRONT_DISTRIBUTION_ID is not set" in err


def test_a_policy_that_is_too_long_for_a_role_is_said_to_be(aws, service: Service, capsys):
    places = [Place("s3", f"a-bucket-with-a-long-name-{number}", "with/a/prefix/") for number in range(100)]
    service.publish(buckets=tuple(Published(f"b{number}", place) for number, place in enumerate(places)))
    call_command("iam_policy", stage="production")
    assert "may have 10,240" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"stage": "staging"}, "zappa manage staging_admin"),
        ({"stage": "staging", "bucket": "own"}, 'staging_admin "iam_policy --stage staging --bucket own"'),
        ({"stage": "production", "bucket": "nobody"}, "The buckets are: own, foreign"),
    ],
)
def test_what_cannot_be_answered_says_what_would_be(aws, options, words):
    with pytest.raises(CommandError, match=words):
        call_command("iam_policy", **options)


def test_a_catalogue_out_of_reach_or_broken_is_told(aws, service: Service, monkeypatch):
    configured("catalogue").write("catalogue.json", b"{}", "application/json")
    with pytest.raises(CommandError, match="write_catalogue"):
        call_command("iam_policy", stage="production")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    new_process()
    with pytest.raises(CommandError, match="CATALOGUE_URL"):
        call_command("iam_policy", stage="production")


def test_without_an_answer_of_aws_the_account_is_asked_for(aws, monkeypatch):
    call_command("iam_policy", stage="production", bucket="own", account=ACCOUNT)
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)
    with pytest.raises(CommandError, match="--account 123456789012"):
        Command().of_owner("own", Catalogue.of(1, [Published("own", PLACES["own"])], []), "production", **NOTHING)


def refuse(client: Any, operation: str, asked: Any) -> None:
    raise ClientError({"Error": {"Code": "ExpiredToken", "Message": "expired"}}, operation)
