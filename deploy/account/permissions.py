"""What the functions may do in the buckets that the published catalogue names, as `manage.py iam_policy` tells it."""

import json
import os
import subprocess
from typing import Any

from ..stages import ROOT, Refused, Stage

#: The policy's name in the function's role, beside the one that Zappa writes.
NAME = "catalogue"
#: Django runs on the environment of `make run`; nothing is imported from here into it, nor from it.
PYTHON = ROOT / ".venv/bin/python"


def put(iam: Any, stage: Stage, role: str, variables: dict[str, str]) -> None:
    """Let the stage's function read what its catalogue names. `variables` are the function's own, filled in."""
    iam.put_role_policy(RoleName=role, PolicyName=NAME, PolicyDocument=json.dumps(least(stage, variables)))


def least(stage: Stage, variables: dict[str, str]) -> Any:
    known = ("ENVIRONMENT", "CATALOGUE_URL", "DERIVATIVES_URL", "CLOUDFRONT_DISTRIBUTION_ID", "DETECTOR")
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": stage.region,
        **{name: variables[name] for name in known if name in variables},
        # Not asked for anything; the checks want them to be strong.
        "SECRET_KEY": "unused by this command, and long enough for the checks",
        "DATABASE_URL": "sqlite:///:memory:",
    }
    done = subprocess.run(  # noqa: S603 - our own command
        [PYTHON, "manage.py", "iam_policy", "--stage", stage.name, "--project", stage.project],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"The rights of {stage.function} cannot be told: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout)
