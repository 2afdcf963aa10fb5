"""The stand-ins for providers' APIs: what each has to be, and where it is. A further one is one line here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from vps_tui.sandbox.ledger import Ledger
    from vps_tui.sandbox.messages import Recorded, Reply

    Make = Callable[[Ledger, tuple[str, str], timedelta, Callable[[], None]], "StandIn"]

MODULES = {
    "edis": "vps_tui.sandbox.edis",
    "layerstack": "vps_tui.sandbox.layerstack",
}
"""Provider id to the module whose `STAND_IN` describes it."""


class StandIn(Protocol):
    """One provider's API for one account."""

    def call(self, path: str) -> tuple[str | None, str]:
        """Return the operation at a path below the base, None where there is none, and the id behind it."""
        ...

    def answer(self, request: Recorded, operation: str | None, argument: str, flags: frozenset[str]) -> Reply:
        """Answer one request; `flags` are the faults that bear on it."""
        ...

    def error(self, operation: str | None, status: int) -> Reply:
        """Return how the provider answers with an error of that HTTP status."""
        ...

    def without_ids(self, body: Any) -> Any:
        """Return the answer to an order without the ids in it."""
        ...


@dataclass(frozen=True, slots=True)
class StandInInfo:
    """What is known of a stand-in before it serves."""

    name: str
    make: Make
    account: tuple[str, str]
    """What signs in: the values of the provider's two fields."""
    base: str
    """What the paths begin with, as "/kvm/v2/"."""
    url_path: str = ""
    """Path of the base address, as "/api"."""
    variables: tuple[str, ...] = ()
    """Environment variables for the base addresses, then for the two fields."""
    catalog_file: Path | None = None
    has_credit: bool = False


def stand_ins() -> dict[str, StandInInfo]:
    """Return the description of every stand-in by provider id."""
    return {provider: import_module(module).STAND_IN for provider, module in MODULES.items()}
