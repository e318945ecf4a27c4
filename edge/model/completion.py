"""A chat completion's body, read with suspicion: text and usage, or why there is none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from edge.ports import ModelOutcome

TOKENS_MAX: Final = 10_000_000  # above any context window: a larger count is not believed
_CODE: Final = re.compile(r"[a-z][a-z0-9_.]{0,63}")
_QUOTA: Final = "insufficient_quota"
_FILTERED: Final = "content_filter"


@dataclass(frozen=True)
class Usage:
    """Tokens as the endpoint counted them."""

    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True)
class Reading:
    """What a body says; `usage` is None where it counts nothing believable."""

    outcome: ModelOutcome
    text: str = ""
    detail: str = ""
    usage: Usage | None = None
    model: str = ""


def read_completion(body: bytes) -> Reading:
    """Read the body of an answer with status 200."""
    found = _json(body)
    if not isinstance(found, dict):
        return Reading(ModelOutcome.BAD_ANSWER, detail="the body is not a JSON object")
    outcome, text, detail = _first_choice(found.get("choices"))
    model = found.get("model")
    named = model[:100] if isinstance(model, str) and model.isprintable() else ""
    return Reading(outcome, text, detail, _usage(found.get("usage")), named)


def read_failure(status: int, body: bytes) -> Reading:
    """Read an answer with any other status. Repeats no message: one may quote the API key."""
    code = _error_code(_json(body))
    detail = f"http {status} {code}".strip()
    return Reading(_failure(status, code), detail=detail)


_CODES: Final = {
    "insufficient_quota": ModelOutcome.INSUFFICIENT_QUOTA,
    "content_filter": ModelOutcome.REFUSED,
}
_STATUSES: Final = {
    401: ModelOutcome.UNAUTHORIZED,
    402: ModelOutcome.INSUFFICIENT_QUOTA,  # "payment required", other vendors' word for it
    403: ModelOutcome.UNAUTHORIZED,
    408: ModelOutcome.TIMEOUT,
    429: ModelOutcome.RATE_LIMITED,
}
_SERVER_ERRORS: Final = range(500, 600)


def _failure(status: int, code: str) -> ModelOutcome:
    other = ModelOutcome.SERVER_ERROR if status in _SERVER_ERRORS else ModelOutcome.BAD_ANSWER
    return _CODES.get(code) or _STATUSES.get(status, other)


def _error_code(found: object) -> str:
    error = found.get("error", found) if isinstance(found, dict) else None
    if not isinstance(error, dict):
        return ""
    words = [error.get("code"), error.get("type")]
    codes = [word for word in words if isinstance(word, str) and _CODE.fullmatch(word)]
    return _QUOTA if _QUOTA in codes else next(iter(codes), "")


def _first_choice(choices: object) -> tuple[ModelOutcome, str, str]:
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return ModelOutcome.BAD_ANSWER, "", "no choice in the answer"
    finish, text = choice.get("finish_reason"), message.get("content")
    if message.get("refusal"):
        return ModelOutcome.REFUSED, "", "the model refused"
    if finish == _FILTERED:
        return ModelOutcome.REFUSED, "", "the endpoint filtered the answer"
    if finish != "stop":
        cut = "the answer was cut at the token limit" if finish == "length" else "not finished"
        return ModelOutcome.BAD_ANSWER, "", cut
    if not isinstance(text, str) or not text.strip():
        return ModelOutcome.BAD_ANSWER, "", "the answer has no text"
    return ModelOutcome.OK, text, ""


def _usage(found: object) -> Usage | None:
    if not isinstance(found, dict):
        return None
    prompt, completion = (_count(found.get(f"{part}_tokens")) for part in ("prompt", "completion"))
    return None if prompt is None or completion is None else Usage(prompt, completion)


def _count(found: object) -> int | None:
    # `type` and not `isinstance`: true is no number of tokens.
    return found if type(found) is int and 0 <= found <= TOKENS_MAX else None


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
