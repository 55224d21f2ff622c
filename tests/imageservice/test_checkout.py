"""What a checkout keeps, in a folder of any name."""

import os
import re
import subprocess
import sys

import pytest

from tests.imageservice.starting import WAYS_IN, start_code
from tests.running import ROOT


def test_a_checkout_works_in_a_folder_of_any_name(checkout):
    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        ran = subprocess.run(
            command, cwd=checkout, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    manage("migrate", "--verbosity", "0")
    assert "catalogue is written" in manage("demo")
    code = (
        "from imageservice import api_gateway; from imageservice.wsgi import application;"
        "event = {'httpMethod': 'GET', 'path': '/hero/space/hubble.jpg', 'headers': {}};"
        "print(api_gateway.answer(application, event)['statusCode'])"
    )
    result = start_code(code, folder=checkout)
    assert result.stdout.strip() == "200", result.stderr
    assert {path.name for path in (checkout / "var").iterdir()} >= {
        "db.sqlite3",
        "secret_key",
        "derivatives",
        "catalogue",
    }
    # Nothing elsewhere: not in a folder whose name is what a URL would have made of this one's.
    assert [path.name for path in checkout.parent.iterdir()] == [checkout.name]


def test_make_names_the_interpreter_of_scripts_and_has_the_shell_say_where_it_is():
    # In a folder with a $ in its name the first line of a script is wrong, and so is what make itself writes of it.
    makefile = (ROOT / "Makefile").read_text()
    started = re.findall(r"(?<!python )(?:\$\(BIN\)|\.tools/bin|\.venv/bin)/([a-z-]+)(?=[ )])", makefile)
    assert set(started) <= {"python", "ruff", "typos", "uv"}  # all but the first are programs, no scripts
    assert "CURDIR" not in makefile


@pytest.mark.parametrize("way", ["gunicorn", "a command"])
def test_what_cannot_be_kept_under_var_is_told_in_a_sentence_and_pictures_need_none_of_it(checkout, way):
    def ran(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=checkout,
            env={"PATH": os.environ["PATH"], **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    (checkout / "var").write_text("a file, where a folder should be")  # also root cannot write into that
    said = ran(*WAYS_IN[way])
    assert said.returncode == 1
    (line,) = said.stderr.splitlines()
    assert line.startswith("SECRET_KEY is not set, and a key cannot be stored in ")
    said = ran(*WAYS_IN[way], SECRET_KEY="k" * 50)
    (line,) = said.stderr.splitlines()
    assert line.startswith("The admin's database cannot be stored in ")
    assert "DATABASE_URL" in line
    said = ran("-c", "import imageservice.wsgi; print('started')", PLANE="images")
    assert said.stdout.strip() == "started", said.stderr
