"""The bench on which performers are tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.performers.orders import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a bench whose clock never keeps anybody waiting."""
    return Bench(tmp_path)
