"""The variables of a function, as the settings have them and no others.

Zappa keeps what is on the function and not in the settings (update_lambda_configuration in its core.py), so a variable
that was taken out would stay there, with a key that leaked in it. What else Lambda is told stays Zappa's.
"""

import sys
from collections.abc import Mapping
from typing import Any

#: botocore's event of each call, before it is put together. It may be changed there.
EVENT = "before-parameter-build.lambda.UpdateFunctionConfiguration"


def exact(functions: Any, variables: Mapping[str, str]) -> None:
    """Have a client of Lambda give functions just these variables, and say which it takes away."""
    wanted = dict(variables)  # Zappa adds the others to its own

    def replace(params: dict[str, Any], **kwargs: Any) -> None:
        if "Environment" not in params:
            return
        if gone := sorted(params["Environment"].get("Variables", {}).keys() - wanted.keys()):
            sys.stdout.write(
                f"Taken from the function, since zappa_settings.json does not name them: {', '.join(gone)}\n"
            )
        params["Environment"] = {"Variables": dict(wanted)}

    functions.meta.events.register(EVENT, replace)
