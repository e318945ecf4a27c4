"""Install the forum into a data directory: its environment, its accounts, its content."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from edge.sandbox import content
from edge.sandbox.accounts import BOT, PEOPLE, ensure_accounts, read_accounts, write_private
from schema.errors import SiteError

PROJECT_DIR = Path(__file__).parent / "project"
REQUIREMENTS = ("django-spirit==0.14.3", "django>=5.2,<5.3", "waitress==3.0.2")
SEED = 2026
TOPICS = 140
FRESH_TOPICS = 40  # a later batch: a forum that nobody wrote in for a day has no candidates
STALE_AFTER_S = 18 * 3600
Report = Callable[[str], None]


class SandboxFailed(SiteError):
    """The forum could not be installed or served. The message ends with its own last words."""


@dataclass(frozen=True)
class SandboxSite:
    """An installed forum: where it is and who can log in."""

    directory: Path
    bot: str = BOT

    @property
    def python(self) -> Path:
        """The forum's own interpreter."""
        return self.directory / "venv" / "bin" / "python"

    @property
    def environment(self) -> dict[str, str]:
        """What the forum's processes find in their environment: nothing of ours."""
        return {
            "SANDBOX_DIR": str(self.directory),
            "PATH": "/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LANG": "C.UTF-8",
        }

    def accounts(self) -> dict[str, str]:
        """Handle → password, the bot's own account included."""
        return read_accounts(self.directory / "accounts.json")


async def install(data_dir: Path, *, report: Report) -> SandboxSite:
    """Bring `data_dir`/sandbox to a seeded forum; what is there already is kept.

    `report` gets one line a step. A forum without a topic of the last hours gets fresh ones.
    """
    site = SandboxSite((data_dir / "sandbox").resolve())
    site.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    await _ensure_environment(site, report)
    ensure_accounts(site.directory / "accounts.json", bot=site.bot)
    if not (site.directory / "secret_key").exists():
        write_private(site.directory / "secret_key", secrets.token_urlsafe(50))
    await _ensure_content(site, report)
    return site


async def _ensure_environment(site: SandboxSite, report: Report) -> None:
    stamp = site.directory / "venv" / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    report("sandbox: making an environment for the forum")
    venv = str((site.directory / "venv").resolve())  # it may be a link to a shared one
    await run((sys.executable, "-m", "venv", "--clear", venv), environment=None)
    report(f"sandbox: installing {REQUIREMENTS[0]} (half a minute, once)")
    pip = (str(site.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    await run((*pip, *REQUIREMENTS), environment=None)
    stamp.write_text(wanted)


async def _ensure_content(site: SandboxSite, report: Report) -> None:
    stamp = site.directory / "seeded.json"
    done = json.loads(stamp.read_text()) if stamp.exists() else {"batches": [], "accounts": []}
    now = time.time()
    stale = not done["batches"] or now - done["batches"][-1] >= STALE_AFTER_S
    accounts = site.accounts()
    if not stale and done["accounts"] == sorted(accounts):
        return
    topics = _topics(site, len(done["batches"]), now) if stale else []
    report(f"sandbox: {len(accounts)} accounts, writing {len(topics)} topics")
    await _carry_out(site, {"accounts": accounts, "topics": topics})
    batches = [*done["batches"], now] if stale else done["batches"]
    write_private(stamp, json.dumps({"batches": batches, "accounts": sorted(accounts)}))


async def _carry_out(site: SandboxSite, plan: dict[str, object]) -> None:
    path = site.directory / "plan.json"
    write_private(path, json.dumps(plan))
    seeding = (str(site.python), str(PROJECT_DIR / "seed.py"), str(path))
    await run(seeding, environment=site.environment)
    path.unlink()


def _topics(site: SandboxSite, batch: int, now: float) -> list[content.Topic]:
    """Plan the forum's first content, or a smaller batch of the last hours."""
    people = list(PEOPLE)
    if batch:
        return content.topics(
            seed=SEED + batch, now=now, authors=people, count=FRESH_TOPICS, within_days=0.7
        )
    topics = content.topics(seed=SEED, now=now, authors=people, count=TOPICS)
    topics[0]["comments"].append(content.old_bot_post(topics[0], site.bot))
    return [content.welcome(now=now, authors=people, bot=site.bot), *topics]


async def run(command: tuple[str, ...], *, environment: dict[str, str] | None) -> None:
    """Run one step to its end; a failing one raises with the tail of what it said."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        tail = said.decode(errors="replace").strip()[-800:]
        raise SandboxFailed(
            f"{Path(command[0]).name} {command[1]} ended with {process.returncode}: {tail}",
            remedy="remove the sandbox directory and try again; installing needs pip's index",
        )
