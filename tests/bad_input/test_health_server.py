"""Whatever comes to the health server's door, it answers clearly or hangs up, and goes on."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest

from edge.health import patience
from tests.health.http import TIMEOUT_S, Served, served

HALF = b"GET /health HTTP/1.1\r\nhost: a\r\n"
WHOLE = HALF + b"connection: close\r\n\r\n"
GARBAGE = {
    "nothing": b"",
    "zeros": b"\0" * 4096,
    "all bytes": bytes(range(256)),
    "TLS hello": bytes.fromhex("16030100c8010000c40303") + b"\x51" * 200 + b"\r\n\r\n",
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/0.9": b"GET /health\r\n\r\n",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "bad length": HALF + b"content-length: -1\r\n\r\n",
    "two lengths": HALF + b"content-length: 1\r\ncontent-length: 2\r\n\r\n",
    "smuggled": HALF + b"content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunk": b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    "header line break": HALF + b"x: a\x0b\x00b\r\n\r\n",
    "folded header": HALF + b"x: a\r\n b: c\r\n\r\n",
    "not ascii": "GET /gesund\u00e4 HTTP/1.1\r\nhost: \u00e4\r\n\r\n".encode(),
    "big header": HALF + b"x: " + b"a" * 1_000_000 + b"\r\n\r\n",
    "many headers": HALF + b"x: a\r\n" * 100_000 + b"\r\n",
    "big address": b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nhost: a\r\n\r\n",
    "websocket": HALF + b"connection: upgrade\r\nupgrade: websocket\r\n\r\n",
    "pipelined": HALF + b"\r\n" + WHOLE,
}


@pytest.fixture
async def door(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """Open a door whose patience ends soon."""
    monkeypatch.setattr(patience, "CONNECTION_S", 0.3)
    async with served() as server:
        yield server


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing", "/health/", "/HEALTH", "/ready/../health", "//health", "/%00", "/%2e%2e/etc"),
        *("/metrics/x", "/api", "/api/metrics/../..", "/health;x=1", "/{{7*7}}", "/%F0%9F%91%BB"),
    ],
)
async def test_an_unknown_page_is_404_and_names_the_known(path: str, door: Served) -> None:
    answer = await door.get(path)
    assert answer.status == 404
    assert answer.json["paths"] == ["/", "/health", "/ready", "/metrics", "/api/metrics"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
async def test_nothing_can_be_done_here(method: str, door: Served) -> None:
    answer = await door.get("/health", method)
    assert answer.status == 405
    assert answer.json["error"] == "Method Not Allowed"


async def test_a_question_without_a_body_to_carry_is_answered_without(door: Served) -> None:
    answer = await door.get("/health", "HEAD")
    assert (answer.status, answer.body) == (200, "")


@pytest.mark.parametrize("name", ["?x=1", "?" + "a" * 5000, "?account=%27;drop table gp.log"])
async def test_a_question_behind_the_address_changes_nothing(name: str, door: Served) -> None:
    answer = await door.get(f"/health{name.replace(' ', '%20')}")
    assert answer.status == 200


@pytest.mark.parametrize("garbage", GARBAGE.values(), ids=GARBAGE)
async def test_garbage_ends_its_connection_and_no_other(garbage: bytes, door: Served) -> None:
    said = await door.send(garbage)
    assert not said or said.startswith(
        tuple(b"HTTP/1.1 %d" % status for status in (200, 400, 404, 405))
    )
    assert (await door.get("/health")).status == 200


async def test_who_never_finishes_asking_is_hung_up_on(door: Served) -> None:
    assert await door.send(HALF) == b""


async def test_who_promises_a_body_and_sends_none_holds_nobody_up(door: Served) -> None:
    said = await door.send(HALF + b"content-length: 999999999999\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200")


async def test_without_the_deadline_the_slow_would_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "CONNECTION_S", 3600)
    async with served() as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_S) as client:
            client.sendall(HALF)
            assert (await server.get("/health")).status == 200
            client.settimeout(0.5)
            with pytest.raises(TimeoutError):
                client.recv(1)


async def test_of_too_many_connections_the_oldest_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "CONNECTIONS_MAX", 5)
    monkeypatch.setattr(patience, "CONNECTION_S", 3600)  # or it would end them, too
    monkeypatch.setattr(patience.Patience, "open", {})  # none that another server left
    async with served() as server:
        with ExitStack() as stack:
            clients = [
                stack.enter_context(socket.create_connection(("127.0.0.1", server.port), TIMEOUT_S))
                for _ in range(20)
            ]
            assert (await server.get("/health")).status == 200
            # the probe was the last: all but four of those before it made room
            for client in clients[:16]:
                assert client.recv(1) == b""
            clients[16].sendall(WHOLE)
            assert clients[16].recv(12) == b"HTTP/1.1 200"
