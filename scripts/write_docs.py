"""Write the pages under docs/ that are drawn from the program's own types."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import handlers
from replay import catalogue, flow, permit_life

DOCS = Path(__file__).resolve().parents[1] / "docs"


def pages() -> dict[str, str]:
    """Return file name -> content of each drawn page."""
    parts = flow.parts_of(handlers.ALL)
    drawn = "\n".join(
        [
            "# The flow",
            "",
            "Drawn from what each part hears and says, by `scripts/write_docs.py`. In a terminal",
            "`ghostproof flow` draws it as a tree, with `--from TYPE` what follows from one event.",
            "",
            "```mermaid",
            flow.as_mermaid(parts).strip(),
            "```",
            "",
        ]
    )
    return {
        "events.md": catalogue.as_markdown(),
        "permit.md": permit_life.as_markdown(),
        "flow.md": drawn,
    }


if __name__ == "__main__":
    for name, content in pages().items():
        (DOCS / name).write_text(content)
        print(f"docs/{name}")
