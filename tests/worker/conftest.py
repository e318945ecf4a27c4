"""The bench on which workers are tried: time passes only by the test's hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.performers.orders import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a bench with a patient clock."""
    return Bench(tmp_path, patient=True)
