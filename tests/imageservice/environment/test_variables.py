"""Every variable of the environment: what it is when it is unset, blank, wrong, or holds what shells and files give
another meaning to. In one process, by what is declared; tests/imageservice/test_settings.py starts the real thing."""

from typing import Any

import pytest

from imageservice.environment.declaration import SHOWN, Variable
from imageservice.environment.kinds import Address, Decimal, Integer, OneOf, Several, Switch, Text
from imageservice.environment.variables import Variables
from tests.values import TEXTS

ALL = list(Variables.variables())
SECRETS = [one for one in ALL if one.kind.secret]


def read(name: str, value: str | None, **more: str) -> tuple[Any, list[str], list[str]]:
    """The value of a variable, what is wrong, and what is blank."""
    variables = Variables({**more, **({} if value is None else {name: value})})
    return getattr(variables, name), variables.wrong(), variables.blank


def of(*kinds: type) -> list[Variable[Any]]:
    return [one for one in ALL if isinstance(one.kind, kinds)]


def named(variable: Variable[Any]) -> str:
    return variable.name


@pytest.mark.parametrize("variable", ALL, ids=named)
@pytest.mark.parametrize("blank", ["", " ", " \t\n "])
def test_empty_or_blank_is_unset(variable, blank):
    unset, wrong, names = read(variable.name, None)
    assert (wrong, names) == ([], [])
    assert read(variable.name, blank) == (unset, [], [variable.name])


@pytest.mark.parametrize("variable", ALL, ids=named)
@pytest.mark.parametrize("text", TEXTS)
def test_what_shells_and_files_give_a_meaning_to_is_read_as_it_is_or_refused_in_one_line_that_names_the_variable(
    variable, text
):
    found, wrong, _ = read(variable.name, text)
    if not wrong:
        kept = ", ".join(found) if isinstance(found, list) else found
        assert kept == text or [one.strip() for one in text.split(",") if one.strip()] == found
        return
    (line,) = wrong
    assert line.startswith(f"{variable.name} ")
    assert "; it must be " in line
    assert len(line.splitlines()) == 1
    assert not variable.kind.secret or text not in line


@pytest.mark.parametrize("variable", [one for one in of(Text) if one.kind.secret], ids=named)
@pytest.mark.parametrize("text", [*TEXTS, "$", "\\$escaped", "secret # no comment", "a" * 5000])
def test_a_secret_is_its_own_text_whatever_it_begins_with(variable, text):
    assert read(variable.name, text) == (text, [], [])
    assert read(variable.name, f"  {text}\n") == (text, [], [])


@pytest.mark.parametrize("variable", ALL, ids=named)
@pytest.mark.parametrize("text", ["in two\nlines", "a\x00b", "\udcff not utf-8", "del\x7fete"])
def test_line_breaks_other_controls_and_what_is_no_utf_8_are_refused(variable, text):
    _, (line,), _ = read(variable.name, text)
    assert line.startswith(f"{variable.name} ")
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("variable", ALL, ids=named)
@pytest.mark.parametrize("unseen", ["\ufeff", "\u200b", "\u202e"])
def test_what_nobody_can_see_is_refused_by_its_number(variable, unseen):
    for text in (f"{unseen}of-sixteen-letters-or-more1", f"of-sixteen-letters-or-more1{unseen}"):
        _, (line,), _ = read(variable.name, text)
        assert line.startswith(f"{variable.name} ")
        assert line.endswith(f"invisible characters, such as the U+{ord(unseen):04X} in it.")
        assert unseen not in line


@pytest.mark.parametrize("variable", of(Switch), ids=named)
def test_a_switch_is_on_or_off_and_nothing_else(variable):
    for word in ("on", "On", "TRUE", "yes", "1", " true "):
        assert read(variable.name, word)[:2] == (True, [])
    for word in ("off", "OFF", "false", "No", "0"):
        assert read(variable.name, word)[:2] == (False, [])
    for word in ("y", "yes please", "2", "none", "'on'", "tru", "enabled", "１"):
        _, (line,), _ = read(variable.name, word)
        assert line.startswith(f"{variable.name} is {word!r}; it must be on or off")


@pytest.mark.parametrize("variable", of(Integer, Decimal), ids=named)
@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "1e3",
        "1_000",
        "1,000",
        "４０９６",
        "٣",
        "0x10",
        "five",
        "1 2",
        "9" * 5000,
        "½",
    ],
)
def test_a_number_is_in_plain_digits_and_within_its_range(variable, text):
    _, (line,), _ = read(variable.name, text)
    assert line.startswith(f"{variable.name} is ")
    assert f"number from {variable.kind.least} to " in line or f"number from {variable.kind.least:g} to " in line
    assert len(line) < 300


