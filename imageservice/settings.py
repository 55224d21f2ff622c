"""The only reader of the environment: what each variable means stands in `variables.py`, what becomes of it here.

Unset, everything runs on a laptop.
"""

import os
import sys
from pathlib import Path
from typing import Any

from . import accounts
from .environment import local_state
from .environment.picture_variables import LOCAL
from .environment.variables import Variables

BASE_DIR = Path(__file__).resolve().parent.parent
#: What a laptop keeps: database, derivatives, catalogue, key. A deployed service keeps nothing on disk.
VAR = BASE_DIR / "var"

# numpy, which comes with the detector of faces, would start a thread for each processor to multiply matrices with.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# As AWS's other clients call it, and Lambda does; boto3 reads the other name alone.
if (region := os.environ.get("AWS_REGION", "").strip()) and not os.environ.get("AWS_DEFAULT_REGION", "").strip():
    os.environ["AWS_DEFAULT_REGION"] = region

env = Variables(os.environ)

PLANE = env.PLANE
ENVIRONMENT = env.ENVIRONMENT
CONTROL = PLANE in ("all", "admin")

# --- Who may come in --------------------------------------------------------------------------------------------------
DEBUG = env.DEBUG
ALLOWED_HOSTS = env.ALLOWED_HOSTS
ORIGIN_SECRET = env.ORIGIN_SECRET
ORIGIN_SECRET_FALLBACKS = env.ORIGIN_SECRET_FALLBACKS
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS
PROXIES = env.PROXIES
ADMIN_NETWORKS = env.ADMIN_NETWORKS
LOGIN_ATTEMPTS = env.LOGIN_ATTEMPTS
LOGIN_LOCK = env.LOGIN_LOCK
REQUIRE_SECOND_FACTOR = env.REQUIRE_SECOND_FACTOR
SECOND_FACTOR = env.SECOND_FACTOR or REQUIRE_SECOND_FACTOR
SSO_GROUPS_CLAIM = env.SSO_GROUPS_CLAIM
SSO_GROUPS = env.SSO_GROUPS
#: Whether one logs in by the pages of django-allauth, which nothing imports otherwise.
ACCOUNT_PAGES = bool(SECOND_FACTOR or env.OIDC_URL or env.SAML_METADATA_URL)
AUDIT_DAYS = env.AUDIT_DAYS
DATABASE_PAUSES = env.DATABASE_PAUSES
UPKEEP = env.UPKEEP
SECURITY_KEY = env.SECURITY_KEY
SECURITY_KEY_FALLBACKS = env.SECURITY_KEY_FALLBACKS
DIALECT = env.DIALECT
SIGNATURE_ALGORITHM = env.SIGNATURE_ALGORITHM
SIGNATURE_LENGTH = env.SIGNATURE_LENGTH
ALLOW_UNSAFE_URL = env.ALLOW_UNSAFE_URL
STRICT_FILTERS = env.STRICT_FILTERS
LIST_ALIASES = env.LIST_ALIASES
CORS_SITE = env.CORS_SITE
RESOURCE_POLICY = env.RESOURCE_POLICY
SERVER_TIMING = env.SERVER_TIMING

# --- Storages ---------------------------------------------------------------------------------------------------------
DERIVATIVES_URL = env.DERIVATIVES_URL
CATALOGUE_URL = env.CATALOGUE_URL
STATICFILES_URL = env.STATICFILES_URL
S3_ENDPOINTS = env.S3_ENDPOINTS
FOLDER_ROOTS = env.FOLDER_ROOTS
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded here
    "staticfiles": {"BACKEND": "imageservice.static_files.StaticFiles"},
    "derivatives": {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": DERIVATIVES_URL}},
    "catalogue": {"BACKEND": "rendering.storage.factory.from_url", "OPTIONS": {"url": CATALOGUE_URL}},
}
if STATICFILES_URL:
    STORAGES["staticfiles"] = {
        "BACKEND": "aliases.aws.static_storage.StaticStorage",
        "OPTIONS": {"url": STATICFILES_URL},
    }

