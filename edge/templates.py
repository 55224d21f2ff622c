"""The templates of the stacks that Zappa does not make, as CloudFormation takes them: each one text.

    python -m edge.templates edge >build/edge.yaml

CloudFormation takes the code of CloudFront's functions only from within a template, and we would rather keep each in a
file of its own, where it can be read and tested.
"""

import json
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
#: In the order in which they are created; `global` is updated once more when there is a distribution.
NAMES = ("storage", "global", "edge")
FUNCTION = re.compile(r"FunctionCode: (\w+\.js)")


def template(name: str) -> str:
    """The template of that name, whole. Raises FileNotFoundError."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    # A text in JSON is one in YAML.
    return FUNCTION.sub(lambda named: f"FunctionCode: {json.dumps(code(named[1]))}", text)


def code(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    try:
        (name,) = sys.argv[1:]
        sys.stdout.write(template(name))
    except (ValueError, FileNotFoundError):
        sys.exit(f"Name one template: {', '.join(NAMES)}")
