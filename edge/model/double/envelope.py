"""The envelopes of an OpenAI-compatible endpoint: a completion, or an error."""

from __future__ import annotations

import json
from typing import Any, Final

from edge.model.double.asked import Asked

CREATED: Final = 1_700_000_000  # fixed, so that the same request gets the same bytes
_CHARS_A_TOKEN: Final = 4  # the usual rule of thumb for English
_FRAMING_TOKENS: Final = 11


def completion(asked: Asked, content: str | None, digest: str) -> dict[str, Any]:
    """Wrap a text as a finished completion; tokens are counted from what was sent."""
    schema = json.dumps(asked.schema)
    prompt = _tokens(asked.system) + _tokens(asked.user) + _tokens(schema) + _FRAMING_TOKENS
    written = _tokens(content or "")
    message = {"role": "assistant", "content": content, "refusal": None}
    return {
        "id": f"chatcmpl-double-{digest[:24]}",
        "object": "chat.completion",
        "created": CREATED,
        "model": f"double:{asked.model}",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": written,
            "total_tokens": prompt + written,
        },
    }


def error(message: str, *, kind: str, code: str | None = None) -> dict[str, Any]:
    """Wrap a failure as the endpoint would."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _tokens(text: str) -> int:
    return -(-len(text) // _CHARS_A_TOKEN)
