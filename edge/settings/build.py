"""Which build runs: the commit it was made from."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from schema.builds import UNKNOWN

IN_HEAD = f"HEAD:./{Path(__file__).name}"
"""This very file as committed: a program installed inside a stranger's checkout is not theirs."""

GIT_TIMEOUT_S = 5.0  # a repository on a slow disk; nobody waits longer for a name


def git_sha(configured: str | None = None) -> str:
    """Return the configured or GIT_SHA commit, else that of the checkout, else ``unknown``."""
    said = configured or os.environ.get("GIT_SHA")
    return said or _of_checkout(Path(__file__).parent) or UNKNOWN


def _of_checkout(folder: Path) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD", IN_HEAD],  # noqa: S607 -- whichever git the user has
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.split()[0] if answer.returncode == 0 else None
