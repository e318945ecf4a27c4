"""The switch: traces are made where OpenTelemetry's own variables ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from schema.errors import BadSettings

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
EXPORTER = "OTEL_TRACES_EXPORTER"
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
DISABLED = "OTEL_SDK_DISABLED"

OTLP, CONSOLE, NONE = "otlp", "console", "none"
HTTP, GRPC = "http/protobuf", "grpc"
SDK = "opentelemetry.sdk"
NEEDED = {CONSOLE: (SDK,), OTLP: (SDK, "opentelemetry.exporter.otlp")}
"""Exporter -> the packages of the extra that it needs."""


def exporter_of(environment: Mapping[str, str]) -> str | None:
    """Return ``otlp`` or ``console``, None when nobody asks for traces.

    Without an endpoint or an exporter in the environment nobody asks, unlike the standard's
    default: a worker should not look for a collector that it was not told of.

    Raises:
        BadSettings: an exporter that we do not have, or the extra is not installed.
    """
    named = environment.get(EXPORTER, "").strip()
    asked = named or (OTLP if any(environment.get(name) for name in ENDPOINTS) else NONE)
    if asked == NONE or environment.get(DISABLED, "").strip().lower() == "true":
        return None
    if asked not in {OTLP, CONSOLE}:
        message = f"environment {EXPORTER}: no exporter {asked!r}"
        raise BadSettings(message, remedy=f"set it to {OTLP}, {CONSOLE} or {NONE}")
    if not all(installed(name) for name in NEEDED[asked]):
        message = "the environment asks for traces, but OpenTelemetry is not installed"
        raise BadSettings(message, remedy=f"pip install 'ghostproof[otel]', or {EXPORTER}=none")
    return asked


def installed(name: str) -> bool:
    """Say whether a package is there, without importing what it has."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # not even the package that would hold it
        return False


def protocol_of(environment: Mapping[str, str]) -> str:
    """Return how OTLP is spoken.

    Raises:
        BadSettings: a protocol that we do not speak.
    """
    name = next((name for name in PROTOCOLS if environment.get(name)), PROTOCOLS[-1])
    asked = environment.get(name) or HTTP
    if asked not in {HTTP, GRPC}:
        raise BadSettings(
            f"environment {name}: no protocol {asked!r}", remedy=f"set it to {HTTP} or {GRPC}"
        )
    return asked
