"""The data plane's settings, typed. `imageservice/settings.py` reads them from the environment.

They are functions, not constants, because tests change settings while the process runs.
"""

from pathlib import Path

from django.conf import settings

from .imaging.encoding import NEGOTIATED, ORIGINAL, Encoding, Offer
from .imaging.focus import edges, yunet
from .imaging.focus.smart import REKOGNITION
from .imaging.frame.geometry import Geometry
from .imaging.reading.limits import Limits
from .imaging.recipe import Defaults, Recipe


def catalogue_max_age() -> float:
    """Seconds after which the catalogue is read again."""
    return float(settings.CATALOGUE_MAX_AGE)


def limits() -> Limits:
    """The limits on originals and derivatives, checked before memory is allocated."""
    return Limits(
        bytes=settings.MAX_BYTES,
        pixels=settings.MAX_PIXELS,
        memory=settings.MAX_MEMORY,
        frames=settings.MAX_FRAMES,
        width=settings.MAX_WIDTH,
        height=settings.MAX_HEIGHT,
    )


def defaults() -> Defaults:
    """Qualities for recipes that name none, and the detector for their smart crops."""
    return Defaults(settings.QUALITY, settings.QUALITY, settings.AVIF_QUALITY, detector())


#: The values of DETECTOR.
DETECTORS = ("yunet", "rekognition", "edges", "none")


def metrics() -> str:
    """The namespace of CloudWatch's metrics that the log carries; empty if it carries none."""
    return str(settings.METRICS)


def prometheus_networks() -> tuple[str, ...]:
    """The networks from which Prometheus may read the metrics. Empty if nothing is counted for it."""
    return tuple(settings.PROMETHEUS_NETWORKS)


def prometheus_folder() -> str:
    """Where the processes of this server write what they count; empty where there is only one."""
    return str(settings.PROMETHEUS_FOLDER)


def environment() -> str:
    """The name of the environment, such as production."""
    return str(settings.ENVIRONMENT)


def plane() -> str:
    """What this process serves: images, admin or all."""
    return str(settings.PLANE)


def detector() -> str:
    """The name of the detector for smart crops that name none; empty for no detector."""
    chosen = {"rekognition": REKOGNITION, "edges": edges.NAME, "none": ""}
    return chosen[settings.DETECTOR] if settings.DETECTOR in chosen else local_detector()


def local_detector() -> str:
    """The name of the best detector in this process: the one for faces, if its runtime is installed."""
    return yunet.NAME if yunet.installed() else edges.NAME


def renders_at_once() -> int:
    """Concurrent renders in one process; others wait."""
    return int(settings.RENDERS_AT_ONCE)


def max_memory() -> int:
    """Bytes that decoding one original may take."""
    return int(settings.MAX_MEMORY)


def max_cpu() -> float:
    """Seconds of CPU time that one picture may take."""
    return float(settings.MAX_CPU)


def max_waiting() -> int:
    """Requests in one process that may have pictures rendered at once, or wait for that; others are refused."""
    return int(settings.MAX_WAITING)


def serve_stale() -> bool:
    """Whether the derivative that was stored last is served while the bucket of its original is away."""
    return bool(settings.SERVE_STALE)


def deadline() -> float:
    """Seconds after which a request is abandoned, well before the gateway would."""
    return float(settings.DEADLINE)


#: The values of RESOURCE_POLICY, the least strict first.
EMBEDDERS = ("cross-origin", "same-site", "same-origin")


def cors_site() -> str:
    """The site whose scripts may read responses: `*` for all, empty for none but the service's own."""
    return "" if settings.CORS_SITE == "none" else str(settings.CORS_SITE)


def resource_policy() -> str:
    """Whose pages may show pictures, one of EMBEDDERS."""
    return str(settings.RESOURCE_POLICY)


def server_timing() -> bool:
    """Whether responses say how long each stage of their request took."""
    return bool(settings.SERVER_TIMING)


#: Bytes reserved for the headers of a picture's response. They take 1 to 10 KB, the most to name skipped filters.
HEADERS = 32 * 1024


