"""Every row of the table of causes, provoked for real: whose fault it is, what is told, and what no cache keeps.

In buckets whose originals may change, which are asked by HEAD first, and in immutable ones, which are not.
"""

import os
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from msgspec.structs import replace

from rendering.catalogue import catalogue
from rendering.catalogue.catalogue import Alias
from rendering.dialects import raw_path, signing
from rendering.dialects.signing import sign
from rendering.http import causes
from rendering.http.causes import CAUSES, SERVICE
from rendering.imaging import errors as imaging
from rendering.imaging.filters import FILTERS
from rendering.pictures import derivatives, originals
from rendering.storage import bulkhead
from rendering.storage import errors as storage
from rendering.storage.place import Place
from rendering.storage.s3 import clients
from rendering.storage.s3.second_looks import SecondLooks
from rendering.workers import errors as workers
from tests.drawings import drawn, opened
from tests.rendering.played_s3 import Refusal
from tests.rendering.world import NONE, ONE, OURS, OWN, PLACE, RECIPE, SIGNED_BY, SMALL, World
from tests.service import forget, seats_taken

# --- One provocation for each row, which answers with what a viewer gets

Provocation = Callable[[World], Any]
PROVOCATIONS: dict[type[BaseException], Provocation] = {}


def provokes(cause: type[BaseException]) -> Callable[[Provocation], Provocation]:
    def add(provocation: Provocation) -> Provocation:
        PROVOCATIONS[cause] = provocation
        return provocation

    return add


def asking(raw: str, **headers: str) -> Provocation:
    return lambda world: world.get(raw, **headers)


def refusing(code: str, status: int, *, url: str = ONE, bucket: str = OWN, message: str = "") -> Provocation:
    return lambda world: world.refused(code, status, url=url, bucket=bucket, message=message)


PROVOCATIONS |= {
    raw_path.BadPath: asking("/own/a%00b.jpg"),
    imaging.BadRecipe: asking("/unsafe/filters:watermark(one.png,0,0,0)/photos/one.jpg"),
    originals.MissingOverlay: asking("/unsafe/filters:watermark(photos/none.png,0,0,0)/photos/one.jpg"),
    signing.WrongSignature: asking(f"/{sign(SIGNED_BY, 'other')}/photos/one.jpg"),
    catalogue.UnknownAlias: asking("/nobody/one.jpg"),
    catalogue.UnknownBucket: asking("/unsafe/nobody/one.jpg"),
    originals.MissingOriginal: asking(SMALL),
    derivatives.UnknownDerivative: asking(f"/-/d/photos/{'0' * 32}/{'0' * 16}.{'0' * 16}"),
    signing.Expired: asking("/unsafe/filters:expire(1)/photos/one.jpg"),
    storage.BadCredentials: refusing("ExpiredToken", 400),
    storage.WrongClock: refusing("RequestTimeTooSkewed", 403),
    storage.ClosedAccount: refusing("AllAccessDisabled", 403),
    storage.Encrypted: refusing("KMS.DisabledException", 400),
    storage.RequesterPays: refusing("AccessDenied", 403, message="The bucket is requester pays"),
    storage.Misconfigured: refusing("NoSuchBucket", 404),
    storage.Nonsense: refusing("Teapot", 418),
    storage.Away: refusing("SlowDown", 503),
    storage.TooLate: refusing("RequestTimeout", 400),
}


@provokes(signing.UnsafeNotAllowed)
def _(world: World) -> Any:
    world.settings.ALLOW_UNSAFE_URL = False
    return world.get("/unsafe/photos/one.jpg")


@provokes(causes.NotFromCdn)
def _(world: World) -> Any:
    world.settings.ORIGIN_SECRET = "what the CDN says to us"
    return world.get(ONE)


@provokes(causes.HostNotAllowed)
def _(world: World) -> Any:
    if world.settings.PLANE == "images":
        pytest.skip("there is no admin in this plane")
    return world.get("/admin/", host="elsewhere.example")


