"""The program's entry: arguments in, exit code out. Textual is imported last, and only for the screens."""

from __future__ import annotations

import os
import sys

from vps_tui import __version__
from vps_tui.errors import NOTHING_ORDERED, InvalidValue, UsageError, VpsTuiError

TYPE_CHECKING = False
"""Type checkers take it for true; `typing` alone would take a sixth of the time of `--version`."""

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import NoReturn

    from vps_tui.backend import Backend
    from vps_tui.core.draft import Draft
    from vps_tui.flow import Flow
    from vps_tui.opening import Opening
    from vps_tui.tui.app import WizardApp

ESCAPE_DELAY = "40"
"""Milliseconds after which an Escape is a key and not the start of one; ncurses' variable may say otherwise."""

EXIT_DONE, EXIT_FAILED, EXIT_USAGE, EXIT_CANCELLED, EXIT_UNKNOWN = range(5)


def entry() -> NoReturn:
    """Run the program and end it at once: the interpreter's taking apart of all modules is time that nobody needs."""
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or EXIT_FAILED
    os._exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if list(arguments) == ["--version"]:
        print(f"vps-tui {__version__}")
        return EXIT_DONE
    as_json = "--json" in arguments
    from vps_tui.command_line import build_parser

    try:
        options = build_parser().parse_args(arguments)
    except SystemExit as stop:
        if stop.code and as_json:
            _print_json(UsageError("The command line is wrong: standard error says how.", hint="See vps-tui --help."))
        raise
    try:
        return _run(options)
    except VpsTuiError as error:
        _tell(error, as_json=as_json)
        return EXIT_USAGE if isinstance(error, UsageError | InvalidValue) else EXIT_FAILED
    except KeyboardInterrupt:
        _tell(UsageError("Nothing was ordered.", title="Stopped"), as_json=as_json)
        return EXIT_CANCELLED
    except BrokenPipeError:
        # Whoever read the output has gone, as `head` does: nothing is wrong, and there is nobody to tell.
        _drop_output()
        return EXIT_FAILED
    except Exception as fault:  # noqa: BLE001 - the last place where words can stand for a traceback
        ordered = options.command == "order" and not options.dry_run
        _crashed(fault, "See vps-tui orders for whether it was ordered." if ordered else NOTHING_ORDERED)
        return EXIT_FAILED


def _run(options: argparse.Namespace) -> int:
    if options.command == "sandbox":
        return _serve(options.port, [*options.faults, *options.served_faults])
    if options.faults and not options.sandbox:
        raise UsageError("--fault works on the sandbox only.", hint="Add --sandbox.")
    if options.command is None:
        return _wizard(options)
    for option, given in (("--order-file", options.order_file is not None), ("--plain", options.plain)):
        if given:
            raise UsageError(f"{option} starts the wizard.", hint=f"Leave it out, or leave out {options.command}.")
    if options.command == "doctor":
        return _doctor(options)
    backend = _backend(options)
    try:
        return _command(options, backend)
    finally:
        backend.close()


def _command(options: argparse.Namespace, backend: Backend) -> int:
    if options.command == "quote":
        from vps_tui.commands import placing

        return placing.quote(backend, options.file, as_json=options.json)
    if options.command == "order":
        return _order(options, backend)
    if options.command == "catalog":
        from vps_tui.commands import catalog

        return catalog.shown(backend, options.provider, options.location, as_json=options.json)
    from vps_tui.commands import orders

    if options.action == "show":
        return orders.shown(backend, options.reference, as_json=options.json)
    if options.action == "check":
        return orders.checked(backend, options.reference, wait_minutes=options.wait, as_json=options.json)
    if options.action == "settle":
        return orders.settled(
            backend, options.reference, there=options.ordered, order_id=options.order_id, as_json=options.json
        )
    return orders.listed(backend, as_json=options.json)


def _doctor(options: argparse.Namespace) -> int:
    from vps_tui.commands import doctor

    backend, failure = None, None
    try:
        backend = _backend(options)
    except VpsTuiError as error:
        failure = error
    try:
        return doctor.examined(backend, failure, os.environ, options.config, as_json=options.json)
    finally:
        if backend is not None:
            backend.close()


def _order(options: argparse.Namespace, backend: Backend) -> int:
    from vps_tui.commands import placing
    from vps_tui.config import load_config
    from vps_tui.core.ceiling import Ceiling

    ceiling = (
        load_config(options.config, options.profile).max_total
        if options.max_total is None
        else Ceiling.parse(options.max_total)
    )
    chosen = placing.Options(
        options.file,
        yes=options.yes,
        max_total=ceiling,
        allow_unknown_price=options.allow_unknown_price,
        dry_run=options.dry_run,
        again=options.again,
        json=options.json,
    )
    return placing.order(backend, chosen, os.environ)


