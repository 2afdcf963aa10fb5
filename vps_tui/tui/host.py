"""What screens may use of the app that shows them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from vps_tui.journal import Journal
    from vps_tui.services.backend import Backend
    from vps_tui.services.session import Session
    from vps_tui.terminal.capabilities import Abilities
    from vps_tui.wizard.controller import Flow
    from vps_tui.wizard.state import WizardState


class WizardHost(Protocol):
    """The app as screens see it: they post messages, and it decides where to go."""

    flow: Flow
    state: WizardState
    ssh_folder: Path
    abilities: Abilities

    @property
    def backend(self) -> Backend:
        """What is ordered from."""

    @property
    def journal(self) -> Journal:
        """The record of orders."""

    @property
    def ordering(self) -> bool:
        """True while a paid call is under way."""

    @property
    def keys_hurried(self) -> bool:
        """True while the last keys came as fast as only a paste or a held key does."""

    async def session(self) -> Session:
        """Return the session with the chosen provider; raises `VpsTuiError`."""

    async def leave(self) -> None:
        """Close everything and end the program."""

    def action_earlier(self, chosen: str = "") -> None:
        """Show the earlier orders over the present step."""
