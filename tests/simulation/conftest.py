"""While days are played here the workers' own log lines are kept off the screen; not elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from tests.simulation.playing import hush


@pytest.fixture(scope="module", autouse=True)
def hushed() -> Iterator[None]:
    before = structlog.get_config()
    hush()
    yield
    structlog.configure(**before)