@pytest.mark.parametrize("variable", of(Integer, Decimal), ids=named)
def test_the_ends_of_a_range_are_in_it_and_what_is_beyond_is_not(variable):
    kind = variable.kind
    step = 1 if isinstance(kind, Integer) else 0.01
    for number in (kind.least, kind.most):
        assert read(variable.name, f"{number}")[:2] == (number, [])
    assert read(variable.name, f"{kind.most + step}")[1]
    if kind.least > step and not (isinstance(kind, Integer) and kind.zero):
        assert read(variable.name, f"{kind.least - step}")[1]
        assert read(variable.name, "0")[1]


@pytest.mark.parametrize(("name", "value"), [("MAX_WIDTH", "4096.0"), ("MAX_RESPONSE_BYTES", "1"), ("QUALITY", "101")])
def test_what_is_nearly_a_number_of_its_kind_is_refused(name, value):
    assert read(name, value)[1][0].startswith(f"{name} is '{value}'; it must be ")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("*", True),
        ("none", True),
        ("https://shop.example.com", True),
        ("http://localhost:5173", True),
        ("http://[::1]:8000", True),
        ("https://shop.example.com/", False),
        ("https://*.example.com", False),
        ("https://Shop.example.com", False),
        ("https://a.example,https://b.example", False),
        ("shop.example.com", False),
        ("https://shop.example, X-Other: 1", False),
    ],
)
def test_one_site_may_be_named_as_browsers_name_it(text, right):
    value, wrong, _ = read("CORS_SITE", text)
    assert (value, wrong) == (text, []) if right else "the address of one site" in wrong[0]


def test_no_limit_of_an_answer_is_zero():
    assert read("MAX_RESPONSE_BYTES", "0")[:2] == (0, [])


@pytest.mark.parametrize("variable", of(OneOf), ids=named)
def test_of_a_few_words_another_is_refused_with_those_there_are(variable):
    _, (line,), _ = read(variable.name, "paper")
    assert line.startswith(f"{variable.name} is 'paper'; it must be ")
    assert all(word in line for word in variable.kind.words)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("ALLOWED_HOSTS", ["a.example", "b.example", "[::1]", ".c.example"]),
        ("CSRF_TRUSTED_ORIGINS", ["https://a.example", "http://localhost:8000", "https://*.b.example"]),
        ("SECURITY_KEY_FALLBACKS", ["$1-sixteen-characters", "k2 with a space inside", "100%#'\""]),
        ("ORIGIN_SECRET_FALLBACKS", ["$1-sixteen-characters", "k2-and-more"]),
        ("IMAGE_HANDLER_BUCKETS", ["photos", "avatars"]),
    ],
)
def test_parts_of_a_list_have_no_blanks_around_them_and_empty_ones_are_none(name, parts):
    assert {name} <= {one.name for one in of(Several)}
    for text in (",".join(parts), ", ".join(parts), " ,, ".join(parts) + " , ", f"\n{' ,'.join(parts)}"):
        assert read(name, text)[:2] == (parts, [])
    assert read(name, " , ,") == (read(name, None)[0], [], [name])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ALLOWED_HOSTS", "https://a.example"),
        ("ALLOWED_HOSTS", "a.example:8000"),
        ("ALLOWED_HOSTS", "a.example b.example"),
        ("ALLOWED_HOSTS", "my_host"),
        ("ALLOWED_HOSTS", "*.a.example"),
        ("ALLOWED_HOSTS", "['a.example']"),
        ("CSRF_TRUSTED_ORIGINS", "a.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example/admin"),
        ("IMAGE_HANDLER_BUCKETS", "Photos"),
        ("IMAGE_HANDLER_BUCKETS", "photos brand"),
        ("IMAGE_HANDLER_BUCKETS", "photos,acme.photos"),
        ("IMAGE_HANDLER_BUCKETS", "s3://acme-photos"),
        ("THUMBOR_BUCKET", "s3://acme-photos"),
        ("THUMBOR_BUCKET", "photos,brand"),
        ("ENVIRONMENT", "my stage"),
        ("ENVIRONMENT", "x" * 41),
        ("CACHE_TAG_HEADER", "Cache Tag"),
        ("CACHE_TAG_HEADER", "Cache-Tag:"),
        ("CACHE_TAG_HEADER", "content-length"),
        ("CACHE_TAG_HEADER", "Timing-Allow-Origin"),
        ("CACHE_TAG_HEADER", "x-over-max-bytes"),
        ("CLOUDFRONT_DISTRIBUTION_ID", "arn:aws:cloudfront::123456789012:distribution/EDFDVBD632BHDS"),
        ("CLOUDFRONT_DISTRIBUTION_ID", "undefined"),
        ("CLOUDFRONT_DISTRIBUTION_ID", "0"),
        ("DERIVATIVES_URL", "on"),
        ("DERIVATIVES_URL", "5"),
        ("DERIVATIVES_URL", '"s3://bucket/prefix"'),
        ("DERIVATIVES_URL", "'/srv/derivatives'"),
        ("DERIVATIVES_URL", "bucket/s3://prefix"),
        ("DERIVATIVES_URL", f"s3://b/{'p' * 800}"),
        ("CATALOGUE_URL", "/"),
        ("CATALOGUE_URL", "file:///"),
        ("CATALOGUE_URL", ".."),
        ("DERIVATIVES_URL", "http://example.com"),
        ("DERIVATIVES_URL", "s3:///prefix"),
        ("DERIVATIVES_URL", "~/pictures"),
        ("DERIVATIVES_URL", "s3://a bucket/prefix"),
        ("CATALOGUE_URL", "file://host/folder"),
        ("CATALOGUE_URL", "s3://bucket/a/../b"),
        ("STATICFILES_URL", "/srv/static"),
        ("STATICFILES_URL", "https://cdn.example.com/static"),
    ],
)
def test_what_is_of_another_kind_is_refused_with_what_it_holds_and_what_would_be_right(name, text):
    _, (line,), _ = read(name, text)
    held = repr(text) if len(repr(text)) <= SHOWN else f"{repr(text)[:SHOWN]}…"
    assert line.startswith(f"{name} is {held}; it must be ")


