"""Rules for the names of aliases and buckets, and for keys. A rule returns what is wrong as a sentence, or nothing."""

import re
from urllib.parse import unquote

SEGMENT = r"[a-z0-9][a-z0-9_-]*"
#: First segments of URLs that can never be an alias's.
RESERVED = frozenset(
    {"unsafe", "admin", "static", "healthz", "readyz", "healthcheck", "-", "favicon.ico", "robots.txt"}
)
#: Words of the Thumbor grammar. A bucket's name begins an image path, so it must not look like one.
GRAMMAR = re.compile(
    r"unsafe|debug|meta|trim|((adaptive-)?(full-)?)?fit-in|left|center|right|top|middle|bottom|smart|filters|-?(\d+|orig)?x-?(\d+|orig)?"
)


def wrong_with_alias_name(name: str) -> str:
    """What is wrong with an alias's name, as a sentence; empty if nothing is."""
    if not re.fullmatch(rf"{SEGMENT}(/{SEGMENT})*", name) or len(name) > 100:
        return (
            "An alias's name has lower-case letters, digits, - and _, in parts joined by /, each beginning with a "
            "letter or digit, and at most 100 characters: profile-image/ios"
        )
    first = name.partition("/")[0]
    if first in RESERVED:
        return f"Names cannot begin with “{first}”: the service uses that word in URLs itself"
    return ""


def wrong_with_bucket_name(name: str) -> str:
    """What is wrong with a bucket's public name, as a sentence; empty if nothing is."""
    if not re.fullmatch(SEGMENT, name) or len(name) > 63:
        return (
            "A bucket's name has lower-case letters, digits, - and _, begins with a letter or digit, and has at most "
            "63 characters: profile-images"
        )
    if GRAMMAR.fullmatch(name):
        return f"“{name}” is a word of the URL grammar and cannot name a bucket; add to it, as in {name}-images"
    return ""


#: The beginning of an address: a host, perhaps with a scheme before it and folders after it.
ADDRESS = re.compile(r"(?:https?://)?(?P<host>[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)(?P<folders>/[^?#]*)?", re.IGNORECASE)


def wrong_with_address(text: str) -> str:
    """What is wrong with the beginning of an address that is to stand for a bucket, as a sentence; empty if nothing
    is."""
    found = ADDRESS.fullmatch(text)
    # A word alone would be the name of a bucket.
    if not found or not re.search("[.:]", found["host"]):
        return (
            f"“{text[:100]}” is no beginning of an address: write a host and perhaps folders, without a query, such as "
            "https://acme-photos.s3.amazonaws.com/ or cdn.acme.com/media/."
        )
    folders = unquote(found["folders"] or "/", errors="surrogateescape").strip("/")
    return f"“{text[:100]}”: {wrong}." if folders and (wrong := wrong_with_key(folders)) else ""


def address_of(text: str) -> str:
    """The one spelling of an address that `wrong_with_address` finds nothing wrong with: without its scheme, the host
    in lower case, the folders decoded, a / at the end."""
    found = ADDRESS.fullmatch(text)
    assert found is not None
    folders = unquote(found["folders"] or "/", errors="surrogateescape").rstrip("/")
    return f"{found['host'].lower()}{folders}/"


def wrong_with_key(key: str) -> str:
    """What is wrong with an original's key, as a sentence; empty if nothing is. Keys are never normalised: in S3,
    another spelling is another object."""
    if not key:
        return "The key is empty; write the key of an original after the name of the alias or bucket"
    if wrong := wrong_with_length(key):
        return f"The key {wrong}"
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in key):
        return "The key holds a control character"
    if any("\ud800" <= character <= "\udfff" for character in key):
        return "The key is not valid UTF-8"
    if any(segment in (".", "..") for segment in key.split("/")):
        return "The key holds a “.” or “..” segment; keys are taken literally and never resolved"
    return ""


def wrong_with_prefix(prefix: str) -> str:
    """What is wrong with the prefix of a bucket's keys, as a sentence; empty if nothing is. It may be empty."""
    if prefix.startswith("/"):
        return f"Keys do not begin with /, so neither does a prefix: {prefix.lstrip('/')}"
    return wrong_with_key(prefix) if prefix else ""


def wrong_with_s3_bucket(name: str) -> str:
    """What is wrong with an S3 bucket's own name, as a sentence; empty if nothing is.

    Buckets created in us-east-1 before 2018 may have names that new ones may not:
    docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if name.startswith("s3://") or "/" in name:
        bare = name.removeprefix("s3://").partition("/")[0]
        return f"Write only the bucket's name, without s3:// and keys: {bare or 'acme-profile-images'}"
    if not re.fullmatch(r"[A-Za-z0-9._-]{3,255}", name) or not name.strip("."):
        return (
            "An S3 bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, such as "
            "acme-profile-images; old buckets may have up to 255 characters, including capitals and _"
        )
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name):
        return "An S3 bucket's name cannot look like an IP address"
    return ""


def wrong_with_length(key: str) -> str:
    """What is wrong with the length of a full key in S3, prefix included; the end of a sentence, or empty."""
    if len(key.encode("utf-8", "surrogatepass")) > 1024:
        return "is longer than the 1,024 bytes that S3 allows"
    return ""


#: Bytes of a file's name and of a path on Linux (limits.h, whose 4,096 for a path count the final zero).
LONGEST_NAME, LONGEST_PATH = 255, 4095


def wrong_with_path(path: str) -> str:
    """What is wrong with the length of a file's path; the end of a sentence, or empty."""
    encoded = path.encode("utf-8", "surrogatepass")
    if len(encoded) > LONGEST_PATH:
        return f"is longer than {LONGEST_PATH:,} bytes with its folder, which Linux does not allow"
    if any(len(name) > LONGEST_NAME for name in encoded.split(b"/")):
        return f"has a part of more than {LONGEST_NAME} bytes, which Linux does not allow"
    return ""


def wrong_with_kms_key(text: str) -> str:
    """Why the text is not the ARN of a key of AWS KMS, as a sentence; empty if it is, or is empty."""
    if not text or re.fullmatch(
        r"arn:aws[a-z-]*:kms:[a-z0-9-]{1,40}:\d{12}:key/(?:mrk-)?[0-9a-f-]{32,36}", text, re.ASCII
    ):
        return ""
    return "A key is written arn:aws:kms:eu-central-1:123456789012:key/ and its id; an alias cannot stand in a policy."
