"""Hunt every mutant: `python -m tests.simulation.mutants` prints what caught each."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.simulation.mutants import (
    of_alerts,
    of_clicks,
    of_law,
    of_looking,
    of_probe,
    of_queue,
    of_rules,
    testing,
)
from tests.simulation.mutants.mutant import Mutant
from tests.simulation.mutants.page import PAGE, Hunted, method_of, page, told

PARTS: dict[str, tuple[Mutant, ...]] = {
    str(part.__doc__).partition("\n")[0].rstrip("."): part.MUTANTS
    for part in (of_clicks, of_rules, of_law, of_looking, of_alerts, of_probe, of_queue)
}
"""What each part says of itself -> its bugs."""
MUTANTS = {mutant.name: mutant for part in PARTS.values() for mutant in part}
SEEDS_MAX = 150
"""A mutant that lives so long has escaped."""

CAUGHT, ESCAPED = 0, 1
BY = "caught by "


def main() -> int:
    """Hunt all mutants, or one in this very process; 0 when each was caught."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants", description=__doc__)
    parser.add_argument("--one", help="hunt this one here")
    parser.add_argument("--only", default="", help="hunt those whose names hold this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if asked.one is not None:
        return _hunt(MUTANTS[asked.one])
    chosen = [mutant for name, mutant in MUTANTS.items() if asked.only in name]
    for mutant in chosen:
        mutant.check()
    began = time.monotonic()
    with _server(chosen) as url, ThreadPoolExecutor(asked.jobs) as pool:
        hunted = list(pool.map(_hunt_apart, chosen, repeat(url)))
    took = f"It took {(time.monotonic() - began) / 60:.0f} minutes, {asked.jobs} at a time."
    _write(hunted, "" if asked.only else took)
    escaped = sum(not one.caught_by for one in hunted)
    sys.stdout.write(f"{len(chosen)} mutants, {escaped} escaped\n")
    return ESCAPED if escaped else CAUGHT


def _write(hunted: list[Hunted], method: str) -> None:
    """Write the page; of bugs that were not hunted now, and of the method, it says what it said."""
    text = PAGE.read_text() if PAGE.exists() else ""
    said = told(text) | {one.mutant.name: one.caught_by for one in hunted}
    parts = {
        says: [Hunted(mutant, said[mutant.name]) for mutant in part if mutant.name in said]
        for says, part in PARTS.items()
    }
    PAGE.write_text(page(parts, method=method or method_of(text), seeds_max=SEEDS_MAX))


@contextmanager
def _server(chosen: list[Mutant]) -> Iterator[str]:
    """Run PostgreSQL while a mutant of the law is hunted."""
    if (given := os.environ.get("DATABASE_URL")) or not any(m.in_sql for m in chosen):
        yield given or ""
        return
    from eventstore.embedded.postgres import EmbeddedPostgres  # noqa: PLC0415 - only where it is needed

    with TemporaryDirectory(prefix="gp-") as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "data")
        with server.lease():
            yield server.url()


def _hunt_apart(mutant: Mutant, url: str) -> Hunted:
    """Hunt in a process of its own, which imports the production code with the bug in it."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulation.mutants", "--one", mutant.name],
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    said = (done.stdout.strip() or done.stderr.strip() or "nothing").splitlines()[-1]
    caught_by = said.removeprefix(BY) if said.startswith(BY) else ""
    sys.stdout.write(f"{mutant.name:56} {said[:110]} ({time.monotonic() - began:.0f} s)\n")
    sys.stdout.flush()
    return Hunted(mutant, caught_by)


def _hunt(mutant: Mutant) -> int:
    """Infect this process, then look for what gives the bug away."""
    mutant.infect()
    if mutant.tests:
        caught_by = testing.by_tests(mutant.tests)
    else:
        from tests.simulation.mutants import hunting  # noqa: PLC0415 - imports what is infected

        caught_by = hunting.by_property() if mutant.in_sql else hunting.by_seed(SEEDS_MAX)
    sys.stdout.write(f"{BY}{caught_by}\n" if caught_by else "ESCAPED\n")
    return CAUGHT if caught_by else ESCAPED


if __name__ == "__main__":
    sys.exit(main())
