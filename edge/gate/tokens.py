"""Tokens: what one armed request may look like, and that it may leave once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from edge.gate.bodies import Encoding, body_hash, field_in, names, text_hash
from edge.gate.limits import TOKEN_S_MAX
from schema.originals import whole

PERMIT_ID = r"[0-9A-Za-z_-]{1,64}"
SHA256 = r"[0-9a-f]{64}"
METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OTHER_METHOD = "_method"
"""A field by which many frameworks take a POST for another method."""


class Role(StrEnum):
    """Which listener a browser context goes through. No token fits a reader's."""

    READER = "reader"
    POSTER = "poster"
    SIGN_IN = "sign_in"


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one token lets out, until `deadline_s` on the boot clock.

    `url_pattern` must match the whole address. The body is bound by the hash of all its bytes or
    by the hash of the text in one field, which with a `title_field` is joined after the title;
    `fixed` fields must have just these values besides. `note` is kept in the journal for whoever
    settles later.
    """

    permit_id: str
    method: str
    url_pattern: str
    deadline_s: float
    role: Role = Role.POSTER
    body_sha256: str = ""
    field: str = ""
    text_sha256: str = ""
    title_field: str = ""
    fixed: dict[str, str] = {}
    encoding: Encoding = "form"
    note: dict[str, str] = {}


@dataclass(frozen=True)
class Outgoing:
    """A writing request as it stands at the gate."""

    method: str
    url: str
    content_type: str
    body: bytes


def fault_in(terms: Terms, now_s: float) -> str:
    """Say why these terms cannot be armed, "" if they can."""
    checks = {
        "permit_id must be 1 to 64 letters, digits, - or _": re.fullmatch(
            PERMIT_ID, terms.permit_id
        ),
        f"method must be one of {', '.join(sorted(METHODS))}": terms.method in METHODS,
        "readers never write": terms.role is not Role.READER,
        "url_pattern must be a regular expression": _compiles(terms.url_pattern),
        "either body_sha256, or field and text_sha256": _binds_the_body(terms),
        "the deadline is past": now_s < terms.deadline_s,
        f"the deadline is over {TOKEN_S_MAX:g} s away": terms.deadline_s <= now_s + TOKEN_S_MAX,
    }
    return next((fault for fault, fine in checks.items() if not fine), "")


def misfit(terms: Terms, outgoing: Outgoing, now_s: float) -> str:
    """Say in what a request differs from the terms, "" if it is the one meant."""
    if now_s >= terms.deadline_s:
        return "the token is expired"
    if outgoing.method != terms.method:
        return "another method than the token's"
    if not re.fullmatch(terms.url_pattern, outgoing.url):
        return "another address than the token's"
    return _misfit_body(terms, outgoing)


def _misfit_body(terms: Terms, outgoing: Outgoing) -> str:
    if terms.body_sha256:
        return "" if body_hash(outgoing.body) == terms.body_sha256 else "another body"
    other = next((n for n, value in terms.fixed.items() if _field(outgoing, terms, n) != value), "")
    if other:
        return f"another {other} than the token's"
    fields = terms.encoding, outgoing.content_type, outgoing.body
    if OTHER_METHOD not in terms.fixed and names(*fields, OTHER_METHOD):
        return "a field that names another method"
    text = _text(outgoing, terms)
    if text is None or text_hash(text) != terms.text_sha256:
        return "another text than the token's"
    return ""


class Tokens:
    """The armed tokens, at most one for each role. Taking one spends it."""

    def __init__(self) -> None:
        self._armed: dict[Role, Terms] = {}

    def arm(self, terms: Terms) -> Terms | None:
        """Make the token; return the earlier one of this role, which is dead from now on."""
        earlier = self._armed.get(terms.role)
        self._armed[terms.role] = terms
        return earlier

    def take(self, role: Role, outgoing: Outgoing, now_s: float) -> Terms | str:
        """Spend the token that fits the request, or say why none does."""
        terms = self._armed.get(role)
        if terms is None:
            return "readers never write" if role is Role.READER else "no token is armed"
        why = misfit(terms, outgoing, now_s)
        if why:
            return why
        del self._armed[role]
        return terms

    def armed(self, role: Role) -> Terms | None:
        """Return the token of this role, None without one."""
        return self._armed.get(role)

    def drop(self, permit_id: str) -> None:
        """Destroy the permit's token if it is still there."""
        self._armed = {
            role: terms for role, terms in self._armed.items() if terms.permit_id != permit_id
        }

    def drop_all(self) -> list[str]:
        """Destroy every token and return their permits."""
        permits = [terms.permit_id for terms in self._armed.values()]
        self._armed.clear()
        return permits


def _text(outgoing: Outgoing, terms: Terms) -> str | None:
    """Return all the words that a request carries: its text, after its title if it has one."""
    text = _field(outgoing, terms, terms.field)
    if text is None or not terms.title_field:
        return text
    title = _field(outgoing, terms, terms.title_field)
    return None if title is None else whole(title, text)


def _field(outgoing: Outgoing, terms: Terms, name: str) -> str | None:
    return field_in(terms.encoding, outgoing.content_type, outgoing.body, name)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _binds_the_body(terms: Terms) -> bool:
    if terms.body_sha256:
        return bool(re.fullmatch(SHA256, terms.body_sha256)) and not terms.text_sha256
    return bool(terms.field and re.fullmatch(SHA256, terms.text_sha256))
