"""Headers that responses of the data plane share."""

import re
from urllib.parse import quote

from django.http import HttpResponse

from .. import conf
from ..dialects.target import Target
from ..imaging.encoding import MEDIA_TYPES, SVG
from ..imaging.notes import Notes
from ..pictures import derivatives

#: Why an animation is shown as its first frame; why a picture has more bytes than allowed; which filters of a URL were
#: ignored.
FIRST_FRAME_ONLY, OVER_MAX_BYTES, SKIPPED = "X-First-Frame-Only", "X-Over-Max-Bytes", "X-Skipped-Filters"
#: Why a picture may not be the newest.
BUCKET_AWAY = "X-Bucket-Away"
#: What scripts of other sites may read, besides the headers that browsers always let them read.
EXPOSED = (
    "ETag", "Retry-After", "Server-Timing", "X-Request-Id", SKIPPED, FIRST_FRAME_ONLY, OVER_MAX_BYTES, BUCKET_AWAY
)  # fmt: skip
#: Headers whose tags are separated by spaces: Fastly's, and that of Varnish's xkey.
SPACED = ("Surrogate-Key", "xkey")
ALLOWED = {"Allow": "GET, HEAD, OPTIONS"}
#: Seconds for which a browser may cache a preflight response: the longest that any browser accepts.
PREFLIGHT_AGE = "86400"
#: A list of header names, as browsers send it in Access-Control-Request-Headers.
NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(?:[ \t]*,[ \t]*[A-Za-z0-9!#$%&'*+.^_`|~-]+)*")


#: Extensions of files that say what format a picture is in, by the format answered; the first is written.
EXTENSIONS = {
    **{name: (name,) for name in MEDIA_TYPES},
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "tiff": ("tif", "tiff"),
    "heif": ("heic", "heif"),
    "jpeg2000": ("jp2", "j2k", "jpx"),
}
#: Those that a name loses when the answer is in another format; what else follows a dot belongs to the name.
PICTURES = re.compile(
    r"\.(jpe?g|jpe|jfif|png|apng|webp|avifs?|gif|tiff?|bmp|ico|hei[cf]|jp2|j2k|jpx|svg)\Z", re.IGNORECASE
)
#: What a quoted file name may hold as it is: neither quotes, nor what some browsers decode or take for a folder.
PLAIN = re.compile(r"[^A-Za-z0-9 !#$&'()+,.;=@^_`{}~-]")
#: Marks that turn the direction of text, by which a name could hide how it ends.
TURNS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Characters of a key that become a file's name, of which no file system takes many more.
LONGEST_NAME = 100


def cors() -> dict[str, str]:
    """On every response: scripts of the sites that CORS_SITE allows may read it and see its timing."""
    if not (site := conf.cors_site()):
        return {}
    return {
        "Access-Control-Allow-Origin": site,
        "Access-Control-Expose-Headers": ", ".join(EXPOSED),
        "Timing-Allow-Origin": site,
    }


def picture_headers() -> dict[str, str]:
    """On every picture. Pictures are shown in the pages that RESOURCE_POLICY allows, and never run as anything else."""
    return {
        **cors(),
        "Cross-Origin-Resource-Policy": conf.resource_policy(),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
    }


#: What a drawing may do, also where somebody opens it by itself: neither run nor fetch anything, and have styles.
DRAWING = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def named_headers(key: str, format_name: str) -> dict[str, str]:
    """Those of a picture that is made from the original with that key, in a format of MEDIA_TYPES."""
    policy = {"Content-Security-Policy": DRAWING} if format_name == SVG else {}
    return {**picture_headers(), **policy, "Content-Disposition": inline(key, format_name)}


def inline(key: str, format_name: str) -> str:
    """A Content-Disposition by which a browser shows a picture and, where somebody saves it, names the file as its
    original, with the extension of the format answered (RFC 6266)."""
    name = TURNS.sub("", key.rpartition("/")[2]).strip()
    stem, extension = PICTURES.sub("", name), EXTENSIONS[format_name]
    if name != stem and name[len(stem) + 1 :].lower() in extension:
        extension = (name[len(stem) + 1 :],)
    name = f"{stem[:LONGEST_NAME].strip(' .') or 'picture'}.{extension[0]}"
    plain = PLAIN.sub("_", name)
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'inline; filename="{plain}"{encoded}'


def preflight(wanted: str) -> dict[str, str]:
    """The headers of a CORS preflight response. Scripts may send any header; none changes the response."""
    # Each by its name: * does not cover Authorization, and nothing at all in older browsers.
    names = wanted if len(wanted) <= 1000 and NAMES.fullmatch(wanted) else "*"
    return {
        **ALLOWED,
        **cors(),
        "Access-Control-Allow-Methods": ALLOWED["Allow"],
        "Access-Control-Allow-Headers": names,
        "Access-Control-Max-Age": PREFLIGHT_AGE,
        "Vary": "Access-Control-Request-Headers",
    }


def set_target_headers(response: HttpResponse, target: Target) -> None:
    """Set the tags by which a CDN purges the response, what it varies by, and which filters were ignored."""
    tags = [f"alias:{target.alias.name}"] if target.alias else []
    tags.append(f"bucket:{target.bucket.name}")
    tags.append(derivatives.tag(target.bucket, target.key))
    set_tags(response, tags)
    if target.negotiated:
        response["Vary"] = "Accept"
    if target.skipped:
        response[SKIPPED] = ", ".join(target.skipped)


def set_tags(response: HttpResponse, tags: list[str]) -> None:
    """Set the tags by which a CDN purges the response, as that CDN reads a list."""
    name = conf.cache_tag_header()
    response[name] = (" " if name.title() in map(str.title, SPACED) else ",").join(tags)


def set_note_headers(response: HttpResponse, notes: Notes) -> None:
    """Set the headers for what is noted of a picture. Where a CDN serves it, edge/viewer_response.js does the same."""
    for name, sentence in ((FIRST_FRAME_ONLY, notes.flattened), (OVER_MAX_BYTES, notes.oversize)):
        if sentence:
            response[name] = sentence
