"""What a server may read otherwise than the gate never leaves: headers, types, names and bytes."""

from __future__ import annotations

import msgspec
import pytest

from edge.gate.bodies import TYPES, field_in
from edge.gate.tokens import Role
from tests.gate.conftest import Scene, request, status

FORM, JSON = TYPES["form"], TYPES["json"]
HELLO = b"comment=hello"
POLYGLOT = b'{"comment": "other", "x": "=&comment=hello&y="}'.replace(b" ", b"")
"""A form that says hello, and a JSON object that says something else."""


async def sent(scene: Scene, body: bytes, *headers: bytes, kind: str = FORM) -> int:
    """Post these bytes under a token for `hello` and return the status."""
    await scene.gate.arm(scene.terms())
    typed = (f"Content-Type: {kind}".encode(), b"Content-Length: %d" % len(body))
    raw = request("POST", f"{scene.site.url}/post", b"", *typed, *headers) + body
    return status(await scene.say(raw))


async def stayed(scene: Scene) -> None:
    """Nothing left, and the denial is on record; the token is there for its own request."""
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"
    assert await scene.denied()
    assert await scene.post() == 200
    assert scene.site.bodies == [HELLO]


@pytest.mark.parametrize(
    "header",
    [
        b"X_HTTP_Method_Override: DELETE",
        b"X-Original-URL: /delete",
        b"X_Rewrite_URL: /delete",
        b"X-Forwarded-Host: other.example",
        b"Content_Type: application/json",
        b"Transfer_Encoding: chunked",
        b"Content-Encoding: deflate",
        b"Content-Encoding: br",
    ],
)
async def test_a_header_that_changes_what_is_read_is_denied(scene: Scene, header: bytes) -> None:
    await scene.gate.arm(scene.terms())
    raw = request("POST", f"{scene.site.url}/post", HELLO, header)
    assert status(await scene.say(raw)) == 403
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"
    (denial,) = await scene.gate.denied()
    assert denial.role is Role.POSTER
    assert await scene.post() == 200


@pytest.mark.parametrize(
    ("kind", "headers", "body"),
    [
        (f"{FORM};", [b"Content-Type: application/json"], POLYGLOT),
        (FORM, [b"Connection: content-type"], POLYGLOT),
        (f"{FORM}; charset=utf-7", [], HELLO + b"&%2BAGM-omment=other"),
        (f"{FORM}; charset=utf-8; charset=cp037", [], HELLO),
        (FORM, [], HELLO + b"&_charset_=utf-7&%2BAGM-omment=other"),
        (FORM, [], b"x=1;comment=other&comment=hello"),
        (FORM, [], HELLO + b"&comment[]=other"),
        (FORM, [], HELLO + b"&comment%5B0%5D=other"),
        (FORM, [], HELLO + b"&+comment=other"),
        (FORM, [], HELLO + b"&comment%00=other"),
        (FORM, [], HELLO + b"&comment%00x=other"),
        (FORM, [], HELLO + b"&Comment=other"),
        (FORM, [], HELLO + b"&%u0063omment=other"),
        (FORM, [], HELLO + b"&x=%zz"),
        (FORM, [], HELLO + b"&_method=DELETE"),
        (FORM, [], HELLO + b"&_METHOD=DELETE"),
    ],
)
async def test_a_form_with_two_readings_is_denied(
    scene: Scene, kind: str, headers: list[bytes], body: bytes
) -> None:
    assert await sent(scene, body, *headers, kind=kind) == 403
    await stayed(scene)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"csrf=%C3%A9+x&tags[]=a&tags[]=b&comment=hello&meta%5Bcomment%5D=1&Submit=OK"),
        (f"{FORM};charset=UTF-8", HELLO + b"&_charset_=UTF-8"),
        (f'{FORM}; charset="utf-8"', HELLO + b"&commented=no&comments=2&method=fast"),
    ],
)
async def test_a_form_as_sites_have_it_leaves(scene: Scene, kind: str, body: bytes) -> None:
    """The sibling of the tests above: it is the second reading that is denied."""
    assert await sent(scene, body, kind=kind) == 200
    assert scene.site.bodies == [body]


