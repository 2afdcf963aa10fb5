"""The command line: arguments in, exit code out. Textual is imported last, and only for the wizard."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from vps_tui import __version__
from vps_tui.errors import UsageError, VpsTuiError

if TYPE_CHECKING:
    from pathlib import Path

    from vps_tui.backend import Backend

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_CANCELLED, EXIT_UNKNOWN = range(5)

EPILOG = """\
examples:
  vps-tui --sandbox            try everything; nothing is bought
  vps-tui                      order from EDIS Global or LayerStack
  vps-tui sandbox --port 8080  serve the sandbox alone, for scripts and tests

exit codes:
  0 done   1 failed, nothing was ordered   2 usage or configuration wrong
  3 cancelled   4 outcome unknown: check before ordering again
"""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="vps-tui",
        description="Order virtual servers from EDIS Global and LayerStack from inside a terminal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"vps-tui {__version__}")
    parser.add_argument(
        "--sandbox", action="store_true", help="use the built-in sandbox of both providers; nothing is bought"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        help="switch a fault of the sandbox on (repeatable)",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    serve = commands.add_parser("sandbox", help="serve the sandbox alone", allow_abbrev=False)
    serve.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (default: a free one)")
    serve.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME",
        dest="served_faults",
        help="switch a fault on (repeatable)",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    options = build_parser().parse_args(arguments)
    try:
        if options.command == "sandbox":
            return _serve(options.port, [*options.fault, *options.served_faults])
        return _wizard(sandbox=options.sandbox, faults=options.fault)
    except VpsTuiError as error:
        print(f"vps-tui: {error.title}: {error.message} {error.hint}".rstrip(), file=sys.stderr)
        return EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAILED


def _wizard(*, sandbox: bool, faults: Sequence[str]) -> int:
    if faults and not sandbox:
        raise UsageError("--fault works on the sandbox only.", hint="Add --sandbox.")
    if os.environ.get("TERM", "dumb") == "dumb" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The wizard needs a terminal.", hint="Run it in one, with TERM set.")

    from pathlib import Path

    from vps_tui.backend import LiveBackend, SandboxBackend
    from vps_tui.folders import config_folder, state_folder

    if sandbox:
        _check_faults(faults)
        backend = SandboxBackend(state_folder() / "sandbox" / "ledger.sqlite", tuple(faults))
        return _run(backend, Path.home() / ".ssh")
    return _run(LiveBackend(os.environ, config_folder()), Path.home() / ".ssh")


def _run(backend: Backend, ssh_folder: Path) -> int:
    from vps_tui.tui.app import WizardApp

    app = WizardApp(backend, ssh_folder)
    try:
        code = app.run()
    finally:
        backend.close()
    if app.fault is not None:
        sent = "An order may have been sent: check with the provider." if app.ordering else "Nothing was ordered."
        print(f"vps-tui: Stopped by a fault of its own ({type(app.fault).__name__}). {sent}", file=sys.stderr)
        return EXIT_UNKNOWN if app.ordering else EXIT_FAILED
    print("\n".join(app.last_words()))
    return EXIT_CANCELLED if code is None else code


def _serve(port: int, faults: Sequence[str]) -> int:
    from vps_tui.folders import state_folder
    from vps_tui.sandbox.server import serve

    _check_faults(faults)
    try:
        return serve(port, ledger=state_folder() / "sandbox" / "ledger.sqlite", faults=faults)
    except OSError as error:
        raise UsageError(
            f"The sandbox cannot serve on port {port}: {error.strerror}.", hint="Choose another port."
        ) from error


def _check_faults(faults: Sequence[str]) -> None:
    from vps_tui.sandbox.faults import parse

    for fault in faults:
        try:
            parse(fault)
        except ValueError as error:
            raise UsageError(str(error)) from error


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port
