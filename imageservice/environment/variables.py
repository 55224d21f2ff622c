"""The variables of the environment that the service reads. `make docs` writes the table of docs/running.md from them.

`settings.py` says what becomes of them. AWS's own (AWS_REGION, AWS_ENDPOINT_URL, …) are boto3's to read.
"""

from rendering.conf import DETECTORS, HEADERS
from rendering.names import SEGMENT

from .database import DatabaseUrl
from .declaration import Declarations, Variable
from .kinds import SECRET, Address, Decimal, Integer, Network, OneOf, Several, Switch, Text

LOCAL = "local"
#: In seconds.
YEAR = 365 * 86_400
MIB = 1024 * 1024
HOST = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"
#: A host name as endpoints of S3 have, also with _, as docker compose allows.
SERVER = r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"
#: An identity provider: what is sent in plain text to another machine, somebody on the way can change.
PROVIDER = r"https://\S+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?(/\S*)?"
#: Headers that mean something else already.
OWN = (
    "access-control-.*|allow|cache-control|connection|content-.*|cross-origin-.*|date|etag|expires|location|retry-after|"
    "server.*|set-cookie|te|timing-allow-origin|trailer|transfer-encoding|upgrade|vary|x-bucket-away|"
    "x-content-type-options|x-first-frame-only|x-over-max-bytes|x-request-id|x-skipped-filters"
)


def is_local(variables: "Variables") -> bool:
    return variables.ENVIRONMENT == LOCAL


