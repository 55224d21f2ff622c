"""Buckets of every kind that a deployment has, each with the rights that follow from it: one test for each kind."""

import json
from pathlib import Path
from typing import Any

import pytest

from aliases.aws import iam
from aliases.models import Bucket, BucketPlace
from deploy import stages
from rendering.catalogue.catalogue import Alias, Catalogue
from rendering.catalogue.catalogue import Bucket as Published
from rendering.imaging.encoding import Encoding
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.storage.place import Place
from tests.drawings import drawn
from tests.service import Service
from tests.values import KEYS

OURS = Place("s3", "ours", "-/d/"), Place("s3", "ours", "catalogue/")
RECIPE = Recipe(Geometry(width=90, height=90), Encoding(format="png"))
ROLE = "arn:aws:iam::210987654321:role/reads-pictures"
KEY = "arn:aws:kms:eu-central-1:210987654321:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = "arn:aws:kms:eu-west-1:210987654321:key/mrk-1234abcd12ab34cd56ef1234567890ab"
READERS = ["arn:aws:iam::123456789012:role/imageservice-production-eu-west-1"]


def published(*places: Place) -> Catalogue:
    buckets = [Published(f"bucket-{number}", place) for number, place in enumerate(places)]
    return Catalogue.of(1, buckets, [Alias("alias", 1, "bucket-0", RECIPE)])


def rights(*places: Place, plane: str = "images", **function: Any) -> dict[str, Any]:
    """The statements of a function's policy by their names."""
    policy = iam.policy(iam.Function(plane, *OURS, **function), published(*places))
    return {one["Sid"]: one for one in policy["Statement"]}


def test_several_buckets_are_each_read_and_nothing_else():
    found = rights(Place("s3", "photos"), Place("s3", "portraits", "people/"), Place("s3", "photos", "archive/"))
    assert found["ReadOriginals"]["Resource"] == [
        "arn:aws:s3:::photos/*",
        "arn:aws:s3:::photos/archive/*",
        "arn:aws:s3:::portraits/people/*",
    ]
    assert found["FindNoOriginal"]["Resource"] == ["arn:aws:s3:::photos", "arn:aws:s3:::portraits"]


def test_each_bucket_has_a_policy_of_its_own_for_its_owner():
    places = Place("s3", "photos"), Place("s3", "portraits", "people/")
    for place in places:
        (name,) = owned = iam.owners(place, published(*places), READERS)
        assert name == f"bucket policy of {place.location}"
        resources = [one for statement in owned[name]["Statement"] for one in statement["Resource"]]
        assert resources == [f"arn:aws:s3:::{place.location}/{place.prefix}*", f"arn:aws:s3:::{place.location}"]


def test_an_alias_is_bound_to_its_bucket(service: Service, tmp_path: Path):
    buckets = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.jpg").write_bytes(drawn())
        buckets.append(Published(name, Place("folder", str(tmp_path / name))))
    service.publish(Alias("bound", 1, "second", RECIPE), buckets=tuple(buckets))
    assert service.get("/bound/second.jpg").status_code == 200
    assert service.get("/bound/first.jpg").status_code == 404


@pytest.mark.django_db
def test_a_bucket_has_a_place_in_each_environment_and_so_in_each_account():
    bucket = Bucket.objects.create(name="photos")
    for environment, account in (("staging", "111111111111"), ("production", "222222222222")):
        BucketPlace.objects.create(
            bucket=bucket,
            environment=environment,
            kind="s3",
            location=f"acme-{environment}",
            role_arn=f"arn:aws:iam::{account}:role/reads",
        )
    for environment, account in (("staging", "111111111111"), ("production", "222222222222")):
        place = bucket.frozen(environment).place
        assert place
        found = rights(place)
        assert found["AssumeRoles"]["Resource"] == [f"arn:aws:iam::{account}:role/reads"]
        assert "ReadOriginals" not in found


def test_a_bucket_of_another_account_is_read_by_its_role():
    place = Place("s3", "theirs", "open/", "eu-central-1", role_arn=ROLE, external_id="42")
    assert rights(place)["AssumeRoles"]["Resource"] == [ROLE]
    owned = iam.owners(place, published(place), READERS)
    assert sorted(owned) == [f"permissions policy of {ROLE}", f"trust policy of {ROLE}"]
    (trust,) = owned[f"trust policy of {ROLE}"]["Statement"]
    assert trust["Principal"] == {"AWS": READERS}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": ["42"]}}


# --- Buckets that a key of KMS encrypts


def test_an_encrypted_bucket_is_decrypted_with_its_own_key_and_for_s3_alone():
    plain, encrypted = Place("s3", "plain"), Place("s3", "sealed", kms_key=KEY)
    assert "DecryptOriginals" not in rights(plain)
    for plane in ("images", "admin"):
        found = rights(plain, encrypted, plane=plane)["DecryptOriginals"]
        assert (found["Action"], found["Resource"]) == (["kms:Decrypt"], [KEY])
        assert found["Condition"] == {"StringLike": {"kms:ViaService": "s3.*"}}


def test_the_key_of_a_bucket_in_another_account_has_to_let_our_functions_in():
    place = Place("s3", "theirs", kms_key=KEY)
    owned = iam.owners(place, published(place, Place("s3", "else", kms_key=OTHER_KEY)), READERS)
    assert sorted(owned) == ["bucket policy of theirs", f"key policy of {KEY}"]
    (statement,) = owned[f"key policy of {KEY}"]["Statement"]
    assert statement["Principal"] == {"AWS": READERS}
    assert (statement["Action"], statement["Resource"]) == (["kms:Decrypt"], ["*"])
    assert "kms:Decrypt" not in json.dumps(owned["bucket policy of theirs"])  # S3 knows no such right


def test_a_role_of_another_account_decrypts_for_us():
    place = Place("s3", "theirs", role_arn=ROLE, kms_key=KEY)
    assert "DecryptOriginals" not in rights(place)
    granted = iam.owners(place, published(place), READERS)[f"permissions policy of {ROLE}"]["Statement"]
    assert {one["Sid"]: one["Resource"] for one in granted}["DecryptOriginals"] == [KEY]


# --- What IAM takes


@pytest.mark.parametrize("key", KEYS)
def test_a_policy_has_no_character_that_iam_refuses_whatever_the_prefix(key):
    policy = json.dumps(rights(Place("s3", "photos", f"{key}/")), ensure_ascii=False)
    assert max(policy) <= "ÿ"


def test_a_prefix_that_a_policy_cannot_spell_is_allowed_with_anything_in_its_place():
    found = rights(Place("s3", "photos", "写真/a写/"))["ReadOriginals"]["Resource"]
    assert found == ["arn:aws:s3:::photos/*/a*/*"]


# --- The rest of the deployment


@pytest.mark.parametrize("name", stages.deployable(stages.read()))
def test_every_api_is_regional(name):
    assert stages.stage(name, stages.read()).settings["endpoint_configuration"] == ["REGIONAL"]


@pytest.mark.parametrize(("detector", "allowed"), [("rekognition", True), ("yunet", False), ("none", False)])
def test_faces_by_rekognition_have_their_right_only_where_it_is_the_detector(detector, allowed):
    for plane in ("images", "admin"):
        assert ("DetectFaces" in rights(Place("s3", "photos"), plane=plane, detector=detector)) is allowed
