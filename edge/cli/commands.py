"""The table of commands; a command's module is imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

SECTIONS = {
    "Begin": {
        "demo": "edge.cli.demo",
        "init": "edge.cli.init",
        "login": "edge.cli.login",
        "site": "edge.cli.site",
        "sandbox": "edge.cli.sandbox",
        "run": "edge.cli.running",
    },
    "Look after it": {
        "status": "edge.cli.status",
        "doctor": "edge.cli.doctor",
        "where": "edge.cli.where",
        "config": "edge.cli.config",
        "db": "edge.cli.db",
        "queues": "edge.cli.queues",
        "parked": "edge.cli.parked",
    },
    "Ask the log": {
        "why": "edge.cli.why",
        "trace": "edge.cli.trace",
        "events": "edge.cli.events",
        "show": "edge.cli.show",
        "audit": "edge.cli.audit",
        "certify": "edge.cli.certify",
        "throughput": "edge.cli.throughput",
        "proof": "edge.cli.proof",
        "drift": "edge.cli.drift",
        "rebuild": "edge.cli.rebuild",
    },
    "Act": {
        "stop-posting": "edge.cli.stop_posting",
        "allow-posting": "edge.cli.allow_posting",
        "pending": "edge.cli.pending",
        "approve": "edge.cli.approve",
        "reject": "edge.cli.reject",
        "ghost": "edge.cli.ghost",
        "alerts": "edge.cli.alerts",
        "block": "edge.cli.block",
        "unblock": "edge.cli.unblock",
        "blocked": "edge.cli.blocked",
        "import-legacy": "edge.cli.import_legacy",
    },
    "See how it is made": {
        "flow": "edge.cli.flow",
        "catalogue": "edge.cli.catalogue",
    },
}
"""Heading of the help -> name -> module with an `app`."""

COMMANDS = {name: module for section in SECTIONS.values() for name, module in section.items()}

COMPLETION = frozenset({"install_completion", "show_completion"})
NAME_CHARACTERS = max(map(len, COMMANDS))
BESIDE_NAMES = 6  # columns: two before the name, two after it, two that typer leaves


class Commands(TyperGroup):
    """Loads a command when it is asked for, so that the others cost nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the table's order."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module and return its command, None when there is no such name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = get_command(import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        _be_plain(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write each section with its commands and the first sentence of each."""
        room = formatter.width - NAME_CHARACTERS - BESIDE_NAMES
        for heading, section in SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl(
                    [
                        (f"{name:{NAME_CHARACTERS}}", self._summary(ctx, name, room))
                        for name in section
                    ]
                )

    def _summary(self, ctx: Any, name: str, room: int) -> str:
        summary: str = self.get_command(ctx, name).get_short_help_str(room)
        return summary


def _be_plain(command: Any) -> None:
    """Let a command's help look like the program's: plain text, without a shell's completion."""
    command.params = [one for one in command.params if one.name not in COMPLETION]
    command.rich_markup_mode = None
    for inner in getattr(command, "commands", {}).values():
        _be_plain(inner)
