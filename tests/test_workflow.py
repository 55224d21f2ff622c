"""What GitHub runs is what `make` offers, on the Pythons that the project names."""

import re
import tomllib
from typing import Any

import pytest
import yaml

from deploy import stages
from tests.tracked import ROOT, tracked

WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
DEPLOY: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text())
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
DEPLOY_STEPS = DEPLOY["jobs"]["deploy"]["steps"]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("command", [step["run"] for step in STEPS if "run" in step])
def test_every_command_is_a_target_of_the_makefile(command):
    found = re.fullmatch(r"make ([a-z-]+) PYTHON=python", command)
    assert found
    assert found[1] in TARGETS


@pytest.mark.parametrize("target", ["test", "coverage", "test-aws", "audit"])
def test_nothing_that_is_to_be_checked_is_left_out(target):
    assert f"make {target} PYTHON=python" in [step.get("run") for step in STEPS]


def test_the_pythons_are_those_of_the_metadata():
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    named = [one.rpartition(" ")[2] for one in classifiers if re.search(r":: 3\.\d+$", one)]
    assert WORKFLOW["jobs"]["test"]["strategy"]["matrix"]["python-version"] == named


@pytest.mark.parametrize("action", [step["uses"] for step in (*STEPS, *DEPLOY_STEPS) if "uses" in step])
def test_every_action_is_pinned_to_a_commit(action):
    assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action)


def test_it_may_read_alone():
    assert WORKFLOW["permissions"] == {"contents": "read"}


def test_a_tag_is_deployed_to_production_without_keys_of_aws():
    assert DEPLOY["permissions"] == {"contents": "read", "id-token": "write"}
    assert DEPLOY[True]["push"] == {"tags": ["v*"]}  # YAML takes the word on for a truth
    assert DEPLOY["jobs"]["deploy"]["environment"] == "${{ inputs.stage || 'production' }}"
    (run,) = [step for step in DEPLOY_STEPS if "run" in step]
    assert run["run"] == "make deploy PYTHON=python"
    assert set(re.findall(r"secrets\.(\w+)", str(DEPLOY))) == {"DATABASE_URL"}
    (credentials,) = [step["with"] for step in DEPLOY_STEPS if "configure-aws-credentials" in step.get("uses", "")]
    assert set(credentials) == {"role-to-assume", "aws-region"}


def test_it_deploys_on_the_python_of_lambda_as_the_image_does():
    minor = stages.python_of_all(stages.read())
    (python,) = [step["with"]["python-version"] for step in DEPLOY_STEPS if "setup-python" in step.get("uses", "")]
    assert python == minor
    image = (ROOT / "deploy/Dockerfile").read_text()
    assert re.findall(r"^FROM python:([0-9.]+)-", image, re.MULTILINE) == [minor]
    assert f"PYTHON=python{minor}" in image


def test_the_stages_that_can_be_chosen_are_those_that_are_configured():
    offered = DEPLOY[True]["workflow_dispatch"]["inputs"]["stage"]["options"]
    assert sorted(offered) == sorted(
        {stages.stage(name, stages.read()).environment for name in stages.deployable(stages.read())}
    )


@pytest.mark.parametrize("name", tracked(".github/ISSUE_TEMPLATE/*.yml"))
def test_an_issue_form_is_one_that_github_shows(name):
    form = yaml.safe_load((ROOT / name).read_text())
    if name.endswith("config.yml"):
        assert set(form) <= {"blank_issues_enabled", "contact_links"}
        return
    assert {"name", "description", "body"} <= set(form)
    for field in form["body"]:
        assert field["type"] in ("markdown", "input", "textarea", "dropdown", "checkboxes")
        assert set(field.get("validations", {})) <= {"required"}
        assert "value" in field["attributes"] if field["type"] == "markdown" else "label" in field["attributes"]
    identifiers = [field["id"] for field in form["body"] if "id" in field]
    assert len(identifiers) == len(set(identifiers))


HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]


def test_hooks_are_frozen_or_the_ones_of_the_checkout():
    for repo in HOOKS:
        assert repo["repo"] == "local" or re.fullmatch(r"[0-9a-f]{40}", repo["rev"])


def test_hooks_of_the_checkout_run_what_make_lint_runs():
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert lint
    run = set(re.findall(r"\$\(BIN\)/((?:ruff )?\w+)", lint[1]))
    hooks = [hook["entry"] for repo in HOOKS if repo["repo"] == "local" for hook in repo["hooks"]]
    assert {re.match(r"\.venv/bin/((?:ruff )?\w+)", entry)[1] for entry in hooks} == run  # type: ignore[index]
