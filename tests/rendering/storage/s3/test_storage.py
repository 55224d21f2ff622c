"""The service on S3: real boto3, real HTTP; two buckets of originals, one of another account, and a third for us."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import boto3
import pytest
from msgspec.structs import replace

from rendering.catalogue.catalogue import Alias, Bucket
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import overruled
from rendering.pictures.originals import hash_of
from rendering.pictures.overruled import Overruled
from rendering.storage.errors import Changed, Denied, StorageError
from rendering.storage.factory import at, configured, probe
from rendering.storage.interface import Listing, Probe
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from rendering.storage.s3.listings import usable_entries
from rendering.storage.s3.storage import S3Storage
from tests.drawings import drawn, opened
from tests.rendering.moto_server import MotoServer, Request
from tests.rendering.storage.listings import browsed
from tests.service import Service, forget
from tests.values import KEYS, ONLY_S3_KEYS

ROLE = "arn:aws:iam::111122223333:role/reads-pictures"
RECIPE = Recipe(Geometry(width=90, height=90), Encoding(format="png"))
OWN, FOREIGN, OURS = "own-originals", "foreign-originals", "our-things"
URL, FOREIGN_URL = "/own/people/one.jpg", "/foreign/one.jpg"


@pytest.fixture(scope="module")
def server() -> Iterator[MotoServer]:
    server = MotoServer()
    yield server
    server.stop()


@pytest.fixture
def aws(server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MotoServer]:
    """An account with its buckets, new for each test; and a process that has no clients yet."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOWNACCOUNTKEY000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    server.fault = lambda request: None
    server.reset()
    clients.forget()
    client = boto3.client("s3")
    for bucket in (OWN, FOREIGN, OURS):
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_object(Bucket=OWN, Key="originals/people/one.jpg", Body=drawn())
    client.put_object(Bucket=FOREIGN, Key="one.jpg", Body=drawn(400, 400))
    server.clear()
    yield server
    clients.forget()