@provokes(causes.AddressNotAllowed)
def _(world: World) -> Any:
    if world.settings.PLANE == "images":
        pytest.skip("there is no admin in this plane")
    world.settings.ADMIN_NETWORKS = [ip_network("192.0.2.0/24")]
    return world.get("/admin/")


@provokes(causes.MethodNotAllowed)
def _(world: World) -> Any:
    return world.service.get(ONE, "POST")


@provokes(originals.ArchivedOriginal)
def _(world: World) -> Any:
    world.s3.put(OWN, "one.jpg", drawn(), archived=True)
    return world.get(ONE)


@provokes(originals.ArchivedOverlay)
def _(world: World) -> Any:
    world.s3.put(OWN, "logo.png", drawn(), archived=True)
    return world.get("/unsafe/filters:watermark(photos/logo.png,0,0,0)/photos/one.jpg")


@provokes(imaging.UnsupportedFormat)
def _(world: World) -> Any:
    world.s3.put(OWN, "one.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    return world.get(ONE)


@provokes(imaging.BrokenPicture)
def _(world: World) -> Any:
    world.s3.put(OWN, "one.jpg", drawn()[:-500])
    return world.get(ONE)


@provokes(imaging.TooLarge)
def _(world: World) -> Any:
    world.settings.MAX_BYTES = 100
    return world.get(ONE)


@provokes(causes.Unexpected)
def _(world: World) -> Any:
    world.monkeypatch.setattr(derivatives, "want", lambda *asked: 1 / 0)
    return world.get(ONE)


@provokes(imaging.BadDocument)
def _(world: World) -> Any:
    def fault(*asked: Any) -> None:
        raise imaging.BadDocument(OWN)

    world.monkeypatch.setattr(derivatives, "want", fault)  # whoever reads a document handles it
    return world.get(ONE)


@provokes(derivatives.TooLargeToCarry)
def _(world: World) -> Any:
    world.settings.MAX_RESPONSE_BYTES = 33_000
    elsewhere = world.get(ONE)
    assert elsewhere.status_code == 302
    return world.get(elsewhere["Location"])


@provokes(originals.DeniedOriginal)
def _(world: World) -> Any:
    if os.geteuid() != 0:
        pytest.skip("only root may be another user for a moment")
    world.service.put("one.jpg").chmod(0o600)
    world.publish(place=Place("folder", str(world.service.originals)))
    world.service.originals.chmod(0o755)
    world.get("/nobody")  # what the process looks at when it starts
    os.seteuid(65534)
    try:
        return world.get(ONE)
    finally:
        os.seteuid(0)


@provokes(originals.NoPlace)
def _(world: World) -> Any:
    world.publish(place=None)
    return world.get(ONE)


@provokes(originals.LostOverlay)
def _(world: World) -> Any:
    marked = replace(RECIPE, filters=FILTERS.read("watermark(photos/gone.png,0,0,0)"))
    world.publish(Alias("marked", 1, "photos", marked, fallback="fallback.jpg"))
    return world.get("/marked/one.jpg")


@provokes(storage.Denied)
def _(world: World) -> Any:
    denied = Refusal(403, "AccessDenied")
    world.s3.refusing = lambda asked: denied if asked.key.startswith("derivatives/") else None
    return world.get(ONE)


@provokes(storage.Missing)
def _(world: World) -> Any:
    world.get(ONE)
    world.settings.CATALOGUE_MAX_AGE = 60
    del world.s3.kept[OURS, "catalogue/catalogue.json"]
    return world.get("/readyz")


@provokes(storage.Archived)
def _(world: World) -> Any:
    world.get(ONE)
    archive(world)
    return world.get("/readyz")


@provokes(storage.Changed)
def _(world: World) -> Any:
    def overwrite(asked: Any) -> None:
        if asked.method == "GET" and asked.bucket == OWN:
            world.s3.put(OWN, "one.jpg", drawn(300 + len(world.s3.asked), 200))

    if world.immutable:
        pytest.skip("nobody asks whether it changed")
    world.s3.refusing = overwrite
    return world.get(ONE)


@provokes(workers.Busy)
def _(world: World) -> Any:
    world.settings.DEADLINE = 3  # time enough for a busy machine to find and read the original
    with seats_taken():
        return world.get(ONE)


@provokes(storage.LeftAlone)
def _(world: World) -> Any:
    world.monkeypatch.setattr(bulkhead, "SLOW", 0)
    world.monkeypatch.setattr(bulkhead, "TIMEOUTS", 1)
    world.refused("RequestTimeout", 408)
    return world.get(ONE)


@provokes(catalogue.NoCatalogue)
def _(world: World) -> Any:
    del world.s3.kept[OURS, "catalogue/catalogue.json"]
    return world.get(ONE)


@provokes(catalogue.UnreadCatalogue)
def _(world: World) -> Any:
    return world.refused("ExpiredToken", 400, bucket=OURS)


@provokes(catalogue.UnreadableRevision)
def _(world: World) -> Any:
    change_catalogue(world, b'"format":"png"', b'"format":"tga"')
    return world.get(ONE)


@provokes(catalogue.UnreadableBucket)
def _(world: World) -> Any:
    change_catalogue(world, b'"kind":"s3"', b'"kind":["s3"]')
    return world.get(ONE)


def change_catalogue(world: World, old: bytes, new: bytes) -> None:
    stored = world.s3.kept[OURS, "catalogue/catalogue.json"]
    content = stored.content
    assert old in content
    stored.content = content.replace(old, new)


def archive(world: World) -> None:
    """What a lifecycle rule does to whatever is kept."""
    for (bucket, key), stored in world.s3.kept.items():
        stored.archived = bucket == OURS and key.startswith("derivatives/")


# --- What is told


def test_every_cause_is_provoked():
    assert set(PROVOCATIONS) == set(CAUSES)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_each_cause_is_told_as_what_it_is(world, cause):
    row = CAUSES[cause]
    response = PROVOCATIONS[cause](world)
    if response.request["PATH_INFO"] == "/readyz":  # where no viewer meets it
        assert (response.status_code, row.state in response.content.decode()) == (503, True)
        return
    told = response.json()
    codes = {vars(one)["code"] for one in (cause, *cause.__subclasses__()) if "code" in vars(one)} or {cause.code}
    assert (response.status_code, told["error"] in codes) == (row.status, True), told
    assert told["message"] == row.sentence if row.sentence else told["message"]
    if row.whose == SERVICE or row.status >= 500:
        assert response["Cache-Control"] == "no-store"
    elif cause not in (
        causes.NotFromCdn,
        causes.HostNotAllowed,
        causes.AddressNotAllowed,
    ):  # what another address answers is none of a cache's
        assert response["Cache-Control"] == "public, max-age=10"
    for physical in (OWN, OURS, "one.jpg" if row.whose == SERVICE else OWN):
        assert physical.encode() not in response.content


#: What S3 says of faults of ours, and the word that viewers can test for.
OURSELVES = [
    ("ExpiredToken", 400, "played", "storage_credentials"),
    ("InvalidAccessKeyId", 403, "played", "storage_credentials"),
    ("SignatureDoesNotMatch", 403, "played", "storage_credentials"),
    ("InvalidToken", 400, "played", "storage_credentials"),
    ("TokenRefreshRequired", 400, "played", "storage_credentials"),
    ("AuthorizationHeaderMalformed", 400, "a non-empty Access Key must be provided", "storage_credentials"),
    ("AuthorizationHeaderMalformed", 400, "the region 'eu-west-1' is wrong", "storage_misconfigured"),
    ("RequestTimeTooSkewed", 403, "played", "storage_clock"),
    ("AccountProblem", 403, "played", "storage_account"),
    ("NotSignedUp", 403, "played", "storage_account"),
    ("AllAccessDisabled", 403, "played", "storage_account"),
    ("KMS.DisabledException", 400, "played", "storage_encrypted"),
    ("KMS.AccessDeniedException", 403, "played", "storage_encrypted"),
    ("AccessDenied", 403, "not authorized to perform: kms:Decrypt on the resource", "storage_encrypted"),
    ("InvalidRequest", 400, "stored using a form of Server Side Encryption", "storage_encrypted"),
    ("AccessDenied", 403, "Requester Pays: send x-amz-request-payer", "storage_requester_pays"),
    ("NoSuchBucket", 404, "played", "storage_misconfigured"),
    ("PermanentRedirect", 301, "played", "storage_misconfigured"),
    ("SomethingNew", 403, "played", "storage_nonsense"),
    ("SomethingNew", 404, "played", "storage_nonsense"),
    ("SlowDown", 503, "played", "storage_away"),
    ("InternalError", 500, "played", "storage_away"),
]


@pytest.mark.parametrize(("code", "status", "message", "told"), OURSELVES)
def test_a_fault_of_ours_is_never_a_missing_original_nor_covered_by_a_fallback(world, code, status, message, told):
    for url in (ONE, NONE, "/-/info/own/one.jpg"):
        response = world.refused(code, status, url=url, message=message)
        assert (response.status_code >= 500, response.json()["error"]) == (True, told)
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", ["AccessDenied", "NoSuchKey"])
def test_a_bare_refusal_may_mean_a_missing_original(world, caplog, code):
    refuse = {"AccessDenied": 403, "NoSuchKey": 404}[code]
    resource = 'not authorized on resource: "arn:aws:s3:::physical-kms/kms:Decrypt requester pays.jpg"'
    response = world.refused(code, refuse, url="/bare/kms:Decrypt%20requester%20pays.jpg", message=resource)
    assert (response.status_code, response.json()["error"]) == (404, "unknown_original")
    assert response["Cache-Control"] == "public, max-age=10"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]  # visitors choose the key


