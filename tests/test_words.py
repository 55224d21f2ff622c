"""The words of the house: what the glossary says a thing is not called, it is not called, in names and in prose."""

import re
from fnmatch import fnmatch
from typing import NamedTuple

import pytest

from tests.tracked import ROOT, tracked

#: The document with the table `| word | means | not |`.
GLOSSARY = "docs/architecture.md"
READ = ("aliases/*", "deploy/*", "edge/*", "imageservice/*", "rendering/*", "docs/*", "README.md", "CONTRIBUTING.md")
#: Migrations and what is written of a release stay as they were.
UNREAD = ("aliases/migrations/*", "docs/decisions/*", GLOSSARY)
ENDINGS = (".py", ".html", ".js", ".css", ".md")


class Use(NamedTuple):
    """A use of a banned word that means something else than the glossary's thing: in which files, in which lines."""

    files: str
    line: str
    why: str


PILLOWS_MODE = "Pillow's word for the kind of pixels"
DRAWING = ("animation", "filters", "focus", "pillow", "pipeline", "quality", "reading")
ALLOWED: dict[str, list[Use]] = {
    "digest": [
        Use("rendering/dialects/signing.py", "", "of HMAC, in the signature of a URL"),
        Use("aliases/snippets/signing.py", "", "of HMAC, in the signature of a URL"),
        Use("docs/urls.md", "hmac", "of HMAC, in the signature of a URL"),
    ],
    "loaded": [
        Use("docs/decisions.md", "code|library|Lambda|HEIC|recognised", "of code and libraries"),
        Use("docs/performance.md", "boto3|catalogue loaded", "of code, and of the catalogue"),
        Use("*", "picture has loaded", "of a picture in a browser"),
        Use("*.js", "DOMContentLoaded", "an event of browsers"),
        Use("rendering/imaging/filters/grammar/context.py", "overlays", "by the function `load` of a context"),
        Use("rendering/imaging/focus/model/open_sides.py", "exporter", "of a neural network"),
        Use("deploy/package/zlib_ng.py", "library", "of a library"),
    ],
    "manifest": [Use("*", "ManifestFilesMixin|ManifestStaticFiles", "Django's class for static files")],
    "master": [
        Use("*", "customer", "how S3 names a key of KMS"),
    ],
    "mode": [
        *(Use(f"rendering/imaging/{room}/*", "", PILLOWS_MODE) for room in DRAWING),
        Use("rendering/imaging/frame/trim.py", "", PILLOWS_MODE),
        Use("docs/fidelity.md", "Pillow's mode", PILLOWS_MODE),
        Use("CONTRIBUTING.md", "its mode is|on every mode", PILLOWS_MODE),
        Use("rendering/storage/folders.py", "modes", "the mode bits of a file"),
        Use("rendering/metrics/prometheus.py", "multiprocess_mode", "an option of prometheus-client"),
        Use("*", "retries=|ChecksumMode|AWS_RETRY_MODE", "an option of botocore"),
        Use("imageservice/environment/database.py", "SSL_MODES", "an option of PostgreSQL"),
        Use("deploy/package/archive.py", "date and mode", "the mode bits of a file"),
        Use("imageservice/*", "journal_mode|transaction_mode", "options of SQLite"),
        Use("*.css", "mix-blend-mode", "of CSS"),
    ],
    "origin": [
        Use("imageservice/accounts.py", "MFA_WEBAUTHN_ALLOW", "a setting of django-allauth"),
        Use("*", "ORIGIN.SECRET|origin access|Origin.?Shield|OriginSecret|origin group", "CloudFront's origin: us"),
        Use(
            "*",
            "Allow-Origin|timing-allow|cross-origin|Sec-Fetch-Site|CSRF_TRUSTED|Referer|origins? (whose|separated)",
            "HTTP's origin: a site",
        ),
        Use("docs/moving.md", "CorsOrigin", "a parameter of AWS's"),
        Use("aliases/admin/pages/resubmission.py", "if origin is not None", "HTTP's origin: a site"),
        Use("aliases/templates/admin/csrf_failure.html", "sent by", "HTTP's origin: a site"),
        Use("rendering/http/descriptions/info.py", "", "a member of Thumbor's description of a focal point"),
    ],
    "output": [
        Use("*", "output_pixels", "the pixels of a derivative"),
        Use("*", "standard output|--output|to the output of|Zappa's output", "what a command prints"),
        Use("docs/moving.md", "outputFormat", "an edit of AWS's Serverless Image Handler"),
        Use("rendering/dialects/image_handler/edits.py", "", "formats, as AWS's Serverless Image Handler calls them"),
        Use("rendering/imaging/focus/*", "outputs?", "of a neural network"),
        Use("rendering/imaging/filters/__init__.py", "", "the module of filters that decide how a picture is written"),
        Use("deploy/*", "outputs", "of a stack of CloudFormation"),
        Use("deploy/*", "capture_output", "an option of Python's subprocess"),
        Use("imageservice/api_gateway.py", "Output format", "a chapter of API Gateway's manual"),
    ],
    "processor": [
        Use("*", r"\d processors|processor time|(of|a|two|another|and|about|each) processors?", "the machine's"),
        Use("imageservice/settings.py", "context_processors", "a setting of Django"),
    ],
    "queue": [
        Use("aliases/inspecting/story.py", "wait for a turn", "the stage of a request, as Server-Timing names it"),
        Use("rendering/metrics/declaration.py", "stage in", "the stage of a request, as Server-Timing names it"),
        Use("*", r"`queue`|stage\(|the queue lies", "the wait for a slot to render in"),
    ],
    "registry": [Use("*", "grammar|Registry|MOST_FILTERS|checked", "of the filters")],
    "spec": [
        Use("*", "find_spec|ParamSpec", "of Python's importlib and typing"),
        Use("*", "filter_specs", "the filters of a list of Django's admin"),
        Use("deploy/package/bill.py", "specVersion", "a field of CycloneDX"),
    ],
    "style": [
        Use("aliases/templates/aliases/comparison.html", "<style>|</style>|style-src", "of HTML"),
        Use(
            "*", r"list-style|style-src|\.style\.|(our|own|have|no) styles?|script or style", "of CSS, or of a terminal"
        ),
        Use("*", "thumbor[-_]style", "AWS's name for one of its dialects"),
    ],
    "surrogate key": [
        Use("*", "Surrogate-Key|SURROGATE_KEY", "Fastly's header"),
    ],
    "tier": [
        Use("*", "free.tier|regional-tiers", "of AWS's prices"),
        Use("*", "ActiveTier", "an error code of S3"),
    ],
    "variant": [
        Use("README.md", "by `Accept`", "HTTP's word for what `Accept` chooses from"),
        Use("*.css", "font-variant", "of CSS"),
    ],
    "viewport": [
        Use("aliases/templates/aliases/start.html", "<meta", "of HTML"),
        Use("aliases/templates/aliases/comparison.html", "viewport", "of HTML"),
    ],
}


