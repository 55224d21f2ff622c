"""The package under Lambda's runtime client, read-only, asked as API Gateway asks."""

import hashlib
import hmac
import io
import json
import random
import subprocess
from base64 import urlsafe_b64encode

import pytest
from PIL import Image

from rendering.imaging import documents
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus import yunet
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.pipeline.render import render
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe
from rendering.workers.looking import Look, find
from tests.aws.rest_api import ask, event
from tests.aws.sandbox import ROOT, FunctionError, Sandbox, namespace, runtime_python
from tests.aws.stage import CREDENTIALS, SECRETS, environment
from tests.drawings import drawn

ORIGINAL = drawn(640, 480)
SAMPLES = ROOT / "samples"


@pytest.fixture(autouse=True)
def originals(stored):
    stored.put_object(Bucket="originals", Key="one.jpg", Body=ORIGINAL)


def get(sandbox, target, method="GET", body=b"", **headers):
    return ask(sandbox, target, method, body, X_Origin_Secret=SECRETS["ORIGIN_SECRET"], **headers)


@pytest.mark.parametrize(
    ("target", "recipe"),
    [
        ("/pictures/one.jpg", Recipe(Geometry(width=90, height=90), Encoding(format="png"))),
        ("/profile-image/ios/one.jpg", Recipe(Geometry(width=60), Encoding(format="webp"))),
        ("/jpeg/one.jpg", Recipe(Geometry(width=64), Encoding(format="jpeg"))),
        ("/avif/one.jpg", Recipe(Geometry(width=64), Encoding(format="avif"))),
    ],
)
def test_an_alias_gives_the_very_bytes_that_are_rendered_here(sandbox, target, recipe):
    answer = get(sandbox, target)
    local = render(Opened(ORIGINAL, Limits()), recipe.settled("any", Defaults(80, 80, 60)))
    assert (answer.status, answer["Content-Type"]) == (200, local.type)
    assert answer.body == local.content
    assert answer["Content-Length"] == str(len(local.content))


def test_the_function_starts_with_all_that_makes_it_fast(sandbox):
    """Its checks ask the C library and Pillow, and would have said so in the log."""
    get(sandbox, "/pictures/one.jpg")
    log = sandbox.log.read_text()
    assert "imageservice.W" not in log
    assert "no version information" not in log


def test_a_smart_crop_keeps_the_very_faces_that_are_found_here(sandbox, stored):
    content = (SAMPLES / "people/astronaut.jpg").read_bytes()
    stored.put_object(Bucket="originals", Key="astronaut.jpg", Body=content)
    answer = get(sandbox, "/faces/astronaut.jpg")
    (key,) = [
        one["Key"]
        for one in stored.list_objects_v2(Bucket="service", Prefix="-/d/photos/")["Contents"]
        if f".focus-{yunet.NAME}" in one["Key"]
    ]
    kept = stored.get_object(Bucket="service", Key=key)["Body"].read()
    defaults = Defaults(80, 80, 60, yunet.NAME)
    recipe = Recipe(Geometry(width=90, height=30, smart=Smart()), Encoding(format="png")).settled("any", defaults)
    with Opened(content, Limits()) as original:
        seen = find(original, Look(yunet.NAME))
        local = render(original, recipe, focus=seen.focus)
    assert (kept, len(seen.focus.faces)) == (documents.encode(seen.focus), 1)
    assert (answer.status, answer.body) == (200, local.content)


def test_the_function_that_serves_pictures_loads_no_database_no_admin_and_no_zappa(sandbox, s3):
    loaded = subprocess.run(
        [runtime_python(), "-c", "import imageservice.lambda_entry, sys; print(*sys.modules)"],
        cwd=sandbox.task,
        env=environment("production", s3.url) | CREDENTIALS,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {"rendering.views", "rendering.storage.s3.storage", "PIL._avif"} <= set(loaded)
    unwanted = (
        "aliases",
        "django.contrib.admin",
        "django.contrib.auth",
        "psycopg",
        "sqlite3",
        "csp",
        "whitenoise",
        "zappa",
        "werkzeug",
    )
    assert not [name for name in loaded if name.startswith(unwanted)]


def test_a_picture_is_kept_and_found_again(sandbox, stored):
    first, second = get(sandbox, "/pictures/one.jpg"), get(sandbox, "/pictures/one.jpg")
    assert first.body == second.body
    kept = stored.list_objects_v2(Bucket="service", Prefix="-/d/photos/")["Contents"]
    assert first.body in [stored.get_object(Bucket="service", Key=one["Key"])["Body"].read() for one in kept]


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("a%20b%2Bc.jpg", "a b+c.jpg"),
        ("%E6%97%A5%E6%9C%AC.jpg", "日本.jpg"),
        ("a%252Fb.jpg", "a%2Fb.jpg"),
        ("a%2Fb.jpg", "a/b.jpg"),
        ("100%25.jpg", "100%.jpg"),
        ("a//b.jpg", "a//b.jpg"),
        ("production/one.jpg", "production/one.jpg"),
        ("a;b,c:d@e=f.jpg?query=1", "a;b,c:d@e=f.jpg"),
    ],
)
def test_the_raw_path_reaches_the_key(sandbox, stored, raw, key):
    stored.put_object(Bucket="originals", Key=key, Body=drawn())
    assert get(sandbox, f"/pictures/{raw}").status == 200
    stored.delete_object(Bucket="originals", Key=key)
    assert get(sandbox, f"/pictures/{raw}").status == 404