def test_a_missing_original_has_the_fallback_picture(world):
    response = world.get(NONE)
    assert response.status_code == 404
    assert opened(response).size == (90, 90)


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestTimeTooSkewed", "NoSuchBucket"])
def test_an_overlay_in_trouble_is_told_as_an_original_is(world, code):
    world.s3.put(OWN, "logo.png", drawn())
    url = "/unsafe/filters:watermark(photos/logo.png,0,0,0)/photos/one.jpg"
    assert world.get(url).status_code == 200
    response = world.refused(code, 403, url=url)
    assert (response.status_code, response["Cache-Control"]) == (502, "no-store")


def test_overlays_may_together_be_as_large_as_one_original(world):
    marks = [f"mark-{number}.png" for number in range(3)]
    url = "/unsafe/filters:" + ":".join(f"watermark(photos/{mark},0,0,0)" for mark in marks) + "/photos/one.jpg"
    for mark in marks:
        world.s3.put(OWN, mark, drawn().ljust(10_000, b"\0"))
    world.settings.MAX_BYTES = 29_999
    refused = world.get(url)
    assert refused.status_code == 422
    assert b"laid over this one have more than" in refused.content
    world.settings.MAX_BYTES = 30_000
    assert world.get(url).status_code == 200


def test_who_asks_head_for_many_missing_keys_is_soon_asked_for_once(world):
    if world.immutable:
        pytest.skip("there is no HEAD")
    world.refuse("AccessDenied", 403)
    for number in range(40):
        assert world.get(f"/bare/{number}.jpg").status_code == 404
    methods = world.s3.methods(OWN)
    assert methods.count("HEAD") == 40
    assert methods.count("GET") == SecondLooks.MOST


