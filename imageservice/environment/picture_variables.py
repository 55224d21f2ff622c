"""The variables that say how pictures are made and served.

They are declared apart from the others only because there are many.
"""

from typing import Any

from rendering.conf import ALGORITHMS, DETECTORS, DIALECTS, EMBEDDERS, HEADERS
from rendering.names import SEGMENT

from .declaration import Declarations, Variable
from .kinds import SECRET, Decimal, Integer, OneOf, Several, Switch, Text

LOCAL = "local"
#: The address of a site as browsers send it, `*` for all of them, or `none`.
SITE = r"\*|none|https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?"
#: In seconds.
YEAR = 365 * 86_400
MIB = 1024 * 1024


def is_local(variables: Any) -> bool:
    return bool(variables.ENVIRONMENT == LOCAL)


class PictureVariables(Declarations):
    """Each once, as in `Variables`, which has them as well."""

    MAX_WIDTH = Variable(Integer(1, 65_535), 4096, "maximum width of a derivative, in pixels")
    MAX_HEIGHT = Variable(Integer(1, 65_535), 4096, "maximum height of a derivative, in pixels")
    MAX_PIXELS = Variable(Integer(1, 65_535**2), 75_000_000, "maximum size of an original, in pixels")
    MAX_BYTES = Variable(
        Integer(1, 2**40), 40 * MIB, "maximum size of an original, in bytes", default_in_words="41,943,040 (40 MiB)"
    )
    MAX_MEMORY = Variable(
        Integer(MIB, 2**40),
        700 * MIB,
        "maximum memory for decoding one original, in bytes",
        default_in_words="734,003,200 (700 MiB)",
    )
    MAX_FRAMES = Variable(
        Integer(1, 100_000), 300, "maximum frames of an animation; a longer one is served as its first frame"
    )
    QUALITY = Variable(Integer(1, 100), 80, "default quality of JPEG and WebP, 1 to 100")
    AVIF_QUALITY = Variable(Integer(1, 100), 60, "default quality of AVIF, whose scale differs, 1 to 100")
    SECURITY_KEY = Variable(
        SECRET, "", "the key that signs Thumbor URLs; at least 16 characters unless `ENVIRONMENT` is `local`"
    )
    SECURITY_KEY_FALLBACKS = Variable(
        Several(SECRET), [], "older keys to accept while clients change over, separated by commas"
    )
    DIALECT = Variable(
        OneOf(DIALECTS),
        "thumbor",
        "whose URLs signed and `/unsafe/` ones are: thumbor, or [imagor](moving.md#from-imagor)",
    )
    SIGNATURE_ALGORITHM = Variable(
        OneOf(ALGORITHMS),
        "sha1",
        "the algorithm of the HMAC that signs Thumbor URLs: sha1 as Thumbor's, sha256 or sha512 as imagor's can be",
    )
    SIGNATURE_LENGTH = Variable(
        Integer(27, 88, zero=True),
        0,
        "the characters of a signature that count, from its beginning, where imagor cuts them",
        default_in_words="0: all",
    )
    ALLOW_UNSAFE_URL = Variable(
        Switch(),
        is_local,
        "answer unsigned URLs, `/unsafe/…`, for buckets that allow them",
        default_in_words="only in `local`",
    )
    STRICT_FILTERS = Variable(
        Switch(),
        False,
        "refuse Thumbor URLs with a filter that is unknown or cannot take its arguments, instead of leaving it out",
    )
    LIST_ALIASES = Variable(
        Switch(),
        False,
        "list the live aliases at [`/-/aliases.json`](urls.md#the-list-of-aliases): names, sizes, ratios, widths and "
        "formats",
    )
    THUMBOR_BUCKET = Variable(
        Text(SEGMENT, "the name of one bucket here, not of S3's, such as photos"),
        "",
        "the bucket, by our name, of Thumbor URLs whose image path begins with no bucket's name: see "
        "[moving](moving.md#from-thumbor). If unset, every image path must begin with one",
    )
    IMAGE_HANDLER_BUCKETS = Variable(
        Several(Text(SEGMENT, "names of buckets here, not of S3's, separated by commas, such as photos,brand")),
        [],
        "buckets, by our names and separated by commas, that URLs of AWS's Serverless Image Handler may read; the "
        "first is for URLs that name none. If unset, such URLs are not answered: see [moving](moving.md)",
    )
    MAX_AGE = Variable(Integer(0, 10 * YEAR), 86_400, "cache age of Thumbor URLs, in seconds")
    AUTO_WEBP = Variable(Switch(), False, "Thumbor URLs without a format serve WebP to browsers that accept it")
    AUTO_AVIF = Variable(Switch(), False, "the same with AVIF, which is preferred to WebP")
    AUTO_JPG = Variable(Switch(), False, "Thumbor URLs serve a PNG without transparency as JPEG")
    AUTO_PNG_TO_JPG = Variable(Switch(), False, "the same, under Thumbor's newer name")
    RESPECT_ORIENTATION = Variable(Switch(), True, "Thumbor URLs turn pictures upright by their EXIF orientation")
    DETECTOR = Variable(
        OneOf(DETECTORS),
        "yunet",
        "what finds the faces for smart crops, unless the alias says otherwise: see [running](running.md#faces)",
    )
    RENDERS_AT_ONCE = Variable(
        Integer(1, 1024),
        2,
        "concurrent renders in one process, and one more that is slow; each has a process of its own, uses one CPU and "
        "at most `MAX_MEMORY` and 128 MiB",
    )
    MAX_CPU = Variable(Decimal(0.1, 3600), 8.0, "CPU seconds that rendering one picture may take, to the next full one")
    MAX_WAITING = Variable(
        Integer(1, 1024),
        20,
        "requests that may wait for pictures to be rendered, in one process; others get a 503. Leave some of the "
        "server's threads for pictures that are stored",
    )
    SERVE_STALE = Variable(
        Switch(),
        False,
        "while a bucket does not respond, serve the picture that was stored last, for a minute, instead of an error: "
        "see [running](running.md#while-a-bucket-is-away)",
    )
    MAX_RESPONSE_BYTES = Variable(
        Integer(2 * HEADERS, 2**40, zero=True),
        0,
        "largest response that the gateway carries, in bytes, with base64 and headers: 6000000 on Lambda. Larger "
        "pictures are stored and answered with a redirect to `/-/d/…`",
        default_in_words="0: no limit",
    )
    CORS_SITE = Variable(
        Text(SITE, "*, none, or the address of one site in lower case and without a path, such as https://example.com"),
        "*",
        "the site whose scripts may read pictures, errors and their timing: `*` is every site, `none` no other. "
        "One value for all, so that a cache holds one answer",
    )
    RESOURCE_POLICY = Variable(
        OneOf(EMBEDDERS),
        "cross-origin",
        "whose pages may show pictures (`Cross-Origin-Resource-Policy`): `cross-origin` is everybody's",
    )
    SERVER_TIMING = Variable(
        Switch(),
        True,
        "say in `Server-Timing` how long each [stage](running.md#monitoring) of a request took; the log always does",
    )
    DEADLINE = Variable(
        Decimal(0.1, 3600), 20.0, "seconds after which a request is abandoned; API Gateway's own limit is 29"
    )