def _backend(options: argparse.Namespace) -> Backend:
    backend = _chosen_backend(options)
    if options.log is not None:
        from vps_tui.debug_log import DebugLog

        backend.log = DebugLog(options.log).write
    return backend


def _chosen_backend(options: argparse.Namespace) -> Backend:
    from vps_tui.folders import config_folder, state_folder

    if options.sandbox:
        from vps_tui.sandboxed import SandboxBackend

        if options.faults:
            _check_faults(options.faults)
        return SandboxBackend(state_folder() / "sandbox", tuple(options.faults))
    from vps_tui.config import load_config
    from vps_tui.live import LiveBackend

    config = load_config(options.config, options.profile)
    return LiveBackend(os.environ, config_folder(), state_folder(), config)


def _wizard(options: argparse.Namespace) -> int:
    screens = os.environ.get("TERM", "") not in ("", "dumb") and sys.stdin.isatty() and sys.stdout.isatty()
    if options.plain or not screens:
        return _run_plain(_backend(options), _saved(options))
    from vps_tui.opening import Opening

    with Opening(sandbox=options.sandbox) as opening:
        app, code = _run_wizard(_backend(options), _saved(options), opening, _theme(options))
    try:
        if app.fault is not None:
            return _wizard_failed(app.fault, app)
        print("\n".join(app.last_words()), flush=True)
    except OSError:
        # The terminal is gone, and the words with it: the exit code and the journal say the same.
        _drop_output()
    return EXIT_CANCELLED if code is None else code


def _run_plain(backend: Backend, draft: Draft | None) -> int:
    from vps_tui.flow import Flow
    from vps_tui.plain.program import run

    flow = Flow(backend, draft)
    try:
        return run(flow)
    except (VpsTuiError, KeyboardInterrupt):
        raise
    except Exception as fault:  # noqa: BLE001 - an order may have been made: the exit code must tell
        return _wizard_failed(fault, flow)
    finally:
        backend.close()


def _saved(options: argparse.Namespace) -> Draft | None:
    """Return what the order file holds, None without one."""
    if options.order_file is None:
        return None
    from vps_tui.order_files import load

    return load(options.order_file)


def _theme(options: argparse.Namespace) -> str:
    """Return the theme that the configuration names, empty without one; where there is none, nothing is loaded."""
    from vps_tui.folders import config_folder

    if not os.path.lexists(options.config or config_folder() / "config.toml"):
        return ""
    from vps_tui.config import load_config

    return load_config(options.config, options.profile).theme


def _run_wizard(backend: Backend, draft: Draft | None, opening: Opening, theme: str) -> tuple[WizardApp, int | None]:
    """Show the wizard; returns it as it was left, with its exit code."""
    from pathlib import Path

    os.environ.setdefault("ESCDELAY", ESCAPE_DELAY)
    from vps_tui.tui.app import WizardApp

    app = WizardApp(backend, Path.home() / ".ssh", draft, opening=opening)
    app.choose_theme(theme)
    try:
        return app, app.run()
    finally:
        backend.close()


def _drop_output() -> None:
    """Send what is still buffered nowhere: it would fail once more when the interpreter ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _wizard_failed(fault: BaseException, app: WizardApp | Flow) -> int:
    """Tell of a fault that ended the wizard; returns the exit code."""
    outcome = app.state.outcome
    if app.ordering and app.sending:
        _crashed(fault, "An order may have been sent: start again, and the wizard opens with it.")
        return EXIT_UNKNOWN
    if outcome is None:
        _crashed(fault, "Nothing was ordered. What you had chosen is kept: the next start offers it.")
        return EXIT_FAILED
    _crashed(fault, "What became of the order:")
    print("\n".join(app.last_words()))
    return outcome.kind.exit_code or EXIT_FAILED


def _crashed(fault: BaseException, money: str) -> None:
    from vps_tui.crash import tell
    from vps_tui.folders import state_folder

    print("\n".join(tell(fault, state_folder, money)), file=sys.stderr)


def _tell(error: VpsTuiError, *, as_json: bool) -> None:
    """Print an error for people, or as the one JSON document of the command."""
    if as_json:
        _print_json(error)
    else:
        print(f"vps-tui: {error.title}: {error.message} {error.hint}".rstrip(), file=sys.stderr)


def _print_json(error: VpsTuiError) -> None:
    import json

    print(json.dumps({"error": {"title": error.title, "message": error.message, "hint": error.hint}}, indent=2))


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
