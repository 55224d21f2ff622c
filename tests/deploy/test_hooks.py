"""What is done to Zappa's settings before it acts on them; tests/aws has the same with Zappa itself."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from deploy import hooks, stages
from deploy.account import account
from deploy.stages import Refused, Stage

KNOWN = account.UNKNOWN | {
    "account": "123456789012",
    "distribution": "EDFDVBD632BHDS",
    "host": "images.example.com",
    "suffix": "-eu-west-1",
    "subnets": "",
    "group": "",
}


def cli(name: str = "production_admin", **more: Any) -> Any:
    """As much of Zappa's own object as the hooks touch."""
    settings = dict(stages.read())
    settings[name] = {**settings[name], **more}
    policy = (stages.ROOT / stages.inherited(settings, name)["attach_policy"]).read_text()
    zappa = SimpleNamespace(attach_policy=policy, tags={})
    return SimpleNamespace(api_stage=name, zappa_settings=settings, zappa=zappa, lambda_concurrency=10)


def filled(zappa: Any) -> Any:
    hooks.fill(zappa, stages.stage(zappa.api_stage, zappa.zappa_settings), KNOWN)
    return zappa


def test_everything_that_zappa_has_read_is_filled_in():
    zappa = filled(cli())
    assert zappa.s3_bucket_name == "imageservice-packages-123456789012-eu-west-1"
    assert zappa.aws_environment_variables["ALLOWED_HOSTS"] == "images.example.com"
    assert zappa.tags == zappa.zappa.tags == {"project": "imageservice", "environment": "production"}
    everything = json.dumps(
        [zappa.zappa_settings["production_admin"], vars(zappa.zappa), zappa.aws_environment_variables]
    )
    assert "${" not in everything
    assert "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/imageservice-production-admin" in everything


def test_a_function_in_a_network_may_enter_it_and_others_may_not():
    def actions(zappa: Any) -> list[str]:
        statements = json.loads(zappa.zappa.attach_policy)["Statement"]
        return [action for statement in statements for action in statement["Action"] if action.startswith("ec2:")]

    assert actions(filled(cli())) == []
    assert "ec2:CreateNetworkInterface" in actions(filled(cli(vpc_config={"SubnetIds": ["subnet-1"]})))


def test_the_admins_function_is_in_the_network_that_was_made_for_it_and_asks_aws_by_ipv6(monkeypatch):
    monkeypatch.setitem(KNOWN, "subnets", "subnet-1,subnet-2")
    monkeypatch.setitem(KNOWN, "group", "sg-1")
    admin, images = filled(cli()), filled(cli("production"))
    assert admin.vpc_config["Ipv6AllowedForDualStack"] is True
    assert admin.aws_environment_variables["AWS_USE_DUALSTACK_ENDPOINT"] == "true"
    assert not hasattr(images, "vpc_config")
    assert "AWS_USE_DUALSTACK_ENDPOINT" not in images.aws_environment_variables
    own = filled(cli(vpc_config={"SubnetIds": ["subnet-9"]}))
    assert own.vpc_config == {"SubnetIds": ["subnet-9"]}
    assert "AWS_USE_DUALSTACK_ENDPOINT" not in own.aws_environment_variables


@pytest.mark.parametrize(("whole", "reserved"), [(1000, 10), (110, 10), (109, None), (10, None)])
def test_concurrency_is_reserved_where_the_account_has_enough(whole, reserved, capsys):
    zappa = cli()
    answer = {"AccountLimit": {"ConcurrentExecutions": whole}}
    zappa.zappa.lambda_client = SimpleNamespace(get_account_settings=lambda: answer)
    hooks.limit_concurrency(zappa)
    assert zappa.lambda_concurrency == reserved
    assert ("Service Quotas" in capsys.readouterr().out) == (reserved is None)


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY", "ORIGIN_SECRET_FALLBACKS", "ADMIN_PASSWORD"])
def test_a_secret_that_is_written_down_is_refused(name, monkeypatch):
    stage = stages.stage("production_admin", stages.read())
    monkeypatch.setattr(Stage, "python", property(lambda self: hooks.python_version()))
    hooks.check(stage)
    written = {**stage.settings["aws_environment_variables"], name: "written down for all to read"}
    with pytest.raises(Refused, match=f"secretsmanager:name#{name}"):
        hooks.check(Stage(stage.name, {**stage.settings, "aws_environment_variables": written}))


def test_another_python_than_the_runtimes_is_refused(monkeypatch):
    monkeypatch.setattr(hooks, "python_version", lambda: "3.9")
    with pytest.raises(Refused, match=r"this Zappa on 3\.9"):
        hooks.check(stages.stage("production", stages.read()))
