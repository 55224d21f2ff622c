"""Settings of django-allauth. Imported only where second factors or single sign-on are on."""

import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

#: The module and the name of each package.
ALLAUTH, SAML = ("allauth", "django-allauth"), ("onelogin", "python3-saml")
#: The names of SAML attributes, as providers spell them: plain, as OIDs, and as Microsoft's and Auth0's URLs.
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
ATTRIBUTES = {
    "uid": ["urn:oasis:names:tc:SAML:attribute:subject-id"],  # else the NameID
    "username": [
        "username",
        "uid",
        "urn:oid:0.9.2342.19200300.100.1.1",
        f"{CLAIMS}/name",
        "http://schemas.auth0.com/nickname",
    ],
    "email": ["email", "mail", "urn:oid:0.9.2342.19200300.100.1.3", f"{CLAIMS}/emailaddress"],
    "first_name": ["firstName", "givenName", "urn:oid:2.5.4.42", f"{CLAIMS}/givenname"],
    "last_name": ["lastName", "sn", "urn:oid:2.5.4.4", f"{CLAIMS}/surname"],
}


@dataclass(frozen=True)
class Options:
    """What the environment says of logging in. `name` is the provider's, for people."""

    second_factor: bool
    is_local: bool
    oidc_url: str
    oidc_client: tuple[str, str]
    saml_metadata_url: str
    name: str


@dataclass
class Additions:
    """What is added to the settings for django-allauth."""

    apps: list[str] = field(default_factory=list)
    middleware: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def additions(options: Options) -> Additions:
    need(ALLAUTH, "SECOND_FACTOR, OIDC_URL and SAML_METADATA_URL")
    made = Additions(["allauth", "allauth.account"], ["allauth.account.middleware.AccountMiddleware"])
    made.settings |= {
        "LOGIN_URL": "account_login",
        "ACCOUNT_ADAPTER": "aliases.access.accounts.Adapter",
        "ACCOUNT_LOGIN_METHODS": {"username"},
        # It counts in each process by itself; django-axes counts in the database.
        "ACCOUNT_RATE_LIMITS": {"login_failed": None},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*", "password2*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_SESSION_REMEMBER": False,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "/admin/",
    }
    if options.second_factor:
        add_second_factor(made, is_local=options.is_local)
    providers = {}
    if options.oidc_url:
        providers["openid_connect"] = openid_connect(options)
    if options.saml_metadata_url:
        need(SAML, "SAML_METADATA_URL")
        providers["saml"] = saml(options)
    if providers:
        made.apps += ["allauth.socialaccount", *(f"allauth.socialaccount.providers.{name}" for name in providers)]
        made.settings |= {
            "SOCIALACCOUNT_ADAPTER": "aliases.access.single_sign_on.Adapter",
            "SOCIALACCOUNT_AUTO_SIGNUP": True,
            "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
            "SOCIALACCOUNT_PROVIDERS": providers,
        }
    return made


def need(package: tuple[str, str], needed_by: str) -> None:
    module, name = package
    if find_spec(module) is None:
        sys.exit(
            f"{name} is not installed, which is needed for {needed_by}; on Lambda, take it out of leave_out in "
            "zappa_settings.json"
        )


def add_second_factor(made: Additions, *, is_local: bool) -> None:
    made.apps += ["allauth.mfa", "django.contrib.humanize"]  # its list of passkeys says how old they are
    made.middleware += ["aliases.access.second_factor.SecondFactorMiddleware"]
    made.settings |= {
        "MFA_ADAPTER": "aliases.access.factor_secrets.Adapter",
        "MFA_FORMS": {
            "authenticate": "aliases.access.second_factor.AuthenticateForm",
            "reauthenticate": "aliases.access.second_factor.ReauthenticateForm",
        },
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,  # owners give addresses, and no mail is sent to them
        "MFA_TOTP_TOLERANCE": 1,  # clocks of phones
        "MFA_TOTP_ISSUER": "Image service",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": is_local,
    }


def openid_connect(options: Options) -> dict[str, Any]:
    app = {
        "provider_id": "sso",
        "name": options.name,
        "client_id": options.oidc_client[0],
        "secret": options.oidc_client[1],
        "settings": {"server_url": options.oidc_url},
    }
    return {"OAUTH_PKCE_ENABLED": True, "SCOPE": ["openid", "profile", "email"], "APPS": [app]}


def saml(options: Options) -> dict[str, Any]:
    """Only answers to this service's own requests are accepted, and only if the assertion itself is signed."""
    settings = {
        "idp": {"entity_id": None, "metadata_url": options.saml_metadata_url},  # the one that the document describes
        "attribute_mapping": ATTRIBUTES,
        "advanced": {
            "strict": True,
            "want_assertion_signed": True,
            "want_name_id": True,
            "reject_idp_initiated_sso": True,
            "reject_deprecated_algorithm": True,
        },
    }
    name = f"{options.name} (SAML)" if options.oidc_url else options.name  # beside another button
    return {"APPS": [{"provider_id": "saml", "name": name, "client_id": "sso", "settings": settings}]}
