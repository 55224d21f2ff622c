"""A visual quality: what is measured for it, on which pictures, when again; and what is published of it."""

import io
import urllib.request
from itertools import count
from types import SimpleNamespace

import boto3
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from aliases.drafts import content
from aliases.drafts.calibration import Calibration
from aliases.drafts.words import in_words
from aliases.models import Alias, BucketPlace, Revision
from aliases.pictures import measuring
from aliases.publishing.publishing import differences, publish, roll_back
from rendering.catalogue import catalogue
from rendering.catalogue.alias import read_alias
from rendering.imaging.quality.similarity import ssim
from rendering.storage.factory import configured
from rendering.storage.s3 import clients
from tests.drawings import drawn, photograph
from tests.rendering.moto_server import MotoServer

pytestmark = pytest.mark.django_db


def measured(alias: Alias, **changes: object) -> Alias:
    """The alias as the database has it once it is measured."""
    Alias.objects.filter(pk=alias.pk).update(**changes)
    alias = Alias.objects.get(pk=alias.pk)
    list(measuring.steps(alias))
    return Alias.objects.get(pk=alias.pk)


def found_for(alias: Alias, **changes: object) -> Calibration:
    found = measured(alias, **changes).measured()
    assert found
    return found


def likeness(answer: bytes, content: bytes) -> float:
    one, other = (Image.open(io.BytesIO(file)) for file in (answer, content))
    return ssim(one, other)


def test_what_is_published_keeps_the_visual_quality_in_every_format(wall, service, committed):
    """Every picture that was measured, in every format as viewers get it, held against a PNG of the same recipe."""
    wall = measured(wall)
    with committed():
        publish(wall, None)
    truth = Alias.objects.create(name="truth", bucket=wall.bucket, width=120, format="png")
    with committed():
        publish(truth, None)
    found = wall.measured()
    assert found
    assert found.samples == ("people/ann.jpg", "people/bob.jpg")
    for accept in ("image/avif", "image/webp", "image/jpeg"):
        for key in found.samples:
            answer = service.get(f"/wall/{key}", accept=accept)
            assert likeness(answer.content, service.get(f"/truth/{key}").content) >= 0.93 - 1e-6, (accept, key)
    assert set(found.qualities) == {"jpeg", "webp", "avif"}
    encoding = Revision.objects.get(alias=wall).content["recipe"]["encoding"]
    assert {name: encoding[f"{name}_quality"] for name in found.qualities} == found.qualities


def test_the_picture_that_takes_most_decides(wall, service):
    both = found_for(wall, prefix="people/", sample="ann.jpg")
    (service.originals / "people/bob.jpg").unlink()
    alone = found_for(wall, calibration=None)
    assert len(both.lines()) == len(both.qualities) == 3
    for line in both.lines():
        assert (line.worst, line.reached) == ("people/bob.jpg", True)
        assert 0.93 <= line.ssim <= line.sample.ssim
    assert alone.samples == ("people/ann.jpg",)
    assert all(alone.qualities[name] < both.qualities[name] for name in both.qualities)


def test_each_picture_is_looked_at_with_the_qualities_of_all(wall):
    found = found_for(wall)
    assert set(found.qualities) == {"jpeg", "webp", "avif"}
    for name, quality in found.qualities.items():
        assert [one.quality for one in found.measures[name] if one] == [quality, quality]
        assert found.defaults[name].quality == (60 if name == "avif" else 80)


def test_the_catalogue_says_nothing_of_the_measuring_and_the_data_plane_serves_the_qualities(wall, committed):
    with committed():
        publish(measured(wall), None)
    stored = configured("catalogue").read(catalogue.NAME)
    document = stored.content.decode() if stored else ""
    assert '"wall"' in document
    assert "bob" not in document
    assert "calibration" not in document
    alias = read_alias("wall", {"revision": 1, **Revision.objects.get().content})
    assert alias.recipe.encoding.jpeg_quality == found_for(wall).qualities["jpeg"]


