"""The line mode from start to exit code."""

from __future__ import annotations

import asyncio
from pathlib import Path

from vps_tui.commands.interruption import stoppable
from vps_tui.flow import Flow
from vps_tui.plain.asking import Asker
from vps_tui.plain.lines import Lines
from vps_tui.plain.wizard import PlainWizard


def run(flow: Flow, lines: Lines | None = None) -> int:
    """Ask on standard input and output; returns the exit code. Raises `UsageError` where nobody can be asked."""
    ask = Asker(flow, lines or Lines(), Path.home() / ".ssh")
    with stoppable():
        try:
            code = asyncio.run(PlainWizard(ask).run())
        except KeyboardInterrupt:
            # A second Ctrl+C came while the first was being heeded; what the flow knows is true all the same.
            flow.drafts.keep(flow.state)
            code = flow.code
        ask.say(*flow.last_words())
    return code
