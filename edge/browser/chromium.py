"""Find Chromium and say how it is started."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from schema.errors import NoBrowser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def find_chromium(playwright_own: str = "") -> Path:
    """Return CHROMIUM_PATH, the system's Chromium, or Playwright's own, in this order."""
    named = os.environ.get("CHROMIUM_PATH", "")
    if named:
        if os.access(named, os.X_OK):
            return Path(named)
        raise NoBrowser(f"CHROMIUM_PATH={named} is no program", remedy="correct or unset it")
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    if playwright_own and os.access(playwright_own, os.X_OK):
        return Path(playwright_own)
    raise NoBrowser(
        "no Chromium on this machine",
        remedy="apt-get install chromium, or playwright install chromium, or set CHROMIUM_PATH",
    )


def launch_flags(gate_flags: Iterable[str]) -> list[str]:
    """Return the flags of a headless browser whose only way out is a gate."""
    flags = [*FLAGS, *gate_flags]
    # Chromium's own sandbox refuses to run as root. For everybody else Playwright leaves it off
    # as well: a container's rules forbid what it needs, and what confines a page is the gate.
    return [*flags, "--no-sandbox"] if os.geteuid() == 0 else flags
