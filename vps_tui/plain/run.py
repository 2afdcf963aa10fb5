"""The line mode from start to exit code."""

from __future__ import annotations

import asyncio
from pathlib import Path

from vps_tui.plain.loop import PlainWizard
from vps_tui.plain.prompter import Prompter
from vps_tui.plain.terminal_io import Lines
from vps_tui.terminal.signals import stoppable
from vps_tui.wizard.controller import Flow


def run(flow: Flow, lines: Lines | None = None) -> int:
    """Ask on standard input and output; returns the exit code. Raises `UsageError` where nobody can be asked."""
    ask = Prompter(flow, lines or Lines(), Path.home() / ".ssh")
    with stoppable():
        try:
            code = asyncio.run(PlainWizard(ask).run())
        except KeyboardInterrupt:
            # A second Ctrl+C came while the first was being heeded; what the flow knows is true all the same.
            flow.drafts.keep(flow.state)
            code = flow.exit_code
        ask.say(*flow.last_words())
    return code
