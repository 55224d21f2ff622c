"""What a dry run tells of a stack, without a change set: from what is deployed and what would be."""

from types import SimpleNamespace
from typing import Any

import pytest

from deploy.account import stacks
from edge.templates import NAMES, template
from tests.edge.stacks import stack

TEMPLATE = """Parameters:
  A:
    Type: String

Resources:
  One:
    Type: X
    Properties:
      Name: !Sub "${A}"

  # About two.
  Two:
    Type: Y

Outputs:
  Three:
    Value: 1
"""


def differences(
    held: str, given: dict[str, str], template: str, asked: dict[str, str], status: str = "CREATE_COMPLETE"
):
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    described = {"StackStatus": status, "Parameters": parameters}
    cloudformation: Any = SimpleNamespace(
        describe_stacks=lambda **asked: {"Stacks": [described] if status else []},
        get_template=lambda **asked: {"TemplateBody": held},
    )
    return list(stacks.differences(cloudformation, "s", template, asked))


def test_the_same_is_no_difference():
    assert differences(TEMPLATE, {"A": "1"}, TEMPLATE, {"A": "1"}) == []
    assert differences(TEMPLATE, {"A": "1"}, TEMPLATE.replace("About two.", "Two."), {"A": "1"}) == []


def test_resources_that_are_new_gone_or_other_are_named_and_so_are_parameters():
    changed = TEMPLATE.replace("Two:", "Four:").replace("Type: X", "Type: Z")
    told = differences(TEMPLATE, {"A": "1"}, changed, {"A": "2", "B": "3"})
    assert told == [
        "+ Four in the stack s",
        "~ One in the stack s",
        "- Two in the stack s",
        "~ A of the stack s: “1” becomes “2”",
        "~ B of the stack s: “” becomes “3”",
    ]


def test_a_secret_parameter_is_neither_compared_nor_shown():
    assert differences(TEMPLATE, {"A": "****"}, TEMPLATE, {"A": "the secret"}) == []


@pytest.mark.parametrize("status", ["", *stacks.HOPELESS])
def test_a_stack_that_is_not_there_or_only_half_is_new(status):
    assert differences(TEMPLATE, {}, TEMPLATE, {"A": "1"}, status) == ["+ the stack s: One, Two"]


@pytest.mark.parametrize("name", NAMES)
def test_the_resources_of_our_templates_are_found(name):
    assert set(stacks.resources(template(name))) == set(stack(name)["Resources"])
