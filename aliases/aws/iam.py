"""IAM policies: the least rights that the service's two functions need, and what other AWS accounts must grant them.

They are derived from the published catalogue, not from the database: it names exactly the buckets and aliases that are
served here, and it can be read where a deployment runs, which seldom reaches the database.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rendering.catalogue import parts
from rendering.catalogue.catalogue import NAME, Catalogue, UnreadableRevision
from rendering.imaging.focus.smart import REKOGNITION
from rendering.imaging.recipe import Defaults
from rendering.storage.place import Place

from . import waking

Statement = dict[str, Any]
#: A key is used for what S3 reads, and for nothing else.
BY_S3 = {"StringLike": {"kms:ViaService": "s3.*"}}


@dataclass(frozen=True, slots=True)
class Function:
    """One of the service's functions: what its rights depend on."""

    plane: str  # "images" or "admin"
    derivatives: Place
    catalogue: Place
    #: The ARN of the CloudFront distribution that publishing invalidates; empty where there is none.
    distribution: str = ""
    #: The detector of smart crops that choose none (`conf.detector`).
    detector: str = ""


def policy(function: Function, published: Catalogue, partition: str = "aws") -> dict[str, Any]:
    """The function's own policy. Logs, secrets and invocation do not depend on the catalogue; `deploy` grants them."""
    buckets = places_of(published)
    own = [place for place in buckets if not place.role_arn]
    roles = sorted({place.role_arn for place in buckets if place.role_arn})
    kept, catalogue = [function.derivatives], [function.catalogue]
    if function.plane == "images":
        statements = [
            allow("ReadCatalogue", ["s3:GetObject"], document_arns(catalogue, partition)),
            allow("KeepDerivatives", ["s3:GetObject", "s3:PutObject"], object_arns(kept, partition)),
            # Without it S3 answers 403 instead of 404 for missing objects, and most derivatives are missing at first. A
            # condition on s3:prefix would have the same effect: GetObject has no such key.
            allow("FindNoDerivative", ["s3:ListBucket"], bucket_arns(kept, partition)),
        ]
    else:
        statements = [
            allow(
                "PublishCatalogue",
                ["s3:GetObject", "s3:PutObject"],
                [*document_arns(catalogue, partition), *object_arns(catalogue, partition, waking.NAME)],
            ),
            allow("RemoveOldParts", ["s3:DeleteObject"], below(catalogue, partition, parts.FOLDER)),
            # It writes the focus of originals that the admin detects, which viewers' requests use as well.
            allow(
                "RemoveDerivatives", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], object_arns(kept, partition)
            ),
            # For listing what to remove, and for finding that nothing was published yet.
            allow("FindDerivativesAndNoCatalogue", ["s3:ListBucket"], bucket_arns(catalogue + kept, partition)),
            allow("PurgeCdn", ["cloudfront:CreateInvalidation"], filter(None, [function.distribution])),
        ]
    statements += [
        *read_statements(own, partition),
        *decrypt_statements(own),
        allow("AssumeRoles", ["sts:AssumeRole"], roles),
        # DetectFaces is given bytes, not a resource with an ARN.
        allow("DetectFaces", ["rekognition:DetectFaces"], ["*"] if detects(function, published) else []),
    ]
    return document(statements)


def read_statements(places: Sequence[Place], partition: str) -> list[Statement]:
    """Reading originals; and listing, without which S3 answers 403 instead of 404 for a missing one."""
    return [
        allow("ReadOriginals", ["s3:GetObject"], object_arns(places, partition)),
        allow("FindNoOriginal", ["s3:ListBucket"], bucket_arns(places, partition)),
    ]


def decrypt_statements(places: Sequence[Place]) -> list[Statement]:
    """Decrypting originals with the keys of their buckets, and only for S3. Without it S3 denies reading them."""
    keys = sorted({place.kms_key for place in places if place.kms_key})
    return [{**allow("DecryptOriginals", ["kms:Decrypt"], keys), "Condition": BY_S3}]


