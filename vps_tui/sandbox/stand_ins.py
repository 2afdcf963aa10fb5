"""The stand-ins for providers' APIs: what is known of each, and where it is. A further one is one line here."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from pathlib import Path

    from vps_tui.sandbox.ledger import Ledger
    from vps_tui.sandbox.messages import Provider

    Make = Callable[[Ledger, tuple[str, str], timedelta, Callable[[], None]], Provider]

MODULES = {
    "edis": "vps_tui.sandbox.edis",
    "layerstack": "vps_tui.sandbox.layerstack",
}
"""Provider id to the module whose `STAND_IN` describes it."""


@dataclass(frozen=True, slots=True)
class StandInInfo:
    """What is known of a stand-in before it serves."""

    name: str
    make: Make
    account: tuple[str, str]
    """What signs in: the values of the provider's two fields."""
    url_path: str = ""
    """Path of the base address, as "/api"."""
    variables: tuple[str, ...] = ()
    """Environment variables for the base addresses, then for the two fields."""
    catalog_file: Path | None = None
    has_credit: bool = False


def stand_ins() -> dict[str, StandInInfo]:
    """Return the description of every stand-in by provider id."""
    return {provider: import_module(module).STAND_IN for provider, module in MODULES.items()}