def test_in_a_flood_a_fault_of_ours_stays_one(world):
    world.refuse("ExpiredToken", 400)
    assert {world.get(f"/own/{number}.jpg").status_code for number in range(40)} == {502}


def test_a_role_that_cannot_be_assumed_is_our_fault(world):
    world.publish(place=replace(PLACE, role_arn="arn:aws:iam::111122223333:role/reader"))
    world.s3.refusing = lambda asked: None if asked.bucket else Refusal(403, "AccessDenied")
    assert world.get(ONE).json()["error"] == "storage_credentials"


@pytest.mark.parametrize("wrong", ["none", "process", "riddles", "profile"])
def test_credentials_that_cannot_be_had_are_our_fault(world, tmp_path, wrong):
    config = tmp_path / "config"
    world.get(ONE)  # the catalogue is read
    world.settings.CATALOGUE_MAX_AGE = 60
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        world.monkeypatch.delenv(name)
    world.monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    world.monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    world.monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    config.write_text({
        "none": "",
        "process": "[default]\ncredential_process = /no/such/program\n",
        "riddles": "[default]\ncredential_process = /bin/echo riddles\n",
        "profile": "",
    }[wrong])  # fmt: skip
    if wrong == "profile":
        world.monkeypatch.setenv("AWS_PROFILE", "nobody")
    clients.forget()
    response = world.get(ONE)
    assert (response.status_code, response.json()["error"]) == (502, "storage_credentials")


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [("AccessDenied", 403, "denies"), ("ExpiredToken", 400, "credentials"), ("SlowDown", 503, "busy"),
     ("NoSuchBucket", 404, "not where"), ("InvalidObjectState", 403, "archived")],
)  # fmt: skip
def test_what_is_published_is_never_said_to_be_nothing_when_it_cannot_be_read(world, code, status, word):
    for url in (ONE, "/nobody", "/unsafe/photos/one.jpg"):
        response = world.refused(code, status, bucket=OURS, url=url)
        assert response.status_code == 503
        assert "yet" not in response.json()["message"]
        assert word in response.json()["message"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'{"serial": "x"}', b"\xff\xfe", b"<html>"])