def test_an_alias_that_begins_like_the_stage_is_an_alias(sandbox):
    with Image.open(io.BytesIO(get(sandbox, "/productions/one.jpg").body)) as picture:
        assert picture.width == 30


def test_a_path_that_a_client_sends_as_a_header_is_nothing(sandbox):
    answer = get(sandbox, "/pictures/one.jpg", Raw_Uri="/nothing/at/all.jpg", Request_Uri="/nothing/at/all.jpg")
    assert answer.status == 200


def test_a_signed_url_is_served_and_a_wrong_one_refused(sandbox):
    path = "50x40/photos/one.jpg"
    signature = urlsafe_b64encode(hmac.digest(SECRETS["SECURITY_KEY"].encode(), path.encode(), hashlib.sha1)).decode()
    with Image.open(io.BytesIO(get(sandbox, f"/{signature}/{path}").body)) as picture:
        assert picture.size == (50, 40)
    assert get(sandbox, f"/{signature}/51x40/photos/one.jpg").status == 403
    assert get(sandbox, f"/unsafe/{path}").status == 403


def test_head_has_the_headers_of_get_and_no_body(sandbox):
    whole, head = get(sandbox, "/pictures/one.jpg"), get(sandbox, "/pictures/one.jpg", "HEAD")
    assert (head.status, head.body, head["Content-Length"]) == (200, b"", str(len(whole.body)))
    for name in ("ETag", "Content-Type", "Cache-Control"):
        assert head[name] == whole[name]


@pytest.mark.parametrize(
    ("target", "media_type"), [("/pictures/one.jpg", "png"), ("/profile-image/ios/one.jpg", "webp")]
)
def test_an_unchanged_picture_is_a_304_of_its_own_type(sandbox, target, media_type):
    etag = get(sandbox, target)["ETag"]
    answer = get(sandbox, target, If_None_Match=etag)
    assert (answer.status, answer.body, answer["Content-Type"]) == (304, b"", f"image/{media_type}")
    assert answer["ETag"] == etag


def test_the_format_is_what_the_browser_accepts(sandbox):
    answers = {accept: get(sandbox, "/open/one.jpg", Accept=accept) for accept in ("image/avif", "image/webp", "*/*")}
    assert [one["Content-Type"] for one in answers.values()] == ["image/avif", "image/webp", "image/jpeg"]
    assert {one["Vary"] for one in answers.values()} == {"Accept"}


def test_a_picture_over_the_gateways_limit_is_redirected_to_and_stored_whole(sandbox, stored):
    noise = Image.frombytes("RGB", (1400, 1300), random.Random(1).randbytes(1400 * 1300 * 3))
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert file.tell() > 5_000_000
    stored.put_object(Bucket="originals", Key="noise.png", Body=file.getvalue())
    answer = get(sandbox, "/whole/noise.png")
    assert (answer.status, answer["Cache-Control"], answer.body) == (302, "no-store", b"")
    kept = stored.get_object(Bucket="service", Key=answer["Location"].removeprefix("/"))
    assert (kept["ContentType"], kept["Metadata"]["cache-tag"][:6]) == ("image/png", "image:")
    with Image.open(io.BytesIO(kept["Body"].read())) as picture:
        assert picture.convert("RGB").tobytes() == noise.tobytes()


@pytest.mark.parametrize(
    ("target", "status", "word"),
    [
        ("/pictures/missing.jpg", 404, "unknown_original"),
        ("/nothing/one.jpg", 404, "unknown_alias"),
        ("/pictures/%ff.jpg", 400, "bad_path"),
        ("/pictures/../one.jpg", 400, "bad_path"),
        ("/pictures/broken.jpg", 422, "broken_picture"),
        ("/pictures/vector.svg", 415, "unsupported_format"),
    ],
)
def test_errors_are_json_with_a_sentence(sandbox, stored, target, status, word):
    stored.put_object(Bucket="originals", Key="broken.jpg", Body=ORIGINAL[:2000])
    stored.put_object(Bucket="originals", Key="vector.svg", Body=b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = get(sandbox, target)
    assert (answer.status, answer["Content-Type"]) == (status, "application/json")
    said = json.loads(answer.body)
    assert (said["error"], said["request_id"]) == (word, answer["X-Request-Id"])


def test_another_method_is_refused(sandbox):
    answer = get(sandbox, "/pictures/one.jpg", "POST", b"x=1")
    assert (answer.status, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_who_did_not_come_through_cloudfront_is_refused(sandbox):
    answer = ask(sandbox, "/pictures/one.jpg")
    assert (answer.status, json.loads(answer.body)["error"]) == (403, "not_from_cdn")


def test_nothing_can_be_written_beside_the_code(sandbox):
    with pytest.raises(FunctionError, match="Read-only file system" if namespace() else "Permission denied"):
        sandbox.invoke({"raw_command": "import os; open(os.environ['LAMBDA_TASK_ROOT'] + '/x', 'w')"})


def test_a_function_whose_secret_is_missing_does_not_start_and_says_which(package, s3, stored, tmp_path):
    secret = "secretsmanager:imageservice/nowhere#ORIGIN_SECRET"
    sandbox = Sandbox(package, tmp_path, ENVIRONMENT="production", AWS_ENDPOINT_URL=s3.url, ORIGIN_SECRET=secret)
    try:
        with pytest.raises(FunctionError, match=f"ORIGIN_SECRET is to come from {secret}, but there is none"):
            sandbox.invoke(event("/healthz"))
    finally:
        sandbox.close()