def test_an_unmeasured_draft_is_not_published(wall):
    with pytest.raises(ValidationError, match="is not measured yet"):
        publish(wall, None)
    publish(measured(wall), None)


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({"width": 119}, True),
        ({"ssim": 0.94}, True),
        ({"filters": "blur(1)"}, True),
        ({"background": "000000"}, True),
        ({"format": "webp"}, True),
        ({"sample": "people/bob.jpg"}, True),
        ({"max_age": 1, "dprs": "2", "fallback": "cat.jpg", "label": "x"}, False),
    ],
)
def test_it_is_measured_again_when_that_changes_which_decides_it(wall, changes, again):
    wall = measured(wall)
    assert measuring.due(wall) is None
    Alias.objects.filter(pk=wall.pk).update(**changes)
    assert (measuring.due(Alias.objects.get(pk=wall.pk)) is not None) == again


def test_a_draft_that_asks_for_what_is_live_is_unchanged_and_not_measured_again(wall):
    publish(measured(wall), None)
    # Whatever was noted for drafts in between.
    Alias.objects.update(calibration=None, sample="people/bob.jpg")
    wall = Alias.objects.get()
    assert measuring.due(wall) is None
    assert not wall.differs()
    assert "unchanged since revision 1" in publish(wall, None).sentence
    assert content.fingerprint(wall.content()) == content.fingerprint(wall.live.content)


def test_measured_again_on_purpose_it_differs_when_other_qualities_are_found(wall, service):
    service.put("people/bob.jpg", photograph(contrast=20))
    publish(measured(wall), None)
    before = found_for(wall).qualities
    wall = Alias.objects.get()
    list(measuring.steps(wall, anew=True))
    assert not Alias.objects.get().differs()
    service.put("people/bob.jpg", photograph(contrast=120))
    list(measuring.steps(wall, anew=True))
    wall = Alias.objects.get()
    after = found_for(wall).qualities
    assert all(before[name] < after[name] for name in before)
    assert wall.differs()
    told = differences(wall.live.content, wall.content())
    assert f"JPEG quality: {before['jpeg']}, measured → {after['jpeg']}, measured" in told
    outcome = publish(wall, None, "wilder pictures")
    assert outcome.tags == ("alias:wall",)
    # The older qualities come back with the older revision, and the draft then would change them.
    roll_back(wall, Revision.objects.get(number=1), None)
    wall = Alias.objects.get()
    assert wall.live.content["recipe"]["encoding"]["jpeg_quality"] == before["jpeg"]
    assert wall.differs()


def test_differences_and_recipes_are_told_in_words(wall):
    wall = measured(wall)
    found = wall.measured()
    jpeg, webp, avif = (found.qualities[name] for name in ("jpeg", "webp", "avif"))
    words = f"JPEG {jpeg}, WebP {webp}, AVIF {avif}: measured on 2 pictures"
    assert str(found) == words
    assert (
        in_words(wall.content())
        == f"120 wide, height follows; best format for the browser; visual quality 0.93 ({words})"
    )
    assert f"JPEG quality: {jpeg}, measured" in differences(None, wall.content())
    assert "visual quality (SSIM): 0.93" in differences(None, wall.content())
    by_hand = Alias(name="b", bucket=wall.bucket, width=120, format="auto", jpeg_quality=70)
    assert differences(by_hand.content(), wall.content()) == [
        f"JPEG quality: 70 → {jpeg}, measured",
        f"WebP quality: default → {webp}, measured",
        f"AVIF quality: default → {avif}, measured",
        "visual quality (SSIM): none → 0.93",
    ]
    wall.width = 119
    assert in_words(wall.content()).endswith("visual quality 0.93 (to be measured)")
    assert "JPEG quality: 70 → to be measured" in differences(by_hand.content(), wall.content())


def test_what_cannot_be_read_is_left_out_and_told(wall, service):
    service.put("people/cut.jpg", drawn()[:300])
    service.put("people/no-picture.jpg", b"text")
    service.put("people/small.jpg", drawn(400, 5))
    found = found_for(wall)
    assert found.samples == ("people/ann.jpg", "people/bob.jpg")
    assert {key: why.split()[0] for key, why in found.left_out.items()} == {
        "people/cut.jpg": "The",
        "people/no-picture.jpg": "The",
        "people/small.jpg": "The",
    }
    assert "11 x 11" in found.left_out["people/small.jpg"]


