"""Whatever bytes an endpoint sends, the client answers with an outcome and keeps the key."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from edge.model.client import OpenAIModel
from edge.ports import ModelAnswer, ModelCall, ModelOutcome
from schema.errors import BadSettings


@asynccontextmanager
async def endpoint(answer: bytes) -> AsyncIterator[str]:
    """Serve the same bytes to every connection, then close it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def http(body: bytes, *, status: str = "200 OK", head: str = "") -> bytes:
    lines = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{head}"
    return f"{lines}content-length: {len(body)}\r\n\r\n".encode() + body


def completion(content: object, **message: object) -> bytes:
    choice = {"message": {"content": content, **message}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 5, "completion_tokens": 2}
    return json.dumps({"model": "m", "choices": [choice], "usage": usage}).encode()


async def ask(answer: bytes, call: ModelCall, key: str) -> ModelAnswer:
    async with endpoint(answer) as url:
        model = OpenAIModel(api_key=key, base_url=url)
        try:
            return await model.ask(replace(call, timeout_s=5))
        finally:
            await model.close()


BODIES = [
    b"",
    b"null",
    b"[]",
    b"\xff\xfe",
    b"[" * 200_000,
    b'{"choices": 3}',
    b'{"choices": [null]}',
    b'{"choices": [{"message": [], "finish_reason": "stop"}]}',
    b'{"choices": [{"message": {"content": "x"}}]}',
    b'{"choices": [{"message": {"content": 3}, "finish_reason": "stop"}]}',
    b'{"choices": [{"message": {"content": "  "}, "finish_reason": "stop"}]}',
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:40]))
async def test_a_senseless_body_is_a_bad_answer(body: bytes, call: ModelCall, key: str) -> None:
    assert (await ask(http(body), call, key)).outcome is ModelOutcome.BAD_ANSWER


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:40]))
async def test_a_senseless_error_keeps_its_status(body: bytes, call: ModelCall, key: str) -> None:
    answer = await ask(http(body, status="503 Busy"), call, key)

    assert (answer.outcome, answer.detail) == (ModelOutcome.SERVER_ERROR, "http 503")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("302 Found", ModelOutcome.BAD_ANSWER),
        ("400 Bad", ModelOutcome.BAD_ANSWER),
        ("402 Pay", ModelOutcome.INSUFFICIENT_QUOTA),
        ("403 No", ModelOutcome.UNAUTHORIZED),
        ("404 Gone", ModelOutcome.BAD_ANSWER),
        ("408 Late", ModelOutcome.TIMEOUT),
        ("429 Slow", ModelOutcome.RATE_LIMITED),
        ("500 Oh", ModelOutcome.SERVER_ERROR),
        ("504 Late", ModelOutcome.SERVER_ERROR),
    ],
)
async def test_every_status_has_an_outcome(
    status: str, outcome: ModelOutcome, call: ModelCall, key: str
) -> None:
    head = "location: http://127.0.0.1:1/elsewhere\r\n"

    assert (await ask(http(b"{}", status=status, head=head), call, key)).outcome is outcome


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 999999 ?\r\n\r\n"])
async def test_no_http_at_all_is_unreachable(answer: bytes, call: ModelCall, key: str) -> None:
    assert (await ask(answer, call, key)).outcome is ModelOutcome.UNREACHABLE


async def test_a_compressed_body_is_not_unpacked(call: ModelCall, key: str) -> None:
    answer = http(completion("{}"), head="content-encoding: gzip\r\n")

    assert (await ask(answer, call, key)).outcome is ModelOutcome.OK


@pytest.mark.parametrize("count", [-1, True, "5", 1.5, None, 10**12])
async def test_a_count_of_tokens_that_is_none_costs_the_worst_case(
    count: object, call: ModelCall, key: str
) -> None:
    body = json.loads(completion("{}"))
    body["usage"]["prompt_tokens"] = count

    answer = await ask(http(json.dumps(body).encode()), call, key)

    assert (answer.outcome, answer.prompt_tokens) == (ModelOutcome.OK, 0)
    assert answer.cost_usd > 0


async def test_a_reported_model_does_not_set_the_price(call: ModelCall, key: str) -> None:
    answer = await ask(http(completion("{}")), call, key)

    assert answer.model == "m"
    assert str(answer.cost_usd) == "0.00000195"


async def test_the_key_never_comes_back_out(call: ModelCall, key: str) -> None:
    quoting = json.dumps({"error": {"message": f"no such key {key}", "code": key}}).encode()
    head = f"x-request-id: {key}\r\n"
    answers = [
        await ask(http(quoting, status=status, head=head), call, key)
        for status in ("401 No", "400 Bad", "500 Oh")
    ]
    answers.append(await ask(http(completion(f'{{"text": "{key}"}}')), call, key))

    assert answers[-1].outcome is ModelOutcome.BAD_ANSWER
    assert not any(key in repr(answer) for answer in answers)


async def test_a_lower_case_key_is_masked_in_a_code(call: ModelCall) -> None:
    body = json.dumps({"error": {"code": "canary_key_value"}}).encode()

    answer = await ask(http(body, status="400 Bad"), call, "canary_key_value")

    assert answer.detail == "http 400 [key]"


@pytest.mark.parametrize("bad", ["sk-canary\n", "sk canary", "sk-canäry", '"sk-canary"\x00'])
def test_a_key_that_no_header_carries_is_refused_without_showing_it(bad: str) -> None:
    with pytest.raises(BadSettings) as refused:
        OpenAIModel(api_key=bad)

    assert "sk" not in f"{refused.value.message}{refused.value.remedy}"


def test_a_client_does_not_show_its_key(key: str) -> None:
    assert key not in repr(vars(OpenAIModel(api_key=key)))
