"""The wizard's start: screens where the terminal can draw them, lines elsewhere. Textual is imported last."""

from __future__ import annotations

import os
import sys
from enum import Enum

from vps_tui.core import exit_codes
from vps_tui.core.errors import VpsTuiError
from vps_tui.terminal import streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from vps_tui.core.draft import Draft
    from vps_tui.services.backend import Backend
    from vps_tui.terminal.first_paint import FirstPaint
    from vps_tui.tui.app import WizardApp
    from vps_tui.wizard.controller import Flow

ESCAPE_DELAY = "40"
"""Milliseconds after which an Escape is a key and not the start of one; ncurses' variable may say otherwise."""


class Opening(Enum):
    """What the wizard begins with, by the command that starts it."""

    QUESTIONS = None
    EARLIER_ORDERS = "orders"
    """It ends there unless something is to be ordered."""
    OWNED_SERVERS = "servers"


def wizard(options: argparse.Namespace, backend: Callable[[], Backend], opening: Opening) -> int:
    """Run the wizard on what `backend` opens; returns the exit code."""
    # Screens are drawn on standard error, and the last words are said on standard output.
    terminal = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    if options.plain or not terminal or os.environ.get("TERM", "") in ("", "dumb"):
        return _run_plain(backend(), _load_saved(options), opening)
    from vps_tui.terminal.first_paint import FirstPaint

    with FirstPaint(sandbox=options.sandbox) as first_paint:
        app = _app(backend(), _load_saved(options), first_paint)
        app.choose_theme(_theme(options))
        try:
            _open(app.flow, opening)
            code = app.run()
        finally:
            app.backend.close()
    if app.fault is not None:
        return _wizard_failed(app.fault, app.flow)
    print("".join(f"{words}\n" for words in app.flow.last_words()), end="")
    streams.settle(*app.flow.last_words())
    return exit_codes.CANCELLED if code is None else code


def _run_plain(backend: Backend, draft: Draft | None, opening: Opening) -> int:
    from vps_tui.plain.run import run
    from vps_tui.wizard.controller import Flow

    flow = Flow(backend, draft)
    try:
        _open(flow, opening)
        return _end(flow, run(flow))
    except (VpsTuiError, KeyboardInterrupt):
        raise
    except Exception as fault:  # noqa: BLE001 - an order may have been made: the exit code must tell
        return _wizard_failed(fault, flow)
    finally:
        backend.close()


def _end(flow: Flow, code: int) -> int:
    """Return the exit code of a line mode that ended with `code`; unseen last words go to standard error."""
    if code == exit_codes.CANCELLED and streams.reader_left():
        return code
    streams.settle(*flow.last_words())
    # Where a question could not be shown nobody has cancelled.
    unasked = code == exit_codes.CANCELLED and streams.failure(streams.OUT)
    return exit_codes.FAILED if unasked else code


def _load_saved(options: argparse.Namespace) -> Draft | None:
    """Return what the order file holds, None without one."""
    if options.order_file is None:
        return None
    from vps_tui.services.order_files import load

    return load(options.order_file)


def _theme(options: argparse.Namespace) -> str:
    """Return the theme that the configuration names, empty without one; where there is none, nothing is loaded."""
    from vps_tui.files.locations import config_folder

    if not os.path.lexists(options.config or config_folder() / "config.toml"):
        return ""
    from vps_tui.credentials.config import load_config

    return load_config(options.config, options.profile).theme


def _open(flow: Flow, opening: Opening) -> None:
    """Have the wizard begin with what `opening` says."""
    flow.about_servers = opening is Opening.OWNED_SERVERS
    if opening is Opening.EARLIER_ORDERS:
        from vps_tui.wizard.history import only_look

        only_look(flow)


def _app(backend: Backend, draft: Draft | None, first_paint: FirstPaint) -> WizardApp:
    """Return the wizard on screens, not started yet."""
    from pathlib import Path

    os.environ.setdefault("ESCDELAY", ESCAPE_DELAY)
    from vps_tui.tui.app import WizardApp

    return WizardApp(backend, Path.home() / ".ssh", draft, opening=first_paint)


def _wizard_failed(fault: BaseException, flow: Flow) -> int:
    """Tell of a fault that ended the wizard; returns the exit code."""
    from vps_tui.files.crash_report import report

    outcome = flow.state.home.outcome
    if flow.ordering and flow.sending:
        report(fault, "An order may have been sent: start again, and the wizard opens with it.")
        return exit_codes.UNKNOWN
    if outcome is None:
        report(fault, "Nothing was ordered. What you had chosen is kept: the next start offers it.")
        return exit_codes.FAILED
    report(fault, "What became of the order:")
    print("\n".join(flow.last_words()))
    streams.settle(*flow.last_words())
    return outcome.kind.exit_code or exit_codes.FAILED