def test_when_the_sample_cannot_be_measured_that_is_told_and_nothing_goes_on(wall, service):
    (service.originals / "people/ann.jpg").unlink()
    with pytest.raises(ValidationError, match="no such original"):
        measured(wall)
    wall = Alias.objects.get()
    due = measuring.due(wall)
    assert due
    assert due.trouble
    assert not measuring.unfinished(wall)
    service.put("people/ann.jpg", photograph())
    assert found_for(wall).samples[0] == "people/ann.jpg"


def test_no_picture_is_begun_when_the_time_is_over_but_the_sample_is(wall, monkeypatch):
    monkeypatch.setattr(measuring, "MOST_SECONDS", -1)
    found = found_for(wall)
    assert found.samples == ("people/ann.jpg",)
    assert found.left_out == {"people/bob.jpg": "Not begun after -1 seconds."}
    assert str(found).endswith("measured on one picture")


def test_a_target_that_no_quality_reaches_gets_the_highest_and_says_so(wall):
    found = found_for(wall, ssim=0.995, format="jpeg")
    (line,) = found.lines()
    assert (line.quality, line.reached) == (95, False)
    assert line.saved < 0 < line.more


# --- Which pictures


def chosen(alias: Alias) -> list[str]:
    bucket = alias.bucket.frozen("local")
    return measuring.neighbours(bucket, alias.prefix, alias.prefix + alias.sample)


def test_pictures_are_spread_over_the_samples_folder(wall, service):
    for number in range(20):
        service.put(f"people/{number:02}.png")
    service.put("people/notes.txt", b"text")
    service.put("places/x.jpg")
    assert chosen(wall) == ["people/00.png", "people/04.png", "people/08.png", "people/12.png", "people/16.png"]


def test_where_the_sample_is_alone_in_its_folder_the_next_one_above_is_looked_into(wall, service):
    service.put("users/1/a/image.jpg")
    service.put("users/2/a/image.jpg")
    service.put("users/2/b/image.jpg")
    service.put("other/image.jpg")
    wall.sample = "users/1/a/image.jpg"
    assert chosen(wall) == ["users/2/a/image.jpg", "users/2/b/image.jpg"]
    wall.prefix, wall.sample = "users/1/", "a/image.jpg"
    assert chosen(wall) == []


def test_keys_without_an_ending_are_pictures_where_there_are_no_others(wall, service):
    service.put("hashes/aa01")
    service.put("hashes/aa02")
    wall.sample = "hashes/aa01"
    assert chosen(wall) == ["hashes/aa02"]


# --- In S3


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch):
    server = MotoServer()
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "AKIAOWNACCOUNTKEY000",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    # What moto keeps is the process's, not the server's.
    urllib.request.urlopen(urllib.request.Request(f"{server.url}/moto-api/reset", method="POST")).close()
    clients.forget()
    yield server
    clients.forget()
    server.stop()


@pytest.fixture
def in_s3(wall, aws) -> Alias:
    client = boto3.client("s3")
    client.create_bucket(Bucket="acme-photos")
    for key, contrast in (("ann", 40), ("bob", 120), ("cec", 60)):
        client.put_object(Bucket="acme-photos", Key=f"originals/people/{key}.jpg", Body=photograph(contrast=contrast))
    BucketPlace.objects.update(kind="s3", location="acme-photos", prefix="originals/")
    aws.clear()
    return Alias.objects.get(pk=wall.pk)


def test_it_is_measured_on_originals_in_s3(in_s3):
    found = found_for(in_s3)
    assert found.samples == ("people/ann.jpg", "people/bob.jpg", "people/cec.jpg")


def test_where_the_bucket_may_not_be_listed_the_sample_alone_is_measured(in_s3, aws):
    aws.fault = lambda request: (
        ("403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>")
        if request.path.rstrip("/") == "/acme-photos"
        else None
    )
    assert found_for(in_s3).samples == ("people/ann.jpg",)


def test_short_steps_add_up_to_the_seconds_that_measuring_took(wall, monkeypatch):
    ticks = count()
    monkeypatch.setattr(measuring, "time", SimpleNamespace(monotonic=lambda: 0.4 * next(ticks)))
    first = measuring.step(wall)
    assert 0 < first.seconds < 1
    assert measuring.step(wall).seconds >= first.seconds + 0.4
