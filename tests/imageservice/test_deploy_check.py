"""`manage.py check --deploy` finds nothing with settings as of production; and what is not set up is not imported."""

import subprocess
import sys

import pytest

from tests.running import ROOT

PRODUCTION = {
    "PATH": "/usr/bin:/bin",
    "ENVIRONMENT": "production",
    "SECRET_KEY": "".join(chr(33 + number) for number in range(60)).replace("$", "x"),
    "ALLOWED_HOSTS": "images.example.com",
    "DATABASE_URL": "postgres://root@127.0.0.1:5432/postgres",
    "CATALOGUE_URL": "s3://pictures/catalogue",
    "DERIVATIVES_URL": "s3://pictures/derivatives",
    "SECURITY_KEY": "k" * 32,
    "ORIGIN_SECRET": "o" * 32,
}
#: That the machine's zlib is a slow one is true where these tests run, and no fault of the settings.
OF_THE_MACHINE = ("imageservice.W011", "imageservice.W012")
SSO = {
    "REQUIRE_SECOND_FACTOR": "on",
    "OIDC_URL": "https://accounts.example.com",
    "SAML_METADATA_URL": "https://sso.example.com/metadata.xml",
    "OIDC_CLIENT_ID": "images",
    "OIDC_CLIENT_SECRET": "hush",
    "SSO_GROUPS": "team=editor",
}


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {**PRODUCTION, **settings}
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("more", [{}, SSO], ids=["plain", "with accounts"])
@pytest.mark.parametrize("plane", ["all", "admin", "images"])
def test_nothing_is_found_with_settings_of_production(plane, more):
    said = run("manage.py", "check", "--deploy", PLANE=plane, **more).stderr.splitlines()
    found = [line for line in said if line.startswith("?: ") and not any(one in line for one in OF_THE_MACHINE)]
    assert found == []


@pytest.mark.parametrize(("settings", "imported"), [({}, False), (SSO, True)], ids=["off", "on"])
def test_allauth_is_imported_only_where_it_is_set_up(settings, imported):
    code = "import sys, imageservice.wsgi; print(' '.join({name.partition('.')[0] for name in sys.modules}))"
    modules = set(run("-c", code, **settings).stdout.split())
    assert (
        bool(modules & {"allauth", "fido2", "qrcode", "oauthlib", "onelogin", "xmlsec", "lxml", "cryptography"})
        == imported
    )
