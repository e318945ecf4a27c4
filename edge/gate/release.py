"""The one way of a writing request: token, connection, journal, last look, bytes, answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import h11

from edge.failpoints import at
from edge.gate.house import House, boot_s
from edge.gate.judging import Address
from edge.gate.limits import LOCATION_CHARS_MAX
from edge.gate.streams import Headers, value_of
from edge.gate.tokens import Outgoing, Role, Terms
from edge.gate.upstream import Upstream, connect
from schema.errors import SiteUnreachable

KEPT_HEADERS = (b"content-type", b"content-length", b"date", b"retry-after", b"server")
"""Of the answer, in the journal: nothing that could be a session."""
HEADER_CHARS_MAX = 200


class Withheld(Exception):
    """The request was not sent, and will not be."""


@dataclass(frozen=True)
class Write:
    """A writing request: where it goes, what it carries, and by which listener it came."""

    role: Role
    address: Address
    headers: Headers
    outgoing: Outgoing


async def released(house: House, write: Write) -> tuple[Upstream, h11.Response]:
    """Send a request for which a token is armed, and return the head of its answer.

    Never sends twice. Raises `Withheld` if nothing left, `OSError` or h11's error if no answer
    came back; either way the journal says which.
    """
    terms = house.tokens.take(write.role, write.outgoing, boot_s())
    if isinstance(terms, str):
        await house.refused(write.role, terms)
        raise Withheld(terms)
    async with house.sending():
        site = await _connected(house, terms, write.address)
        try:
            await _leave(house, terms)
            return site, await _exchange(house, terms, write, site)
        except BaseException:
            site.close()
            raise


async def _connected(house: House, terms: Terms, address: Address) -> Upstream:
    """Open a connection of this request's own: a kept one may be dead without our knowing."""
    try:
        return await connect(address.origin, house.verified)
    except SiteUnreachable as error:
        await house.destroy(terms.permit_id, error.message)
        raise Withheld(error.message) from None


async def _leave(house: House, terms: Terms) -> None:
    try:
        may_leave = await asyncio.to_thread(house.journal.leave, terms.permit_id)
    except OSError as error:  # what cannot be put on record is not done
        raise Withheld(f"the journal cannot be written: {error}") from None
    if not may_leave:
        raise Withheld("the token was destroyed")


async def _exchange(house: House, terms: Terms, write: Write, site: Upstream) -> h11.Response:
    """Look for the last time, send at once, and wait for the answer."""
    outgoing = write.outgoing
    at("gate_leaving")
    data = site.request(outgoing.method, write.address, write.headers, outgoing.body)
    why = house.held_back(terms)
    if why:
        await house.note(terms.permit_id, "held", detail=why)
        raise Withheld(why)
    at("gate_last_look")
    try:
        await site.send(data)
        at("gate_left")
        await house.note(terms.permit_id, "left", late_ms=_late_ms(terms))
        answer = await site.answer()
        at("gate_answered")
    except (OSError, h11.RemoteProtocolError) as error:
        detail = str(error) or type(error).__name__
        await house.note(terms.permit_id, "lost", detail=detail[:HEADER_CHARS_MAX])
        raise
    await house.note(terms.permit_id, "answered", **_facts(answer))
    return answer


def _late_ms(terms: Terms) -> int:
    """Measure after the send how far the deadline was passed: a pause can hide from every check."""
    return max(0, int((boot_s() - terms.deadline_s) * 1000))


def _facts(answer: h11.Response) -> dict[str, object]:
    kept = {name.decode(): value_of(answer.headers, name) for name in KEPT_HEADERS}
    return {
        "status": answer.status_code,
        "location": value_of(answer.headers, b"location")[:LOCATION_CHARS_MAX],
        "headers": {name: value[:HEADER_CHARS_MAX] for name, value in kept.items() if value},
    }
