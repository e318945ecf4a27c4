"""A driver that cannot start is told with its own last words, before any work begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.browser.driver import require_driver, started
from edge.browser.finding import require_chromium
from schema.errors import NoBrowser

pytestmark = pytest.mark.browser

LAST_WORDS = "node: error while loading shared libraries: libatomic.so.1: cannot open"


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program that misses a library in the place of the driver's own."""
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho '{LAST_WORDS}' >&2\nexit 127\n")
    node.chmod(0o755)
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_driver_that_ends_at_once_is_no_browser(broken: None) -> None:
    with pytest.raises(NoBrowser, match="libatomic") as caught:
        await started()
    assert "libatomic1" in caught.value.remedy


async def test_a_worker_does_not_begin_without_it(broken: None) -> None:
    with pytest.raises(NoBrowser, match="driver does not start"):
        await require_chromium()


def test_the_driver_that_is_here_starts() -> None:
    require_driver()
