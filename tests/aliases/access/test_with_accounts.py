"""The pages of django-allauth, in a process that has them: settings choose at start which there are."""

import re
import subprocess
import sys

from tests.running import MEASURED, ROOT

MODULES = [
    f"tests/aliases/access/{name}.py" for name in ("second_factors", "removing_factors", "log_ins", "account_pages")
]
WITH_ACCOUNTS = {
    "SECOND_FACTOR": "on",
    "OIDC_URL": "http://127.0.0.1:9",  # the port that nobody listens at
    "OIDC_CLIENT_ID": "images",
    "OIDC_CLIENT_SECRET": "hush",
    "SAML_METADATA_URL": "http://127.0.0.1:9/metadata",
    "SSO_GROUPS": "team=editor",
}


def test_all_that_with_accounts_holds(tmp_path):
    database = f"sqlite:///{tmp_path}/db.sqlite3"
    environ = {**MEASURED, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DATABASE_URL": database}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *MODULES]
    done = subprocess.run(command, cwd=ROOT, env={**environ, **WITH_ACCOUNTS}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"[.\s\[\]%0-9]+", done.stdout), done.stdout  # nothing was skipped
    assert done.stdout.count(".") > 100, done.stdout
