"""What aliases and buckets may be called, and what a key may be. Rules answer with a sentence, empty when kept."""

import re

SEGMENT = r"[a-z0-9][a-z0-9_-]*"
#: First segments of URLs that can never be an alias's.
RESERVED = frozenset(
    {"unsafe", "admin", "static", "healthz", "readyz", "healthcheck", "-", "favicon.ico", "robots.txt"}
)
#: Words of the Thumbor grammar, which a bucket's name would be taken for when it stands first in an image path.
GRAMMAR = re.compile(
    r"unsafe|debug|meta|trim|((adaptive-)?(full-)?)?fit-in|left|center|right|top|middle|bottom|smart|filters|-?(\d+|orig)?x-?(\d+|orig)?"
)


def wrong_with_alias_name(name: str) -> str:
    """What is wrong with an alias's name, as a sentence; empty when nothing is."""
    if not re.fullmatch(rf"{SEGMENT}(/{SEGMENT})*", name) or len(name) > 100:
        return (
            "An alias's name is made of lower-case letters, digits, - and _, in parts joined by /, each beginning with "
            "a letter or digit, at most 100 characters: profile-image/ios"
        )
    first = name.partition("/")[0]
    if first in RESERVED:
        return f"Names cannot begin with “{first}”: the service uses that word in URLs itself"
    return ""


def wrong_with_bucket_name(name: str) -> str:
    """What is wrong with a bucket's public name, as a sentence; empty when nothing is."""
    if not re.fullmatch(SEGMENT, name) or len(name) > 63:
        return (
            "A bucket's name is made of lower-case letters, digits, - and _, beginning with a letter or digit, at most "
            "63 characters: profile-images"
        )
    if GRAMMAR.fullmatch(name):
        return f"“{name}” is a word of the URL grammar and cannot name a bucket; add to it, as in {name}-images"
    return ""


def wrong_with_key(key: str) -> str:
    """What is wrong with an original's key, as a sentence; empty when nothing is. Keys are never repaired: another
    spelling is another object in S3."""
    if not key:
        return "The key is empty; after the name of the alias, or of the bucket, comes the key of an original"
    if wrong := wrong_with_length(key):
        return f"The key {wrong}"
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in key):
        return "The key holds a control character"
    if any("\ud800" <= character <= "\udfff" for character in key):
        return "The key is not valid UTF-8"
    if any(segment in (".", "..") for segment in key.split("/")):
        return "The key holds a “.” or “..” segment; keys are taken as they are and never resolved"
    return ""


def wrong_with_prefix(prefix: str) -> str:
    """What is wrong with what stands before every key of a bucket, as a sentence; empty when nothing is, or it is."""
    if prefix.startswith("/"):
        return f"Keys do not begin with /, so neither does a prefix: {prefix.lstrip('/')}"
    return wrong_with_key(prefix) if prefix else ""


def wrong_with_s3_bucket(name: str) -> str:
    """What is wrong with an S3 bucket's own name, as a sentence; empty when nothing is.

    Buckets that AWS made in us-east-1 before 2018 may be called what no new one may:
    docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if name.startswith("s3://") or "/" in name:
        bare = name.removeprefix("s3://").partition("/")[0]
        return f"Only the bucket's name belongs here, without s3:// and keys: {bare or 'acme-profile-images'}"
    if not re.fullmatch(r"[A-Za-z0-9._-]{3,255}", name) or not name.strip("."):
        return (
            "S3 buckets have names of 3 to 63 lower-case letters, digits, dots and hyphens, such as "
            "acme-profile-images; old ones may have up to 255 characters, capitals and _ among them"
        )
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name):
        return "S3 gives no bucket a name that looks like an IP address"
    return ""


def wrong_with_length(key: str) -> str:
    """What is wrong with the length of a key as it is in S3, with all that stands before it in the bucket."""
    if len(key.encode("utf-8", "surrogatepass")) > 1024:
        return "is longer than 1,024 bytes, which no object in S3 is"
    return ""


#: Bytes of a name and of a path, on Linux (limits.h): with the zero that ends it, a path has 4,096.
LONGEST_NAME, LONGEST_PATH = 255, 4095


def wrong_with_path(path: str) -> str:
    """What is wrong with the length of a file's path."""
    encoded = path.encode("utf-8", "surrogatepass")
    if len(encoded) > LONGEST_PATH:
        return f"is longer than {LONGEST_PATH:,} bytes with its folder, which no path is"
    if any(len(name) > LONGEST_NAME for name in encoded.split(b"/")):
        return f"has a part of more than {LONGEST_NAME} bytes, which no file's name is"
    return ""
