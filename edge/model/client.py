"""The model client: one request to an OpenAI-compatible endpoint, once, and what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from edge.model.completion import Reading, read_completion, read_failure
from edge.model.prices import cost, worst_case
from edge.model.secret import Secret
from edge.ports import ModelAnswer, ModelCall, ModelOutcome
from schema.errors import BadSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI_URL: Final = "https://api.openai.com/v1"
_KEPT_HEADERS: Final = ("server", "x-double", "x-request-id", "retry-after")
_HEADER_CHARS_MAX: Final = 200

# Families that reason count their thoughts as completion and refuse to be sampled.
_REASONING: Final = ("o1", "o3", "o4", "gpt-5")


@dataclass(frozen=True)
class _Exchange:
    """A reading, the headers kept with it, and whether the endpoint may charge for it."""

    reading: Reading
    headers: dict[str, str] = field(default_factory=dict)
    billed: bool = True


class OpenAIModel:
    """Any OpenAI-compatible endpoint; never tries twice, as a budget reserves each call once."""

    def __init__(self, *, api_key: str, base_url: str = OPENAI_URL) -> None:
        """Check the key and the address; connect at the first call. Raises `BadSettings`."""
        self._key = Secret(api_key)
        self._base_url = _checked(base_url)
        self._openai: AsyncOpenAI | None = None

    async def ask(self, call: ModelCall) -> ModelAnswer:
        """Send one request, once. Never raises for what the endpoint does.

        A failure that the endpoint may have billed without saying so costs the worst case.
        """
        self._connected()  # the first call's latency does not count the client's loading
        started = time.perf_counter()
        exchange = self._redacted(await self._exchange(call))
        reading, usage = exchange.reading, exchange.reading.usage
        return ModelAnswer(
            outcome=reading.outcome,
            text=reading.text,
            model=reading.model or call.model,
            prompt_tokens=usage.prompt_tokens if usage else 0,
            completion_tokens=usage.completion_tokens if usage else 0,
            cost_usd=_cost(call, exchange),
            latency_ms=round((time.perf_counter() - started) * 1000),
            detail=reading.detail,
            headers=exchange.headers,
        )

    async def close(self) -> None:
        """Release the connections."""
        if self._openai is not None:
            await self._openai.close()
            self._openai = None

    async def _exchange(self, call: ModelCall) -> _Exchange:
        # Imported here, as it takes a second that no command without a model should pay.
        from openai import APIStatusError, OpenAIError  # noqa: PLC0415

        from edge.model.unanswered import HTTP_ERRORS, late, unanswered  # noqa: PLC0415

        completions = self._connected().chat.completions.with_raw_response
        try:
            # The client's own timeouts are for each read; this one also ends a slow drip.
            async with asyncio.timeout(call.timeout_s):
                raw = await completions.create(**_request(call))
        except APIStatusError as error:
            failure = read_failure(error.status_code, error.response.content)
            return _Exchange(failure, _kept(error.response.headers), billed=False)
        except TimeoutError:
            return _Exchange(late(call))
        except (OpenAIError, *HTTP_ERRORS) as error:
            reading, billed = unanswered(error, call)
            return _Exchange(reading, billed=billed)
        return _Exchange(read_completion(raw.content), _kept(raw.headers))

    def _connected(self) -> AsyncOpenAI:
        if self._openai is None:
            self._openai = _connect(self._key, self._base_url)
        return self._openai

    def _redacted(self, exchange: _Exchange) -> _Exchange:
        reading = exchange.reading
        if self._key.within(reading.text):
            said = "the answer repeats the API key"
            reading = replace(reading, outcome=ModelOutcome.BAD_ANSWER, text="", detail=said)
        reading = replace(
            reading, detail=self._key.masked(reading.detail), model=self._key.masked(reading.model)
        )
        headers = {name: self._key.masked(value) for name, value in exchange.headers.items()}
        return replace(exchange, reading=reading, headers=headers)


def from_double(answer: ModelAnswer) -> bool:
    """Say whether a test double answered; live mode refuses to go on with one."""
    return "x-double" in answer.headers


def _connect(key: Secret, base_url: str) -> AsyncOpenAI:
    from openai import AsyncOpenAI  # noqa: PLC0415 - slow, as above

    from edge.model.connection import connection  # noqa: PLC0415 - slow, as above

    return AsyncOpenAI(
        api_key=key.reveal() or "none",
        base_url=base_url,
        max_retries=0,
        http_client=connection(base_url),
    )


def _request(call: ModelCall) -> dict[str, Any]:
    shape = {"name": call.schema_name, "strict": True, "schema": call.schema}
    return {
        "model": call.model,
        "messages": [
            {"role": "system", "content": call.system},
            {"role": "user", "content": call.user},
        ],
        "response_format": {"type": "json_schema", "json_schema": shape},
        "timeout": call.timeout_s,
        **_sampling(call),
        **({} if call.seed is None else {"seed": call.seed}),
    }


def _sampling(call: ModelCall) -> dict[str, Any]:
    if call.model.startswith(_REASONING):
        return {"max_completion_tokens": call.max_tokens}
    return {
        "max_tokens": call.max_tokens,
        "temperature": call.temperature,
        "top_p": call.top_p,
    }


def _cost(call: ModelCall, exchange: _Exchange) -> Decimal:
    usage = exchange.reading.usage
    if usage is not None:
        return cost(call.model, usage.prompt_tokens, usage.completion_tokens)
    return worst_case(call) if exchange.billed else Decimal(0)


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    found = {name: headers.get(name, "")[:_HEADER_CHARS_MAX] for name in _KEPT_HEADERS}
    return {name: value for name, value in found.items() if value and value.isprintable()}


def _checked(base_url: str) -> str:
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        message = f"the model's base url is not an http address: {base_url[:200]!r}"
        raise BadSettings(message, remedy=f"give one such as {OPENAI_URL}")
    return base_url