class Variables(Declarations):
    """Each once: its kind, its default, and what it means, in Markdown."""

    PLANE = Variable(
        OneOf(("all", "images", "admin")),
        "all",
        "what this process serves: `images` (pictures, without a database), `admin` or `all`",
    )
    ENVIRONMENT = Variable(
        Text(r"[A-Za-z0-9_-]{1,40}", "a word of at most 40 letters, digits, - and _, such as production"),
        LOCAL,
        "which of a bucket's places is read. Anything but `local` turns on safety checks at start",
    )
    DATABASE_URL = Variable(
        DatabaseUrl(),
        DatabaseUrl().read("sqlite:///var/db.sqlite3"),
        "`postgres://user:password@host:5432/name`; the data plane needs none. The password may be percent-encoded "
        "(`%23` for `#`) or literal, but not a mixture",
        default_in_words="SQLite in `var/`",
    )
    CONN_MAX_AGE = Variable(
        Integer(0, 86_400),
        0,
        "seconds for which a connection to PostgreSQL is reused. Leave it at 0 on Lambda, where idle functions would "
        "hold connections",
    )
    SECRET_KEY = Variable(
        SECRET,
        "",
        "signs the admin's sessions, and encrypts the secrets of second factors",
        default_in_words="generated once, in `var/`",
    )
    SECRET_KEY_FALLBACKS = Variable(
        Several(SECRET),
        [],
        "former keys, separated by commas: sessions stay, and so do second factors, which `migrate` encrypts anew",
    )
    ADMIN_PASSWORD = Variable(SECRET, "", "the password of the first user, which `first_user` creates")
    DEBUG = Variable(Switch(), False, "Django's debug pages; refused unless `ENVIRONMENT` is `local`")
    ALLOWED_HOSTS = Variable(
        Several(
            Text(
                rf"\*|\.?{HOST}|\[[0-9A-Fa-f:.]+\]",
                "host names separated by commas, without scheme, port and _, such as images.example.com, or "
                ".example.com for all below it",
            )
        ),
        ["localhost", "127.0.0.1", "[::1]"],
        "host names that the admin answers to, separated by commas. Pictures and health checks answer to any",
        default_in_words="this machine",
    )
    ORIGIN_SECRET = Variable(
        SECRET,
        "",
        "what the CDN sends as `X-Origin-Secret`. Requests without it get a 403; requests with it may name the host "
        "that the viewer asked for, in `X-Viewer-Host`",
    )
    ORIGIN_SECRET_FALLBACKS = Variable(
        Several(SECRET), [], "older values to accept while the CDN changes over, separated by commas"
    )
    CSRF_TRUSTED_ORIGINS = Variable(
        Several(
            Text(
                rf"https?://(\*\.)?({HOST}|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?",
                "origins separated by commas: scheme and host, without a path, such as https://images.example.com",
            )
        ),
        [],
        "origins whose forms the admin accepts, with scheme, separated by commas",
    )
    PROXIES = Variable(
        Integer(1, 10, zero=True),
        0,
        "how many proxies in front of this process each add to `X-Forwarded-For`: 1 with nginx alone. The admin takes "
        "the client's address from there, and from nowhere else. Leave it at 0 on Lambda, where CloudFront's is taken",
    )
    ADMIN_NETWORKS = Variable(
        Several(Network()),
        [],
        "networks from which the admin may be used, its log-in included, such as `203.0.113.0/24,2001:db8::/32`; "
        "others get a 403. If unset, all",
    )
    LOGIN_ATTEMPTS = Variable(
        Integer(1, 1000),
        5,
        "failed log-ins of one account from one address until that is locked; four times as many of all accounts from "
        "one address, ten times as many of one account from all: see [access](access.md#locked-log-ins)",
    )
    LOGIN_LOCK = Variable(Integer(1, 86_400), 900, "seconds for which a log-in is locked")
    SECOND_FACTOR = Variable(
        Switch(),
        False,
        "staff may protect their log-in by a second factor: an app that shows codes, or a passkey. Run `migrate` after "
        "switching it on: see [access](access.md#second-factor)",
    )
    REQUIRE_SECOND_FACTOR = Variable(
        Switch(), False, "staff who log in by password must have one, and see nothing before; implies `SECOND_FACTOR`"
    )
    OIDC_URL = Variable(
        Text(PROVIDER, "the address of an identity provider, such as https://accounts.google.com"),
        "",
        "the identity provider (OpenID Connect) by which staff log in: see [access](access.md#single-sign-on). Run "
        "`migrate` after setting it",
    )
    OIDC_CLIENT_ID = Variable(Text(), "", "this service's id there")
    OIDC_CLIENT_SECRET = Variable(SECRET, "", "this service's secret there")
    SAML_METADATA_URL = Variable(
        Text(PROVIDER, "the address of a SAML metadata document, such as https://sso.example.com/metadata.xml"),
        "",
        "an identity provider (SAML 2.0) by which staff log in: its metadata, see [access](access.md#single-sign-on)",
    )
    SSO_NAME = Variable(Text(), "single sign-on", "what the button of the log-in calls it")
    SSO_GROUPS_CLAIM = Variable(
        Text(),
        "groups",
        "the claim, with SAML the attribute, that says to which groups of the provider somebody belongs",
    )
    SSO_GROUPS = Variable(
        Several(
            Text(
                r"[^=].*=[^=]+", "pairs separated by commas, a value of the claim and a group here: images-team=editor"
            )
        ),
        [],
        "who gets in, and with which role: `value of the claim=group here`, separated by commas. If unset, nobody",
    )
    AUDIT_DAYS = Variable(
        Integer(1, 36_500, zero=True),
        0,
        "days for which lines of the audit log are kept; `send_outbox` removes older ones",
        default_in_words="0: for ever",
    )
    DERIVATIVES_URL = Variable(
        Address(),
        "var/derivatives",
        "where derivatives are stored: `file:///folder` or `s3://bucket/prefix`. Taken literally: `%20` is three "
        "characters",
    )
    CATALOGUE_URL = Variable(
        Address(),
        "var/catalogue",
        "where the catalogue is stored, with `aliases/` and `focus/` beside it; not within `DERIVATIVES_URL`",
    )
    S3_ENDPOINTS = Variable(
        Several(
            Text(
                rf"https?://(\*|(\*\.)?{SERVER}|\[[0-9A-Fa-f:.]+\])(:([0-9]{{1,5}}|\*))?",
                "endpoints separated by commas: a scheme and a host, without a path, such as "
                "https://minio.example.com:9000, https://*.example.com for all below it, http://localhost:* for every "
                "port, or https://* for any server",
            )
        ),
        lambda variables: ["http://*", "https://*"] if is_local(variables) else [],
        "the endpoints, besides AWS's own, that buckets may be read from: see [below](#where-buckets-may-be)",
        default_in_words="any where `ENVIRONMENT` is `local`, else none",
    )
    FOLDER_ROOTS = Variable(
        Several(Text(r"/.*|[\w.].*", "folders separated by commas: full paths, or paths below the project's folder")),
        lambda variables: ["var", "samples"] if is_local(variables) else [],
        "the folders in which buckets of the kind folder may be: see [below](#where-buckets-may-be)",
        default_in_words="`var`, `samples` where `ENVIRONMENT` is `local`, else none",
    )
    STATICFILES_URL = Variable(
        Address(("s3",)),
        "",
        "where `collectstatic` puts the admin's static files, for a CDN to serve at `/static/`: `s3://bucket/static`. "
        "If unset, the process serves them from `var/static`",
    )
    CATALOGUE_MAX_AGE = Variable(
        Decimal(0, 86_400),
        5.0,
        "seconds after which a process reads the catalogue again: an edit is live within that time",
    )
    CACHE_TAG_HEADER = Variable(
        Text(
            rf"(?!(?i:{OWN})$)[A-Za-z0-9!#$%&'*+.^_`|~-]{{1,100}}",
            "the name of a header that means nothing else to browsers, such as Cache-Tag",
        ),
        "Cache-Tag",
        "the response header that carries the tags by which the CDN purges",
    )
    CLOUDFRONT_DISTRIBUTION_ID = Variable(
        Text(r"[A-Z0-9]{8,64}", "a distribution's id, such as EDFDVBD632BHDS"),
        "",
        "the distribution to invalidate. If unset, invalidations are only logged, and CDNs may cache an alias's "
        "pictures for five minutes at most, whatever its cache ages say",
    )
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
        "list the live aliases at [`/-/aliases.json`](urls.md#the-list-of-aliases): names, sizes, ratios and formats",
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
        "what finds the faces for smart crops, unless the alias says otherwise: see [below](#faces)",
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
        "see [below](#while-a-bucket-is-away)",
    )
    MAX_RESPONSE_BYTES = Variable(
        Integer(2 * HEADERS, 2**40, zero=True),
        0,
        "largest response that the gateway carries, in bytes, with base64 and headers: 6000000 on Lambda. Larger "
        "pictures are stored and answered with a redirect to `/-/d/…`",
        default_in_words="0: no limit",
    )
    DEADLINE = Variable(
        Decimal(0.1, 3600), 20.0, "seconds after which a request is abandoned; API Gateway's own limit is 29"
    )
