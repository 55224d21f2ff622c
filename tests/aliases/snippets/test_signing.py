"""Snippets that sign: run in each language that is installed here, for every odd key, and served."""

import os
import shutil
import subprocess
import sys

import pytest
from msgspec.structs import replace

from aliases.snippets.picture import Picture
from aliases.snippets.signing import TEMPLATES, signing
from tests.drawings import drawn, opened
from tests.values import KEYS

from .declared import ALIASES, BASE

KEY = "a-key-of-16-characters-or-more"
#: How each language runs a file. Those that are not installed are skipped: CI installs none for this alone.
RUN = {
    "python": [sys.executable, "snippet.py"],
    "js": ["node", "snippet.mjs"],
    "ruby": ["ruby", "snippet.rb"],
    "php": ["php", "snippet.php"],
    "go": ["go", "run", "snippet.go"],
}


def printed(code, language, folder):
    """What a snippet prints, or a skip where its language is not installed."""
    program, *arguments = RUN[language]
    if not shutil.which(program) and not (program == "node" and os.environ.get("REQUIRE_NODE")):
        pytest.skip(f"{program} is not installed")
    (folder / arguments[-1]).write_text(code, "utf-8")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "SECURITY_KEY": KEY}
    done = subprocess.run([program, *arguments], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("language", RUN)
def test_what_a_language_signs_is_served(language, alias, service, settings, tmp_path):
    settings.SECURITY_KEY = KEY
    service.publish(alias)
    picture = Picture.of(BASE, alias, "people/ann (1)'$x #{1}.jpg")
    service.put(alias.prefix + picture.key, drawn(200, 150))
    (snippet,) = (one for one in signing(picture) if one.language == language)
    url = printed(snippet.code, language, tmp_path)
    assert url.startswith(f"{BASE}/")
    assert url.endswith("\n")
    response = service.get(url.strip().removeprefix(BASE))
    assert response.status_code == 200
    assert opened(response).size == opened(service.get(picture.url().removeprefix(BASE))).size


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
@pytest.mark.parametrize("language", RUN)
def test_what_is_signed_by_the_algorithm_of_the_deployment_is_served(language, algorithm, service, settings, tmp_path):
    settings.SECURITY_KEY, settings.SIGNATURE_ALGORITHM = KEY, algorithm
    alias = ALIASES["ratios"]
    service.publish(alias)
    service.put("ann.jpg", drawn(200, 150))
    (snippet,) = (one for one in signing(Picture.of(BASE, alias, "ann.jpg"), algorithm) if one.language == language)
    url = printed(snippet.code, language, tmp_path).strip()
    assert service.get(url.removeprefix(BASE)).status_code == 200


@pytest.mark.parametrize("language", ["python", "js"])
def test_every_key_is_signed(language, service, settings, tmp_path):
    """All in one file: the snippets differ in their path alone."""
    settings.SECURITY_KEY = KEY
    alias = ALIASES["widths"]
    service.publish(alias)
    codes = [signing(Picture.of(BASE, alias, key)) for key in KEYS]
    found = [one.code for snippets in codes for one in snippets if one.language == language]
    first, wrap = found[0].partition("\n\n")[0], "{\n%s}\n" if language == "js" else "%s"
    urls = printed(f"{first}\n" + "".join(wrap % code.partition("\n\n")[2] for code in found), language, tmp_path)
    for key, url in zip(KEYS, urls.split(), strict=True):
        service.put(key, drawn(200, 150))
        assert service.get(url.removeprefix(BASE)).status_code == 200, key


def test_the_path_that_is_signed_has_the_prefix_which_an_aliass_url_leaves_out():
    picture = Picture.of(BASE, replace(ALIASES["ratios"], prefix="people/2024/"), "ann.jpg")
    assert picture.url() == f"{BASE}/icon/ann.jpg"
    assert picture.thumbor_path == "9x9/filters:format(png)/photos/people/2024/ann.jpg"


def test_no_snippet_has_a_key_and_each_language_is_run():
    assert [language for _, language, _ in TEMPLATES] == list(RUN)
    for one in signing(Picture.of(BASE, ALIASES["ratios"], "ann.jpg")):
        assert "SECURITY_KEY" in one.code
        assert "9x9/filters:format(png)/photos/ann.jpg" in one.code
