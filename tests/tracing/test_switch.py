"""Traces are made where the environment asks, and cost nothing where it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from edge.tracing import exporting, names, switch
from edge.tracing.appends import TracedStore
from edge.tracing.calls import TracedModel
from edge.tracing.clicks import TracedSites
from edge.tracing.exporting import provider_of
from edge.tracing.orders import TracedPerformer
from edge.tracing.switch import exporter_of, protocol_of
from edge.tracing.worker import traced
from schema.errors import BadSettings
from tests.cli.program import ROOT
from tests.performers.orders import Bench
from tests.worker.workers import Obedient, worker

HTTP = "http://collector:4318"


@pytest.mark.parametrize(
    ("environment", "exporter"),
    [
        ({}, None),
        ({"OTEL_SERVICE_NAME": "x"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": HTTP}, "otlp"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": HTTP}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": HTTP}, None),
        ({"OTEL_SDK_DISABLED": "TRUE", "OTEL_EXPORTER_OTLP_ENDPOINT": HTTP}, None),
    ],
)
def test_the_environment_asks(
    environment: Mapping[str, str], exporter: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switch, "installed", lambda _: True)
    assert exporter_of(environment) == exporter


def test_an_exporter_that_we_do_not_have_is_named() -> None:
    with pytest.raises(BadSettings, match="OTEL_TRACES_EXPORTER: no exporter 'zipkin'"):
        exporter_of({"OTEL_TRACES_EXPORTER": "zipkin"})


def test_a_protocol_that_we_do_not_speak_is_named() -> None:
    assert protocol_of({}) == "http/protobuf"
    assert protocol_of({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}) == "grpc"
    both = {
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc",
    }
    assert protocol_of(both) == "grpc", "the one for traces is nearer"
    with pytest.raises(BadSettings, match="OTEL_EXPORTER_OTLP_PROTOCOL: no protocol 'pigeon'"):
        protocol_of({"OTEL_EXPORTER_OTLP_PROTOCOL": "pigeon"})


def test_asking_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "installed", lambda _: False)
    with pytest.raises(BadSettings, match="not installed") as refused:
        exporter_of({"OTEL_EXPORTER_OTLP_ENDPOINT": HTTP})
    assert "ghostproof[otel]" in refused.value.remedy


@pytest.mark.parametrize("name", ["no_such_package", "no_such.package.at_all", "json.no_such"])
def test_what_is_not_there_is_not_installed(name: str) -> None:
    assert not switch.installed(name)
    assert switch.installed("opentelemetry.sdk")


def test_a_worker_that_nobody_asked_for_traces_imports_none() -> None:
    code = (
        "import sys, edge.worker.coming_up, edge.cli.running;"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=known, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_worker_stands_behind_spans_only_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*switch.ENDPOINTS, switch.EXPORTER):
        monkeypatch.delenv(name, raising=False)
    one = worker(Bench(tmp_path), tmp_path, Obedient())
    bare = one.world
    with traced(one):
        assert one.world is bare
    monkeypatch.setenv(switch.EXPORTER, "console")
    with traced(one):
        world, performers = one.world, one.performers
        kinds = [type(part) for part in (world.store, world.model, world.sites, *performers)]
    assert kinds == [TracedStore, TracedModel, TracedSites, TracedPerformer]


def test_what_is_left_is_sent_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = InMemorySpanExporter()
    monkeypatch.setattr(exporting, "_exporter", lambda _kind: sent)
    with exporting.exporting("console", "c0ffee") as tracer:
        tracer.start_span("the last one").end()
    assert [span.name for span in sent.get_finished_spans()] == ["the last one"]


@pytest.mark.parametrize(("protocol", "spoken"), [("http/protobuf", "http"), ("grpc", "grpc")])
def test_otlp_is_spoken_as_the_environment_says(
    protocol: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exporters are an extra, and not here: what is imported is told by its name."""
    asked = list[str]()

    def imported(name: str) -> SimpleNamespace:
        asked.append(name)
        return SimpleNamespace(OTLPSpanExporter=InMemorySpanExporter)

    monkeypatch.setattr(exporting, "import_module", imported)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocol)
    assert isinstance(exporting._exporter("otlp"), InMemorySpanExporter)
    assert asked == [f"opentelemetry.exporter.otlp.proto.{spoken}.trace_exporter"]


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "ghostproof"),
        ({"OTEL_SERVICE_NAME": "mine"}, "mine"),
        ({"OTEL_RESOURCE_ATTRIBUTES": "service.name=mine"}, "mine"),
    ],
)
def test_a_service_has_the_name_that_the_environment_gives(
    environment: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OTEL_SERVICE_NAME", "OTEL_RESOURCE_ATTRIBUTES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    facts = provider_of("c0ffee", environment).resource.attributes
    assert facts["service.name"] == named
    assert facts["vcs.ref.head.revision"] == "c0ffee"
    assert facts["service.version"] == version("ghostproof")


def test_the_conventions_names_are_those_of_the_conventions() -> None:
    known = set()
    for module in ("db", "messaging", "gen_ai", "http", "error"):
        found = import_module(f"opentelemetry.semconv._incubating.attributes.{module}_attributes")
        known |= {value for value in vars(found).values() if isinstance(value, str)}
    stable = import_module("opentelemetry.semconv.attributes.http_attributes")
    known |= {value for value in vars(stable).values() if isinstance(value, str)}
    ours = {value for name, value in vars(names).items() if name.isupper() and "." in value}
    strange = {value for value in ours if not value.startswith("ghostproof.")} - known
    assert strange == set()
