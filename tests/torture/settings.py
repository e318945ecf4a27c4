"""The settings under torture: production's parts at the greatest pace, with nothing to wait for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edge.sandbox.install import SandboxSite
from schema.ids import Account

ME = Account("forum")
BUDGET_S = 3
KEYWORDS = (
    *("garden", "postgres", "bread", "bike", "sensor", "lens", "water", "light", "coffee"),
    *("index", "backup", "soil", "winter", "camera", "battery", "train", "yeast", "camp"),
)
MANY = 1_000_000
SECTIONS: dict[str, dict[str, Any]] = {
    "cadence": {
        "fetch": 5,
        "schedule": 1,
        "post": 1,
        "reconcile": 1,
        "watchdog": 2,
        "proof": 20,
    },
    "health": {"port": 0},
    "permit": {"per_hour": MANY, "per_day": MANY, "per_author_per_day": MANY, "gap_s": 0},
    "queue": {"stuck_after_s": 20},
    "schedule": {"lost_after_s": 10},
    "draft": {"similarity_max": 100},
    "fetch": {
        "timebox_s": 20,
        "deadline_s": 30,
        "lost_after_s": 45,
        "posts_per_query": 40,
        "curated_per_run": 2,
        "keywords_per_run": 2,
    },
    "post": {
        "budget_s": BUDGET_S,
        "settle_s": 5,
        "settle_readings": 2,
        "read_every_s": 2,
        "read_every_unknown_s": 1,
    },
}


def write_settings(folder: Path, site: SandboxSite, url: str) -> None:
    """Write the ghostproof.toml of one account on the forum at `url`."""
    people = [handle for handle in site.accounts() if handle != site.bot]
    account = {
        "site": "spirit",
        "base_url": url,
        "handle": site.bot,
        "password": site.accounts()[site.bot],
        "languages": ["en", "de"],
        "curated": people,
        "keywords": KEYWORDS,
        "viral": ["active", "latest"],
    }
    sections = SECTIONS | {f"accounts.{ME}": account}
    text = "\n".join(f"[{name}]\n{_lines(values)}" for name, values in sections.items())
    path = folder / "ghostproof.toml"
    path.write_text(f'mode = "sandbox"\n{text}')
    path.chmod(0o600)


def _lines(values: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
