"""The wire form: an event as exact JSON bytes, and back, with clear errors for anything else."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import msgspec

from schema.catalogue import ANY_EVENT, VERSIONS, class_of
from schema.errors import MalformedEvent, UnknownEvent
from schema.events.base import Event

BODY_BYTES_MAX = 65_536
"""Largest body; leaves of a public tile log are limited alike."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # escaped; a text may well spell it out
_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(ANY_EVENT)
_page_decoder: msgspec.json.Decoder[list[Event]] = msgspec.json.Decoder(list[ANY_EVENT])

REMEDY = "a newer build may have written it: install that one; else run `ghostproof audit`"

UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""(type, retired version) -> pure function to the next version's fields. None is retired yet."""


def encode(event: Event) -> bytes:
    """Return the event's bytes.

    Raises:
        MalformedEvent: a text holds a NUL or a lone surrogate, or the body is over 64 KiB.
    """
    try:
        body = _encoder.encode(event)
    except (UnicodeEncodeError, ValueError, OverflowError) as error:
        message = f"{type(event).__name__} cannot be written as JSON: {error}"
        raise MalformedEvent(message, remedy="clean the text before it becomes an event") from error
    if b"\\u0000" in body and _NUL.search(body):
        message = f"{type(event).__name__} holds a NUL character"
        raise MalformedEvent(message, remedy="remove NUL characters at the door")
    if len(body) > BODY_BYTES_MAX:
        message = f"{type(event).__name__} has {len(body)} bytes, at most {BODY_BYTES_MAX}"
        raise MalformedEvent(message, remedy="shorten its texts")
    return body


def decode(type_name: str, version: int, body: bytes) -> Event:
    """Return the event that these bytes are.

    Raises:
        UnknownEvent: the type or version is not known to this build.
        MalformedEvent: the bytes do not fit the type.
    """
    expected = class_of(type_name)
    try:
        if version == VERSIONS[type_name]:
            event = _decoder.decode(body)
        else:
            event = msgspec.convert(_upcast(type_name, version, body), expected)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedEvent(f"malformed {type_name}: {error}", remedy=REMEDY) from error
    if type(event) is not expected:
        message = f"body says {type(event).__name__}, the log says {type_name}"
        raise MalformedEvent(message, remedy="run `ghostproof audit`")
    return event


def decode_page(bodies: bytes) -> list[Event]:
    """Decode a JSON array of current-version bodies in one call.

    Raises:
        MalformedEvent: one of them fits no type of this build.
    """
    try:
        return _page_decoder.decode(bodies)
    except msgspec.DecodeError as error:
        raise MalformedEvent(f"malformed page of events: {error}", remedy=REMEDY) from error


def _upcast(type_name: str, version: int, body: bytes) -> dict[str, Any]:
    fields = cast("dict[str, Any]", msgspec.json.decode(body))
    while version < VERSIONS[type_name]:
        step = UPCASTS.get((type_name, version))
        if step is None:
            break
        fields, version = step(fields), version + 1
    if version != VERSIONS[type_name]:
        message = f"unknown version {version} of {type_name}"
        raise UnknownEvent(message, remedy="install a newer build of ghostproof")
    return fields
