"""The model's endpoint: the one of the settings, or in sandbox mode the local double."""

from __future__ import annotations

from contextlib import AsyncExitStack

import structlog

from edge.model.client import OpenAIModel
from edge.ports import Model
from edge.settings.settings import Settings
from schema.errors import BadSettings

DOUBLES_KEY = "sandbox"
"""The local double asks for no key; the client wants one."""

log = structlog.get_logger("worker")


async def opened_model(settings: Settings, stack: AsyncExitStack) -> Model:
    """Return the model that the settings name; what was opened ends with the stack.

    Raises:
        BadSettings: none is named, and the mode needs a real one.
    """
    key, url = settings.model.api_key, settings.model.base_url
    if key is None and url is None:
        url = await _double(settings, stack)
    secret = key.get_secret_value() if key is not None else DOUBLES_KEY
    client = OpenAIModel(api_key=secret, **({"base_url": url} if url else {}))
    stack.push_async_callback(client.close)
    return client


async def _double(settings: Settings, stack: AsyncExitStack) -> str:
    if settings.mode != "sandbox":
        message = f"mode = {settings.mode} needs a model endpoint, none is set"
        raise BadSettings(message, remedy="set OPENAI_API_KEY, or OPENAI_BASE_URL besides")
    from edge.model.double import ModelDouble  # noqa: PLC0415 - a web server that production never needs

    double = ModelDouble()
    url = await double.start()
    stack.push_async_callback(double.stop)
    log.warning("no model endpoint is set: the local test double answers", url=url)
    return url
