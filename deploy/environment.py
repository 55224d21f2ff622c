"""Makes a function's variables exactly those of the settings.

Zappa keeps variables that are on the function but not in the settings (update_lambda_configuration in its core.py), so
a removed variable would stay, even one with a leaked key. Everything else is left to Zappa.
"""

import sys
from collections.abc import Mapping
from typing import Any

#: botocore's event before each call, in which its parameters can be changed.
EVENT = "before-parameter-build.lambda.UpdateFunctionConfiguration"


def replace_variables(functions: Any, variables: Mapping[str, str]) -> None:
    """Make a Lambda client set exactly these variables, and print which it removes."""
    wanted = dict(variables)  # a copy: Zappa adds the old ones to its own

    def replace(params: dict[str, Any], **kwargs: Any) -> None:
        if "Environment" not in params:
            return
        if gone := sorted(params["Environment"].get("Variables", {}).keys() - wanted.keys()):
            sys.stdout.write(
                f"Removed from the function, since zappa_settings.json does not name them: {', '.join(gone)}\n"
            )
        params["Environment"] = {"Variables": dict(wanted)}

    functions.meta.events.register(EVENT, replace)
