import pytest

from deploy import stages
from deploy.stages import Refused

SETTINGS: stages.Settings = {
    "base": {
        "project_name": "pictures",
        "aws_region": "eu-west-1",
        "runtime": "python3.13",
        "architecture": "arm64",
        "tags": {"project": "${project}"},
    },
    "production": {"extends": "base"},
    "production_admin": {"extends": "production", "tags": {"plane": "admin"}},
}


def test_a_stage_has_what_it_extends_and_replaces_whole_values():
    admin = stages.stage("production_admin", SETTINGS)
    assert (admin.python, admin.architecture) == ("3.13", "arm64")
    assert admin.settings["tags"] == {"plane": "admin"}


def test_two_stages_are_one_environment():
    assert {stages.stage(name, SETTINGS).environment for name in ("production", "production_admin")} == {"production"}


def test_the_function_is_named_as_zappa_names_it():
    assert stages.stage("production_admin", SETTINGS).function == "pictures-production-admin"


def test_placeholders_are_filled_in_wherever_they_stand():
    stage = stages.stage("production", SETTINGS)
    value = {"a": ["s3://${project}-${account}/x"], "b": 3, "c": "${function}"}
    assert stage.fill(value, {"account": "12"}) == {"a": ["s3://pictures-12/x"], "b": 3, "c": "pictures-production"}


@pytest.mark.parametrize("text", ["${acount}", "a $ b", "${"])
def test_a_placeholder_that_is_none_is_refused_with_those_there_are(text):
    with pytest.raises(Refused, match=r"\$\{environment\}"):
        stages.stage("production", SETTINGS).fill(text, {})


@pytest.mark.parametrize("name", ["base", "prodcution", ""])
def test_a_stage_that_is_not_there_is_refused_with_those_that_are(name):
    with pytest.raises(Refused, match="production, production_admin"):
        stages.stage(name, SETTINGS)


@pytest.mark.parametrize(("key", "value"), [("runtime", "python3.11"), ("architecture", "amd64")])
def test_what_pillow_cannot_run_on_is_refused(key, value):
    with pytest.raises(Refused, match=value):
        stages.stage("production", {**SETTINGS, "production": {"extends": "base", key: value}})


def test_all_stages_share_one_runtime():
    assert stages.python_of_all(SETTINGS) == "3.13"
    with pytest.raises(Refused, match=r"3\.12, 3\.13"):
        stages.python_of_all({**SETTINGS, "staging": {"extends": "base", "runtime": "python3.12"}})


def test_a_file_that_is_missing_or_broken_is_told(tmp_path):
    with pytest.raises(Refused, match="does not exist"):
        stages.read(tmp_path / "zappa_settings.json")
    (tmp_path / "zappa_settings.json").write_text("{")
    with pytest.raises(Refused, match="not JSON"):
        stages.read(tmp_path / "zappa_settings.json")


def test_the_projects_own_stages_can_be_deployed():
    settings = stages.read()
    names = ["staging", "staging_admin", "production", "production_admin"]
    assert stages.deployable(settings) == names
    for name in names:
        own = stages.stage(name, settings).settings
        assert own["endpoint_configuration"] == ["REGIONAL"]
        assert own["aws_environment_variables"]["PLANE"] == ("admin" if name.endswith("_admin") else "images")
        off = (
            "payload_compression",
            "keep_warm",
            "debug",
            "touch",
            "slim_handler",
            "use_precompiled_packages",
            "cors",
            "xray_tracing",
        )
        assert not [key for key in off if own[key]]
