"""What AWS documents and nothing but AWS enforces: limits.json, which tests hold the templates and settings against."""

import json
from pathlib import Path
from typing import Any

LIMITS: dict[str, Any] = json.loads((Path(__file__).resolve().parent / "limits.json").read_text(encoding="utf-8"))
#: Regions that have Origin Shield, and for some others the one that AWS names as nearest.
SHIELDS: tuple[str, ...] = tuple(LIMITS["origin_shield"]["regions"])
NEAREST: dict[str, str] = LIMITS["origin_shield"]["nearest"]
#: Regions that an account has to enable before anything can be created there.
OPT_IN: frozenset[str] = frozenset(LIMITS["regions"]["opt_in"])


def shield_of(region: str) -> str:
    """The region whose Origin Shield serves a service in `region` best, by AWS's advice; empty where AWS gives none."""
    return region if region in SHIELDS else NEAREST.get(region, "")
