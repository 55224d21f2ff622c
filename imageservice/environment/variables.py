"""The variables of the environment that the service reads. `make docs` writes the table of docs/settings.md from them.

`settings.py` says what becomes of them. AWS's own (AWS_REGION, AWS_ENDPOINT_URL, …) are boto3's to read.
"""

from .database import DatabaseUrl
from .declaration import Variable
from .kinds import SECRET, Address, Decimal, Integer, Network, OneOf, Several, Switch, Text
from .picture_variables import LOCAL, PictureVariables, is_local

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


class Variables(PictureVariables):
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
    DATABASE_PAUSES = Variable(
        Switch(),
        False,
        "the database pauses while nobody asks it: the schedule on Lambda then asks it only for ten minutes after a "
        "change, and for five in each hour",
    )
    UPKEEP = Variable(
        Switch(),
        True,
        "servers of the control plane check live aliases and drafts and find sample sets, for some seconds of each "
        "minute, one process at a time. Switch it off where a schedule runs `send_outbox`, which does the same. On "
        "Lambda, servers never do",
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
        "the endpoints, besides AWS's own, that buckets may be read from: see "
        "[running](running.md#where-buckets-may-be)",
        default_in_words="any where `ENVIRONMENT` is `local`, else none",
    )
    FOLDER_ROOTS = Variable(
        Several(Text(r"/.*|[\w.].*", "folders separated by commas: full paths, or paths below the project's folder")),
        lambda variables: ["var", "samples"] if is_local(variables) else [],
        "the folders in which buckets of the kind folder may be: see [running](running.md#where-buckets-may-be)",
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
        "the distribution to invalidate. If neither it nor another cache below is set, invalidations are only logged, "
        "and CDNs may cache an alias's pictures for five minutes at most, whatever its cache ages say: see "
        "[purging](running.md#purging)",
    )
    FASTLY_SERVICE_ID = Variable(Text(r"[A-Za-z0-9]{1,64}", "a service's id"), "", "the service of Fastly to purge")
    FASTLY_TOKEN = Variable(SECRET, "", "a token of Fastly with the scope `purge_select`")
    CLOUDFLARE_ZONE_ID = Variable(Text(r"[0-9a-f]{32}", "a zone's id"), "", "the zone of Cloudflare to purge")
    CLOUDFLARE_TOKEN = Variable(SECRET, "", "a token of Cloudflare with the permission “Cache Purge”")
    VARNISH_URLS = Variable(
        Several(Text(rf"http://{SERVER}(:[0-9]+)?/?", "URLs, separated by commas, such as http://varnish:6081")),
        [],
        "every Varnish to purge, separated by commas, with the VCL of [`varnish.vcl`](../hosting/varnish.vcl)",
    )
    PURGE_WEBHOOK_URL = Variable(
        Text(PROVIDER, "a URL such as https://example.com/purge"), "", "what else is told which tags have changed"
    )
    PURGE_WEBHOOK_KEY = Variable(SECRET, "", "signs what is sent there")
    METRICS = Variable(
        Text(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,62}", "a namespace of CloudWatch's, such as imageservice"),
        "",
        "the namespace of metrics that CloudWatch reads from the log, in its embedded metric format. If unset, the log "
        "has none",
    )
    PROMETHEUS_NETWORKS = Variable(
        Several(Network()),
        [],
        "networks from which Prometheus may read `/-/metrics`, such as `10.0.0.0/8`: see "
        "[running](running.md#prometheus). If unset, there is no such page",
    )