@pytest.mark.parametrize("variable", of(Address), ids=named)
def test_an_address_is_read_as_it_is(variable):
    for text in ("s3://acme/hash#1/q?1/p%20q/", "s3://Old_Bucket/x"):
        assert read(variable.name, text)[:2] == (text, [])
    if "folder" in variable.kind.kinds:
        for text in (
            "file:///srv/my pictures",
            "/srv/C# projects/50%25 off",
            "var/kept",
            "./kept",
            "../kept/ü",
            "ü/kept",
        ):
            assert read(variable.name, text)[:2] == (text, [])


@pytest.mark.parametrize("variable", SECRETS, ids=named)
def test_no_secret_is_repeated_in_a_refusal(variable):
    _, (line,), _ = read(variable.name, "the\nsecret-itself")
    assert "secret-itself" not in line


def test_all_that_is_wrong_is_told_at_once_and_what_is_not_asked_for_is_not_read():
    variables = Variables({"MAX_WIDTH": "big", "DEBUG": "maybe", "DATABASE_URL": "ssm:/not/asked/for"})
    assert (variables.MAX_WIDTH, variables.DEBUG, variables.QUALITY) == (4096, False, 80)
    with pytest.raises(SystemExit) as ended:
        variables.refuse()
    assert str(ended.value).count("\n") == 1
    assert [line.split()[0] for line in str(ended.value).splitlines()] == ["MAX_WIDTH", "DEBUG"]


def test_unsafe_urls_are_on_where_the_environment_is_local_and_otherwise_when_they_are_said_to_be():
    assert read("ALLOW_UNSAFE_URL", None)[0] is True
    assert read("ALLOW_UNSAFE_URL", None, ENVIRONMENT="production")[0] is False
    assert read("ALLOW_UNSAFE_URL", " on", ENVIRONMENT="production")[0] is True
    assert read("ALLOW_UNSAFE_URL", "off")[0] is False


def test_networks_are_in_cidr_notation_and_a_slip_is_told_with_what_would_be_right():
    text = "203.0.113.0/24, 2001:db8::/32, 198.51.100.7"
    assert read("ADMIN_NETWORKS", text)[:2] == (["203.0.113.0/24", "2001:db8::/32", "198.51.100.7/32"], [])
    for wrong, meant in (("203.0.113.9/24", "an address in 203.0.113.0/24"), ("office", ""), ("10.0.0.0/33", "")):
        _, (line,), _ = read("ADMIN_NETWORKS", wrong)
        assert "it must be networks separated by commas, such as 203.0.113.0/24" in line
        assert meant in line
