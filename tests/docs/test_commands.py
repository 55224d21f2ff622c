"""Each command that the docs name in a line: run on a checkout, or one of those that cannot be, with the reason."""

import re
import shlex

import botocore.session
import pytest
from botocore import xform_name

from tests.docs import markdown
from tests.rendering.moto_server import MotoServer

#: Why the targets of the Makefile that are named in lines are not run by these tests, but only read by make.
TARGETS = {
    "attack": "takes minutes; tests/benchmarks/attack runs a part of it",
    "audit": "asks a registry",
    "bench": "takes an hour, and compares with programs that not every machine has",
    "changed": "would run these tests",
    "check": "would run these tests",
    "clean": "is run by test_make.py, in a checkout of its own",
    "conformance": "needs answers that were recorded of a real Thumbor",
    "coverage": "would run these tests",
    "crops": "needs a folder of annotated pictures",
    "deploy": "needs an AWS account; tests/aws deploys to an emulated one",
    "destroy": "needs an AWS account; tests/aws takes an emulated one down",
    "differential": "takes minutes, and installs a Thumbor; tests/benchmarks/differential tries its parts",
    "dev": "is `make run`, which restarts",
    "explore": "looks for minutes",
    "faces": "needs a folder of annotated pictures",
    "faults": "is a part of make test",
    "fuzz": "looks for minutes",
    "fidelity": "takes minutes, and installs what it compares with",
    "licences": "installs all that is locked; .ci/run runs it",
    "hosting": "compiles zlib; tests/hosting tries what it makes ready",
    "lock": "asks a registry",
    "mutants": "takes half an hour, and installs what changes the code",
    "package": "installs Zappa; tests/aws makes the package",
    "rollback": "needs an AWS account; tests/aws rolls an emulated one back",
    "rotate": "needs an AWS account; tests/aws replaces the secrets of an emulated one",
    "run": "is what the other tests of the docs ask",
    "screenshots": "takes minutes; test_screenshots.py tries that its pages exist, and its pictures",
    "site": "installs MkDocs; .ci/run makes it, and test_site.py tries what it is made of",
    "test": "would run these tests",
    "test-aws": "installs an emulated AWS; .ci/run runs it",
    "tools": "installs Zappa; tests/aws needs it",
    "zlib": "installs a compiler; tests/deploy reads what it does",
}
#: Programs that are named, but not run here.
PROGRAMS = {
    "zappa": "needs an AWS account; tests/aws runs it on an emulated one",
    "curl": "asks a deployed service; its URLs are asked for by test_urls.py",
    "git": "changes the checkout",
}
#: Commands of manage.py as the docs write them, and how they are run, with values.
MANAGE = {
    "add_bucket": ["add_bucket holidays samples/space"],
    "add_bucket NAME URL": ["add_bucket holidays samples/space"],
    "audit_log": ["audit_log"],
    "audit_log [--since DAY] [--format csv]": ["audit_log --since 2026-01-01", "audit_log --format csv"],
    "axes_reset": ["axes_reset"],
    "changepassword admin": ["changepassword admin"],
    "compare": ["compare --log access.log --old http://127.0.0.1:1"],
    "compare --log FILE --old URL [--new URL] [--sample N] [--accept HEADER] [--report FOLDER]": [
        "compare --log access.log --old http://[::1] --new http://[::1] --sample 3 --accept image/webp --report new",
    ],
    "cost": ["cost"],
    "cost --requests 10M --region eu-west-1": ["cost --requests 10M --region eu-west-1"],
    "cost [--requests N] [--region NAME] [--plan NAME] [--nat]": [
        "cost --requests 2M --region eu-west-1 --plan Pro --nat"
    ],
    "demo": ["demo"],
    "export_aliases": ["export_aliases"],
    "export_aliases [--live] > f.json": ["export_aliases --live > f.json", "export_aliases > f.json"],
    "first_user": ["first_user"],
    "iam_policy": ["iam_policy --stage production"],
    "iam_policy --stage STAGE [--bucket NAME]": [
        "iam_policy --stage production",
        "iam_policy --stage production_admin --bucket acme",
    ],
    "iam_policy --stage production": ["iam_policy --stage production"],
    "iam_policy --stage production --bucket NAME": ["iam_policy --stage production --bucket acme"],
    "import_aliases": ["import_aliases f.json"],
    "import_aliases f.json [--dry-run] [--publish] [-m WHY] [--anyway]": [
        "import_aliases f.json --dry-run",
        "import_aliases f.json",
        "import_aliases f.json --publish -m 'to try it' --anyway",
    ],
    "inspect": ["inspect /hero/space/hubble.jpg"],
    "inspect URL": ["inspect /hero/space/hubble.jpg"],
    "inspect URL [--json] [--accept HEADER]": [
        "inspect https://images.example.com/hero/space/hubble.jpg --json",
        "inspect /hero/space/hubble.jpg --accept image/webp",
    ],
    "makemigrations aliases": ["makemigrations aliases"],
    "publish": ["publish hero"],
    "migrate": ["migrate"],
    "publish --all": ["publish --all"],
    "publish --anyway": ["publish hero --anyway --why 'to try it'"],
    "publish --measure": ["publish --measure hero"],
    "publish NAME… | --all [--measure] [-m WHY] [--anyway]": [
        "publish hero sticker",
        "publish --all --measure --anyway -m 'to try it'",
    ],
    "send_outbox": ["send_outbox"],
    "trim_audit_log": ["trim_audit_log --days 400"],
    "trim_audit_log [--days N]": ["trim_audit_log --days 400"],
    "write_catalogue": ["write_catalogue"],
}
WORDS = r"(?:[A-Z_]+=\S+ )*(make|(?:\.venv/bin/python )?manage\.py|(?:\.venv/bin/)?python -m|aws|zappa|curl|git) \S.*"
COMMAND = re.compile(WORDS)


