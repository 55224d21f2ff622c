"""A URL in its parts, each with what it means. The dialects' readers say where their parts lie."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from django.conf import settings

from rendering import conf, routing
from rendering.catalogue.catalogue import READER, UnknownAlias, UnknownBucket
from rendering.catalogue.descriptor import Descriptor
from rendering.dialects import thumbor
from rendering.dialects.image_handler import url as image_handler
from rendering.dialects.image_path import Buckets, By
from rendering.dialects.raw_path import BadPath, cut
from rendering.dialects.signing import Expired, UnsafeNotAllowed, WrongSignature
from rendering.dialects.target import Target
from rendering.http.causes import CAUSES
from rendering.imaging.errors import BadRecipe
from rendering.names import RESERVED
from rendering.pictures.originals import ArchivedOriginal, DeniedOriginal, MissingOriginal, MissingOverlay

from .address import Address

#: Below these, URLs stand for something else than a picture by its alias or recipe.
INFO, SEVERAL, BY_KEY = "-/info/", "-/infos/", "-/d/"
#: What parts of Thumbor URLs mean, by the reader's names.
SLOTS = {
    "debug": "the original, its focus outlined",
    "meta": "a description, as Thumbor gives it",
    "trim": "edges of one colour are cut off",
    "crop": "this part of the original",
    "stretch": "distorted to the size",
    "padding": "space that fill() adds",
    "halign": "kept where it is cut",
    "valign": "kept where it is cut",
    "smart": "around faces",
    "extract_focal": "the focus, from a URL within",
    "bucket": "the bucket",
    "address": "an address that stands for a bucket",
    "key": "the original’s key",
    "request": "the request, as base64 of JSON",
    "": "no alias, and no signature",
}
FITS = {
    "fit-in": "all of it, within the size",
    "full-fit-in": "all of it, covering the size",
    "adaptive-fit-in": "all of it, within the size, turned where the original is",
    "adaptive-full-fit-in": "all of it, covering the size, turned where the original is",
}
#: Which part is wrong, by the error; and what is said of it there.
WRONG: dict[type[BaseException], tuple[tuple[str, ...], str]] = {
    WrongSignature: (("signature",), "not this URL’s signature"),
    UnsafeNotAllowed: (("unsafe", "size", "request"), "not allowed without a signature"),
    Expired: (("filters",), "expired"),
    UnknownBucket: (("bucket",), "no such bucket"),
    UnknownAlias: (("descriptor", "alias", ""), ""),
    BadPath: (("key", "bucket", "address", ""), "not a key"),
    MissingOriginal: (("key", "address"), "no such key"),
    ArchivedOriginal: (("key",), "archived"),
    DeniedOriginal: (("key",), "not readable"),
    MissingOverlay: (("filters",), "no such overlay"),
    BadRecipe: (("size", "filters", "request"), "cannot be read"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """`text` is as it stands in the URL; all parts together are the URL. `wrong` is what the URL fails by, `incomplete`
    what is answered without some of it."""

    name: str
    text: str
    meaning: str
    wrong: bool = False
    incomplete: bool = False


def parts_of(address: Address, target: Target | None, error: BaseException | None, hosts: Iterable[str]) -> list[Part]:
    """The parts of a URL. `target` is what it stands for, or `error` is why it stands for nothing; `hosts` are ours."""
    found = [Part(name, text, meaning_of(name, text)) for name, text in named(address.raw, target)]
    if address.query:
        edits = is_image_handler(address, target)
        found.append(Part("query", f"?{address.query}", "further edits" if edits else "means nothing here"))
    if address.host:
        ours = any(matches(address.name, host) for host in hosts)
        found.insert(0, Part("host", address.host, "this service" if ours else "another host, read as if it were ours"))
    return with_skipped(marked(with_understood(found, target), address, error), target)


def is_image_handler(address: Address, target: Target | None) -> bool:
    """Whether it is a URL of AWS's image handler."""
    first = address.raw.removeprefix(INFO).partition("/")[0]
    if target is None or target.alias or first == routing.UNSIGNED:
        return False
    return not (target.keep and routing.begins_thumbor(first))  # base64 may look like a signature of Thumbor's


def matches(host: str, pattern: str) -> bool:
    """As Django reads ALLOWED_HOSTS: “.example.com” stands for that host and those below it."""
    return host == pattern or (pattern.startswith(".") and (host.endswith(pattern) or host == pattern[1:]))


def our_hosts() -> list[str]:
    return [host for host in settings.ALLOWED_HOSTS if host != "*"]


def named(raw: str, target: Target | None) -> list[tuple[str, str]]:
    """The parts of a path, each with its name. Together they are the path, with its leading /."""
    if raw.startswith(INFO):
        return [("info", f"/{INFO[:-1]}"), *picture_parts(raw.removeprefix(INFO), target)]
    if raw.startswith(BY_KEY):
        texts = raw.removeprefix(BY_KEY).split("/", 2)
        names = ("bucket", "original", "derivative")
        return [("by key", f"/{BY_KEY[:-1]}"), *((name, f"/{text}") for name, text in zip(names, texts, strict=False))]
    if raw.startswith(SEVERAL):
        return [("info", f"/{SEVERAL[:-1]}"), ("request", f"/{raw.removeprefix(SEVERAL)}")]
    return picture_parts(raw, target)


