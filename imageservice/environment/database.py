"""DATABASE_URL, read into what Django wants of a database.

    postgres://user:password@host:5432/name?sslmode=require      as libpq reads it; the query holds libpq's parameters
    sqlite:////absolute/path, sqlite:///var/db.sqlite3            the rest is a path, as it is: no %XX, no query
    sqlite://:memory:

A password may be quoted as URLs want it, or stand there as it is, also with a / # ? or @ in it. Where both are mixed,
nobody can tell which is meant, and it is refused.
"""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from msgspec import Struct

from .kinds import Unfit

POSTGRES = re.compile(r"(?:postgres|postgresql|pgsql|psql)://(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
SQLITE = re.compile(r"sqlite://(?P<path>.*)", re.DOTALL | re.IGNORECASE)
#: The last @ ends the password: neither the host nor the name nor the query may hold one as it is.
PARTS = re.compile(
    r"(?:(?P<user>[^:@]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.%]+\]|[^\[\]:/?#@\s]*)(?::(?P<port>[0-9]{0,5}))?"
    r"/(?P<name>[^/?#@]*)(?:\?(?P<query>[^?#@]*))?",
    re.DOTALL,
)
ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
#: What ends a part of a URL, unless it is escaped.
DELIMITER = re.compile(r"[/?#@\[\]\s]|%(?![0-9A-Fa-f]{2})")
#: Parameters that Django passes on to libpq: postgresql.org/docs/current/libpq-connect.html, 34.1.2. Those that the
#: address itself has are left out.
PARAMETERS = frozenset(
    (
        "application_name", "channel_binding", "client_encoding", "connect_timeout", "fallback_application_name",
        "gssdelegation", "gssencmode", "gsslib", "host", "hostaddr", "keepalives", "keepalives_count",
        "keepalives_idle", "keepalives_interval", "krbsrvname", "load_balance_hosts", "options", "passfile",
        "require_auth", "requirepeer", "service", "servicefile", "ssl_max_protocol_version",
        "ssl_min_protocol_version", "sslcert", "sslcertmode", "sslcompression", "sslcrl", "sslcrldir", "sslkey",
        "sslmode", "sslnegotiation", "sslpassword", "sslrootcert", "sslsni", "target_session_attrs",
        "tcp_user_timeout",
    )
)  # fmt: skip
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
RIGHT = "postgres://user:password@host:5432/name, or sqlite:////path"
QUOTE = "python3 -c \"import urllib.parse as u; print(u.quote(input(), safe=''))\" escapes what you type"


class DatabaseUrl(Struct, frozen=True):
    """The kind of DATABASE_URL. Secret: it holds a password."""

    secret: bool = True

    def read(self, text: str) -> dict[str, Any]:
        """Django's settings of one database. SQLite's NAME may be relative, to the project's folder."""
        if found := POSTGRES.fullmatch(text):
            return postgres(found["rest"])
        if found := SQLITE.fullmatch(text):
            return sqlite(found["path"])
        scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,20}(?=://)", text)
        raise Unfit(f"{RIGHT}; it begins with {f'{scheme[0]}://' if scheme else 'neither'}")


def postgres(rest: str) -> dict[str, Any]:
    found = PARTS.fullmatch(rest)
    if found is None:
        raise Unfit(
            f"{RIGHT}; there is no host and database name after its last @, or they contain one of / ? # @, which "
            f"are written %2F %3F %23 %40 there: {QUOTE}"
        )
    name = unescaped(found["name"], "name of the database")
    if not name:
        raise Unfit(f"{RIGHT}; the database name is missing after the host")
    if found["port"] and not 1 <= int(found["port"]) <= 65_535:
        raise Unfit(f"{RIGHT}; the port is not between 1 and 65535")
    options = parameters(found["query"] or "")
    host = unescaped(found["host"], "host")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": plain(found["user"] or "", "user"),
        "PASSWORD": plain(found["password"] or "", "password"),
        "HOST": host.removeprefix("[").removesuffix("]"),
        "PORT": found["port"] or "",
        "OPTIONS": options,
    }


def plain(text: str, what: str) -> str:
    """A user or password, whether it was quoted for a URL or not."""
    if not DELIMITER.search(text):
        return unescaped(text, what)
    if ESCAPE.search(text):
        raise Unfit(
            f"{RIGHT}; the {what} mixes escapes such as %23 with characters that need one (/ ? # @ [ ] % and spaces). "
            f"Escape all of them: {QUOTE}"
        )
    return text


def unescaped(text: str, what: str) -> str:
    try:
        found = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise Unfit(f"{RIGHT}; the {what} is not UTF-8 once unescaped. Write a literal % as %25: {QUOTE}") from None
    if any(ord(character) < 32 or ord(character) == 127 for character in found):
        raise Unfit(f"{RIGHT}; the {what} contains a control character once unescaped. Write a literal % as %25")
    return found


def parameters(query: str) -> dict[str, Any]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    except ValueError:
        raise Unfit(f"{RIGHT}; the part after ? is not a list such as sslmode=require&connect_timeout=5") from None
    for name, _ in pairs:
        if name.lower() == "conn_max_age":
            raise Unfit(f"{RIGHT}; CONN_MAX_AGE is a variable of its own")
        if name in ("user", "password", "port", "dbname"):
            raise Unfit(f"{RIGHT}; {name} has its place before the ?")
        if name not in PARAMETERS:
            raise Unfit(f"{RIGHT}; libpq has no parameter {name[:40]!r}")
    found = dict(pairs)
    if twice := sorted({name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1}):
        raise Unfit(f"{RIGHT}; {twice[0]} appears twice")
    if found.get("sslmode", SSL_MODES[0]) not in SSL_MODES:
        raise Unfit(f"{RIGHT}; sslmode must be one of {', '.join(SSL_MODES)}")
    if not re.fullmatch(r"[0-9]{1,5}", found.get("connect_timeout", "3")):
        raise Unfit(f"{RIGHT}; connect_timeout must be a number of seconds, such as 3")
    return found


def sqlite(path: str) -> dict[str, Any]:
    # sqlite:///x is relative and sqlite:////x absolute: the third slash ends a host that is none.
    name = path if path == ":memory:" else path.removeprefix("/")
    if not name or (path != ":memory:" and not path.startswith("/")):
        raise Unfit(f"{RIGHT}; for SQLite, three slashes start a path in the project's folder and four an absolute one")
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": name}