def named(program: str) -> list[str]:
    """The commands of a program that stand in a line of the docs."""
    spans = {code for block in markdown.everything() for code in block.code}
    return sorted(code for code in spans if (found := COMMAND.fullmatch(code)) and found[1].endswith(program))


MAKE = [command for command in named("make") if "…" not in command]


@pytest.mark.parametrize("command", MAKE)
def test_make_knows_what_the_docs_have_it_do(command, checkout):
    target = next((word for word in command.partition("make ")[2].split() if "=" not in word), "")
    dry = checkout.run(command.replace("make ", "make --dry-run ", 1))
    assert dry.returncode == 0, dry.stderr
    assert target in TARGETS or checkout.run(command).returncode == 0


def test_every_reason_is_of_a_target_that_is_named():
    assert set(TARGETS) <= {word for command in MAKE for word in command.split()}


def usages() -> list[str]:
    rows = markdown.table("docs/running.md", "Commands")
    table = [re.findall(r"`([^`]+)`", row[0])[0].replace("\\|", "|") for row in rows]
    usages = {*table, *(command.partition("manage.py ")[2] for command in named("manage.py"))}
    return sorted(usage for usage in usages if not usage.startswith("…"))  # a word for any of them


@pytest.fixture(scope="module")
def production(checkout, site) -> dict[str, str]:
    """The variables of an environment with a published bucket in S3, and of an account whose credentials those are."""
    variables = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "a-key-of-fifty-characters-that-is-used-in-tests-alone",
        "ALLOWED_HOSTS": "images.example.com",
        "ORIGIN_SECRET": "a-secret-of-sixteen-or-more",
        "SECURITY_KEY": "another-key-of-sixteen-or-more",
        "CATALOGUE_URL": (checkout.folder / "var/production").as_uri(),
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "eu-central-1",
    }
    document = '{"document": "aliases", "version": 1, "aliases": {"acme": {"bucket": "acme", "width": 9}}}'
    for command in (
        "add_bucket acme s3://acme-photos/lead/ --region eu-central-1",
        "add_bucket acme samples --environment local",
        "import_aliases - --publish",
    ):
        done = checkout.run(f".venv/bin/python manage.py {command}", stdin=document, **variables)
        assert done.returncode == 0, done.stderr
    return variables


