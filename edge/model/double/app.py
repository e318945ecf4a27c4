"""The double's HTTP surface: completions, models, control, and what was asked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any, Final

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from edge.model.double.answering import content_for, digest_of
from edge.model.double.asked import Asked, read_asked
from edge.model.double.behaviour import Behaviour, Mode, Script
from edge.model.double.envelope import CREATED, completion, error
from edge.model.double.misbehaving import failure

SERVER: Final = "ghostproof-model-double"
CALLS_KEPT: Final = 1_000

_SIGNS: Final = {"server": SERVER, "x-double": "1"}
_GOOD: Final = frozenset({Mode.OK, Mode.SLOW})


class Surface:
    """One double's state behind its routes."""

    def __init__(self, seed: int) -> None:
        self.script = Script()
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self._seed = seed

    def app(self) -> Starlette:
        """Make the application."""
        routes = [
            Route("/v1/chat/completions", self._completions, methods=["POST"]),
            Route("/v1/models", self._models),
            Route("/control", self._control, methods=["POST"]),
            Route("/calls", self._calls),
        ]
        return Starlette(routes=routes)

    async def _completions(self, request: Request) -> Response:
        behaviour = self.script.next()
        try:
            asked = read_asked(await request.json())
            response = self._answer(asked, behaviour)
        except ValueError as wrong:
            response = JSONResponse(error(str(wrong), kind="invalid_request_error"), 400)
        if behaviour.delay_s:
            await asyncio.sleep(behaviour.delay_s)
        return _signed(response)

    def _answer(self, asked: Asked, behaviour: Behaviour) -> Response:
        self.calls.append(
            {
                "schema_name": asked.schema_name,
                "model": asked.model,
                "system": asked.system,
                "user": asked.user,
                "limits": asked.limits,
                "mode": behaviour.mode.value,
            }
        )
        digest = digest_of(asked, self._seed)
        good = completion(asked, content_for(asked, digest), digest)
        if behaviour.mode in _GOOD:
            return JSONResponse(good)
        return failure(behaviour.mode, good)

    async def _control(self, request: Request) -> Response:
        try:
            behaviour = Behaviour.model_validate_json(await request.body())
        except ValidationError as wrong:
            return _signed(JSONResponse(error(str(wrong), kind="invalid_request_error"), 400))
        self.script.follow(behaviour)
        return _signed(JSONResponse(json.loads(behaviour.model_dump_json())))

    async def _calls(self, _request: Request) -> Response:
        return _signed(JSONResponse({"calls": list(self.calls)}))

    async def _models(self, _request: Request) -> Response:
        model = {
            "id": "double:gpt-4o-mini",
            "object": "model",
            "created": CREATED,
            "owned_by": SERVER,
        }
        return _signed(JSONResponse({"object": "list", "data": [model]}))


def _signed(response: Response) -> Response:
    response.headers.update(_SIGNS)
    return response
