"""The demo's settings: the ones of production at a pace that a person can watch."""

from __future__ import annotations

from edge.sandbox.install import SandboxSite
from edge.settings.settings import Settings
from schema.ids import Account

ACCOUNT = Account("forum")

GAP_S = 11
"""The forum takes one comment in ten seconds from each account."""

CADENCE_S = {"fetch": 10, "schedule": 4, "post": 1, "reconcile": 4, "watchdog": 20, "proof": 20}

KEYWORDS = ("garden", "postgres", "bread", "bike", "sensor", "lens")
VIRAL = ("active", "latest")


def demo_settings(base: Settings, site: SandboxSite, url: str) -> Settings:
    """Return settings for the one account of the demo, in the database of `base`."""
    people = [handle for handle in site.accounts() if handle != site.bot]
    return Settings.model_validate(
        {
            "data_dir": base.data_dir,
            "database": base.database,
            "cadence": CADENCE_S,
            "health": {"host": "127.0.0.1", "port": 0},  # a worker may run beside the demo
            "permit": {
                "per_hour": 60,
                "per_day": 400,
                "per_author_per_day": 40,
                "gap_s": GAP_S,
            },
            "fetch": {
                "timebox_s": 20,
                "deadline_s": 60,
                "posts_per_query": 6,
                "curated_per_run": 2,
                "keywords_per_run": 1,
            },
            "post": {"read_every_s": 4, "read_every_unknown_s": 4},
            "accounts": {
                ACCOUNT: {
                    "site": "spirit",
                    "base_url": url,
                    "handle": site.bot,
                    "password": site.accounts()[site.bot],
                    "languages": ("en", "de"),
                    "curated": people,
                    "keywords": KEYWORDS,
                    "viral": VIRAL,
                }
            },
        }
    )
