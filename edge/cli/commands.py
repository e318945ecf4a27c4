"""The table of commands; a command's module is imported only when it is called."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = {
    "demo": "edge.cli.demo",
    "run": "edge.cli.running",
    "init": "edge.cli.init",
    "login": "edge.cli.login",
    "site": "edge.cli.site",
    "sandbox": "edge.cli.sandbox",
    "db": "edge.cli.db",
    "where": "edge.cli.where",
    "status": "edge.cli.status",
    "doctor": "edge.cli.doctor",
    "config": "edge.cli.config",
    "why": "edge.cli.why",
    "trace": "edge.cli.trace",
    "events": "edge.cli.events",
    "show": "edge.cli.show",
    "audit": "edge.cli.audit",
    "rebuild": "edge.cli.rebuild",
    "drift": "edge.cli.drift",
    "certify": "edge.cli.certify",
    "throughput": "edge.cli.throughput",
    "proof": "edge.cli.proof",
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
    "parked": "edge.cli.parked",
    "queues": "edge.cli.queues",
    "import-legacy": "edge.cli.import_legacy",
    "flow": "edge.cli.flow",
    "catalogue": "edge.cli.catalogue",
}
"""Name -> module with an `app`, in the order of the help."""

COMPLETION = frozenset({"install_completion", "show_completion"})


class Commands(TyperGroup):
    """Loads a command when it is asked for, so that the others cost nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the table's order."""
        del ctx
        return [name for name, module in COMMANDS.items() if find_spec(module) is not None]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command's module and return its command, None when there is no such name."""
        del ctx
        if cmd_name not in COMMANDS or find_spec(COMMANDS[cmd_name]) is None:
            return None
        command = get_command(import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        _be_plain(command)
        return command


def _be_plain(command: Any) -> None:
    """Let a command's help look like the program's: plain text, without a shell's completion."""
    command.params = [one for one in command.params if one.name not in COMPLETION]
    command.rich_markup_mode = None
    for inner in getattr(command, "commands", {}).values():
        _be_plain(inner)
