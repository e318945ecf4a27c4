"""What it means that no usable answer came back, named by the failure's kind alone.

An exception's own text may quote a header, and so the key.
"""

from __future__ import annotations

from typing import Final

import httpx2

from edge.model.capped import BodyCut, BodyTooLarge
from edge.model.completion import Reading
from edge.ports import ModelCall, ModelOutcome

HTTP_ERRORS: Final = (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL)
_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.LocalProtocolError, httpx2.UnsupportedProtocol)


def late(call: ModelCall) -> Reading:
    """Say that the time was up."""
    return Reading(ModelOutcome.TIMEOUT, detail=f"no answer within {call.timeout_s:g} s")


def unanswered(error: Exception, call: ModelCall) -> tuple[Reading, bool]:
    """Give the reading of a failure, and whether the endpoint may charge for the request."""
    # The openai package wraps some of its transport's exceptions, and passes others on.
    cause = error if isinstance(error, HTTP_ERRORS) else error.__cause__ or error
    match cause:
        case BodyTooLarge() | BodyCut():
            return Reading(ModelOutcome.BAD_ANSWER, detail=str(cause)), True
        case httpx2.TimeoutException():
            return late(call), not isinstance(cause, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        case _:
            lost = Reading(ModelOutcome.UNREACHABLE, detail=f"no answer: {type(cause).__name__}")
            return lost, not isinstance(cause, _NEVER_SENT)
