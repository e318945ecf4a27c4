"""The double's failures, each as the real thing looks on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from edge.model.double.behaviour import Mode
from edge.model.double.envelope import error

_OVERSIZE_BYTES: Final = 3_000_000


class CutResponse(Response):
    """Half a body, then the connection ends: the length that was announced never comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head and half of the body, and return before its end."""
        del scope, receive
        head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(head)
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


def failure(mode: Mode, good: dict[str, Any]) -> Response:
    """Give the failing answer of a mode, made from the good one where it is half right."""
    made = _FAILED.get(mode)
    return made() if made else _SPOILED[mode](good)


def _wrong_schema(good: dict[str, Any]) -> Response:
    return JSONResponse(_with_message(good, content='{"unexpected": "shape"}'))


def _empty(good: dict[str, Any]) -> Response:
    return JSONResponse({**good, "choices": []})


def _refusal(good: dict[str, Any]) -> Response:
    return JSONResponse(_with_message(good, content=None, refusal="I can't help with that."))


def _length(good: dict[str, Any]) -> Response:
    content = good["choices"][0]["message"]["content"]
    cut = _with_message(good, content=content[: len(content) // 2])
    cut["choices"][0]["finish_reason"] = "length"
    return JSONResponse(cut)


def _no_usage(good: dict[str, Any]) -> Response:
    return JSONResponse({key: value for key, value in good.items() if key != "usage"})


def _cut(good: dict[str, Any]) -> Response:
    return CutResponse(JSONResponse(good).body, media_type="application/json")


def _with_message(good: dict[str, Any], **changed: str | None) -> dict[str, Any]:
    choice = good["choices"][0]
    return {**good, "choices": [{**choice, "message": {**choice["message"], **changed}}]}


def _quota() -> Response:
    said = "You exceeded your current quota, please check your plan and billing details."
    return JSONResponse(error(said, kind="insufficient_quota", code="insufficient_quota"), 429)


def _rate() -> Response:
    said = error("Rate limit reached.", kind="requests", code="rate_limit_exceeded")
    return JSONResponse(said, 429, headers={"retry-after": "20"})


def _unauthorized() -> Response:
    said = "Incorrect API key provided."
    return JSONResponse(error(said, kind="invalid_request_error", code="invalid_api_key"), 401)


def _server_error() -> Response:
    return JSONResponse(error("The server had an error.", kind="server_error"), 500)


def _garbage() -> Response:
    return Response("<html>bad gateway, but with status 200", media_type="application/json")


def _oversize() -> Response:
    return Response(b" " * _OVERSIZE_BYTES, media_type="application/json")


_FAILED: Final[Mapping[Mode, Callable[[], Response]]] = {
    Mode.INSUFFICIENT_QUOTA: _quota,
    Mode.RATE_LIMITED: _rate,
    Mode.UNAUTHORIZED: _unauthorized,
    Mode.SERVER_ERROR: _server_error,
    Mode.GARBAGE: _garbage,
    Mode.OVERSIZE: _oversize,
}
_SPOILED: Final[Mapping[Mode, Callable[[dict[str, Any]], Response]]] = {
    Mode.WRONG_SCHEMA: _wrong_schema,
    Mode.EMPTY: _empty,
    Mode.REFUSAL: _refusal,
    Mode.LENGTH: _length,
    Mode.NO_USAGE: _no_usage,
    Mode.CUT: _cut,
}
