"""System checks: misconfiguration, with a hint how to correct it. `imageservice/wsgi.py` refuses to start on an
error."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from . import conf, process
from .imaging.filters.grammar import extensions
from .imaging.focus import yunet
from .storage.place import Place

#: The tag of these checks. The data plane runs them at start, and none of Django's own.
TAG = "imageservice"
#: Beside the catalogue: the folder of the documents of rendering/pictures/overruled.py.
FOCUS = "focus"
THIS_MACHINE = {"localhost", "127.0.0.1", "[::1]"}


@register(TAG)
def storages_are_places(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    places = {name: Place.from_url(getattr(settings, name)) for name in ("DERIVATIVES_URL", "CATALOGUE_URL")}
    for name, place in places.items():
        if place.kind != "folder":
            continue
        if settings.ENVIRONMENT != "local":
            messages.append(
                checks.Warning(
                    f"{name} is a folder on this machine: other machines and Lambda functions cannot see it",
                    hint="Set it to s3://bucket/prefix.",
                    id="imageservice.W001",
                )
            )
        meant = unquote(place.location)
        if meant != place.location and Path(meant).is_dir() and not Path(place.location).is_dir():
            messages.append(
                checks.Warning(
                    f"{name} names the folder {place.location}, which does not exist, while {meant} does",
                    hint=f"Paths are taken literally, without decoding %XX: set it to file://{meant} if that is meant.",
                    id="imageservice.W003",
                )
            )
    if collide(places["DERIVATIVES_URL"], places["CATALOGUE_URL"]):
        messages.append(
            Error(
                "CATALOGUE_URL equals DERIVATIVES_URL or lies within it, or DERIVATIVES_URL is the catalogue's focus "
                "folder: the catalogue would expire, or be served to the public, like derivatives",
                hint="Give each a prefix or folder of its own, side by side.",
                id="imageservice.E008",
            )
        )
    return messages


def collide(derivatives: Place, catalogue: Place) -> bool:
    """Whether the places are the same, or one would write into the other."""
    if (derivatives.kind, derivatives.location if derivatives.kind == "s3" else "") != (
        catalogue.kind,
        catalogue.location if catalogue.kind == "s3" else "",
    ):
        return False
    above, below = (root(derivatives), root(catalogue))
    return below.startswith(above) or above.startswith(f"{below}{FOCUS}/")


def root(place: Place) -> str:
    """What all keys of a place begin with: in S3 the prefix, on disk the folder."""
    if place.kind == "s3":
        return place.prefix
    return f"{(Path(settings.BASE_DIR) / place.location).resolve()}/".replace("//", "/")


@register(TAG)
def settings_fit_together(**kwargs: Any) -> list[CheckMessage]:
    """Settings that are valid alone, but have no effect, or another one, with others."""
    messages: list[CheckMessage] = []

    def warn(number: int, what: str, hint: str) -> None:
        messages.append(checks.Warning(what, hint=hint, id=f"imageservice.W{number:03}"))

    if "ORIGIN_SECRET" in settings.BLANK_VARIABLES and not conf.origin_secrets():
        warn(
            4,
            "ORIGIN_SECRET is set, but blank: requests that bypass the CDN are accepted",
            "Give it the secret that the CDN sends, or unset it if none does.",
        )
    if "ENVIRONMENT" in settings.BLANK_VARIABLES:
        warn(
            8,
            "ENVIRONMENT is set, but blank: it counts as local, where unsigned URLs are answered and less is checked",
            "Name the environment, such as production, or unset it on a laptop.",
        )
    if settings.IMAGE_HANDLER_BUCKETS and not settings.ALLOW_UNSAFE_URL:
        warn(
            5,
            "IMAGE_HANDLER_BUCKETS is set, but ALLOW_UNSAFE_URL is off: those URLs are unsigned, so all are refused",
            "Set ALLOW_UNSAFE_URL=on, or unset IMAGE_HANDLER_BUCKETS.",
        )
    if settings.ENVIRONMENT == "local" or not settings.CONTROL:
        return messages
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        warn(
            6,
            f"The admin keeps its data in SQLite, in {settings.DATABASES['default']['NAME']}: other machines and "
            "Lambda functions cannot see it",
            "Set DATABASE_URL to postgres://user:password@host:5432/name.",
        )
    if set(settings.ALLOWED_HOSTS) <= THIS_MACHINE:
        warn(
            7,
            "ALLOWED_HOSTS names only this machine: the admin answers nobody else",
            "Set it to the host names of the admin, separated by commas.",
        )
    return messages


@register(TAG)
def purging_is_whole(**kwargs: Any) -> list[CheckMessage]:
    """Whether each CDN or cache that is to be purged can be, and reads the tags."""
    messages: list[CheckMessage] = []
    for name, (secret, header) in conf.PURGED.items():
        if not getattr(settings, name):
            continue
        if settings.CONTROL and secret and not getattr(settings, secret):
            hint = f"Set {secret}, or unset {name}."
            messages.append(
                Error(f"{name} is set, but {secret} is not: nothing could be purged", hint=hint, id="imageservice.E013")
            )
        if header and conf.cache_tag_header().title() != header:
            told = f"{name} is set, but the tags are sent as {conf.cache_tag_header()}, which is not read there"
            hint = f"Set CACHE_TAG_HEADER={header}."
            messages.append(checks.Warning(told, hint=hint, id="imageservice.W014"))
    return messages


@register(TAG)
def metrics_can_be_read(**kwargs: Any) -> list[CheckMessage]:
    if not conf.prometheus_networks() or find_spec("prometheus_client"):
        return []
    return [
        Error(
            "PROMETHEUS_NETWORKS is set, but the package prometheus-client is not installed",
            hint="Install what requirements-hosting.txt names, or unset PROMETHEUS_NETWORKS.",
            id="imageservice.E015",
        )
    ]


@register(TAG)
def faces_are_found(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    if settings.DETECTOR in ("yunet", "rekognition") and not yunet.installed():
        messages.append(
            checks.Warning(
                "ONNX Runtime is not installed: smart crops in this process find detail, but no faces",
                hint="Install onnxruntime, or set DETECTOR=edges if that is meant.",
                id="imageservice.W010",
            )
        )
    return messages


@register(TAG)
def filters_of_other_packages_work(**kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            wrong,
            hint="Correct it in that package, or uninstall the package. Aliases with that filter are not served.",
            id="imageservice.E019",
        )
        for wrong in extensions.WRONG
    ]


@register(TAG)
def renders_are_fast(**kwargs: Any) -> list[CheckMessage]:
    """What only affects how long renders take."""
    messages: list[CheckMessage] = []
    if settings.ENVIRONMENT != "local" and "zlib-ng" not in process.zlib():
        messages.append(
            checks.Warning(
                f"PNGs are written by zlib {process.zlib()}, which takes twice as long as zlib-ng",
                hint="Run make zlib and set LD_LIBRARY_PATH to the folder that it prints. Lambda packages include it.",
                id="imageservice.W012",
            )
        )
    return messages


@register(TAG)
def production_is_closed(**kwargs: Any) -> list[CheckMessage]:
    """Settings that are fine on a laptop, but not in public."""
    if settings.ENVIRONMENT == "local":
        return []
    messages: list[CheckMessage] = []
    if settings.DEBUG:
        messages.append(
            Error(
                "DEBUG is on: errors would show internals",
                hint="Unset DEBUG.",
                id="imageservice.E003",
            )
        )
    if settings.CONTROL and len(settings.SECRET_KEY) < 40:
        messages.append(
            Error(
                "SECRET_KEY is missing or short: the admin's sessions could be forged",
                hint='Set it to the output of python -c "import secrets; print(secrets.token_urlsafe(50))".',
                id="imageservice.E004",
            )
        )
    if (weak := short("SECURITY_KEY")) and settings.PLANE != "admin":
        messages.append(
            Error(
                f"{weak}: URLs could be forged",
                hint='Set it to the output of python -c "import secrets; print(secrets.token_urlsafe(32))".',
                id="imageservice.E006",
            )
        )
    if weak := short("ORIGIN_SECRET"):
        messages.append(
            Error(
                f"{weak}: anyone who guesses it can bypass the CDN",
                hint='Set it to the output of python -c "import secrets; print(secrets.token_urlsafe(32))".',
                id="imageservice.E007",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        messages.append(
            Error("ALLOWED_HOSTS takes any host", hint="Name the hosts, separated by commas.", id="imageservice.E005")
        )
    return messages


def short(name: str) -> str:
    """Which of a secret and its fallbacks is shorter than 16 characters, as the beginning of a sentence; empty if none
    is. Thumbor's own default is."""
    fallbacks = f"{name}_FALLBACKS"
    wrong = [name] if 0 < len(getattr(settings, name)) < 16 else []
    if any(len(one) < 16 for one in getattr(settings, fallbacks)):
        wrong.append(f"a part of {fallbacks}")
    return f"{' and '.join(wrong)} {'are' if len(wrong) > 1 else 'is'} shorter than 16 characters" if wrong else ""
