"""The only reader of the environment: every variable once, with what it means. Unset, everything runs on a laptop."""

import os
import secrets
from pathlib import Path
from typing import Any

import environ

from .aws_secrets import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
#: What a laptop keeps: database, derivatives, catalogue, key. A deployed service keeps nothing on disk.
VAR = BASE_DIR / "var"

env = environ.Env()
# Any variable may name the place where AWS keeps its value: secretsmanager:name#field or ssm:/name.
env.ENVIRON = Environment(os.environ)
env.escape_proxy = True


def kept_secret() -> str:
    """A key of this checkout's own, made at the first start, so that sessions outlive a restart."""
    path = VAR / "secret_key"
    try:
        VAR.mkdir(exist_ok=True)
        # "x": of two processes starting at once, one makes the key and the other reads it.
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError:  # a read-only disk: a key for this process, and the system check asks for SECRET_KEY
        return secrets.token_urlsafe(50)
    return path.read_text()


# numpy, which comes with the detector of faces, would start a thread for each processor to multiply matrices with.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Which half of the service this process is: "images" (pictures; no database), "admin" (editors) or "all" (both).
PLANE = env.str("PLANE", "all")
# Which of a bucket's places this deployment reads: "local", or "staging", "production", ...
ENVIRONMENT = env.str("ENVIRONMENT", "local")
CONTROL = PLANE in ("all", "admin")

DEBUG = env.bool("DEBUG", False)
# Signs sessions and forms of the admin. On a laptop it is made at the first start and kept under var/.
SECRET_KEY = env.str("SECRET_KEY", "") or (kept_secret() if ENVIRONMENT == "local" else "")
if not SECRET_KEY and PLANE == "images":
    SECRET_KEY = "unused: the data plane signs nothing with it"  # noqa: S105 - Django wants one to be set
# The password of the first user, whom manage.py first_user makes. Read for nothing else.
ADMIN_PASSWORD = env.str("ADMIN_PASSWORD", "")
# Hosts that the service answers for, separated by commas.
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
# What the CDN in front sends with each request as X-Origin-Secret; and older ones that it may still send while it
# changes over, separated by commas. Requests without one of them are refused. Unset, requests may come from anywhere.
ORIGIN_SECRET = env.str("ORIGIN_SECRET", "")
ORIGIN_SECRET_FALLBACKS = env.list("ORIGIN_SECRET_FALLBACKS", default=[])
# Origins whose forms the admin takes, with scheme: https://images.example.com
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- The control plane's database -------------------------------------------------------------------------------------
# postgres://user:password@host:5432/name, or sqlite:////absolute/path. The data plane has none.
DATABASES: dict[str, Any] = {}
if CONTROL:
    DATABASES["default"] = env.db_url("DATABASE_URL", default=f"sqlite:///{VAR / 'db.sqlite3'}")
    if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        DATABASES["default"]["OPTIONS"] = {
            "timeout": 20,
            # Taking the write lock at once is what lets two publishers wait for each other instead of failing.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
        # Seconds for which a connection is kept. On Lambda 0: a frozen function would hold it for nothing.
        DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 0)
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Storages ---------------------------------------------------------------------------------------------------------
# Where derivatives are kept and where the catalogue is: file:///folder or s3://bucket/prefix. AWS's own variables
# (AWS_REGION, AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, ...) are boto3's to read.
DERIVATIVES_URL = env.str("DERIVATIVES_URL", (VAR / "derivatives").as_uri())
CATALOGUE_URL = env.str("CATALOGUE_URL", (VAR / "catalogue").as_uri())
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded here
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "derivatives": {"BACKEND": "rendering.storages.from_url", "OPTIONS": {"url": DERIVATIVES_URL}},
    "catalogue": {"BACKEND": "rendering.storages.from_url", "OPTIONS": {"url": CATALOGUE_URL}},
}

