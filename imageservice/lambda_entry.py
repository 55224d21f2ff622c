"""What Lambda calls. HTTP goes straight to the application; schedules, S3 notifications and `zappa manage` go to Zappa.

Everything that every request needs is imported here, while Lambda starts the function: it gives that phase a whole
processor, whatever the function's memory, and tells an error in it as one.
"""

from typing import Any

from . import api_gateway
from .startup import uncollected
from .wsgi import application


def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Answer one event."""
    if api_gateway.is_request(event):
        return api_gateway.answer(application, event)
    # Zappa brings werkzeug and asyncio along, 30 ms that no picture shall wait for.
    from zappa.handler import LambdaHandler

    return LambdaHandler.lambda_handler(event, context)


with uncollected():
    from rendering.warming import warm

    warm()
