"""Releases of a function: its versions, the alias that the API asks, the shift from one to the next, and the way back.

Zappa changes what Lambda calls $LATEST, which no viewer gets. A release publishes that as a version and moves the alias
to it: first for a share of the requests, and for all when no alarm went off meanwhile.
"""

import os
import time
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from ..stages import Refused, Stage
from .stacks import say

#: Versions before the live one that are kept, to go back to.
KEPT = 5
#: Seconds between looks at the alarms.
POLL_INTERVAL = 15.0
#: What precedes the former versions in the alias's description, newest first.
BEFORE = "Before: "


@dataclass(frozen=True)
class Live:
    """What the alias points at: a version, and those before it that can be gone back to."""

    version: str
    before: tuple[str, ...] = ()


def live(functions: Any, stage: Stage) -> Live | None:
    """What is live of a function. None where it has no alias yet."""
    try:
        alias = functions.get_alias(FunctionName=stage.function, Name=stage.alias)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    _, _, before = alias.get("Description", "").partition(BEFORE)
    return Live(alias["FunctionVersion"], tuple(before.split()))


def ensure(functions: Any, stage: Stage) -> None:
    """Before an update: give the alias to a function that was made by a version of ours that had none, since the
    update has the API ask for it."""
    if stage.alias and live(functions, stage) is None:
        point(functions, stage, Live(publish(functions, stage)))


def release(session: Any, stage: Stage) -> None:
    """After an update: publish what it made, and shift the alias to it. Raises Refused if an alarm takes it back."""
    if not stage.alias:
        return
    functions = session.client("lambda")
    before = live(functions, stage)
    version = publish(functions, stage)
    if before is None or before.version == version:
        point(functions, stage, Live(version) if before is None else before)
        return
    shift(session, stage, before, version)
    former = tuple(one for one in (before.version, *before.before) if one != version)
    point(functions, stage, Live(version, former[:KEPT]))
    say(f"{stage.function}: version {version} is live, after {before.version}")
    prune(functions, stage, version, *former[:KEPT])


def back(session: Any, stage: Stage) -> Live:
    """Make the version before the live one live again. Raises Refused where there is none."""
    functions = session.client("lambda")
    now = live(functions, stage)
    if now is None:
        raise Refused(f"{stage.function} has no version that is live; make deploy STAGE={stage.name} releases one")
    there = set(published(functions, stage))
    former = [one for one in now.before if one in there]
    if not former:
        raise Refused(f"{stage.function} has no version before {now.version} to go back to")
    after = Live(former[0], tuple(former[1:]))
    point(functions, stage, after)
    return after


def publish(functions: Any, stage: Stage) -> str:
    """Publish $LATEST. Returns the version's number, that of the last one if nothing has changed since."""
    functions.get_waiter("function_updated_v2").wait(FunctionName=stage.function)
    version = str(functions.publish_version(FunctionName=stage.function)["Version"])
    # With snap_start it takes a while until a version can be asked.
    functions.get_waiter("published_version_active").wait(FunctionName=stage.function, Qualifier=version)
    return version


def point(functions: Any, stage: Stage, target: Live, share: dict[str, float] | None = None) -> None:
    """Point the alias at a version, and with that share of the requests at another. Makes it where it is missing."""
    asked = {
        "FunctionName": stage.function,
        "Name": stage.alias,
        "FunctionVersion": target.version,
        "Description": BEFORE + " ".join(target.before) if target.before else "",
        "RoutingConfig": {"AdditionalVersionWeights": share or {}},
    }
    try:
        functions.update_alias(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        del asked["RoutingConfig"]
        functions.create_alias(**asked)


def shift(session: Any, stage: Stage, before: Live, version: str) -> None:
    """Send a share of the requests to the new version for some minutes. Raises Refused, with all of them sent to the
    former version again, if one of the alarms on releases goes off."""
    percent, minutes = pace(stage)
    if not minutes:
        return
    functions, cloudwatch = session.client("lambda"), session.client("cloudwatch")
    again = f"make deploy STAGE={stage.environment} SHIFT=0 releases without watching"
    if on := alarms(cloudwatch, stage):
        raise Refused(f"Version {version} was not released, since an alarm is on already: {', '.join(on)}. {again}")
    say(f"{stage.function}: version {version} gets {percent} % of the requests for {minutes:g} minutes")
    since = time.monotonic()
    try:
        point(functions, stage, before, {version: percent / 100})
        while time.monotonic() - since < minutes * 60:
            time.sleep(POLL_INTERVAL)
            if on := alarms(cloudwatch, stage):
                raise Refused(
                    f"Version {version} was taken back: {', '.join(on)} (docs/runbook.md). {before.version} has all "
                    f"requests again. {again}"
                )
    except BaseException:  # also Ctrl-C: nothing is left half-way
        point(functions, stage, before)
        raise


def pace(stage: Stage) -> tuple[float, float]:
    """Percent of the requests that a new version gets at first, and for how many minutes; `SHIFT` overrides these."""
    asked = dict(stage.settings.get("shift") or {})
    written = os.environ.get("SHIFT", "").strip() or str(asked.get("minutes", 0))
    try:
        percent, minutes = float(asked.get("percent", 10)), float(written)
    except (TypeError, ValueError):
        raise Refused(f"The minutes of a shift must be a number such as 5, or 0 for none, not “{written}”") from None
    if not (0 < percent < 100 and 0 <= minutes <= 60):
        raise Refused("A shift is of 1 to 99 percent of the requests, for 0 to 60 minutes (“shift” in the settings)")
    return percent, minutes


def alarms(cloudwatch: Any, stage: Stage) -> list[str]:
    """The names of the alarms on releases that are on."""
    found = cloudwatch.describe_alarms(AlarmNamePrefix=f"{stage.project}-{stage.environment}-release-")
    return [one["AlarmName"] for one in found["MetricAlarms"] if one["StateValue"] == "ALARM"]


def published(functions: Any, stage: Stage) -> list[str]:
    """The numbers of the function's versions, oldest first."""
    pages = functions.get_paginator("list_versions_by_function").paginate(FunctionName=stage.function)
    return [one["Version"] for page in pages for one in page["Versions"] if one["Version"] != "$LATEST"]


def prune(functions: Any, stage: Stage, *kept: str) -> None:
    """Delete all other versions: Zappa publishes one more at each upload, before its configuration is set."""
    for version in published(functions, stage):
        if version not in kept:
            functions.delete_function(FunctionName=stage.function, Qualifier=version)
