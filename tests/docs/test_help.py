"""Help in whole sentences: of `make`, and of our commands of manage.py."""

import argparse
import ast
import re

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from tests.tracked import ROOT, tracked

OURS = sorted(name for name, app in get_commands().items() if app in ("aliases", "rendering"))
#: What every command of Django has, and help of its own.
DJANGO = {action.dest for action in BaseCommand().create_parser("manage.py", "any")._actions}
MAKEFILE = (ROOT / "Makefile").read_text()
SENTENCE = re.compile(r"[A-Z][^\n]*[^\s.]\.")


def test_make_help_lists_every_target_in_a_whole_sentence(checkout):
    lines = checkout.run("make help").stdout.splitlines()
    said = dict(line.split(None, 1) for line in lines)
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert sorted(said) == sorted(target for target in phony.split() if not target.startswith("."))
    for target, sentence in said.items():
        assert SENTENCE.fullmatch(sentence), f"{target}: {sentence}"
    # All begin in the same column, and fit into a terminal.
    assert len({re.match(r"\S+\s+", line).end() for line in lines if " " in line}) == 1  # type: ignore[union-attr]
    assert max(map(len, lines)) <= 110


def test_make_alone_says_what_there_is(checkout):
    assert checkout.run("make").stdout == checkout.run("make help").stdout


def test_all_commands_are_ours_that_have_a_file():
    assert {path.stem for path in (ROOT / "aliases/management/commands").glob("[a-z]*.py")} == set(OURS)


def parser(name: str) -> argparse.ArgumentParser:
    command = load_command_class("aliases", name)
    assert isinstance(command, BaseCommand)
    return command.create_parser("manage.py", name)


@pytest.mark.parametrize("name", OURS)
def test_the_help_of_every_command_is_whole_sentences(name):
    found = parser(name)
    assert found.description
    assert SENTENCE.fullmatch(found.description)
    for action in found._actions:
        if action.dest not in DJANGO:
            assert action.help, f"{action.dest} is not explained"
            assert SENTENCE.fullmatch(action.help), f"{action.dest}: {action.help}"


@pytest.mark.parametrize("name", OURS)
def test_help_can_be_shown_and_is_all_there(name, checkout):
    done = checkout.run(f".venv/bin/python manage.py {name} --help", COLUMNS="1000")
    assert done.returncode == 0, done.stderr
    assert parser(name).description in done.stdout


@pytest.mark.parametrize("target", ["package", "deploy", "destroy"])
def test_what_needs_a_stage_asks_for_it_before_it_installs_anything(target, checkout):
    done = checkout.run(f"make {target}")
    assert done.returncode != 0
    assert done.stdout == f"Name the stage: make {target} STAGE=production\n"


#: Modules whose docstring says how they are run, with what stands behind their name there.
USAGES = sorted(
    (usage[1], usage[2])
    for path in tracked("benchmarks/*.py", "deploy/*.py", "docs/*.py", "edge/*.py")
    for usage in re.finditer(
        r"python3? -m ((?:benchmarks|deploy|docs|edge)\.[\w.]+)(.*)",
        ast.get_docstring(ast.parse((ROOT / path).read_text())) or "",
    )
)


@pytest.mark.parametrize(("module", "usage"), [one for one in USAGES if "--" in one[1]])
def test_a_module_knows_the_options_that_its_docstring_names(module, usage, checkout):
    done = checkout.run(f".venv/bin/python -m {module} --help")
    assert done.returncode == 0, done.stderr
    for option in re.findall(r"--[\w-]+", usage):
        assert option in done.stdout, option
