"""What would be right, for a URL that fails; and what may have been meant by words that are no URL."""

from dataclasses import dataclass
from urllib.parse import quote

from msgspec.structs import replace

from rendering import conf, routing
from rendering.catalogue.catalogue import READER, NoKey, UnknownAlias, UnknownBucket, UnknownDescriptor
from rendering.catalogue.catalogue import Alias as LiveAlias
from rendering.catalogue.descriptor import OWN, Descriptor
from rendering.dialects import thumbor
from rendering.dialects.image_path import By
from rendering.dialects.raw_path import BadPath
from rendering.dialects.signing import Expired, UnsafeNotAllowed, WrongSignature
from rendering.dialects.target import Target
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters.grammar.lifetime import Lifetime
from rendering.pictures.originals import MissingOriginal

from ..models import Alias
from . import nearest, recipes
from .address import Address, of_alias
from .parts import INFO, Part


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`why` is a sentence. `path` is that of the right URL; empty where there is none to be had, as for who may not
    sign."""

    why: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """What the person may be shown: what is in buckets, and signed URLs."""

    sees_buckets: bool = True
    signs: bool = True


def suggest(
    address: Address, parts: list[Part], target: Target | None, error: BaseException | None, asker: Asker
) -> list[Suggestion]:
    """What would be right instead of a URL that fails with that error."""
    match error:
        case MissingOriginal() if target:
            return [*misspelt_bucket(parts, target, asker), *nearest_keys(parts, target, asker)]
        case UnknownDescriptor() | NoKey() if error.named:
            return for_alias(error, parts)
        case UnknownAlias():
            return nearest_aliases(address)
        case UnknownBucket():
            return nearest_bucket(parts, asker)
        case WrongSignature() | UnsafeNotAllowed():
            return [Suggestion(*to_sign(address, asker))]
        case Expired():
            return without_expiry(address, asker)
    return []


def nearest_keys(parts: list[Part], target: Target, asker: Asker) -> list[Suggestion]:
    if not asker.sees_buckets:
        return []
    prefix = target.alias.prefix if target.alias else ""
    found = []
    for key in nearest.keys(target.bucket, target.key):
        if not key.startswith(prefix):
            continue
        path = with_part(parts, "key", "/" + quote(key.removeprefix(prefix), safe="/"), asker)
        found.append(Suggestion(f"The bucket “{target.bucket.name}” has “{key}”.", path))
    return found


def with_part(parts: list[Part], name: str, text: str, asker: Asker) -> str:
    """The path with another text for one of its parts, signed again where it was signed; empty for who may not sign,
    and for a request in base64."""
    path = [part for part in parts if part.name not in ("host", "query")]
    if name not in {part.name for part in path}:
        return ""
    texts = [text if part.name == name else part.text for part in path]
    signature = next((place for place, part in enumerate(path) if part.name == "signature"), None)
    if signature is None:
        return "".join(texts)
    if not may_sign(asker):
        return ""
    return "".join(texts[:signature]) + recipes.signed("".join(texts[signature + 1 :]).removeprefix("/"))


def may_sign(asker: Asker) -> bool:
    return asker.signs and bool(conf.security_keys())


def for_alias(error: UnknownAlias, parts: list[Part]) -> list[Suggestion]:
    """For an alias that is there: a ratio or a width that it allows, or a key."""
    if isinstance(error, UnknownDescriptor):
        alias = READER.current().alias(error.named)
        assert alias is not None
        spelled = nearest_descriptor(alias, error.asked).suffix
        texts = [
            spelled if part.name == "descriptor" else part.text for part in parts if part.name not in ("host", "query")
        ]
        return [Suggestion(f"“{alias.name}” allows {spelled or 'nothing after an @'} here.", "".join(texts))]
    row = Alias.objects.filter(name=error.named).exclude(sample="").first()
    return [Suggestion(f"The sample of “{error.named}”.", row.sample_path())] if row else []


def nearest_descriptor(alias: LiveAlias, text: str) -> Descriptor:
    """The ratio of the alias nearest to a ratio, or its width nearest to a width; where it has none, its own size."""
    asked = Descriptor.read(text) or OWN
    alike = [one for one in alias.descriptors if bool(one.width) == bool(asked.width)]
    return min(alike, key=lambda one: abs(one.width - asked.width) + abs(one.ratio - asked.ratio), default=OWN)


def nearest_aliases(address: Address) -> list[Suggestion]:
    under, raw = (
        (f"/{INFO[:-1]}", address.raw.removeprefix(INFO)) if address.raw.startswith(INFO) else ("", address.raw)
    )
    try:
        path = Address("", raw).decoded
    except BadPath:
        return []
    found = []
    first, _, key = path.partition("/")
    if first in READER.current().buckets and key:
        why = f"“{first}” is a bucket, not an alias: before it, a Thumbor URL has a signature or “unsafe”."
        found.append(Suggestion(why, f"{under}/{routing.UNSIGNED}/{raw}"))
    for name in nearest.alias_names(path):
        rest = path.split("/")[name.count("/") + 1 :]
        key = "/".join(rest)
        found.append(Suggestion(f"“{name}” is live.", under + (of_alias(name, key).path if key else f"/{name}")))
    return found


def silence(address: Address) -> str:
    """Why an alias does not answer that would; empty where there is none."""
    try:
        alias = nearest.silent_alias(address.decoded.removeprefix(INFO))
    except BadPath:
        return ""
    if alias is None:
        return ""
    if alias.live is None:
        return f"The alias “{alias.name}” exists, but was never published."
    number = alias.live.number
    return f"The alias “{alias.name}” exists, but is disabled. Revision {number} answers once it is enabled."


def nearest_bucket(parts: list[Part], asker: Asker) -> list[Suggestion]:
    named = next((part.text.strip("/") for part in parts if part.name == "bucket"), "")
    return [
        Suggestion(f"There is a bucket called “{name}”.", with_part(parts, "bucket", f"/{name}", asker))
        for name in nearest.names_like(named, READER.current().buckets)
    ]


def misspelt_bucket(parts: list[Part], target: Target, asker: Asker) -> list[Suggestion]:
    """The buckets that may have been meant by the first folder of a path that names no bucket."""
    if target.by is not By.SETTING:
        return []
    path = next((part.text.strip("/") for part in parts if part.name == "key"), "")
    folder, slash, key = path.partition("/")
    near = nearest.names_like(folder, READER.current().buckets) if slash else []
    return [
        Suggestion(f"There is a bucket called “{name}”.", with_part(parts, "key", f"/{name}/{key}", asker))
        for name in near
    ]


def thumbor_rest(address: Address) -> str:
    """What follows `unsafe` or the signature."""
    return address.raw.removeprefix(INFO).partition("/")[2]


def to_sign(address: Address, asker: Asker) -> tuple[str, str]:
    """The URL with the right signature, as a sentence and a path."""
    rest = thumbor_rest(address)
    if not conf.security_keys():
        return "This service has no key to sign with: set SECURITY_KEY.", ""
    if not asker.signs:
        return "Only those who may publish aliases see the signed URL here.", ""
    under = f"/{INFO[:-1]}" if address.raw.startswith(INFO) else ""
    return "The same, with the right signature.", under + recipes.signed(rest)


def without_expiry(address: Address, asker: Asker) -> list[Suggestion]:
    """The same without the filters that say how long it lives."""
    try:
        read = thumbor.read(thumbor_rest(address), conf.limits())
    except BadRecipe:
        return []
    calls = tuple(call for call in read.recipe.filters if call.filter.stage is not Lifetime)
    path = thumbor.write(replace(read.recipe, filters=calls), read.image)
    first = address.raw.removeprefix(INFO).partition("/")[0]
    if first == routing.UNSIGNED:
        return [Suggestion("The same, which does not expire.", f"/{routing.UNSIGNED}/{path}")]
    if not may_sign(asker):
        return [Suggestion("Only those who may publish aliases see a new signed URL here.")]
    return [Suggestion("The same, which does not expire, signed anew.", recipes.signed(path))]


def of_words(text: str, asker: Asker) -> list[Suggestion]:
    """What may have been meant by words that are no URL, such as “hero astronaut”: an alias, and a key."""
    words = text.lower().split()[:6]
    live = Alias.objects.filter(enabled=True, live__isnull=False).select_related("live_bucket", "live")
    names = list(live.values_list("name", flat=True)[: nearest.MOST_NAMES])
    found = []
    for word in words:
        close = [name for name in names if word in name] or nearest.names_like(word, names)
        for name in sorted(close, key=len)[:2]:
            others = [other for other in words if other != word]
            found.append(with_words(live.get(name=name), others, asker))
    return list(dict.fromkeys(one for one in found if one))[: nearest.MOST]


def with_words(alias: Alias, words: list[str], asker: Asker) -> Suggestion | None:
    """A URL of the alias, of the key that has most of the words; else of its sample."""
    assert alias.live is not None
    assert alias.live_bucket is not None
    prefix = str(alias.live.content.get("prefix", ""))
    keys = nearest.some_keys(alias.live_bucket, prefix) if words and asker.sees_buckets else []
    rated = [(sum(word in key.lower() for word in words), key) for key in keys]
    most, key = max(rated, default=(0, ""), key=lambda pair: (pair[0], -len(pair[1])))
    if most:
        return Suggestion(f"“{alias.name}” of “{key}”.", of_alias(alias.name, key.removeprefix(prefix)).path)
    if alias.sample:
        return Suggestion(f"“{alias.name}” of its sample.", alias.sample_path())
    return None