def picture_parts(raw: str, target: Target | None) -> list[tuple[str, str]]:
    """The parts of a picture's path; of one that stands for nothing, as far as it can be read."""
    first, slash, rest = raw.partition("/")
    unread = [("rest", f"/{rest}")] if slash else []
    if unquote(first, errors="replace") in RESERVED - {routing.UNSIGNED}:
        return [("reserved", f"/{first}"), *unread]
    if (target is None or target.alias) and (found := alias_parts(raw)):
        return found
    if routing.begins_thumbor(first) and (target is None or target.keep or first == routing.UNSIGNED):
        head = "unsafe" if first == routing.UNSIGNED else "signature"
        return with_leading_slashes(
            [(head, first + slash), *(routing.dialect().parts(rest, named_buckets()) if rest else [])]
        )
    if target:
        catalogue = READER.current()
        buckets = [catalogue.buckets[name] for name in conf.image_handler_buckets() if name in catalogue.buckets]
        return with_leading_slashes(image_handler.parts(raw, buckets))
    return [("", f"/{first}"), *unread]


def named_buckets() -> Buckets:
    """As `routing.named_buckets`; none where there is no catalogue to ask."""
    try:
        return routing.named_buckets()
    except tuple(CAUSES):
        return Buckets()


def alias_parts(raw: str) -> list[tuple[str, str]]:
    """Those of a URL of an alias, also of one without a key, or with an @ that the alias does not allow. None of
    any other."""
    decoded = unquote(raw, errors="surrogateescape")
    try:
        named = READER.current().find(decoded).alias.name
    except UnknownAlias as error:
        named = error.named
    except tuple(CAUSES):
        return []
    if not named:
        return []
    descriptor = decoded.removeprefix(named).partition("/")[0]
    name, rest = cut(raw, named)
    between, rest = cut(rest, descriptor)
    return [(part, text) for part, text in (("alias", f"/{name}"), ("descriptor", between), ("key", rest)) if text]


def with_leading_slashes(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same path with the / before each part instead of after it, and one before the first."""
    found, slash = [], "/"
    for place, (name, text) in enumerate(parts, 1):
        bare = text if place == len(parts) else text.removesuffix("/")
        found.append((name, slash + bare))
        slash = text[len(bare) :]
    return found


def meaning_of(name: str, text: str) -> str:
    """What a part means, in a few words."""
    bare = text.strip("/")
    match name:
        case "size":
            return size(bare)
        case "fit":
            return FITS.get(bare, "all of it, within the size")
        case "filters":
            return "the filters"
        case "alias":
            return "the alias"
        case "descriptor":
            return at(Descriptor.read(unquote(bare).removeprefix("@")))
    return MEANINGS.get(name) or SLOTS.get(name, "")


def at(descriptor: Descriptor | None) -> str:
    """What a ratio or a width means."""
    if descriptor is None:
        return ""
    if descriptor.width:
        return f"{descriptor.width} pixels wide, or as wide as the original"
    return f"for screens of {descriptor.ratio:g} pixels to the point"


MEANINGS = {
    "info": "a description of the picture, as JSON",
    "by key": "a kept picture, by its key",
    "original": "stands for the original",
    "derivative": "its version, and all that was done to it",
    "unsafe": "not signed",
    "signature": "the signature",
    "reserved": "a word of the service itself",
    "rest": " ",
}


def size(text: str) -> str:
    match = thumbor.SLOTS["size"].match(f"{text}/")
    if not match:
        return "size"
    sides = [
        f"{number} {word}" if number != "orig" else f"as {word} as the original"
        for number, word in ((match["width"], "wide"), (match["height"], "high"))
        if number and number.strip("0")
    ]
    flips = [word for group, word in (("mirror", "mirrored"), ("turn", "upside down")) if match[group]]
    return ", ".join([*sides, *flips]) or "the original’s size"


def marked(parts: list[Part], address: Address, error: BaseException | None) -> list[Part]:
    """The parts, the one marked that an error is about."""
    if error is None:
        return parts
    names, meaning = next((WRONG[one] for one in type(error).__mro__ if one in WRONG), (("", ""), ""))
    if isinstance(error, BadRecipe) and not thumbor_size_fails(address):
        names = tuple(name for name in names if name != "size")
    there = {part.name for part in parts}
    wrong = next((name for name in names if name in there), None)
    return [
        replace(part, wrong=True, meaning=meaning or refused_meaning(part)) if part.name == wrong else part
        for part in parts
    ]


def with_understood(parts: list[Part], target: Target | None) -> list[Part]:
    """The parts, the key with the bucket that is understood, where none is named."""
    if target is None or target.by is not By.SETTING:
        return parts
    meaning = f"the original’s key in {target.bucket.name}, the bucket of URLs that name none"
    return [replace(part, meaning=meaning) if part.name == "key" else part for part in parts]


def with_skipped(parts: list[Part], target: Target | None) -> list[Part]:
    """The parts, the one marked that has filters or edits which the target leaves out."""
    if target is None or not target.skipped:
        return parts
    there = {part.name for part in parts}
    name = next((one for one in ("filters", "query", "request") if one in there), None)
    return [
        replace(part, incomplete=True, meaning=f"{part.meaning}, without {' and '.join(target.skipped)}")
        if part.name == name
        else part
        for part in parts
    ]


def refused_meaning(part: Part) -> str:
    return {"descriptor": "not one that the alias allows", "alias": "an alias, without a key after it"}.get(
        part.name, part.meaning
    )


def thumbor_size_fails(address: Address) -> bool:
    """Whether a Thumbor URL cannot be read because of its size, rather than of its filters."""
    rest = address.raw.removeprefix(INFO).partition("/")[2]
    slots = "".join(text for name, text in thumbor.parts(rest) if name == "size")
    try:
        thumbor.read(f"{slots}b/k", conf.limits())
    except BadRecipe:
        return True
    return False
