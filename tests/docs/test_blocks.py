"""Each fenced block: run here, or marked with why it cannot be, and counted."""

import importlib
import json
import subprocess
import sys
from collections import Counter

import pytest
from PIL import Image

from rendering.imaging.filters.grammar.registry import declare
from tests.docs import markdown
from tests.docs.checkout import KEY
from tests.tracked import ROOT

#: How many blocks of each page cannot be run here. Whoever marks another says so here as well.
NOT_RUN = {
    "client/README.md": 1,
    "docs/access.md": 2,
    "docs/backup.md": 2,
    "docs/deploying.md": 6,
    "docs/moving.md": 1,
    "docs/self-hosting.md": 5,
    "docs/tutorial.md": 1,
    "edge/README.md": 1,
}
#: Lines of blocks that are tried elsewhere: they would run these very tests.
LEFT_OUT = {"make test": "these tests are part of it"}
LANGUAGES = {
    "sh",
    "python",
    "json",
    "text",
    "diff",
    "django",
    "jinja",
    "js",
    "jsx",
    "ruby",
    "php",
    "go",
    "html",
    "yaml",
    "toml",
}

SHELL = markdown.fenced("sh")
#: The tutorial's steps need each other: test_tutorial.py takes them in their order.
RUNNABLE = [block for block in SHELL if block.reason is None and block.page != "docs/tutorial.md"]


@pytest.mark.parametrize("page", markdown.PAGES)
def test_every_block_says_its_language(page):
    blocks = list(markdown.blocks(page))
    assert blocks
    for block in blocks:
        assert block.prose or block.language in LANGUAGES, block


def test_blocks_that_cannot_be_run_are_counted_and_say_why():
    reasons = [(block, block.reason) for block in markdown.everything() if block.reason is not None]
    for block, reason in reasons:
        assert not block.prose, f"{block}: only what could run can be marked"
        assert len(reason.split()) > 3, f"{block}: “{reason}” is no reason"
    assert Counter(block.page for block, _ in reasons) == NOT_RUN


def test_a_mark_without_a_reason_and_a_block_without_a_mark_are_seen():
    lines = "<!-- not run: needs AWS -->\n\n```sh\none\n```\n\n<!-- not run: -->\n```sh\ntwo\n```\n```sh\nthree\n```\n"
    assert [block.reason for block in markdown.read("x.md", lines.splitlines())] == ["needs AWS", "", None]


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_every_block_of_the_shell_is_one_that_a_shell_can_read(block):
    subprocess.run(["sh", "-n"], input=block.text, text=True, check=True, capture_output=True)


@pytest.mark.parametrize("block", RUNNABLE, ids=str)
def test_every_block_of_the_shell_runs(block, checkout, site):
    assert block.commands
    for command in block.commands:
        if command in LEFT_OUT:
            continue
        if command in markdown.SERVE:
            with checkout.serving(command) as served:
                assert served.get("/").status == 200
            continue
        done = checkout.run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_no_line_is_left_out_that_no_block_has():
    assert {*markdown.SERVE, *LEFT_OUT} <= {command for block in RUNNABLE for command in block.commands}


@pytest.mark.parametrize("block", markdown.fenced("json"), ids=str)
def test_every_block_of_json_is_json(block):
    json.loads(block.text if block.text[0] in "{[" else f"{{{block.text}}}")


@pytest.mark.parametrize("block", [one for one in markdown.fenced("python") if one.page == "docs/urls.md"], ids=str)
def test_every_signature_of_the_docs_is_one_that_the_service_takes(block, keyed, capsys, monkeypatch):
    monkeypatch.setenv("SECURITY_KEY", KEY)
    exec(compile(block.text, str(block), "exec"), {})
    signed = capsys.readouterr().out.strip().removeprefix("https://images.example.com")
    assert keyed.get(signed).status == 200
    assert keyed.get(signed.replace("90x90", "91x90")).status == 403


def test_the_example_of_a_filter_is_that_filter():
    block, _ = (one for one in markdown.fenced("python") if one.page == "CONTRIBUTING.md")
    assert block.text in (ROOT / "rendering/imaging/filters/colour.py").read_text()


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_the_example_of_a_filter_of_another_package_is_declared_rightly_and_works(mode, tmp_path, monkeypatch):
    _, block = (one for one in markdown.fenced("python") if one.page == "CONTRIBUTING.md")
    (tmp_path / "acme_filters.py").write_text(block.text)
    monkeypatch.syspath_prepend(tmp_path)
    declared = declare(importlib.import_module("acme_filters").posterize)
    monkeypatch.delitem(sys.modules, "acme_filters")
    picture = Image.linear_gradient("L").convert(mode)
    made = declared.call(["2"])(picture)
    assert (made.mode, made.getextrema()) == (mode, picture.getextrema())
    assert len(made.getcolors()) == 2


def test_every_block_of_python_is_tried():
    assert {block.page for block in markdown.fenced("python")} == {
        "docs/urls.md",
        "CONTRIBUTING.md",
        "client/README.md",  # client/client_tests/test_readme.py
    }
