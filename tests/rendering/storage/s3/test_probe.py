"""What is said of an S3 bucket that refuses; test_storage.py has what is said of one that answers."""

import pytest
from botocore.exceptions import ClientError

from rendering.storage.errors import BadCredentials, Denied, StorageError
from rendering.storage.place import Place
from rendering.storage.s3.probe import sentence

ROLE = "arn:aws:iam::123456789012:role/reads-pictures"


def refused(error: StorageError, operation: str) -> StorageError:
    error.__cause__ = ClientError({"Error": {"Code": "AccessDenied"}}, operation)
    return error


@pytest.mark.parametrize(("external_id", "end"), [("", "name the service's role"), ("acme", "with this external id")])
def test_a_role_that_cannot_be_assumed_is_named_with_what_must_allow_it(external_id, end):
    place = Place("s3", "acme-photos", role_arn=ROLE, external_id=external_id)
    said = sentence(place, refused(BadCredentials(), "AssumeRole"))
    assert said.startswith(f"The role {ROLE} cannot be assumed (AccessDenied).")
    assert said.endswith(end)


@pytest.mark.parametrize(
    ("error", "operation"), [(BadCredentials(), "ListObjectsV2"), (Denied(), "AssumeRole"), (Denied(), "GetObject")]
)
def test_a_role_is_not_blamed_for_other_refusals(error, operation):
    assert "cannot be assumed" not in sentence(Place("s3", "acme-photos", role_arn=ROLE), refused(error, operation))
