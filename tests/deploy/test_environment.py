"""What becomes of a function's variables, over the call that Zappa makes of Lambda's API."""

from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from deploy import environment

#: As Zappa 0.63 calls it, of which only these parts matter here.
PLAIN = {"FunctionName": "imageservice-production", "Timeout": 29}


def updated(wanted: dict[str, str], held: dict[str, str]) -> Any:
    """The variables that Lambda gets when Zappa has added those on the function to those of the settings."""
    lambdas = boto3.client("lambda", "eu-west-1", aws_access_key_id="own", aws_secret_access_key="secret")
    sent: list[Any] = []
    lambdas.meta.events.register_last(environment.EVENT, lambda params, **kwargs: sent.append(params))
    environment.replace_variables(lambdas, wanted)
    for name, value in held.items():
        wanted.setdefault(name, value)  # as Zappa does, to the very settings that it was given
    with Stubber(lambdas) as stubber:
        stubber.add_response("update_function_configuration", {})
        lambdas.update_function_configuration(**PLAIN, Environment={"Variables": wanted})
    assert {name: value for name, value in sent[0].items() if name != "Environment"} == PLAIN
    return sent[0]["Environment"]["Variables"]


def test_a_variable_that_was_taken_out_of_the_settings_goes_from_the_function(capsys):
    held = {"PLANE": "images", "SECURITY_KEY": "the key that leaked", "OLD": "1"}
    assert updated({"PLANE": "admin", "NEW": "2"}, held) == {"PLANE": "admin", "NEW": "2"}
    said = capsys.readouterr().out
    assert "OLD, SECURITY_KEY" in said
    assert "leaked" not in said


@pytest.mark.parametrize("wanted", [{}, {"PLANE": "images"}])
def test_without_any_other_nothing_is_said(wanted, capsys):
    assert updated({**wanted}, {**wanted}) == wanted
    assert capsys.readouterr().out == ""


def test_a_call_that_is_about_no_variables_is_left_alone():
    lambdas = boto3.client("lambda", "eu-west-1", aws_access_key_id="own", aws_secret_access_key="secret")
    sent: list[Any] = []
    lambdas.meta.events.register_last(environment.EVENT, lambda params, **kwargs: sent.append(params))
    environment.replace_variables(lambdas, {"PLANE": "images"})
    with Stubber(lambdas) as stubber:
        stubber.add_response("update_function_configuration", {})
        lambdas.update_function_configuration(**PLAIN)
    assert sent == [PLAIN]
