"""What the wizard orders from: the real providers, or the sandbox in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vps_tui.core.secret import Secret

if TYPE_CHECKING:
    from vps_tui.core.money import SpendingLimit
    from vps_tui.credentials.sources import Credential
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.services.session import Session


class Backend(Protocol):
    """Knows who can be ordered from, and opens sessions."""

    sandbox: bool
    folder: Path
    """Where the journal and the kept draft live; made when something is written."""
    log: Callable[[str], None] | None
    """Takes lines for the debug log, where one is wanted; set before the first session."""
    ceiling: SpendingLimit | None
    """The most that an order may cost by the configuration."""

    def providers(self) -> tuple[ProviderInfo, ...]:
        """Return who can be ordered from; needs neither network nor a heavy import."""
        ...

    def credentials_known(self, info: ProviderInfo) -> bool:
        """Tell whether the sign-in step can be skipped."""
        ...

    def known_fields(self, info: ProviderInfo) -> Mapping[str, str]:
        """Return the sign-in values that are known and not secret, to show them in the form."""
        ...

    async def credentials(self, info: ProviderInfo) -> Mapping[str, Credential]:
        """Return every credential by `SignInField.key` with its source in words; looked up once a session."""
        ...

    async def keyring_problem(self) -> str:
        """Return why the keyring cannot keep what is typed, in one sentence; empty where it can."""
        ...

    async def keep(self, info: ProviderInfo, typed: Mapping[str, Secret]) -> str:
        """Keep what was typed in the keyring; returns one sentence on what went wrong, empty where nothing did."""
        ...

    async def open(
        self, info: ProviderInfo, typed: Mapping[str, str | Secret], *, read_only: bool = False
    ) -> Session:
        """Return a session with what was typed over what is known; with `read_only` it sends nothing but reads."""
        ...

    def close(self) -> None:
        """Give back what the backend itself holds open."""
        ...
