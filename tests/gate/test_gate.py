"""What passes the gate, byte by byte: reading always, writing once by its token, else nothing."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from edge.gate.client import NotArmed
from edge.gate.house import boot_s
from edge.gate.limits import BODY_BYTES_MAX, HEAD_BYTES_MAX
from edge.gate.tokens import Role
from tests.gate.conftest import Scene, request, status

FORM = b"Content-Type: application/x-www-form-urlencoded"


async def test_reading_passes_for_every_role(scene: Scene) -> None:
    for role in Role:
        assert status(await scene.say(request("GET", f"{scene.site.url}/a"), role)) == 200
    assert scene.site.reads == {"/a": 3}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE", "X"])
async def test_no_other_method_passes_without_a_token(scene: Scene, method: str) -> None:
    for role in Role:
        assert status(await scene.say(request(method, f"{scene.site.url}/a", b"x"), role)) == 403
    assert not scene.site.writes
    assert {denial.method for denial in await scene.gate.denied()} == {method}


async def test_five_requests_and_one_token_are_one_request(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    answers = await asyncio.gather(*(scene.post() for _ in range(5)))
    assert sorted(answers) == [200, 403, 403, 403, 403]
    assert scene.site.writes == {"/post": 1}
    assert scene.site.bodies == [b"comment=hello"]
    assert await scene.left() == "answered"


async def test_a_reader_cannot_use_the_token(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    assert await scene.post(role=Role.READER) == 403
    assert await scene.post(role=Role.SIGN_IN) == 403
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"
    assert not await scene.denied()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/post", b"comment=other"),
        ("/post", b"comment=hello&comment=hello"),
        ("/post", b"comment=hello&comment=other"),
        ("/post", b"text=hello"),
        ("/post", b'{"comment": "hello"}'),
        ("/other", b"comment=hello"),
        ("/post/", b"comment=hello"),
        ("/post?x=1", b"comment=hello"),
        ("/POST", b"comment=hello"),
    ],
)
async def test_another_body_or_address_leaves_nothing_and_keeps_the_token(
    scene: Scene, path: str, body: bytes
) -> None:
    await scene.gate.arm(scene.terms())
    assert await scene.post(path, body) == 403
    assert not scene.site.writes
    assert await scene.denied()
    assert await scene.post() == 200


async def test_a_token_dies_at_its_deadline(scene: Scene) -> None:
    await scene.gate.arm(scene.terms(within_s=0.05))
    seen = await scene.gate.observe("permit", wait_s=10)
    assert seen is not None
    assert seen.final
    assert await scene.post() == 403
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"


async def test_a_disarmed_token_buys_nothing_and_that_is_proof(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    seen = await scene.gate.disarm("permit")
    assert seen is not None
    assert (seen.left, seen.final) == ("nothing_left", True)
    assert await scene.post() == 403


async def test_a_permit_gets_one_token_ever(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    with pytest.raises(NotArmed, match="has had its token"):
        await scene.gate.arm(scene.terms())
    await scene.gate.disarm("permit")
    with pytest.raises(NotArmed, match="has had its token"):
        await scene.gate.arm(scene.terms())


async def test_denials_in_turn_are_each_once_in_their_tokens_journal(scene: Scene) -> None:
    """A journal that grew with each denied request would outgrow what is read of it."""
    await scene.gate.arm(scene.terms())
    other = msgspec.structs.replace(scene.terms("other"), role=Role.SIGN_IN)
    await scene.gate.arm(other)
    for _ in range(3):
        for role in (Role.POSTER, Role.SIGN_IN):
            assert await scene.post(body=b"comment=other", role=role) == 403
    for permit_id in ("permit", "other"):
        lines = (scene.place.folder / "journal" / f"{permit_id}.jsonl").read_text()
        assert lines.count('"denied"') == 1


async def test_another_token_ends_the_earlier_one(scene: Scene) -> None:
    await scene.gate.arm(scene.terms("first"))
    await scene.gate.arm(scene.terms("second"))
    assert [await scene.post(), await scene.post()] == [200, 403]
    assert await scene.left("first") == "nothing_left"
    assert await scene.left("second") == "answered"


async def test_the_stop_file_holds_the_request_back_at_the_last_moment(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    assert scene.place.stop_file is not None
    scene.place.stop_file.touch()
    assert await scene.post() == 403
    assert not scene.site.writes
    seen = await scene.gate.observe("permit")
    assert seen is not None
    assert (seen.left, seen.final) == ("nothing_left", True)
    assert "stop-posting" in seen.detail


@pytest.mark.parametrize("wrong", ["far", "past", "no body", "method", "pattern", "permit"])
async def test_a_token_that_means_too_much_is_not_made(scene: Scene, wrong: str) -> None:
    changes: dict[str, dict[str, Any]] = {
        "far": {"deadline_s": boot_s() + 10_000},
        "past": {"deadline_s": boot_s() - 1},
        "no body": {"text_sha256": ""},
        "method": {"method": "GET"},
        "pattern": {"url_pattern": "("},
        "permit": {"permit_id": "../../x"},
    }
    with pytest.raises(NotArmed, match="cannot arm"):
        await scene.gate.arm(msgspec.structs.replace(scene.terms(), **changes[wrong]))


async def test_a_redirect_that_repeats_the_write_is_a_second_request(scene: Scene) -> None:
    scene.site.answers["/post"] = (307, {"location": "/post"}, b"")
    await scene.gate.arm(scene.terms())
    assert [await scene.post(), await scene.post()] == [307, 403]
    seen = await scene.gate.observe("permit")
    assert seen is not None
    assert (seen.status, seen.location) == (307, "/post")


@pytest.mark.parametrize(
    "raw",
    [
        b"GET {url}/a HTTP/1.1\r\nHost: other.example\r\n\r\n",
        b"GET http://other.example/ HTTP/1.1\r\nHost: other.example\r\n\r\n",
        b"GET https://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"GET /a HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"GET {url}/a HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1\r\n\r\nx",
        b"GET {url}/a HTTP/1.1\r\nHost: {host}\r\nX-HTTP-Method-Override: POST\r\n\r\n",
        b"GET {url}/a HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n\r\n",
        b"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example\r\n\r\n",
        b"CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT nonsense HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_what_is_not_plain_reading_of_this_site_is_denied(scene: Scene, raw: bytes) -> None:
    host = f"127.0.0.1:{scene.site.port}"
    filled = raw.replace(b"{url}", scene.site.url.encode()).replace(b"{host}", host.encode())
    assert status(await scene.say(filled, half=True)) == 403
    assert not scene.site.reads
    assert not scene.site.writes
    assert len(await scene.gate.denied()) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x00\xa5",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST {url}/a HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\n",
        b"POST {url}/post HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET {url}/ HTTP/1.1\r\nHost: {host}\r\nX: " + b"x" * HEAD_BYTES_MAX + b"\r\n\r\n",
        b"GET {url}/ HTTP/1.1\r\nHost : {host}\r\n\r\n",
    ],
)
async def test_what_is_not_clean_http_never_reaches_the_site(scene: Scene, raw: bytes) -> None:
    await scene.gate.arm(scene.terms())
    host = f"127.0.0.1:{scene.site.port}"
    filled = raw.replace(b"{url}", scene.site.url.encode()).replace(b"{host}", host.encode())
    answer = await scene.say(filled, half=True)
    assert not answer or 400 <= status(answer) < 600
    assert not scene.site.reads
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"


async def test_a_body_in_chunks_is_framed_anew(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    head = request("POST", f"{scene.site.url}/post", b"", FORM, b"Transfer-Encoding: chunked")
    answer = await scene.say(head + b"8\r\ncomment=\r\n5\r\nhello\r\n0\r\n\r\n")
    assert status(answer) == 200
    assert scene.site.bodies == [b"comment=hello"]


async def test_a_client_that_waits_to_be_told_is_told(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    raw = request("POST", f"{scene.site.url}/post", b"comment=hello", b"Expect: 100-continue")
    answer = await scene.say(raw)
    assert answer.startswith(b"HTTP/1.1 100 ")
    assert b"HTTP/1.1 200 " in answer
    assert scene.site.writes == {"/post": 1}


async def test_a_half_closed_connection_still_gets_its_answer(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    raw = request("POST", f"{scene.site.url}/post", b"comment=hello")
    assert status(await scene.say(raw, half=True)) == 200


async def test_a_body_cut_off_leaves_nothing(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    whole = request("POST", f"{scene.site.url}/post", b"comment=hello")
    await scene.say(whole[:-3], half=True)
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"


async def test_a_body_too_long_is_denied(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    try:
        answer = await scene.say(
            request("POST", f"{scene.site.url}/post", b"x" * (BODY_BYTES_MAX + 1))
        )
    except ConnectionResetError:  # closed while we were still talking
        answer = b""
    assert not answer or status(answer) == 403
    assert not scene.site.writes


async def test_one_connection_carries_many_requests(scene: Scene) -> None:
    read = f"GET {scene.site.url}/a HTTP/1.1\r\nHost: 127.0.0.1:{scene.site.port}\r\n\r\n".encode()
    answer = await scene.say(read * 3 + request("POST", f"{scene.site.url}/post", b"x"))
    assert answer.count(b"HTTP/1.1 200 ") == 3
    assert answer.count(b"HTTP/1.1 403 ") == 1


async def test_keys_and_journal_are_for_their_owner_alone(scene: Scene) -> None:
    await scene.gate.arm(scene.terms())
    folder = scene.place.folder
    for path in (folder / "ca.key", folder / "leaf.key", folder / "journal" / "permit.jsonl"):
        assert path.stat().st_mode & 0o077 == 0
    assert (folder / "journal").stat().st_mode & 0o077 == 0
    assert scene.gate._runtime is not None
    assert scene.gate._runtime.stat().st_mode & 0o077 == 0
