"""The templates of the stacks that Zappa does not create, each as one text for CloudFormation.

    python -m edge.templates edge >build/edge.yaml

CloudFormation takes the code of CloudFront's functions, and a dashboard, only inside a template. Here each is a file of
its own, which can be read and tested, and is inserted into the template.
"""

import json
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
#: In the order of their creation; `global` is updated again once there is a distribution.
NAMES = ("network", "database", "storage", "global", "edge", "monitoring")
#: With !Sub, parameters of the template stand in the file, as ${CorsSite}.
INSERTED = re.compile(r"(FunctionCode: (?:!Sub )?|DashboardBody: !Sub )(\w+\.js(?:on)?)")


def template(name: str) -> str:
    """The template with that name, files included. Raises FileNotFoundError."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    # A JSON string is a valid YAML string.
    return INSERTED.sub(lambda named: named[1] + json.dumps(code(named[2])), text)


def parameters(name: str) -> list[str]:
    """The names of a template's parameters; none where there is no such template."""
    path = FOLDER / f"{name}.yaml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    block = re.search(r"^Parameters:\n((?:[ #].*\n|\n)*)", text, re.MULTILINE)
    return re.findall(r"^  (\w+):$", block[1], re.MULTILINE) if block else []


def code(name: str) -> str:
    """A file that is inserted: a function as it is written, a dashboard without its white space."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return text if name.endswith(".js") else json.dumps(json.loads(text), separators=(",", ":"))


if __name__ == "__main__":
    try:
        (name,) = sys.argv[1:]
        sys.stdout.write(template(name))
    except (ValueError, FileNotFoundError):
        sys.exit(f"Name one template: {', '.join(NAMES)}")