@pytest.mark.parametrize(
    "body",
    [
        b'{"comment": "hello", "Comment": "other"}',
        '{"task": "hello", "tas\N{KELVIN SIGN}": "other"}'.encode(),
        b'{"comment": "hello", "comment\\u0000": "other"}',
        '{"comment": "hello"}'.encode("utf-16-le"),
        b'\xef\xbb\xbf{"comment": "hello"}',
        b'{"comment": "hello"} {"comment": "other"}',
        b'{"comment": "\\ud800"}',
    ],
)
async def test_json_with_two_readings_is_denied(scene: Scene, body: bytes) -> None:
    field = "task" if b"task" in body else "comment"
    terms = msgspec.structs.replace(scene.terms(), encoding="json", field=field)
    await scene.gate.arm(terms)
    typed = (b"Content-Type: application/json", b"Content-Length: %d" % len(body))
    raw = request("POST", f"{scene.site.url}/post", b"", *typed) + body
    assert status(await scene.say(raw)) == 403
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"
    assert await scene.denied()


@pytest.mark.parametrize("field", ["post[text]", "comment"])
def test_a_field_that_is_part_of_a_variable_has_its_neighbours(field: str) -> None:
    neighbours = b"&post%5Btitle%5D=t&post[tags][]=x"
    name = field.replace("[", "%5B").replace("]", "%5D").encode()
    assert field_in("form", FORM, name + b"=hello" + neighbours, field) == "hello"
    if field.startswith("post"):
        assert field_in("form", FORM, name + b"=hello&post=other", field) is None


HEAD = (
    b"POST {url}/post HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n"
)
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
FRAMED = HEAD + b"Content-Length: 13\r\n\r\ncomment=hello"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD
        + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nd\r\ncomment=hello\r\n0\r\n\r\n"
        + FRAMED,
        HEAD + b"Content-Length: 13, 13\r\n\r\ncomment=hello" + FRAMED,
        FRAMED.replace(b"\r\n", b"\n"),
        FRAMED.replace(b"Connection: close", b"X-A: b\r\n c"),
        CHUNKED + b"d;a=b\r\ncomment=hello\r\n0\r\n\r\n",
        CHUNKED + b"d\r\ncomment=hello\r\n0\r\nX-HTTP-Method-Override: DELETE\r\n\r\n" + FRAMED,
        FRAMED + b"&comment=other",
        FRAMED.replace(b"Connection: close\r\n", b"") * 3,
    ],
    ids=["both", "list", "line feeds", "folded", "extension", "trailer", "longer", "in one piece"],
)
async def test_odd_framing_is_one_plain_request_to_the_site(scene: Scene, raw: bytes) -> None:
    await scene.gate.arm(scene.terms())
    host = f"127.0.0.1:{scene.site.port}".encode()
    await scene.say(raw.replace(b"{url}", b"http://" + host).replace(b"{host}", host), half=True)
    assert scene.site.writes == {"/post": 1}
    assert scene.site.bodies == [HELLO]


@pytest.mark.parametrize(
    "target",
    [
        *("{url}/x/../post", "{url}/%70ost", "{url}/post;a=b", "{url}/post#x", "{url}//post"),
        *("{url}/post?_method=DELETE", "{url}/post%00", "http://0x7f.0.0.1:{port}/post"),
        *("http://[::ffff:127.0.0.1]:{port}/post", "http://a@127.0.0.1:{port}/post"),
        *("http://127.0.0.1.:{port}/post", "http://127.1:{port}/post", "HTTP:{url}/post"),
    ],
)
async def test_another_way_to_write_the_address_is_another_address(
    scene: Scene, target: str
) -> None:
    await scene.gate.arm(scene.terms())
    line = target.replace("{url}", scene.site.url).replace("{port}", str(scene.site.port))
    raw = request("POST", f"{scene.site.url}/post", HELLO)
    assert (
        status(await scene.say(raw.replace(f"{scene.site.url}/post".encode(), line.encode())))
        == 403
    )
    assert not scene.site.writes
    assert await scene.left() == "nothing_left"
