"""hosting/compose.yaml and the image: by their schema, whether their parts agree, and what each service runs, run."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from imageservice.environment.variables import Variables
from tests.hosting.commands import here, run, serving, status
from tests.tracked import ROOT, tracked

TEXT = (ROOT / "hosting/compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if one["image"] == "imageservice"}
DOCKERFILE = (ROOT / "hosting/Dockerfile").read_text()
#: Read by boto3, or by libraries below it.
OF_OTHERS = re.compile(r"AWS_[A-Z_]+")


@pytest.fixture(scope="module")
def settings_file(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("hosting") / "x.env"
    subprocess.run([ROOT / "hosting/new_settings", "images.example.com", path], check=True, capture_output=True)
    assert path.stat().st_mode & 0o777 == 0o600
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def interpolated(text: str, values: dict[str, str]) -> str:
    """A text as compose reads it: ${NAME}, ${NAME:-default} and ${NAME:?what is missing}."""

    def value(found: re.Match[str]) -> str:
        name, more = found[1], found[2] or ""
        assert name in values or more.startswith(":-"), f"{name} is in no file of settings"
        return values.get(name) or more.removeprefix(":-")

    return re.sub(r"\$\{([A-Z0-9_]+)(:[?-][^}]*)?\}", value, text)


def environment(name: str, values: dict[str, str]) -> dict[str, str]:
    """The environment of a container: what is named without a value comes from the settings, or not at all."""
    said = {**image_environment(), **SERVICES[name]["environment"]}
    return {key: interpolated(str(value), values) for key, value in said.items() if value is not None}


def image_environment() -> dict[str, str]:
    (block,) = re.findall(r"^ENV (PATH=(?:.*\\\n)*.*)$", DOCKERFILE, re.MULTILINE)
    pairs = dict(pair.split("=", 1) for pair in block.replace("\\\n", " ").split())
    return {name: value for name, value in pairs.items() if name not in ("PATH", "LD_LIBRARY_PATH")}


def image_command(word: str) -> list[str]:
    (command,) = re.findall(rf"^{word}(\[.*\])$", DOCKERFILE, re.MULTILINE)
    return [str(one) for one in json.loads(command)]


def test_it_is_what_compose_reads():
    check = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "hosting/compose.yaml"]
    done = subprocess.run([sys.executable, *check], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_name_in_an_environment_is_one_that_the_service_reads():
    known = {one.name for one in Variables.variables()}
    assert len(OURS) == 4
    for name, service in OURS.items():
        told = set(service["environment"])
        assert {one for one in told if not OF_OTHERS.fullmatch(one)} <= known, name
        admin = {"SECRET_KEY", "DATABASE_URL"} <= told
        assert admin is (service["environment"]["PLANE"] == "admin"), name


def test_whatever_is_named_is_there():
    volumes = {mount.split(":")[0] for one in SERVICES.values() for mount in one.get("volumes", ())}
    assert volumes == set(COMPOSE["volumes"])
    for config in COMPOSE["configs"].values():
        assert (ROOT / "hosting" / config["file"]).is_file()
    assert {one["source"] for one in SERVICES["nginx"]["configs"]} == set(COMPOSE["configs"])
    for name, one in SERVICES.items():
        for other, how in one.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                healthy = "healthcheck" in SERVICES[other] or other in OURS
                assert healthy, f"{name} waits for {other} to be healthy"
    build = OURS["pictures"]["build"]
    assert (ROOT / "hosting" / build["context"] / build["dockerfile"]).resolve() == ROOT / "hosting/Dockerfile"


def test_nginx_asks_the_services_by_their_names_where_they_listen():
    surroundings = (ROOT / "hosting/nginx/surroundings.compose.conf").read_text()
    port = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    assert re.findall(r"server (\w+):(\d+) resolve;", surroundings) == [("pictures", *port), ("admin", *port)]
    assert image_command("CMD ")[-1] == f"0.0.0.0:{port[0]}"
    (published,) = SERVICES["nginx"]["ports"]
    assert published.startswith("127.0.0.1:")
    listens = re.findall(r"^    listen (\d+);", (ROOT / "hosting/nginx/imageservice.conf").read_text(), re.MULTILINE)
    assert published.rpartition(":")[2] == listens[0]
    for name in ("imageservice.conf", "surroundings.conf", "surroundings.compose.conf"):
        text = (ROOT / "hosting/nginx" / name).read_text()
        given = set(re.findall(r"^upstream (\w+)|^map \S+ \$(\w+)", text, re.MULTILINE))
        if name.startswith("surroundings"):
            assert given == {("imageservice_pictures", ""), ("imageservice_admin", ""), ("", "client_scheme")}


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "db"])
def test_a_container_may_do_little(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_what_each_service_runs_does_what_it_is_for(settings_file, tmp_path):
    setup = [interpolated(word, {}) for word in SERVICES["setup"]["command"]]
    told = run_in_shell(setup, environment("setup", settings_file), tmp_path)
    assert "Applying aliases" in told
    assert "The user is admin" in told
    (loop,) = SERVICES["outbox"]["command"][2:]
    once = loop.removeprefix("while true; do ").removesuffix("; sleep 60; done")
    assert once != loop
    assert "Sent: 0." in run_in_shell(["sh", "-c", once], environment("outbox", settings_file), tmp_path)
    check = image_command(r"HEALTHCHECK .* CMD ")
    for name in ("pictures", "admin"):
        command = [sys.executable, *image_command("CMD ")[1:]]
        with serving(command, environment(name, settings_file), tmp_path) as port:
            asked = [sys.executable, *(word.replace("8000", str(port)) for word in check[1:])]
            run(asked, {}, tmp_path)
            assert status(port, "/admin") == (302 if name == "admin" else 404)
        assert subprocess.run(asked, capture_output=True, check=False).returncode != 0


def run_in_shell(command: list[str], said: dict[str, str], folder: Path) -> str:
    """Run a command that says `python` for the image's."""
    python = folder / "bin" / "python"
    python.parent.mkdir(exist_ok=True)
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
    path = f"PATH={python.parent}:$PATH; "
    return run([*command[:2], path + command[2]], said, folder)


def test_the_image_is_made_of_what_it_needs_and_of_nothing_else():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    top = {name.split("/")[0] for name in tracked()}
    assert let_in <= top
    copied = {word for line in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()}
    assert copied - {"."} <= let_in
    assert not {".git", "var", "tests", "docs", "hosting", "client"} & let_in
    assert "**/*.env" in ignored


def test_no_layer_holds_a_secret_and_what_runs_is_not_root():
    assert not re.findall(r"\w*(?:SECRET|PASSWORD|TOKEN|_KEY)\w*(?==)", DOCKERFILE)
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    user = re.findall(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert user == [("10001", "10001")]
    assert last.index("\nUSER ") < last.index("\nHEALTHCHECK ") < last.index("\nCMD ")


def test_the_base_is_named_by_its_version_as_that_which_deploys_is():
    (base,) = re.findall(r"^ARG BASE=docker\.io/library/(\S+)$", DOCKERFILE, re.MULTILINE)
    (other,) = re.findall(r"^FROM (\S+)$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert base == other
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${BASE}", "${BASE}"]


def test_places_of_the_containers_are_replaced_by_the_tests(tmp_path):
    assert here("file:///data/derivatives", tmp_path) == f"file://{tmp_path}/derivatives"
    assert here("/data/originals", tmp_path) == f"{tmp_path}/originals"