@pytest.fixture(scope="module")
def cloud(production):
    server = MotoServer()
    yield {**production, "AWS_ENDPOINT_URL": server.url}
    server.stop()


@pytest.mark.parametrize("usage", usages())
def test_every_command_of_manage_py_runs_as_the_docs_say(usage, checkout, site, cloud):
    assert MANAGE[usage]
    for command in MANAGE[usage]:
        variables = cloud if command.startswith("iam_policy") else {"ADMIN_PASSWORD": "twelve-or-more"}
        if "f.json" in command and not command.startswith("export"):
            assert checkout.run(".venv/bin/python manage.py export_aliases > f.json").returncode == 0
        if "access.log" in command:
            (checkout.folder / "access.log").write_text("/hero/space/hubble.jpg\n")
        done = checkout.run(f".venv/bin/python manage.py {command}", stdin="of-12-or-more\n" * 2, **variables)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr


def test_every_option_of_a_usage_is_tried():
    assert MANAGE
    for usage, commands in MANAGE.items():
        assert set(re.findall(r"(?<!\S)\[?(-[\w-]+)", usage)) <= {
            word for command in commands for word in command.split()
        }, usage


@pytest.mark.parametrize("command", named("python -m"))
def test_every_module_that_the_docs_have_run_says_how(command, checkout):
    """Benchmarks take minutes: they are asked for help, and know the options that are written."""
    words = shlex.split(command)
    module = words[words.index("-m") + 1]
    done = checkout.run(f".venv/bin/python -m {module} --help")
    assert done.returncode == 0, done.stderr
    for option in words:
        assert not option.startswith("--") or option in done.stdout


def of_aws() -> list[str]:
    """Commands of the AWS CLI, in lines and in blocks; of those that stand in a pipe, the part of AWS."""
    lines = [line for block in markdown.fenced("sh") for line in block.text.replace("\\\n", " ").splitlines()]
    parts = [part.strip() for line in lines for part in re.split(r"&&|\s#", line)]
    return sorted({*(part for part in parts if part.startswith("aws ")), *named("aws")})


#: What the CLI makes of several calls, or of files: its own, not in the descriptions of the services.
CUSTOM = {("s3", "ls"), ("s3", "rm"), ("s3", "rb"), ("cloudformation", "deploy")}
GLOBAL = {"--query", "--output", "--region"}


@pytest.mark.parametrize("command", of_aws())
def test_every_command_for_aws_is_one_that_aws_has(command):
    _, service, operation, *arguments = shlex.split(command)
    if (service, operation) in CUSTOM:
        return
    session = botocore.session.get_session()
    model = session.get_service_model({"s3api": "s3"}.get(service, service))
    if operation == "wait":
        waiters = session.get_waiter_model(service)
        named_waiter = {xform_name(name, "-"): name for name in waiters.waiter_names}[arguments.pop(0)]
        operation = xform_name(waiters.get_waiter(named_waiter).operation, "-")
    shape = model.operation_model(
        {xform_name(name, "-"): name for name in model.operation_names}[operation]
    ).input_shape
    assert shape is not None
    options = {f"--{xform_name(name, '-')}": name for name in shape.members}
    options |= {
        option.replace("--", "--no-", 1): name
        for option, name in options.items()
        if shape.members[name].type_name == "boolean"
    }
    given = {word for word in arguments if word.startswith("--")}
    assert given <= {*options, *GLOBAL}
    if given:  # not only named
        assert set(shape.required_members) <= {options[one] for one in given - GLOBAL}


def test_every_command_of_a_line_is_of_a_program_that_is_tried_or_excused():
    spans = {code for block in markdown.everything() for code in block.code}
    programs = {found[1].split("/")[-1] for code in spans if (found := COMMAND.fullmatch(code))}
    assert programs <= {"make", "manage.py", "python manage.py", "python -m", "aws", *PROGRAMS}
