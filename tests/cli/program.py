"""The program in its own process, over the embedded database of a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec

from edge.database.opening import open_store
from edge.database.urls import Place
from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.law import APPROVER_ONLY
from tests.doubles.story import ACCOUNT, Story

ROOT = Path(__file__).parents[2]


def ghostproof(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in its own process."""
    return subprocess.run(
        [sys.executable, "-m", "edge.cli.main", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "GIT_SHA": "test"},
        capture_output=True,
        text=True,
        check=False,
    )


def answered(folder: Path, *arguments: str) -> Any:
    """Run a command that must succeed, and return its JSON."""
    done = ghostproof(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout)


def place(folder: Path) -> Place:
    """Return where the folder's embedded database is."""
    return Place(data_dir=folder / ".ghostproof")


async def tell(folder: Path, story: Story) -> None:
    """Append a story to the folder's embedded database, and fold its views."""
    ids = [row.event_id for row in story.rows]
    async with open_store(place(folder)) as store:
        await store.open_account(ACCOUNT)
        for row in story.rows:
            cause = None if row.cause is None else ids[row.cause]
            command = Command((NewEvent(row.event_id, row.event, cause=cause),))
            (verdict,) = await store.append(
                ACCOUNT, [command], actor="story", approver=row.type in APPROVER_ONLY
            )
            assert verdict.code == "ok", verdict
        for view in VIEWS.values():
            await store.run_projector(view, ACCOUNT)
