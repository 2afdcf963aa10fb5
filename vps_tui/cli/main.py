"""The program's entry: arguments in, exit code out, every failure in words."""

from __future__ import annotations

import os
import sys

from vps_tui import __version__
from vps_tui.core import exit_codes
from vps_tui.core.errors import Consequence, InvalidValue, UsageError, VpsTuiError
from vps_tui.terminal import streams

TYPE_CHECKING = False
"""Type checkers take it for true; `typing` alone would take a sixth of the time of `--version`."""

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def entry() -> NoReturn:
    """Run the program and end the process at once: to take all modules apart first would only cost time."""
    streams.guard()
    try:
        code = main()
    except SystemExit as stop:
        # argparse ends so, after a help text and for wrong usage.
        code = stop.code if isinstance(stop.code, int) else exit_codes.FAILED
    except KeyboardInterrupt:
        code = exit_codes.CANCELLED
    os._exit(streams.finish(code))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["--version"]:
        print(f"vps-tui {__version__}")
        return exit_codes.DONE
    as_json = "--json" in arguments
    from vps_tui.cli.parser import build_parser

    if "_ARGCOMPLETE" in os.environ:
        from vps_tui.cli.completion import offer

        offer(build_parser())
    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:
        if stop.code and as_json:
            _print_json(UsageError("The command line is wrong: standard error says how.", hint="See vps-tui --help."))
        raise
    try:
        from vps_tui.cli.dispatch import run

        return run(options)
    except VpsTuiError as error:
        _tell(error, as_json=as_json)
        return exit_codes.USAGE if isinstance(error, UsageError | InvalidValue) else exit_codes.FAILED
    except KeyboardInterrupt:
        _tell(UsageError("Nothing was ordered.", title="Stopped"), as_json=as_json)
        return exit_codes.CANCELLED
    except Exception as fault:  # noqa: BLE001 - the last place where words can stand for a traceback
        ordered = options.command in ("order", "change", "cancel") and not options.dry_run
        from vps_tui.files.crash_report import report

        report(fault, "See vps-tui orders for whether it was ordered." if ordered else Consequence.NOTHING_ORDERED)
        return exit_codes.FAILED


def _tell(error: VpsTuiError, *, as_json: bool) -> None:
    """Print an error for people, or as the one JSON document of the command."""
    words = f"vps-tui: {error.title}: {error.message} {error.hint}".rstrip()
    if as_json:
        _print_json(error)
        streams.settle(words)
    else:
        print(words, file=sys.stderr)


def _print_json(error: VpsTuiError) -> None:
    import json

    print(json.dumps({"error": {"title": error.title, "message": error.message, "hint": error.hint}}, indent=2))
