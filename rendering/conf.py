"""The data plane's settings, typed. `imageservice/settings.py` reads them from the environment and gives the defaults.

Functions, not constants: tests and `override_settings` change them while the process runs.
"""

from django.conf import settings

from .imaging.encoding import NEGOTIATED, ORIGINAL, Encoding
from .imaging.focus import edges, yunet
from .imaging.focus.smart import REKOGNITION
from .imaging.frame.geometry import Geometry
from .imaging.reading.limits import Limits
from .imaging.recipe import Defaults, Recipe


def catalogue_max_age() -> float:
    """Seconds after which the catalogue is read again."""
    return float(settings.CATALOGUE_MAX_AGE)


def limits() -> Limits:
    """What is refused before memory is taken for it."""
    return Limits(
        bytes=settings.MAX_BYTES,
        pixels=settings.MAX_PIXELS,
        memory=settings.MAX_MEMORY,
        frames=settings.MAX_FRAMES,
        width=settings.MAX_WIDTH,
        height=settings.MAX_HEIGHT,
    )


def defaults() -> Defaults:
    """The qualities of recipes that name none, and who looks for the faces of their smart crops."""
    return Defaults(settings.QUALITY, settings.QUALITY, settings.AVIF_QUALITY, detector())


#: The values of DETECTOR.
DETECTORS = ("yunet", "rekognition", "edges", "none")


def detector() -> str:
    """The name of the detector for smart crops that choose none; empty: nobody looks."""
    chosen = {"rekognition": REKOGNITION, "edges": edges.NAME, "none": ""}
    return chosen[settings.DETECTOR] if settings.DETECTOR in chosen else local_detector()


def local_detector() -> str:
    """The name of the best detector of this process: the one for faces, if what it runs on is installed."""
    return yunet.NAME if yunet.installed() else edges.NAME


def renders_at_once() -> int:
    """Renders that may run side by side in one process; the others wait."""
    return int(settings.RENDERS_AT_ONCE)


def deadline() -> float:
    """Seconds after which a request is given up, well before a gateway would."""
    return float(settings.DEADLINE)


#: Bytes left for the headers of an answer beside a picture. They take 1 to 10 KB: the longest name skipped filters.
HEADERS = 32 * 1024


def largest_picture() -> int | None:
    """Bytes of a picture that the gateway carries in one answer: it takes four for three of them. None: any number."""
    most = int(settings.MAX_RESPONSE_BYTES)
    return max(0, most - HEADERS) // 4 * 3 if most else None


def purges() -> bool:
    """Whether this process itself knows a CDN that can be told what to forget."""
    return bool(settings.CLOUDFRONT_DISTRIBUTION_ID)


def cache_tag_header() -> str:
    return str(settings.CACHE_TAG_HEADER)


def security_keys() -> tuple[str, ...]:
    """The keys with which Thumbor URLs may be signed, the current one first."""
    return tuple(key for key in (settings.SECURITY_KEY, *settings.SECURITY_KEY_FALLBACKS) if key)


def origin_secrets() -> tuple[str, ...]:
    """What the CDN sends with each request, the current one first; empty where requests come from anywhere."""
    return tuple(secret for secret in (settings.ORIGIN_SECRET, *settings.ORIGIN_SECRET_FALLBACKS) if secret)


def allow_unsafe_url() -> bool:
    """Whether unsigned Thumbor URLs are answered at all; each bucket must allow them too."""
    return bool(settings.ALLOW_UNSAFE_URL)


def image_handler_buckets() -> tuple[str, ...]:
    """Buckets that URLs of AWS's image handler may name, the first for those that name none; empty: none are read."""
    return tuple(settings.IMAGE_HANDLER_BUCKETS)


def max_age() -> int:
    """Seconds for which the answers to Thumbor URLs may be kept."""
    return int(settings.MAX_AGE)


def dynamic_recipe() -> Recipe:
    """What every Thumbor URL begins from: the deployment's choices of format and orientation."""
    offers = [name for name, on in (("avif", settings.AUTO_AVIF), ("webp", settings.AUTO_WEBP)) if on]
    return Recipe(
        Geometry(upright=settings.RESPECT_ORIENTATION),
        Encoding(
            format=NEGOTIATED if offers else ORIGINAL,
            offers=tuple(offers) or Encoding().offers,
            png_to_jpeg=settings.AUTO_JPG or settings.AUTO_PNG_TO_JPG,
            smallest=True,
        ),
    )
