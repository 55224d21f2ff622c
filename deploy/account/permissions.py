"""The functions' permissions in the buckets of the published catalogue, as `manage.py iam_policy` prints them."""

import json
import os
import subprocess
from typing import Any

from ..stages import ROOT, Refused, Stage

#: The policy's name in the function's role, beside the one that Zappa writes.
NAME = "catalogue"
#: The interpreter of `make run`, which has Django. The command runs in a process of its own.
PYTHON = ROOT / ".venv/bin/python"


def put(iam: Any, stage: Stage, role: str, variables: dict[str, str]) -> None:
    """Let the stage's function read the buckets of its catalogue. `variables` are the function's, with placeholders
    filled in. Raises Refused."""
    iam.put_role_policy(RoleName=role, PolicyName=NAME, PolicyDocument=json.dumps(policy(stage, variables)))


def policy(stage: Stage, variables: dict[str, str]) -> Any:
    known = ("ENVIRONMENT", "CATALOGUE_URL", "DERIVATIVES_URL", "CLOUDFRONT_DISTRIBUTION_ID", "DETECTOR")
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": stage.region,
        **{name: variables[name] for name in known if name in variables},
        # Not used by this command, but required by the checks.
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
        raise Refused(f"The permissions of {stage.function} are unknown: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout)
