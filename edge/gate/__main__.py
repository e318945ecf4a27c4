"""Run one gate: `python -m edge.gate --folder DIR --control SOCKET --origin URL …`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from edge.gate.process import Place, serve
from schema.errors import GhostproofError


def main() -> int:
    """Serve until the parent is gone."""
    parser = argparse.ArgumentParser(prog="edge.gate", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="keys and journal")
    parser.add_argument("--control", type=Path, required=True, help="socket in a private folder")
    parser.add_argument("--origin", action="append", required=True, help="scheme://host:port")
    parser.add_argument("--stop-file", type=Path, help="while it exists nothing is posted")
    parser.add_argument("--extra-authority", type=Path, help="PEM file that sites are trusted by")
    given = parser.parse_args()
    os.umask(0o077)
    place = Place(given.folder, given.stop_file, given.extra_authority)
    try:
        asyncio.run(serve(place, given.origin, given.control))
    except GhostproofError as error:
        sys.stderr.write(f"{error.message}\n{error.remedy}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
