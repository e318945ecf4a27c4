"""Opening the health server as the settings say: before anything else, and until the very end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

from edge.clock import SystemClock
from edge.database.opening import reading_url
from edge.health.app import Pages
from edge.health.looking import Looker
from edge.health.server import serving
from edge.health.vitals import Vitals
from edge.lines import listening
from edge.settings.build import git_sha
from edge.settings.settings import Settings
from edge.worker.telling import tell


@dataclass(frozen=True)
class Health:
    """What a worker writes its vitals into; `url` is None where the server is switched off."""

    vitals: Vitals
    url: str | None


@contextmanager
def open_health(settings: Settings) -> Iterator[Health]:
    """Answer from now on, unless the settings say no.

    Raises:
        PortInUse: another program listens on the port.
        BadSettings: the address cannot be used.
    """
    vitals = Vitals(clock := SystemClock())
    own = settings.health
    if not own.enabled:
        yield Health(vitals, None)
        return
    looker = Looker(lambda: reading_url(settings.place), clock)
    build = (version("ghostproof"), git_sha(settings.git_sha))
    pages = Pages(vitals, looker, build, own.lag_max)
    with serving(own.host, own.port, pages.app()) as server:
        tell(listening(server.host, server.port))
        yield Health(vitals, server.url)
