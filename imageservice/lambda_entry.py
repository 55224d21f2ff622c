"""The Lambda handler. HTTP goes to the application; schedules, S3 notifications and `zappa manage` go to Zappa.

Everything that requests need is imported here, in the function's init phase: Lambda gives it a full CPU, whatever the
function's memory, and reports errors in it as such.
"""

from typing import Any

from rendering.process import gc_paused

from . import api_gateway
from .wsgi import application


def lambda_handler(event: dict[str, Any], context: Any) -> Any:
    """Respond to one event."""
    if api_gateway.is_request(event):
        return api_gateway.answer(application, event)
    # Zappa imports werkzeug and asyncio, 30 ms that pictures should not wait for.
    from zappa.handler import LambdaHandler

    return LambdaHandler.lambda_handler(event, context)


with gc_paused():
    from rendering.warming import warm

    warm()
