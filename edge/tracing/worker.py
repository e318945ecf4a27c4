"""A worker with traces: its store, model, sites and performers behind spans."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from edge.tracing.switch import exporter_of
from edge.worker.worker import Worker

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer


@contextmanager
def traced(worker: Worker) -> Iterator[Worker]:
    """Trace what the worker does, if the environment asks; without it nothing is imported.

    Raises:
        BadSettings: the environment asks for what is not there.
    """
    exporter = exporter_of(os.environ)
    if exporter is None:
        yield worker
        return
    from edge.tracing.exporting import exporting  # noqa: PLC0415 -- the extra

    with exporting(exporter, worker.build.git_sha) as tracer:
        put_behind(worker, tracer)
        yield worker


def put_behind(worker: Worker, tracer: Tracer) -> None:
    """Let everything that the worker does go through spans."""
    from edge.tracing.appends import traced_store  # noqa: PLC0415 -- as above
    from edge.tracing.calls import traced_model  # noqa: PLC0415
    from edge.tracing.clicks import traced_sites  # noqa: PLC0415
    from edge.tracing.orders import traced_performer  # noqa: PLC0415

    world = worker.world
    worker.world = replace(
        world,
        store=traced_store(world.store, tracer),
        model=traced_model(world.model, tracer),
        sites=traced_sites(world.sites, tracer),
    )
    worker.performers = [traced_performer(one, tracer) for one in worker.performers]
