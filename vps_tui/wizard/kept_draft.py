"""Keeps the order in the making on disk, so that nothing that ends the program loses it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.draft import Draft
from vps_tui.core.errors import VpsTuiError

if TYPE_CHECKING:
    from vps_tui.wizard.state import WizardState

FILE_NAME = "draft.toml"


class DraftKeeper:
    """Writes the newest draft; may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        """Keep drafts in `folder`; nothing is written yet."""
        self._folder = folder
        self._lock = threading.Lock()
        self._written: Draft | None = None
        self.problem: VpsTuiError | None = None
        """Why the newest draft is not on disk; None when it is."""

    def kept(self) -> Draft | None:
        """Return the draft of an earlier run, if there is one with anything in it; raises `UsageError`."""
        if not os.path.lexists(self._folder / FILE_NAME):
            return None
        from vps_tui.services.order_files import kept_draft

        draft = kept_draft(self._folder)
        return draft if draft is not None and draft.provider else None

    def keep(self, state: WizardState) -> None:
        """Write what `state` orders, unless it has been ordered; what goes wrong is in `problem`.

        While a server is changed nothing is ordered, and an order that was begun before stays as it was kept.
        """
        state = state.home
        unchanged = state.outcome is None and state.draft == self._written
        if state.changing is not None or state.info is None or unchanged:
            return
        from vps_tui.core.outcome import OutcomeKind
        from vps_tui.services.order_files import forget_draft, keep_draft

        outcome = state.outcome
        with self._lock:
            try:
                if outcome is None:
                    keep_draft(self._folder, state.draft)
                    self._written = state.draft
                elif outcome.kind in (OutcomeKind.PLACED, OutcomeKind.UNKNOWN):
                    if self._written is not None or self._found_bought(state):
                        forget_draft(self._folder)
                    self._written = None
                self.problem = None
            except VpsTuiError as error:
                self.problem = error

    def _found_bought(self, state: WizardState) -> bool:
        """Tell whether the kept draft is an order that was placed: its program died before it could forget it."""
        from vps_tui.core.outcome import OutcomeKind

        if state.outcome is None or state.outcome.kind is not OutcomeKind.PLACED:
            return False
        kept = self.kept()
        return kept is not None and _identity(kept) == _identity(state.draft)


def _identity(draft: Draft) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return draft.provider, draft.location, tuple((server.name, server.plan) for server in draft.servers)
