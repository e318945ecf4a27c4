"""The `ghostproof` program: finds the command, runs it, turns what happened into an exit code."""

from __future__ import annotations

import sys
import traceback
from typing import Any

import typer
from typer import TyperException

from edge.cli.commands import Commands
from edge.cli.output import complain, say
from schema.errors import GhostproofError

NO_ANSWER = 3
BAD_USAGE = 64
INTERRUPTED = 130  # as a shell reports Ctrl-C

app = typer.Typer(
    cls=Commands,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def ghostproof(context: typer.Context) -> None:
    """Run replies on their own, and prove that no click ever happened without a permit.

    Exit codes: 0 yes, 1 no or partial, 2 not operational, 3 could not answer, 64 bad input.
    """
    if context.invoked_subcommand is None:
        say(context.get_help())


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    sys.exit(exit_code_of(arguments))


def exit_code_of(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; errors are on stderr by then."""
    try:
        answer: Any = app(args=arguments, prog_name="ghostproof", standalone_mode=False)
    except GhostproofError as error:
        complain(error.message, error.remedy or _advice(error))
        return error.exit_code
    except TyperException as error:
        return _bad_usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception:  # noqa: BLE001 -- a fault of ours must not look like an answer
        traceback.print_exc()
        return NO_ANSWER
    return answer if isinstance(answer, int) else 0


def _bad_usage(error: TyperException) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":  # a group without its command
        say(error.message)
        return BAD_USAGE
    path = context.command_path if context is not None else "ghostproof"
    message = error.format_message()
    complain(message[:1].lower() + message[1:].rstrip("."), f"{path} --help")
    return BAD_USAGE


def _advice(error: GhostproofError) -> str:
    """Return what the error's own docstring says to do, if it says more than what it is."""
    said = (type(error).__doc__ or "").split(". ", 1)
    return " ".join(said[1].split()).rstrip(".") if len(said) > 1 else ""


if __name__ == "__main__":
    main()