# --- The data plane: rendering/conf.py says what it makes of these ----------------------------------------------------
CATALOGUE_MAX_AGE = env.CATALOGUE_MAX_AGE
CACHE_TAG_HEADER = env.CACHE_TAG_HEADER
MAX_WIDTH = env.MAX_WIDTH
MAX_HEIGHT = env.MAX_HEIGHT
MAX_PIXELS = env.MAX_PIXELS
MAX_BYTES = env.MAX_BYTES
MAX_MEMORY = env.MAX_MEMORY
MAX_FRAMES = env.MAX_FRAMES
QUALITY = env.QUALITY
AVIF_QUALITY = env.AVIF_QUALITY
DETECTOR = env.DETECTOR
THUMBOR_BUCKET = env.THUMBOR_BUCKET
IMAGE_HANDLER_BUCKETS = env.IMAGE_HANDLER_BUCKETS
MAX_AGE = env.MAX_AGE
AUTO_WEBP = env.AUTO_WEBP
AUTO_AVIF = env.AUTO_AVIF
AUTO_JPG = env.AUTO_JPG
AUTO_PNG_TO_JPG = env.AUTO_PNG_TO_JPG
RESPECT_ORIENTATION = env.RESPECT_ORIENTATION
RENDERS_AT_ONCE = env.RENDERS_AT_ONCE
MAX_CPU = env.MAX_CPU
MAX_WAITING = env.MAX_WAITING
METRICS = env.METRICS
PROMETHEUS_NETWORKS = env.PROMETHEUS_NETWORKS
# prometheus-client's own variable: gunicorn.conf.py sets it, for nobody else.
PROMETHEUS_FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
SERVE_STALE = env.SERVE_STALE
MAX_RESPONSE_BYTES = env.MAX_RESPONSE_BYTES
DEADLINE = env.DEADLINE

