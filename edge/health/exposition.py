"""Exposition: samples as Prometheus reads them, and the same as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from edge.health import names
from edge.health.samples import Sample

__all__ = ["CONTENT_TYPE_LATEST", "as_json", "as_text"]

FAMILIES = {names.Kind.GAUGE: GaugeMetricFamily, names.Kind.COUNTER: CounterMetricFamily}


class Samples(Collector):
    """Samples already taken; Prometheus' own library writes them."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self._samples = list(samples)

    def collect(self) -> Iterator[Metric]:
        """Yield every metric that has a value, and what each means."""
        for metric in names.ALL:
            family = FAMILIES[metric.kind](metric.name, metric.means, labels=metric.labels)
            for sample in self._samples:
                if sample.metric is metric:
                    family.add_metric(sample.labels, sample.value)
            if family.samples:
                yield family


def as_text(samples: Iterable[Sample]) -> bytes:
    """Return the samples in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Samples(samples))
    return generate_latest(registry)


def as_json(samples: Iterable[Sample]) -> dict[str, list[dict[str, Any]]]:
    """Return name -> values with their labels."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sample in samples:
        labels = dict(zip(sample.metric.labels, sample.labels, strict=True))
        found.setdefault(sample.metric.name, []).append({**labels, "value": sample.value})
    return found