def owners(place: Place, published: Catalogue, readers: Sequence[str], partition: str = "aws") -> dict[str, Any]:
    """The policies that the account of a bucket must add for these readers (ARNs of roles), by what they are for."""
    if not place.role_arn:
        same = [other for other in places_of(published) if other.location == place.location and not other.role_arn]
        statements = [{**one, "Principal": {"AWS": list(readers)}} for one in read_statements(same, partition)]
        return {f"bucket policy of {place.location}": document(statements), **key_policies(same, readers)}
    same = [other for other in places_of(published) if other.role_arn == place.role_arn]
    trust: Statement = {
        "Sid": "BeAssumed",
        "Effect": "Allow",
        "Principal": {"AWS": list(readers)},
        "Action": "sts:AssumeRole",
    }
    if secrets := sorted({other.external_id for other in same if other.external_id}):
        trust["Condition"] = {"StringEquals": {"sts:ExternalId": secrets}}
    return {
        f"trust policy of {place.role_arn}": document([trust]),
        f"permissions policy of {place.role_arn}": document(
            [*read_statements(same, partition), *decrypt_statements(same)]
        ),
    }


def key_policies(places: Sequence[Place], readers: Sequence[str]) -> dict[str, Any]:
    """What the policies of the places' keys must add to what they say. In a key's policy, * is that key."""
    statement = {**allow("DecryptOriginals", ["kms:Decrypt"], ["*"]), "Condition": BY_S3}
    return {
        f"key policy of {key}": document([{**statement, "Principal": {"AWS": list(readers)}}])
        for key in sorted({place.kms_key for place in places if place.kms_key})
    }


def places_of(published: Catalogue) -> list[Place]:
    """The places of originals in AWS's own S3. IAM does not govern other S3 servers, nor folders."""
    places = (bucket.place for bucket in published.buckets.values())
    return [place for place in places if place and place.kind == "s3" and not place.endpoint_url]


def detects(function: Function, published: Catalogue) -> bool:
    """Whether Rekognition looks for faces: for every smart crop, or for those of a live revision."""
    return function.detector == REKOGNITION or any(chooses(published, name) for name in published.aliases)


def chooses(published: Catalogue, name: str) -> bool:
    """Whether the live revision of an alias chooses Rekognition itself."""
    try:
        alias = published.alias(name)
    except UnreadableRevision:  # it is not served
        return False
    # Without the deployment's detector, only a smart crop that chooses one itself remains.
    smart = alias.recipe.settled("any", Defaults(detector="")).geometry.smart if alias else None
    return bool(smart and smart.detector == REKOGNITION)


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """A policy of the statements that name a resource."""
    return {"Version": "2012-10-17", "Statement": [one for one in statements if one.get("Resource", True)]}


def allow(sid: str, actions: list[str], resources: Iterable[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": sorted(set(resources))}


def document_arns(catalogue: Sequence[Place], partition: str) -> list[str]:
    """The ARNs of the catalogue, of its parts, and of the documents with the overruled focus of buckets."""
    own = object_arns(catalogue, partition, NAME)
    return [*own, *below(catalogue, partition, parts.FOLDER), *below(catalogue, partition, "focus/")]


def below(places: Iterable[Place], partition: str, folder: str) -> list[str]:
    """The ARNs of all objects in a folder of places."""
    return [f"{arn}*" for arn in object_arns(places, partition, folder)]


def object_arns(places: Iterable[Place], partition: str, name: str = "") -> list[str]:
    """The ARNs of the objects at places: of the one with that name, or of all."""
    return [
        f"arn:{partition}:s3:::{place.location}/{escape(place.prefix + name)}{'' if name else '*'}"
        for place in places
        if place.kind == "s3"
    ]


def bucket_arns(places: Iterable[Place], partition: str) -> list[str]:
    return [f"arn:{partition}:s3:::{place.location}" for place in places if place.kind == "s3"]


def escape(text: str) -> str:
    """A key as it is written in an ARN, where *, ? and $ mean something else. A policy takes no character after U+00FF:
    in place of such, anything is allowed."""
    written = re.sub(r"[*?$]", lambda found: f"${{{found[0]}}}", text)
    return re.sub(r"[^\t\n\r\x20-\xff]+", "*", written)


def size(policies: dict[str, Any]) -> int:
    """The characters that IAM counts: all but whitespace."""
    return len(json.dumps(policies, separators=(",", ":")))