def banned() -> list[str]:
    """The last column of the glossary."""
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]*)\|$", (ROOT / GLOSSARY).read_text(), re.MULTILINE)
    start = [word for word, _ in rows].index("word") + 1
    words = {word.strip() for _, column in rows[start:] for word in column.split(",") if word.strip(" -")}
    return sorted(words)


def lines(text: str, word: str) -> list[str]:
    """The lines in which a word stands, alone or in a name, in the singular or the plural."""
    parts = "[ _-]".join(re.escape(part) for part in word.lower().split())
    said = re.compile(rf"(?<![a-z]){parts}(e?s)?(?![a-z])")
    return [line for line in text.splitlines() if said.search(apart(line))]


def apart(line: str) -> str:
    """A line in lower case, its names taken apart: `maxAge` becomes `max_age`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", line).lower()


def texts() -> dict[str, str]:
    names = [
        name
        for name in tracked()
        if name.endswith(ENDINGS)
        and any(fnmatch(name, pattern) for pattern in READ)
        and not any(fnmatch(name, pattern) for pattern in UNREAD)
    ]
    return {name: (ROOT / name).read_text() for name in names}


TEXTS = texts()


def is_meant(use: Use, name: str, line: str) -> bool:
    return fnmatch(name, use.files) and re.search(use.line, line, re.IGNORECASE) is not None


@pytest.mark.parametrize("word", banned())
def test_a_word_that_the_glossary_bans_stands_nowhere(word):
    wrong = [
        f"{name}: {line.strip()}"
        for name, text in TEXTS.items()
        for line in lines(text, word)
        if not any(is_meant(use, name, line) for use in ALLOWED.get(word, ()))
    ]
    assert not wrong


@pytest.mark.parametrize(("word", "use"), [(word, use) for word, uses in ALLOWED.items() for use in uses])
def test_every_exception_is_still_needed(word, use):
    assert word in banned()
    assert any(is_meant(use, name, line) for name, text in TEXTS.items() for line in lines(text, word)), use


def test_the_glossary_bans_some_words():
    assert {"rendition", "preset", "surrogate key"} <= set(banned())
    assert len(banned()) >= 20


@pytest.mark.parametrize(
    "line", ["A rendition.", "renditions", "class RenditionStore:", "old_rendition = 1", "theRenditions", "RENDITION"]
)
def test_a_banned_word_is_found_in_prose_and_in_names(line):
    assert lines(f"before\n{line}\nafter", "rendition") == [line]


@pytest.mark.parametrize("line", ["surrogate key", "Surrogate-Key", "surrogate_keys", "surrogateKey"])
def test_a_banned_word_of_two_parts_is_found(line):
    assert lines(line, "surrogate key") == [line]


@pytest.mark.parametrize("line", ["modern", "accommodate", "model"])
def test_parts_of_other_words_are_left_alone(line):
    assert not lines(line, "mode")