@pytest.fixture
def s3_service(service: Service, aws: MotoServer, settings) -> Service:
    """The service with everything in S3."""
    for name in ("derivatives", "catalogue"):
        settings.STORAGES = {
            **settings.STORAGES,
            name: {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": f"s3://{OURS}/{name}"}},
        }
    forget()
    publish(service)
    settings.CATALOGUE_MAX_AGE = 60
    service.get("/own/nothing")  # reads the catalogue
    aws.clear()
    return service


def publish(service: Service, *, immutable: bool = False) -> None:
    service.publish(
        Alias("own", 1, "own", RECIPE),
        Alias("foreign", 1, "foreign", RECIPE),
        buckets=(
            Bucket("own", Place("s3", OWN, "originals/", region="eu-west-1"), immutable=immutable),
            Bucket("foreign", Place("s3", FOREIGN, region="eu-west-1", role_arn=ROLE, external_id="42")),
        ),
    )


def test_a_picture_is_served_and_kept_with_its_type_and_tag(s3_service, aws):
    response = s3_service.get(URL)
    assert response.status_code == 200
    assert opened(response).size == (90, 90)
    listed = boto3.client("s3").list_objects_v2(Bucket=OURS, Prefix="derivatives/")["Contents"]
    kept = boto3.client("s3").get_object(Bucket=OURS, Key=listed[0]["Key"])
    assert len(listed) == 1
    assert kept["Body"].read() == response.content
    assert kept["ContentType"] == "image/png"
    assert kept["Metadata"]["cache-tag"] == response["Cache-Tag"].split(",")[2]
    assert kept["CacheControl"] == "public, max-age=31536000, immutable"
    catalogue = boto3.client("s3").get_object(Bucket=OURS, Key="catalogue/catalogue.json")
    assert catalogue["CacheControl"] == "no-cache"


def test_a_kept_derivative_costs_one_head_and_one_get(s3_service, aws):
    s3_service.get(URL)
    aws.clear()
    assert s3_service.get(URL).status_code == 200
    assert [method for method, _ in aws.asked(OWN)] == ["HEAD"]
    assert [method for method, _ in aws.asked(OURS)] == ["GET"]


def test_a_note_is_kept_with_an_object(aws):
    store = at(Place("s3", OURS, "notes/"))
    store.write("a", drawn(), "image/jpeg", tag="image:1", note="The animation has more than 3 frames")
    store.write("b", drawn(), "image/jpeg")
    assert [stored.note for key in "ab" if (stored := store.read(key))] == ["The animation has more than 3 frames", ""]


def test_a_304_costs_the_head_alone(s3_service, aws):
    etag = s3_service.get(URL)["ETag"]
    aws.clear()
    assert s3_service.get(URL, if_none_match=etag).status_code == 304
    assert aws.asked(OWN) == [("HEAD", "originals/people/one.jpg")]
    assert aws.asked(OURS) == []


def test_a_new_derivative_costs_no_more_than_it_must(s3_service, aws):
    s3_service.get(URL)
    assert [method for method, _ in aws.asked(OWN)] == ["HEAD", "GET"]
    assert [method for method, _ in aws.asked(OURS)] == ["GET", "PUT"]


def test_a_large_picture_is_redirected_to_by_one_head_and_one_get_and_served_by_its_key(s3_service, aws, settings):
    whole = s3_service.get(URL)
    settings.MAX_RESPONSE_BYTES = 1000
    aws.clear()
    response = s3_service.get(URL)
    assert response.status_code == 302
    assert [method for method, _ in aws.asked(OWN)] == ["HEAD"]
    assert [method for method, _ in aws.asked(OURS)] == ["GET"]
    settings.MAX_RESPONSE_BYTES = 0
    assert s3_service.get(response["Location"]).content == whole.content


def test_in_an_immutable_bucket_a_kept_derivative_costs_the_get_alone_and_a_304_nothing(s3_service, aws, settings):
    settings.CATALOGUE_MAX_AGE = 0
    publish(s3_service, immutable=True)
    etag = s3_service.get(URL)["ETag"]
    settings.CATALOGUE_MAX_AGE = 60
    aws.clear()
    assert s3_service.get(URL).status_code == 200
    assert [method for method, _ in aws.asked(OURS)] == ["GET"]
    assert s3_service.get(URL, if_none_match=etag).status_code == 304
    assert len(aws.requests) == 1
    assert s3_service.get("/own/people/nobody.jpg").status_code == 404


def test_a_bucket_of_another_account_is_read_with_its_role(s3_service, aws):
    assert opened(s3_service.get(FOREIGN_URL)).size == (90, 90)
    assumed = [one for one in aws.requests if one.path == "/"]
    assert len(assumed) == 1
    assert "AKIAOWNACCOUNTKEY000" in assumed[0].authorization
    foreign = [one for one in aws.requests if one.path.startswith(f"/{FOREIGN}/")]
    assert foreign
    assert not any("AKIAOWNACCOUNTKEY000" in one.authorization for one in foreign)


def test_the_roles_credentials_are_kept_and_renewed_before_they_expire(s3_service, aws, monkeypatch):
    def assumed() -> int:
        return len([one for one in aws.requests if one.path == "/"])

    s3_service.get(FOREIGN_URL)
    s3_service.get(FOREIGN_URL)
    assert assumed() == 1
    # They last an hour: fifty-five minutes later they still would do, and new ones are fetched.
    later = datetime.now(UTC) + timedelta(minutes=55)
    monkeypatch.setattr("botocore.credentials._local_now", lambda: later)
    monkeypatch.setattr(clients.session(ROLE, "42").get_credentials(), "_time_fetcher", lambda: later)
    assert s3_service.get(FOREIGN_URL).status_code == 200
    assert assumed() == 2


def test_the_catalogue_is_read_again_only_when_it_changed(s3_service, aws, settings):
    settings.CATALOGUE_MAX_AGE = 0
    s3_service.get("/own/nothing")
    s3_service.get("/own/nothing")
    assert [method for method, key in aws.asked(OURS)] == ["GET", "GET"]
    before = configured("catalogue").stat("catalogue.json").etag
    assert configured("catalogue").read("catalogue.json", unless=before) is None


def test_the_focus_of_a_bucket_costs_one_get_a_process_and_change_and_nothing_where_there_is_none(
    s3_service, aws, settings
):
    def tell(serial: int, *boxes: str) -> None:
        bucket = Bucket("own", Place("s3", OWN, "originals/", region="eu-west-1"), focus=serial)
        document = Overruled(serial, {hash_of(bucket, "people/one.jpg"): boxes}).encode()
        configured("catalogue").write("focus/own.json", document, "application/json")
        smart = [
            Alias(name, 1, "own", replace(RECIPE, geometry=replace(RECIPE.geometry, smart=Smart()))) for name in "ab"
        ]
        s3_service.publish(*smart, buckets=(bucket,))
        s3_service.wait(61)
        s3_service.get("/a/nothing.jpg")  # reads the catalogue; nothing is looked for in an original that is missing
        aws.clear()

    def focus_reads() -> list[str]:
        return [method for method, key in aws.asked(OURS) if key.startswith("catalogue/focus/")]

    tell(0)
    assert s3_service.get("/a/people/one.jpg").status_code == 200
    assert focus_reads() == []
    tell(1, "0.0x0.0:0.2x0.4")
    etags = {s3_service.get(f"/{name}/people/one.jpg")["ETag"] for name in "abab"}
    assert len(etags) == 1
    assert focus_reads() == ["GET"]
    s3_service.wait(61)
    aws.clear()
    assert s3_service.get("/a/people/one.jpg").status_code == 200
    # The catalogue is asked for again, on condition; the document is not.
    assert aws.asked(OURS)[0] == ("GET", "catalogue/catalogue.json")
    assert focus_reads() == []
    tell(2, "0.8x0.0:1.0x0.4")
    assert s3_service.get("/a/people/one.jpg")["ETag"] not in etags
    assert focus_reads() == ["GET"]


def test_a_focus_that_s3_does_not_give_is_asked_for_once_in_the_catalogues_age(s3_service, aws):
    bucket = Bucket("own", Place("s3", OWN, "originals/", region="eu-west-1"), focus=3)
    smart = Alias("a", 1, "own", replace(RECIPE, geometry=replace(RECIPE.geometry, smart=Smart())))
    s3_service.publish(smart, buckets=(bucket,))
    s3_service.wait(61)
    for answer in ("404 Not Found", "403 Forbidden", "503 Slow Down"):
        overruled.forget()
        aws.clear()
        aws.fault = lambda request, answer=answer: (answer, b"") if "/focus/" in request.path else None
        responses = [s3_service.get("/a/people/one.jpg") for _ in range(3)]
        assert {response.status_code for response in responses} == {200}
        assert {"s-maxage=60" in response["Cache-Control"] for response in responses} == {True}
        # boto3 itself asks a second time where S3 says that it may.
        assert len({key for _, key in aws.asked(OURS) if "/focus/" in key}) == 1
        assert len([key for _, key in aws.asked(OURS) if "/focus/" in key]) <= 2


def test_a_catalogue_that_arrives_late_does_not_undo_a_later_one(aws):
    store = S3Storage(Place("s3", OURS))
    store.write("c.json", b"1", "application/json", replacing="")
    first = store.stat("c.json").etag
    store.write("c.json", b"22", "application/json", replacing=first)
    for late in ("", first):
        with pytest.raises(Changed):
            store.write("c.json", b"333", "application/json", replacing=late)
    stored = store.read("c.json")
    assert stored is not None
    assert stored.content == b"22"


def test_everything_below_a_prefix_is_removed_and_nothing_beside_it(aws):
    store = S3Storage(Place("s3", OURS, "derivatives/"))
    for number in range(3):
        store.write(f"own/a/{number} +%", b"1", "image/png")
    store.write("own/ab", b"1", "image/png")
    boto3.client("s3").put_object(Bucket=OURS, Key="own/a/elsewhere", Body=b"1")
    assert store.remove("own/a/") == 3
    assert store.remove("own/a/") == 0
    listed = boto3.client("s3").list_objects_v2(Bucket=OURS)["Contents"]
    assert [item["Key"] for item in listed] == ["derivatives/own/ab", "own/a/elsewhere"]


def test_more_is_removed_than_one_list_holds(aws, monkeypatch):
    store = S3Storage(Place("s3", OURS))
    for number in range(5):
        store.write(f"a/{number}", b"1", "image/png")
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    aws.clear()
    assert store.remove("a/") == 5
    assert len([one for one in aws.requests if one.method == "GET"]) == 3


def test_an_overwritten_original_gives_a_new_picture_at_once(s3_service, aws):
    before = s3_service.get(URL)
    boto3.client("s3").put_object(Bucket=OWN, Key="originals/people/one.jpg", Body=drawn(300, 200, mode="L"))
    after = s3_service.get(URL)
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content


def test_an_original_overwritten_between_head_and_get_is_rendered_as_the_new_one(s3_service, aws):
    new = drawn(300, 200, mode="L")

    def overwrite(request: Request) -> None:
        if request.method == "GET" and request.path.startswith(f"/{OWN}/"):
            aws.fault = lambda request: None
            boto3.client("s3").put_object(Bucket=OWN, Key="originals/people/one.jpg", Body=new)

    aws.fault = overwrite
    response = s3_service.get(URL)
    assert response.status_code == 200
    assert response.content == s3_service.get(URL).content
    assert opened(response).convert("RGB").getpixel((5, 5)) != (254, 0, 0)


@pytest.mark.parametrize(
    ("methods", "bucket", "answer", "status"),
    [
        ("HEAD GET", OWN, "403 Forbidden", 404),
        ("GET", OWN, "403 Forbidden", 404),
        ("HEAD", OWN, "503 Slow Down", 503),
        ("GET", OWN, "500 Internal Server Error", 503),
        ("GET", OWN, "301 Moved Permanently", 502),
        ("GET", OURS, "503 Slow Down", 503),
        ("GET", OURS, "403 Forbidden", 502),
        ("PUT", OURS, "503 Slow Down", 200),
        ("PUT", OURS, "403 Forbidden", 200),
    ],
)
def test_a_storage_in_trouble_gives_the_status_that_fits(s3_service, aws, methods, bucket, answer, status):
    codes = {"403": "AccessDenied", "503": "SlowDown", "500": "InternalError", "301": "PermanentRedirect"}
    body = f"<Error><Code>{codes[answer[:3]]}</Code><Message>no</Message></Error>".encode()
    aws.fault = lambda request: (
        (answer, b"" if request.method == "HEAD" else body)
        if request.method in methods.split() and request.path.startswith(f"/{bucket}/")
        else None
    )
    response = s3_service.get(URL)
    assert response.status_code == status
    assert OWN.encode() not in response.content
    if status == 503:
        assert (response["Retry-After"], response["Cache-Control"]) == ("5", "no-store")
    if status == 200:  # the picture is there, but could not be kept: it is asked for again soon
        assert response["Cache-Control"].startswith("public, max-age=60, s-maxage=60,")


def test_a_bucket_that_does_not_answer_is_a_504_before_the_gateways(s3_service, aws):
    released = Event()

    def hang(request: Request) -> None:
        if request.path.startswith(f"/{OWN}/"):
            released.wait(30)

    aws.fault = hang
    try:
        assert s3_service.get(URL).status_code == 504
        assert not released.is_set()
    finally:
        released.set()


def test_a_cut_body_is_asked_for_again(s3_service, aws):
    sent: list[int] = []

    def cut(request: Request) -> tuple[str, bytes] | None:
        if request.method == "GET" and request.path.startswith(f"/{OWN}/") and not sent:
            sent.append(1)
            raise ConnectionResetError
        return None

    aws.fault = cut
    assert s3_service.get(URL).status_code == 200
    assert sent


def test_keys_are_listed_by_their_folder_in_one_request(aws):
    client = boto3.client("s3")
    for key in ("people/", "people/two.jpg", "people/old/one.jpg", "peoples.jpg"):
        client.put_object(Bucket=OWN, Key=f"originals/{key}", Body=b"1")
    aws.clear()
    store = at(Place("s3", OWN, "originals/", region="eu-west-1"))
    assert store.keys("people/", 10) == ["people/old/one.jpg", "people/one.jpg", "people/two.jpg"]
    assert len(aws.requests) == 1
    assert store.keys("people/", 2) == ["people/old/one.jpg"]  # the "folder" made in the console counts
    assert store.keys("nowhere/", 10) == []
    assert len(store.keys("", 10)) == 4
    aws.fault = lambda request: ("403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>")
    with pytest.raises(Denied):
        store.keys("people/", 10)


def test_a_key_that_no_url_can_name_is_offered_nowhere(aws):
    client = boto3.client("s3")
    for key in ("people/tab\there.jpg", "people/del\x7f.jpg"):
        client.put_object(Bucket=OWN, Key=f"originals/{key}", Body=b"1")
    place = Place("s3", OWN, "originals/", region="eu-west-1")
    assert at(place).keys("people/", 10) == ["people/one.jpg"]
    assert found(place).keys == ("people/one.jpg",)
    # The server of these tests resolves dots, as S3 does not.
    page = {"Contents": [{"Key": f"originals/{key}"} for key in ("a.jpg", "a/../b.jpg", "./c.jpg", "..")]}
    assert [entry.key for entry in usable_entries(place, page)] == ["a.jpg"]


@pytest.mark.parametrize("key", [key for key in (*KEYS, *ONLY_S3_KEYS) if len(key) < 1000 and not key.endswith("/")])
def test_every_key_that_can_be_asked_for_is_offered(aws, key):
    boto3.client("s3").put_object(Bucket=OWN, Key=f"other/{key}", Body=b"1")
    assert at(Place("s3", OWN, "other/", region="eu-west-1")).keys("", 10) == [key]


def found(place: Place) -> Probe:
    clients.forget()
    return probe(place)


def test_a_bucket_is_browsed_by_prefix_page_by_page(aws):
    client = boto3.client("s3")
    for key in [f"originals/team/{number:02}.jpg" for number in range(30)] + ["originals/team/", "originals/team/o/x"]:
        client.put_object(Bucket=OWN, Key=key, Body=b"x")
    store = at(Place("s3", OWN, "originals/"))
    aws.clear()
    pages = browsed(store, "team/", 12)
    assert len(aws.requests) == len(pages) == 3
    assert [key for page in pages for key in page.keys] == [f"team/{number:02}.jpg" for number in range(30)]
    assert pages[-1].folders == ("team/o/",)
    assert store.browse("te", 12) == Listing(folders=("team/",))
    assert store.browse("team/2", 100).keys == tuple(f"team/{number}.jpg" for number in range(20, 30))
    assert store.browse("nowhere/", 12) == Listing()
    assert store.browse("team/", 2, after="team/28").keys == ("team/28.jpg", "team/29.jpg")
    assert store.browse("team/", 2, after="team/\U0010ffff") == Listing()
    (last, *_) = store.browse("team/29", 3).entries
    assert (last.size, last.written) == (
        1,
        client.head_object(Bucket=OWN, Key="originals/team/29.jpg")["LastModified"].timestamp(),
    )
    with pytest.raises(StorageError):
        store.browse("", 12, "no token of S3")


@pytest.mark.parametrize("key", [*KEYS, "a//b.jpg", "/rooted.jpg", "back\\slash.jpg"])
def test_every_key_is_found_by_browsing_folder_after_folder(aws, key):
    store = at(Place("s3", OURS, "pictures/"))
    if len(key.encode()) > 1024 - len("pictures/"):
        store = at(Place("s3", OURS))
    store.write(key, b"x", "image/jpeg")
    found = store.browse("", 5)
    while found.folders:
        found = store.browse(found.folders[0], 5)
    assert found.keys == (key,)


def test_a_probe_of_a_good_bucket_shows_some_keys(aws):
    told = found(Place("s3", OWN, "originals/", region="eu-west-1"))
    assert told.ok
    assert told.keys == ("people/one.jpg",)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Place("s3", "nobody-made-this", region="eu-west-1"), "no S3 bucket named"),
        (Place("s3", OWN, region="us-west-2"), "it is in eu-west-1"),
        (Place("s3", OWN, endpoint_url="http://127.0.0.1:1"), "Nobody answers"),
        (Place("folder", "samples/no such folder"), "no folder"),
    ],
)
def test_a_probe_says_what_is_wrong(aws, place, words):
    told = found(place)
    assert not told.ok
    assert words in told.sentence


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ([], "s3:ListBucket"),
        (["s3:ListBucket"], "s3:GetObject"),
        (["s3:ListBucket", "s3:GetObject"], "listed and read"),
    ],
)
def test_a_probe_names_the_iam_action_that_is_missing(aws, monkeypatch, allowed, words):
    iam = boto3.client("iam")
    iam.create_user(UserName="service")
    statements = [{"Effect": "Allow", "Action": allowed, "Resource": "*"}] if allowed else []
    statements.append({"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"})
    iam.put_user_policy(
        UserName="service",
        PolicyName="reads",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    key = iam.create_access_key(UserName="service")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    clients.forget()
    aws.enforce(True)
    try:
        assert words in probe(Place("s3", OWN, "originals/", region="eu-west-1")).sentence
    finally:
        aws.enforce(False)


def test_credentials_that_aws_does_not_know_are_told(aws):
    aws.enforce(True)
    try:
        assert "credentials" in found(Place("s3", OWN, region="eu-west-1")).sentence
    finally:
        aws.enforce(False)