def test_a_catalogue_that_is_none_is_said_to_be_that(world, content):
    world.s3.put(OURS, "catalogue/catalogue.json", content)
    message = world.get(ONE).json()["message"]
    assert "yet" not in message
    assert "write_catalogue" in message


def test_a_store_that_fails_for_what_it_keeps_is_not_ready(world):
    world.get(ONE)
    assert world.get("/readyz").status_code == 200
    forget()
    world.get("/own/nobody-read-this")
    world.s3.refusing = lambda asked: (
        Refusal(400, "Riddle")
        if (asked.bucket, asked.key) in world.s3.kept and asked.key.startswith("derivatives/")
        else None
    )
    response = world.get("/readyz")
    assert response.status_code == 503
    assert "nonsense" in response.json()["checks"]["storage of derivatives"]


def test_a_store_that_lately_refused_a_write_is_not_ready(world):
    assert world.get("/readyz").status_code == 200
    forget()
    world.refuse("Riddle", 400, "PUT", bucket=OURS)
    world.get(ONE)
    response = world.get("/readyz")
    assert response.status_code == 503
    assert "nonsense" in response.json()["checks"]["storage of derivatives"]


def test_an_archived_derivative_is_made_anew_and_written_over(world):
    before = world.get(ONE)
    archive(world)
    assert world.get("/readyz").status_code == 503
    forget()
    again = world.get(ONE)
    assert (again.status_code, again.content) == (200, before.content)
    assert again["Cache-Control"] == before["Cache-Control"]
    assert not any(stored.archived for stored in world.s3.kept.values())
    world.s3.asked.clear()
    assert world.get(ONE).status_code == 200
    assert "PUT" not in world.s3.methods(OURS)


def test_a_derivative_of_an_original_that_was_archived_since_is_still_served(world):
    assert world.get(ONE).status_code == 200
    world.s3.kept[OWN, "one.jpg"].archived = True
    assert world.get(ONE).status_code == 200
