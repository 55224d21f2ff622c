"""Tries a deployment: the CDN's address, the API behind it, and one picture of one alias."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

#: Seconds. The first request starts a function.
TIMEOUT = 35
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


def ask(url: str) -> tuple[int, str]:
    """The status and media type of a URL's response; 0 and the reason if there is none."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - https, or what the caller named
            return answer.status, answer.headers.get_content_type()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type()
    except OSError as error:
        return 0, str(error)


def tested(session: Any, url: str, api: str, catalogue: str) -> Iterable[tuple[bool, str]]:
    """For each URL that is tried, whether it responds as it should, and a sentence."""
    status, kind = ask(f"{url}/healthz")
    yield status == 200, f"{url}/healthz answers {status or kind}"
    status, kind = ask(f"{api}/healthz")
    yield (
        status == 403,
        f"{api}/healthz, round the CDN, answers {status or kind}" + ("" if status == 403 else ", not 403"),
    )
    path, said = example(session, catalogue)
    if not path:
        yield True, said
        return
    status, kind = ask(f"{url}{path}")
    yield status == 200 and kind.startswith("image/"), f"{url}{path} answers {status}, {kind}"


def published(session: Any, catalogue: str) -> Any:
    """The catalogue, with the aliases of its first part if it has parts; None if these credentials cannot read one."""
    bucket, _, prefix = catalogue.removeprefix("s3://").partition("/")
    s3 = session.client("s3")

    def read(name: str) -> Any:
        return json.loads(s3.get_object(Bucket=bucket, Key=f"{prefix}/{name}")["Body"].read())

    try:
        document = read("catalogue.json")
        if parts := document.get("parts"):
            document["aliases"] = read(f"aliases/{parts[0]['hash']}/part.json")["aliases"]
    except (ClientError, BotoCoreError, ValueError):
        return None
    return document


def example(session: Any, catalogue: str) -> tuple[str, str]:
    """The path of a picture of a published alias, or the one in SMOKE; else an empty string, and why."""
    if named := os.environ.get("SMOKE"):
        return named, ""
    document = published(session, catalogue)
    if document is None:
        return "", f"no alias was tried: the catalogue cannot be read ({catalogue})"
    s3 = session.client("s3")
    for name, alias in document["aliases"].items():
        place = document["buckets"].get(alias["bucket"], {}).get("place") or {}
        if place.get("kind") != "s3":
            continue
        before = place.get("prefix", "") + alias.get("prefix", "")
        try:
            listed = s3.list_objects_v2(Bucket=place["location"], Prefix=before, MaxKeys=100).get("Contents", ())
        except (ClientError, BotoCoreError):
            continue  # a bucket of another account, which the service may read and we may not
        for one in listed:
            if one["Key"].lower().endswith(PICTURES):
                return f"/{name}/{urllib.parse.quote(one['Key'].removeprefix(before))}", ""
    if not document["aliases"]:
        return "", "no alias is published yet: log in to the admin, add a bucket and an alias, and publish it"
    return "", "no alias was tried: no bucket of one could be listed with these credentials. Name one: SMOKE=/alias/key"
