"""What a provider's client can do for servers that one has already, where its API changes any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from vps_tui.core.outcome import Outcome
    from vps_tui.core.server_change import Change, ChangeQuote, ChangesOffered, OwnedListing, OwnedServer
    from vps_tui.providers.protocol import PreparedCall


class Changer(Protocol):
    """Servers of one account. Reads raise `ProviderError`; the paid call never raises for what the wire does."""

    async def owned(self) -> OwnedListing:
        """Return every server that the account has, ended ones too where they are listed."""
        ...

    async def changes_offered(self, server: OwnedServer) -> ChangesOffered:
        """Return what can be changed about `server`, and what cannot, in words."""
        ...

    async def quote_change(self, change: Change) -> ChangeQuote:
        """Return what `change` costs, asked of the provider where it can be asked; changes nothing.

        Raises `UsageError` for a change that the provider has no call for.
        """
        ...

    def change_text(self, change: Change) -> str:
        """Return what the paid call for `change` says, without secrets: the same change gives the same text."""
        ...

    async def prepare_change(self, change: Change, quote: ChangeQuote) -> PreparedCall | Outcome:
        """Return the one call that makes `change`, ready to go; an `Outcome` when it cannot be made.

        `quote` is what was agreed to: an answer that charges anything else says so.
        """
        ...


@runtime_checkable
class ChangesServers(Protocol):
    """A `Provider` whose API lists and changes servers; one without it has nothing to do."""

    @property
    def changer(self) -> Changer:
        """What changes servers of this account."""
        ...
