"""DATABASE_URL: passwords and paths as people have them."""

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from imageservice.environment.database import DatabaseUrl
from imageservice.environment.kinds import Unfit
from tests.values import TEXTS


def read(text: str) -> dict[str, Any]:
    return DatabaseUrl().read(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("postgres://u:p@db.example.com:5432/name", ("u", "p", "db.example.com", "5432", "name")),
        ("postgresql://u:p@db/name", ("u", "p", "db", "", "name")),
        ("POSTGRES://u@db/name", ("u", "", "db", "", "name")),
        ("postgres://db/name", ("", "", "db", "", "name")),
        ("postgres:///name", ("", "", "", "", "name")),
        ("postgres://u:p@[2001:db8::1]:5433/name", ("u", "p", "2001:db8::1", "5433", "name")),
        ("postgres://u:p@%2Fvar%2Frun%2Fpostgresql/name", ("u", "p", "/var/run/postgresql", "", "name")),
        ("postgres://u:p@my_db_1:5432/na%20me", ("u", "p", "my_db_1", "5432", "na me")),
        ("postgres://u%40h:p%3A%2F@db/name", ("u@h", "p:/", "db", "", "name")),
    ],
)
def test_an_address_has_its_parts(text, parts):
    found = read(text)
    assert tuple(found[one] for one in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == parts
    assert found["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    "password", [*TEXTS[:4], *TEXTS[5:], "p#1", "100%", "a/b", "a@b@c", "who?", "c:d", "$x", "[1]", "#", "a b"]
)
def test_a_password_is_right_quoted_and_as_it_is(password):
    assert read(f"postgres://u:{quote(password, safe='')}@db:5432/name?sslmode=require")["PASSWORD"] == password
    found = read(f"postgres://u:{password}@db:5432/name?sslmode=require")
    assert (found["PASSWORD"], found["HOST"], found["NAME"]) == (password, "db", "name")
    assert found["OPTIONS"] == {"sslmode": "require"}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
@hypothesis(max_examples=200, derandomize=True)
def test_any_password_is_read_quoted_and_unquoted_never_as_another(password):
    assert read(f"postgres://u:{quote(password, safe='')}@db/name")["PASSWORD"] == password
    if quote(password, safe="/?#@[]: ") == password:  # nothing in it is an escape
        try:
            found = read(f"postgres://u:{password}@db/name")
        except Unfit:
            return
        assert (found["PASSWORD"], found["HOST"], found["NAME"]) == (password, "db", "name")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("postgres://u:hunter#2%20@db/name", "the password mixes escapes"),
        ("postgres://u:50%-percent-%41@db/name", "the password mixes escapes"),
        ("postgres://u:hunter%ff@db/name", "Write a literal % as %25"),
        ("postgres://u:hunter%00@db/name", "control character"),
        ("postgres://u:hunter@db", "no host and database name"),
        ("postgres://u:hunter@db/", "database name is missing"),
        ("postgres://u:hunter@db:0/name", "the port is not between"),
        ("postgres://u:hunter@db:99999/name", "the port is not between"),
        ("postgres://u:hunter@db:54x/name", "no host and database name"),
        ("postgres://u:hunter@db/name/more", "no host and database name"),
        ("postgres://u:hunter@db/name?ssl", "the part after ?"),
        ("postgres://u:hunter@db/name?sslmod=require", "no parameter 'sslmod'"),
        ("postgres://u@db/name?password=hunter", "password has its place before the ?"),
        ("postgres://u:hunter@db/name?sslmode=require&sslmode=disable", "sslmode appears twice"),
        ("postgres://u:hunter@db/name?sslmode=on", "sslmode must be one of disable"),
        ("postgres://u:hunter@db/name?connect_timeout=soon", "connect_timeout must be a number"),
        ("postgres://u:hunter@db/name?conn_max_age=9", "CONN_MAX_AGE is a variable of its own"),
        ("mysql://u:hunter@db/name", "it begins with mysql://"),
        ("u:hunter@db/name", "it begins with neither"),
        ("sqlite:hunter", "it begins with neither"),
        ("sqlite://", "three slashes"),
        ("sqlite:///", "three slashes"),
        ("sqlite://hunter.sqlite3", "three slashes"),
        ("hunter", "postgres://user:password@host:5432/name"),
    ],
)
def test_what_is_none_is_refused_with_what_is_wrong_and_without_the_password(text, words):
    with pytest.raises(Unfit) as refused:
        read(text)
    assert words in str(refused.value)
    assert "hunter" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "sqlite:////srv/50%25 off/C# projects/what? now/db.sqlite3",
            "/srv/50%25 off/C# projects/what? now/db.sqlite3",
        ),
        ("sqlite:///var/db.sqlite3", "var/db.sqlite3"),
        ("sqlite://:memory:", ":memory:"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_the_path_of_a_file_is_a_path_and_no_url(text, name):
    assert read(text) == {"ENGINE": "django.db.backends.sqlite3", "NAME": name}
