"""The variables of the environment that the service reads. `make docs` writes the table of docs/running.md from them.

`settings.py` says what becomes of them. AWS's own (AWS_REGION, AWS_ENDPOINT_URL, …) are boto3's to read.
"""

from rendering.conf import DETECTORS, HEADERS
from rendering.names import SEGMENT

from .database import DatabaseUrl
from .declared import Declared, Variable
from .kinds import SECRET, Address, Decimal, OneOf, Several, Switch, Text, Whole

LOCAL = "local"
#: In seconds.
YEAR = 365 * 86_400
MIB = 1024 * 1024
HOST = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
#: Headers that mean something else already.
OWN = (
    "access-control-.*|allow|cache-control|connection|content-.*|cross-origin-.*|date|etag|expires|location|retry-after|"
    "server.*|set-cookie|te|timing-allow-origin|trailer|transfer-encoding|upgrade|vary|x-content-type-options|"
    "x-first-frame-only|x-over-max-bytes|x-request-id|x-skipped-filters"
)


def is_local(variables: "Variables") -> bool:
    return variables.ENVIRONMENT == LOCAL


class Variables(Declared):
    """Each once: its kind, its default, and what it means, in Markdown."""

    PLANE = Variable(
        OneOf(("all", "images", "admin")), "all", "`images` (pictures, no database), `admin` (editors) or `all`"
    )
    ENVIRONMENT = Variable(
        Text(r"[A-Za-z0-9_-]{1,40}", "a word of at most 40 letters, digits, - and _, such as production"),
        LOCAL,
        "which of a bucket's places is read; anything but `local` is checked for safety at start",
    )
    DATABASE_URL = Variable(
        DatabaseUrl(),
        DatabaseUrl().read("sqlite:///var/db.sqlite3"),
        "`postgres://user:password@host:5432/name`; the data plane has none. A password may be escaped as URLs want it "
        "(`%23` for `#`) or stand there as it is, but not both",
        default_in_words="SQLite in `var/`",
    )
    CONN_MAX_AGE = Variable(
        Whole(0, 86_400),
        0,
        "seconds for which a connection to PostgreSQL is kept for the next request; 0 on Lambda, where idle functions "
        "would hold them",
    )
    SECRET_KEY = Variable(SECRET, "", "signs the admin's sessions", default_in_words="made once, in `var/`")
    ADMIN_PASSWORD = Variable(SECRET, "", "the password of the first user, whom `first_user` makes")
    DEBUG = Variable(Switch(), False, "Django's error pages; refused outside of `local`")
    ALLOWED_HOSTS = Variable(
        Several(
            Text(
                rf"\*|\.?{HOST}|\[[0-9A-Fa-f:.]+\]",
                "host names separated by commas, without scheme, port and _, such as images.example.com, or "
                ".example.com for all below it",
            )
        ),
        ["localhost", "127.0.0.1", "[::1]"],
        "host names the admin answers to, separated by commas; pictures and health answer to any",
        default_in_words="this machine",
    )
    ORIGIN_SECRET = Variable(
        SECRET,
        "",
        "what the CDN in front sends as `X-Origin-Secret`; requests without it are refused with 403. With it, "
        "`X-Viewer-Host` is believed to be the host that the viewer asked for",
    )
    ORIGIN_SECRET_FALLBACKS = Variable(
        Several(SECRET), [], "older ones that are taken as well while the CDN changes over, separated by commas"
    )
    CSRF_TRUSTED_ORIGINS = Variable(
        Several(
            Text(
                rf"https?://(\*\.)?({HOST}|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?",
                "origins separated by commas: scheme and host, without a path, such as https://images.example.com",
            )
        ),
        [],
        "origins whose forms the admin takes, with scheme, separated by commas",
    )
    DERIVATIVES_URL = Variable(
        Address(),
        "var/derivatives",
        "where derivatives are kept: `file:///folder` or `s3://bucket/prefix`, each taken as it is: `%20` is three "
        "characters of a name",
    )
    CATALOGUE_URL = Variable(
        Address(),
        "var/catalogue",
        "where the catalogue is, and beside it `focus/<bucket>.json`, likewise; not within `DERIVATIVES_URL`",
    )
    STATICFILES_URL = Variable(
        Address(("s3",)),
        "",
        "where `collectstatic` puts the admin's static files for a CDN to serve at `/static/`: `s3://bucket/static`. "
        "Without it the process serves them from `var/static`",
    )
    CATALOGUE_MAX_AGE = Variable(
        Decimal(0, 86_400),
        5.0,
        "seconds after which a process reads the catalogue again: how long an edit takes to be live",
    )
    CACHE_TAG_HEADER = Variable(
        Text(
            rf"(?!(?i:{OWN})$)[A-Za-z0-9!#$%&'*+.^_`|~-]{{1,100}}",
            "the name of a header that means nothing else to browsers, such as Cache-Tag",
        ),
        "Cache-Tag",
        "the header with the names by which a CDN purges",
    )
    CLOUDFRONT_DISTRIBUTION_ID = Variable(
        Text(r"[A-Z0-9]{8,64}", "a distribution's id, such as EDFDVBD632BHDS"),
        "",
        "the distribution to invalidate; without one, invalidations go to the log, and CDNs are told to ask again for "
        "an alias's pictures after five minutes, whatever its ages say",
    )
    MAX_WIDTH = Variable(Whole(1, 65_535), 4096, "the widest derivative, in pixels")
    MAX_HEIGHT = Variable(Whole(1, 65_535), 4096, "the highest derivative, in pixels")
    MAX_PIXELS = Variable(Whole(1, 65_535**2), 75_000_000, "the largest original, in pixels")
    MAX_BYTES = Variable(
        Whole(1, 2**40), 40 * MIB, "the largest original, in bytes", default_in_words="41,943,040 (40 MiB)"
    )
    MAX_MEMORY = Variable(
        Whole(MIB, 2**40),
        700 * MIB,
        "what decoding one original may take, in bytes",
        default_in_words="734,003,200 (700 MiB)",
    )
    MAX_FRAMES = Variable(Whole(1, 100_000), 300, "frames of an animation; longer ones are served as their first frame")
    QUALITY = Variable(Whole(1, 100), 80, "of JPEG and WebP, where an alias or URL names none: 1 to 100")
    AVIF_QUALITY = Variable(Whole(1, 100), 60, "of AVIF, whose scale differs, likewise")
    SECURITY_KEY = Variable(SECRET, "", "signs Thumbor URLs; at least 16 characters outside of `local`")
    SECURITY_KEY_FALLBACKS = Variable(
        Several(SECRET), [], "older keys that still verify while clients change over, separated by commas"
    )
    ALLOW_UNSAFE_URL = Variable(
        Switch(), is_local, "answer `/unsafe/…`, for the buckets that allow it", default_in_words="only in `local`"
    )
    IMAGE_HANDLER_BUCKETS = Variable(
        Several(Text(SEGMENT, "names of buckets here, not of S3's, separated by commas, such as photos,brand")),
        [],
        "buckets, by our names and separated by commas, that URLs of AWS's Serverless Image Handler may be about; the "
        "first is for those that name none. Unset, none are read: see [moving](moving.md)",
    )
    MAX_AGE = Variable(Whole(0, 10 * YEAR), 86_400, "seconds for which answers to Thumbor URLs are cached")
    AUTO_WEBP = Variable(Switch(), False, "Thumbor URLs that name no format give WebP to browsers that accept it")
    AUTO_AVIF = Variable(Switch(), False, "the same of AVIF, which comes before WebP")
    AUTO_JPG = Variable(Switch(), False, "Thumbor URLs give JPEG for a PNG without transparency")
    AUTO_PNG_TO_JPG = Variable(Switch(), False, "the same, by Thumbor's newer name")
    RESPECT_ORIENTATION = Variable(Switch(), True, "Thumbor URLs turn pictures the way up that the camera noted")
    DETECTOR = Variable(
        OneOf(DETECTORS),
        "yunet",
        "who finds the faces of smart crops, where an alias does not choose: see [below](#faces)",
    )
    RENDERS_AT_ONCE = Variable(
        Whole(1, 1024),
        2,
        "renders side by side in one process; each takes a processor and, at worst, `MAX_MEMORY`",
    )
    MAX_RESPONSE_BYTES = Variable(
        Whole(2 * HEADERS, 2**40, zero=True),
        0,
        "bytes of an answer that the gateway carries, in base64 and with headers: 6000000 on Lambda. Larger pictures "
        "are kept and redirected to `/-/d/…`",
        default_in_words="0, any",
    )
    DEADLINE = Variable(Decimal(0.1, 3600), 20.0, "seconds after which a request is given up; API Gateway would at 29")