# --- The data plane ---------------------------------------------------------------------------------------------------
# Seconds after which a process reads the catalogue again: how long an edit takes to be live.
CATALOGUE_MAX_AGE = env.float("CATALOGUE_MAX_AGE", 5.0)
# The response header with the names by which a CDN purges. CloudFront in front of S3 wants x-amz-meta-cache-tag.
CACHE_TAG_HEADER = env.str("CACHE_TAG_HEADER", "Cache-Tag")
# The distribution whose tags publishing invalidates. Without one, invalidations are written to the log.
CLOUDFRONT_DISTRIBUTION_ID = env.str("CLOUDFRONT_DISTRIBUTION_ID", "")
# The largest derivative, in pixels a side.
MAX_WIDTH = env.int("MAX_WIDTH", 4096)
MAX_HEIGHT = env.int("MAX_HEIGHT", 4096)
# The largest original: pixels, bytes of the file, and bytes of memory that decoding it may take.
MAX_PIXELS = env.int("MAX_PIXELS", 75_000_000)
MAX_BYTES = env.int("MAX_BYTES", 40 * 1024 * 1024)
MAX_MEMORY = env.int("MAX_MEMORY", 700 * 1024 * 1024)
# Frames of an animation; longer ones are served as their first frame.
MAX_FRAMES = env.int("MAX_FRAMES", 300)
# Quality of JPEG and WebP, and of AVIF, whose scale differs, where an alias or URL names none (1 to 100).
QUALITY = env.int("QUALITY", 80)
AVIF_QUALITY = env.int("AVIF_QUALITY", 60)
# Who looks for the faces of smart crops where an alias does not choose: yunet (in this process, with ONNX Runtime),
# rekognition (Amazon's, at a price for each original), edges (nobody: where there is most to see), none (no smart crop:
# the alignment, as in a Thumbor without detectors).
DETECTOR = env.str("DETECTOR", "yunet")
# Signs Thumbor URLs; and older keys that still verify while clients change over, separated by commas.
SECURITY_KEY = env.str("SECURITY_KEY", "")
SECURITY_KEY_FALLBACKS = env.list("SECURITY_KEY_FALLBACKS", default=[])
# Whether unsigned Thumbor URLs (/unsafe/...) are answered, for the buckets that allow them.
ALLOW_UNSAFE_URL = env.bool("ALLOW_UNSAFE_URL", ENVIRONMENT == "local")
# Buckets, by our names and separated by commas, that URLs of AWS's Serverless Image Handler may name; the first is for
# those that name none. Unset, no such URLs are read. They are unsigned: ALLOW_UNSAFE_URL counts, and the buckets' own.
IMAGE_HANDLER_BUCKETS = env.list("IMAGE_HANDLER_BUCKETS", default=[])
# Seconds for which the answers to Thumbor URLs are kept by browsers and CDNs.
MAX_AGE = env.int("MAX_AGE", 86_400)
# Whether Thumbor URLs that name no format give WebP or AVIF (which comes first) to browsers that accept it, and JPEG
# for a PNG without transparency. Aliases say it for themselves.
AUTO_WEBP = env.bool("AUTO_WEBP", False)
AUTO_AVIF = env.bool("AUTO_AVIF", False)
AUTO_JPG = env.bool("AUTO_JPG", False)
AUTO_PNG_TO_JPG = env.bool("AUTO_PNG_TO_JPG", False)
# Whether Thumbor URLs turn pictures the way up that the camera noted. Aliases always do.
RESPECT_ORIENTATION = env.bool("RESPECT_ORIENTATION", True)
# Renders side by side in one process. Each takes a processor and, at worst, MAX_MEMORY.
RENDERS_AT_ONCE = env.int("RENDERS_AT_ONCE", 2)
# Bytes that an answer may have as the gateway in front carries it, in base64 and with its headers. A larger picture is
# kept and redirected to. On Lambda 6000000; 0 is for servers that carry any.
MAX_RESPONSE_BYTES = env.int("MAX_RESPONSE_BYTES", 0)
# Seconds after which a request is given up; API Gateway would at 29.
DEADLINE = env.float("DEADLINE", 20.0)

# --- Django -----------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "imageservice.urls"
WSGI_APPLICATION = "imageservice.wsgi.application"
# Redirecting /x to /x/ would change keys, which are taken as they are.
APPEND_SLASH = False
# The service is at the root of its host. Behind API Gateway, whose URLs begin with a stage's name, it is so as well.
FORCE_SCRIPT_NAME = ""
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
# Where the admin's static files are put by collectstatic, for a CDN to serve at /static/: s3://bucket/static. Unset,
# the process serves them itself, from var/static.
STATICFILES_URL = env.str("STATICFILES_URL", "")
if STATICFILES_URL:
    STORAGES["staticfiles"] = {"BACKEND": "aliases.static_storage.StaticStorage", "OPTIONS": {"url": STATICFILES_URL}}

INSTALLED_APPS = ["rendering"]
MIDDLEWARE = ["rendering.trace.TraceMiddleware", "rendering.origin.OriginMiddleware"]
if CONTROL:
    INSTALLED_APPS += [
        "aliases",
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "csp",
    ]
    MIDDLEWARE += [
        "django.middleware.security.SecurityMiddleware",
        *(() if STATICFILES_URL else ("whitenoise.middleware.WhiteNoiseMiddleware",)),
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "csp.middleware.CSPMiddleware",
    ]
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

if ENVIRONMENT != "local":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "rendering.trace.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # Refused requests are in the request's own line; Django would tell each a second time.
    "loggers": {
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "botocore": {"level": "WARNING"},
    },
}
