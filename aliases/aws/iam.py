"""IAM: the least rights that the service's two functions need, and what other AWS accounts add for them, as policies.

Made of the published catalogue, not of the database: it names just the buckets and aliases that are served here,
and it can be read wherever a deployment runs, which seldom reaches the database.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rendering.catalogue.catalogue import NAME, Catalogue, UnreadableRevision
from rendering.imaging.focus.smart import REKOGNITION
from rendering.imaging.recipe import Defaults
from rendering.storage.place import Place

Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """One of the service's functions, as far as its rights depend on it."""

    plane: str  # "images" or "admin"
    derivatives: Place
    catalogue: Place
    #: The ARN of the CloudFront distribution that publishing invalidates; empty where there is none.
    distribution: str = ""
    #: Who finds the faces of smart crops that choose no detector, by its name (`conf.detector`).
    detector: str = ""


def policy(function: Function, published: Catalogue, partition: str = "aws") -> dict[str, Any]:
    """What the function itself may do. Its logs, secrets and invocation are no matter of the catalogue's, and left to
    the deployment."""
    buckets = places_of(published)
    own = [place for place in buckets if not place.role_arn]
    roles = sorted({place.role_arn for place in buckets if place.role_arn})
    kept, catalogue = [function.derivatives], [function.catalogue]
    if function.plane == "images":
        statements = [
            allow("ReadCatalogue", ["s3:GetObject"], document_arns(catalogue, partition)),
            allow("KeepDerivatives", ["s3:GetObject", "s3:PutObject"], object_arns(kept, partition)),
            # Without it S3 answers 403 instead of 404 for what does not exist, which is what most derivatives do first.
            # With a condition on s3:prefix as well: it is none that GetObject has.
            allow("FindNoDerivative", ["s3:ListBucket"], bucket_arns(kept, partition)),
        ]
    else:
        statements = [
            allow("PublishCatalogue", ["s3:GetObject", "s3:PutObject"], document_arns(catalogue, partition)),
            # To write is for the focus of originals that the admin looks at, which is kept for viewers.
            allow(
                "RemoveDerivatives", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], object_arns(kept, partition)
            ),
            # To list what is to be removed, and to find that nothing was published yet.
            allow("FindDerivativesAndNoCatalogue", ["s3:ListBucket"], bucket_arns(catalogue + kept, partition)),
            allow("PurgeCdn", ["cloudfront:CreateInvalidation"], filter(None, [function.distribution])),
        ]
    statements += [
        *read_statements(own, partition),
        allow("AssumeRoles", ["sts:AssumeRole"], roles),
        # Rekognition's detection is of bytes, not of a thing that has a name.
        allow("DetectFaces", ["rekognition:DetectFaces"], ["*"] if detects(function, published) else []),
    ]
    return document(statements)


def read_statements(places: Sequence[Place], partition: str) -> list[Statement]:
    """Originals, and that there is none: a 404 can be told from a 403 only by who may list."""
    return [
        allow("ReadOriginals", ["s3:GetObject"], object_arns(places, partition)),
        allow("FindNoOriginal", ["s3:ListBucket"], bucket_arns(places, partition)),
    ]


def owners(place: Place, published: Catalogue, readers: Sequence[str], partition: str = "aws") -> dict[str, Any]:
    """What the account that a bucket belongs to adds, for these readers (ARNs of roles), by the name of what it is."""
    if not place.role_arn:
        same = [other for other in places_of(published) if other.location == place.location and not other.role_arn]
        statements = [{**one, "Principal": {"AWS": list(readers)}} for one in read_statements(same, partition)]
        return {f"bucket policy of {place.location}": document(statements)}
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
        f"permissions policy of {place.role_arn}": document(read_statements(same, partition)),
    }


def places_of(published: Catalogue) -> list[Place]:
    """Where originals are in AWS's S3. IAM has no say over other servers that speak S3, nor over folders."""
    places = (bucket.place for bucket in published.buckets.values())
    return [place for place in places if place and place.kind == "s3" and not place.endpoint_url]


def detects(function: Function, published: Catalogue) -> bool:
    """Whether Rekognition looks for faces: for every smart crop, or for those of a live revision."""
    return function.detector == REKOGNITION or any(chooses(published, name) for name in published.aliases)


def chooses(published: Catalogue, name: str) -> bool:
    """Whether the live revision of an alias has Rekognition look for faces by its own choice."""
    try:
        alias = published.alias(name)
    except UnreadableRevision:  # which is not served
        return False
    # Without a detector of the deployment's, a smart crop is left that chooses one itself.
    smart = alias.recipe.settled("any", Defaults(detector="")).geometry.smart if alias else None
    return bool(smart and smart.detector == REKOGNITION)


def document(statements: Iterable[Statement]) -> dict[str, Any]:
    """A policy of those statements that allow something on something."""
    return {"Version": "2012-10-17", "Statement": [one for one in statements if one.get("Resource", True)]}


def allow(sid: str, actions: list[str], resources: Iterable[str]) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": sorted(set(resources))}


def document_arns(catalogue: Sequence[Place], partition: str) -> list[str]:
    """The ARNs of the catalogue, and of the overruled focus of buckets beside it."""
    own = object_arns(catalogue, partition, NAME)
    return [*own, *(f"{arn.removesuffix(NAME)}focus/*" for arn in own)]


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
    """A key as it is written in an ARN, where *, ? and $ mean something else."""
    return re.sub(r"[*?$]", lambda found: f"${{{found[0]}}}", text)


def size(policies: dict[str, Any]) -> int:
    """The characters that IAM counts: all but white space."""
    return len(json.dumps(policies, separators=(",", ":")))
