"""Reads zappa_settings.json as Zappa does: a stage has its own settings and those of the stage that it `extends`."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "zappa_settings.json"
#: The Lambda runtimes on Amazon Linux 2023, whose C library is new enough for Pillow's libwebp.
RUNTIMES = ("python3.12", "python3.13", "python3.14")
ARCHITECTURES = ("x86_64", "arm64")
ADMIN = "_admin"


class Refused(Exception):
    """The command cannot go on. The message says what to do about it; the exit status is 1."""


@dataclass(frozen=True)
class Stage:
    """One Lambda function: `production` serves pictures, `production_admin` is the admin of the same environment."""

    name: str
    settings: Mapping[str, Any]

    @property
    def environment(self) -> str:
        return self.name.removesuffix(ADMIN)

    @property
    def project(self) -> str:
        return str(self.settings["project_name"])

    @property
    def function(self) -> str:
        """The function's name on Lambda, which Zappa derives from the project's and the stage's."""
        return f"{self.project}-{self.name}".replace("_", "-").lower()

    @property
    def region(self) -> str:
        return str(self.settings["aws_region"])

    @property
    def python(self) -> str:
        """The runtime's minor version: "3.13"."""
        return str(self.settings["runtime"]).removeprefix("python")

    @property
    def architecture(self) -> str:
        return str(self.settings["architecture"])

    @property
    def alias(self) -> str:
        """The alias of the function that its API asks; empty if it asks what was uploaded last."""
        return str(self.settings.get("apigateway_lambda_qualifier") or "")

    @property
    def left_out(self) -> tuple[str, ...]:
        """Distributions of requirements.txt that are left out of the package, with what only they depend on."""
        return tuple(self.settings.get("leave_out", ()))

    def stack(self, name: str) -> Mapping[str, str]:
        """The parameters that differ from the defaults in a stack's template, one of `edge/`."""
        return dict(self.settings.get("stacks", {}).get(name, {}))

    def fill(self, value: Any, known: Mapping[str, str]) -> Any:
        """Return a setting with its ${placeholders} replaced: by facts of the stage, and those `known` of its account.

        Raises Refused for an unknown placeholder."""
        if isinstance(value, Mapping):
            return {name: self.fill(one, known) for name, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one, known) for one in value]
        if not isinstance(value, str):
            return value
        names = {
            "environment": self.environment,
            "function": self.function,
            "project": self.project,
            "region": self.region,
            **known,
        }
        try:
            return string.Template(value).substitute(names)
        except (KeyError, ValueError):
            choice = ", ".join(f"${{{name}}}" for name in sorted(names))
            raise Refused(f"“{value}” has an unknown placeholder; there are {choice}") from None


Settings = Mapping[str, Mapping[str, Any]]


def read(path: Path = FILE) -> Settings:
    """The settings of all stages. Raises Refused for a file that is missing or not JSON."""
    try:
        settings = json.loads(path.read_text())
    except FileNotFoundError:
        raise Refused(f"{path.name} does not exist; run this in a checkout of the project") from None
    except ValueError as error:
        raise Refused(f"{path.name} is not JSON: {error}") from None
    assert isinstance(settings, dict)
    return settings


def stage(name: str, settings: Settings) -> Stage:
    """The stage with that name. Raises Refused if there is none, or if its runtime or architecture is unsupported."""
    if name not in deployable(settings):
        raise Refused(
            f"There is no stage “{name}” in zappa_settings.json; its stages are {', '.join(deployable(settings))}"
        )
    own = inherited(settings, name)
    if own.get("runtime") not in RUNTIMES:
        raise Refused(f"“{name}” has the runtime {own.get('runtime')}; Pillow needs one of {', '.join(RUNTIMES)}")
    if own.get("architecture") not in ARCHITECTURES:
        raise Refused(f"“{name}” has the architecture {own.get('architecture')}; there are {', '.join(ARCHITECTURES)}")
    return Stage(name, own)


def deployable(settings: Settings) -> list[str]:
    """The names of the stages that can be deployed. The others exist to be extended."""
    return [name for name in settings if not name.startswith("base")]


def inherited(settings: Settings, name: str) -> dict[str, Any]:
    """A stage's settings, inherited ones included. As in Zappa, mappings are replaced, not merged."""
    own = settings.get(name, {})
    return {**inherited(settings, own["extends"]), **own} if "extends" in own else dict(own)


def python_of_all(settings: Settings) -> str:
    """The minor version of Python that all stages share. Raises Refused if they differ: there is one set of tools."""
    versions = {stage(name, settings).python for name in deployable(settings)}
    if len(versions) != 1:
        raise Refused(f"The stages of zappa_settings.json have different runtimes ({', '.join(sorted(versions))})")
    return versions.pop()