#: Settings of which each turns on purging: what else it needs, and the header in which tags are read there; empty for
#: nothing, and for any header.
PURGED = {
    "CLOUDFRONT_DISTRIBUTION_ID": ("", ""),
    "FASTLY_SERVICE_ID": ("FASTLY_TOKEN", "Surrogate-Key"),
    "CLOUDFLARE_ZONE_ID": ("CLOUDFLARE_TOKEN", "Cache-Tag"),
    "VARNISH_URLS": ("", "Cache-Tag"),
    "PURGE_WEBHOOK_URL": ("PURGE_WEBHOOK_KEY", ""),
}


def largest_picture() -> int | None:
    """Bytes of the largest picture that the gateway carries, in base64, which is 4/3 as long. None for no limit."""
    most = int(settings.MAX_RESPONSE_BYTES)
    return max(0, most - HEADERS) // 4 * 3 if most else None


def purges() -> bool:
    """Whether this process knows a CDN or cache that it can purge."""
    return any(getattr(settings, name) for name in PURGED)


def is_local() -> bool:
    """Whether this is a developer's machine, where less is refused."""
    return bool(settings.ENVIRONMENT == "local")


def s3_endpoints() -> tuple[str, ...]:
    """The endpoints, besides AWS's, that buckets may have: rendering/storage/s3/endpoints.py."""
    return tuple(settings.S3_ENDPOINTS)


def folder_roots() -> tuple[str, ...]:
    """The folders that hold the folders of buckets."""
    return tuple(str(Path(settings.BASE_DIR) / root) for root in settings.FOLDER_ROOTS)


def cache_tag_header() -> str:
    return str(settings.CACHE_TAG_HEADER)


def security_keys() -> tuple[str, ...]:
    """The keys with which Thumbor URLs may be signed, the current one first."""
    return tuple(key for key in (settings.SECURITY_KEY, *settings.SECURITY_KEY_FALLBACKS) if key)


#: The values of DIALECT.
DIALECTS = ("thumbor", "imagor")


def reads_imagor() -> bool:
    """Whether signed and unsigned URLs are imagor's, and not Thumbor's."""
    return bool(settings.DIALECT == "imagor")


#: The values of SIGNATURE_ALGORITHM.
ALGORITHMS = ("sha1", "sha256", "sha512")


def signature_algorithm() -> str:
    """The algorithm of the HMAC that signs Thumbor URLs."""
    return str(settings.SIGNATURE_ALGORITHM)


def signature_length() -> int:
    """Characters of a signature that count, from its beginning; 0 for all."""
    return int(settings.SIGNATURE_LENGTH)


def origin_secrets() -> tuple[str, ...]:
    """The secrets that the CDN may send, the current one first. Empty if requests need none."""
    return tuple(secret for secret in (settings.ORIGIN_SECRET, *settings.ORIGIN_SECRET_FALLBACKS) if secret)


def allow_unsafe_url() -> bool:
    """Whether unsigned Thumbor URLs are answered. The bucket must allow them, too."""
    return bool(settings.ALLOW_UNSAFE_URL)


def strict_filters() -> bool:
    """Whether a Thumbor URL with a filter that cannot be applied is refused, instead of served without the filter."""
    return bool(settings.STRICT_FILTERS)


def lists_aliases() -> bool:
    """Whether the live aliases are listed at /-/aliases.json."""
    return bool(settings.LIST_ALIASES)


def thumbor_bucket() -> str:
    """The bucket of Thumbor URLs whose image path names none. Empty if they must name one."""
    return str(settings.THUMBOR_BUCKET)


def image_handler_buckets() -> tuple[str, ...]:
    """Buckets that URLs of AWS's image handler may read, the first for URLs that name none. Empty turns such URLs
    off."""
    return tuple(settings.IMAGE_HANDLER_BUCKETS)


def max_age() -> int:
    """Seconds for which responses to Thumbor URLs may be cached."""
    return int(settings.MAX_AGE)


def dynamic_recipe() -> Recipe:
    """The recipe that every Thumbor URL starts from: the deployment's choices of format and orientation."""
    chosen: tuple[tuple[Offer, bool], ...] = (("avif", settings.AUTO_AVIF), ("webp", settings.AUTO_WEBP))
    offers = tuple(name for name, on in chosen if on)
    return Recipe(
        Geometry(upright=settings.RESPECT_ORIENTATION),
        Encoding(
            format=NEGOTIATED if offers else ORIGINAL,
            offers=offers or Encoding().offers,
            png_to_jpeg=settings.AUTO_JPG or settings.AUTO_PNG_TO_JPG,
            smallest=True,
        ),
    )