# --- The control plane. Of these the data plane reads nothing: it need not be let in to where AWS keeps them ----------
DATABASES: dict[str, Any] = {}
SECRET_KEY = "unused: the data plane signs nothing with it"  # noqa: S105 - Django wants one to be set
SECRET_KEY_FALLBACKS: list[str] = []
ADMIN_PASSWORD = ""
CLOUDFRONT_DISTRIBUTION_ID = env.CLOUDFRONT_DISTRIBUTION_ID
FASTLY_SERVICE_ID, FASTLY_TOKEN = env.FASTLY_SERVICE_ID, env.FASTLY_TOKEN
CLOUDFLARE_ZONE_ID, CLOUDFLARE_TOKEN = env.CLOUDFLARE_ZONE_ID, env.CLOUDFLARE_TOKEN
VARNISH_URLS = env.VARNISH_URLS
PURGE_WEBHOOK_URL, PURGE_WEBHOOK_KEY = env.PURGE_WEBHOOK_URL, env.PURGE_WEBHOOK_KEY
if CONTROL:
    SECRET_KEY, ADMIN_PASSWORD = env.SECRET_KEY, env.ADMIN_PASSWORD
    SECRET_KEY_FALLBACKS = env.SECRET_KEY_FALLBACKS
    database = DATABASES["default"] = {**env.DATABASE_URL}
    if database["ENGINE"] == "django.db.backends.sqlite3":
        if database["NAME"] != ":memory:":
            database["NAME"] = str(BASE_DIR / database["NAME"])
        database["OPTIONS"] = {
            "timeout": 20,
            # Taking the write lock at once is what lets two publishers wait for each other instead of failing.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        database["CONN_HEALTH_CHECKS"] = True
        database["CONN_MAX_AGE"] = env.CONN_MAX_AGE
        database["OPTIONS"].setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Before anything is written: a wrong setting leaves no files behind.
env.refuse()
#: Variables that are set, to nothing or to blanks, which is as if they were not; checks.py says where that matters.
BLANK_VARIABLES = tuple(env.blank)

try:
    if not SECRET_KEY:
        # Where strangers come by Django gets what checks.py refuses, and commands that sign nothing work without a key.
        SECRET_KEY = local_state.key(VAR / "secret_key") if ENVIRONMENT == LOCAL else "unset"
    if CONTROL and Path(DATABASES["default"]["NAME"]).is_absolute():  # SQLite's file
        local_state.prepare_folder(Path(DATABASES["default"]["NAME"]), VAR)
except local_state.NotKept as error:
    sys.exit(str(error))

# --- Django -----------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "imageservice.urls"
WSGI_APPLICATION = "imageservice.wsgi.application"
# Redirecting /x to /x/ would change keys, which are taken as they are.
APPEND_SLASH = False
# The service is at the root of its host, also at API Gateway, whose URLs begin with a stage's name.
FORCE_SCRIPT_NAME = ""
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"

INSTALLED_APPS = ["rendering"]
MIDDLEWARE = ["rendering.trace.TraceMiddleware", "rendering.http.origin_secret.OriginSecretMiddleware"]
if CONTROL:
    INSTALLED_APPS += [
        "aliases",
        "aliases.apps.AdminConfig",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "csp",
        "axes",
    ]
    MIDDLEWARE += [
        "aliases.access.addresses.AddressMiddleware",
        "aliases.audit.recording.AuditMiddleware",
        "django.middleware.security.SecurityMiddleware",
        *(() if STATICFILES_URL else ("whitenoise.middleware.WhiteNoiseMiddleware",)),
        "django.contrib.sessions.middleware.SessionMiddleware",
        "aliases.hosts.HostMiddleware",
        "aliases.admin.pages.request_bodies.RequestBodyMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "csp.middleware.CSPMiddleware",
        "axes.middleware.AxesMiddleware",
    ]
    AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
    # aliases/access/lockouts.py says what is counted.
    AXES_HANDLER = "aliases.access.lockouts.Handler"
    AXES_USERNAME_CALLABLE = "aliases.access.lockouts.account_of"
    AXES_CLIENT_IP_CALLABLE = "aliases.access.addresses.customer"
    AXES_LOCKOUT_CALLABLE = "aliases.admin.pages.error_pages.log_in_locked"
    AXES_COOLOFF_TIME = "aliases.access.lockouts.cool_off"
    AXES_FAILURE_LIMIT = "aliases.access.lockouts.limit"
    AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # a lock must not last for as long as somebody keeps trying
    AXES_ENABLE_ADMIN = False  # commands unlock, and the log shows locks
    AUTH_PASSWORD_VALIDATORS = [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
    ]
    TEMPLATES: list[dict[str, Any]] = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ]
    if ACCOUNT_PAGES:
        options = accounts.Options(
            second_factor=SECOND_FACTOR,
            is_local=ENVIRONMENT == LOCAL,
            oidc_url=env.OIDC_URL,
            oidc_client=(env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET),
            saml_metadata_url=env.SAML_METADATA_URL,
            name=env.SSO_NAME,
        )
        added = accounts.additions(options)
        INSTALLED_APPS += added.apps
        MIDDLEWARE += added.middleware
        TEMPLATES[0]["OPTIONS"]["context_processors"].append("aliases.access.accounts.admin_frame")
        globals().update(added.settings)
    LOGIN_REDIRECT_URL = "/admin/"  # where no page of ours asked to log in
    CSRF_FAILURE_VIEW = "aliases.admin.pages.error_pages.csrf_failure"
    # The admin has no inline script or style. blob: and data: are the previews'.
    CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {
            "default-src": ["'self'"],
            "img-src": ["'self'", "blob:", "data:"],
            "object-src": ["'none'"],
            "base-uri": ["'none'"],
            "form-action": ["'self'"],
            "frame-ancestors": ["'none'"],
        }
    }

if ENVIRONMENT != LOCAL:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
# What `check --deploy` asks for and is not this process's to decide: redirecting to HTTPS is the CDN's or the proxy's,
# and other hosts below the same domain are their operators'.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
if not CONTROL:
    # The data plane has no sessions, cookies, forms or signatures of Django's to protect; its headers are its own.
    SILENCED_SYSTEM_CHECKS += ["security.W001", "security.W002", "security.W003", "security.W009"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "rendering.trace.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Refused requests are in the request's own line; Django would tell each a second time, with its path. What was
    # raised and nobody expected it alone tells.
    "filters": {"raised": {"()": "django.utils.log.CallbackFilter", "callback": lambda record: bool(record.exc_info)}},
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["raised"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # hosts.py logs it, with what would be right
        "axes": {"level": "CRITICAL"},  # lockouts.py logs a lock once
        "allauth": {"level": "CRITICAL"},  # a stranger's answer is no error of ours; single_sign_on.py logs it
        "botocore": {"level": "WARNING"},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # it warns of each HEAD, whose body it drops, as servers do
    },
}
