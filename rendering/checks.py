"""Misconfiguration, told at start with what to do about it. `imageservice/wsgi.py` refuses to serve with an error."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from . import conf, process
from .imaging.focus import yunet
from .stores import Place

#: The tag of all of them: what the data plane runs at start, without the rest of Django's.
TAG = "imageservice"


@register(TAG)
def plane_is_known(**kwargs: Any) -> list[CheckMessage]:
    if settings.PLANE in ("all", "images", "admin"):
        return []
    return [Error(f"PLANE is {settings.PLANE!r}", hint="Set it to images, admin or all.", id="imageservice.E001")]


@register(TAG)
def storages_are_places(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    for name in ("DERIVATIVES_URL", "CATALOGUE_URL"):
        try:
            place = Place.from_url(getattr(settings, name))
        except ValueError as error:
            messages.append(Error(f"{name}: {error}", id="imageservice.E002"))
            continue
        if place.kind == "folder" and settings.ENVIRONMENT != "local":
            messages.append(
                checks.Warning(
                    f"{name} is a folder of this machine: other machines and Lambda functions will not see it",
                    hint="Set it to s3://bucket/prefix.",
                    id="imageservice.W001",
                )
            )
    return messages


@register(TAG)
def faces_are_found(**kwargs: Any) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    if settings.DETECTOR not in conf.DETECTORS:
        known = ", ".join(conf.DETECTORS)
        messages.append(
            Error(f"DETECTOR is {settings.DETECTOR!r}", hint=f"Set it to one of {known}.", id="imageservice.E010")
        )
    elif settings.DETECTOR in ("yunet", "rekognition") and not yunet.installed():
        messages.append(
            checks.Warning(
                "ONNX Runtime is not installed: smart crops find no faces in this process, only where there is detail",
                hint="Install onnxruntime, or set DETECTOR=edges if that is meant.",
                id="imageservice.W010",
            )
        )
    return messages


@register(TAG)
def process_is_fast(**kwargs: Any) -> list[CheckMessage]:
    """What shows in nothing but the time that pictures take."""
    messages: list[CheckMessage] = []
    if not process.keeps_memory():
        messages.append(
            checks.Warning(
                "The C library hands memory back after each picture: decoding large ones takes half as much time again",
                hint="Unset MALLOC_MMAP_MAX_, and whatever else replaces or tunes malloc for this process.",
                id="imageservice.W011",
            )
        )
    if settings.ENVIRONMENT != "local" and "zlib-ng" not in process.zlib():
        messages.append(
            checks.Warning(
                f"PNGs are written by zlib {process.zlib()}, which takes twice the time of zlib-ng",
                hint="Run make zlib, and set LD_LIBRARY_PATH to the folder that it names; packages for Lambda have it.",
                id="imageservice.W012",
            )
        )
    return messages


@register(TAG)
def production_is_closed(**kwargs: Any) -> list[CheckMessage]:
    """What is fine on a laptop and not where strangers come by."""
    if settings.ENVIRONMENT == "local":
        return []
    messages: list[CheckMessage] = []
    if settings.DEBUG:
        messages.append(
            Error("DEBUG is on: errors would show the machine's inside", hint="Unset DEBUG.", id="imageservice.E003")
        )
    if settings.CONTROL and len(settings.SECRET_KEY) < 40:
        messages.append(
            Error(
                "SECRET_KEY is missing or short: sessions of the admin could be forged",
                hint='Set it to the output of python -c "import secrets; print(secrets.token_urlsafe(50))".',
                id="imageservice.E004",
            )
        )
    weak = [key for key in conf.security_keys() if len(key) < 16 or key == "MY_SECURE_KEY"]
    if weak and settings.PLANE != "admin":
        messages.append(
            Error(
                "SECURITY_KEY, or one of its fallbacks, is short or Thumbor's default: URLs could be forged",
                hint='Set it to the output of python -c "import secrets; print(secrets.token_urlsafe(32))".',
                id="imageservice.E006",
            )
        )
    if any(len(secret) < 16 for secret in conf.origin_secrets()):
        messages.append(
            Error(
                "ORIGIN_SECRET, or one of its fallbacks, is short: who guesses it gets round the CDN",
                hint='Set it to the output of python -c "import secrets; print(secrets.token_urlsafe(32))".',
                id="imageservice.E007",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        messages.append(
            Error("ALLOWED_HOSTS takes any host", hint="Name the hosts, separated by commas.", id="imageservice.E005")
        )
    return messages
