"""Toy Servers: what is known without asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.order_keys import OrderKeys
from vps_tui.providers.info import ProviderInfo, SignInField

if TYPE_CHECKING:
    from vps_tui.providers.models import Connection
    from vps_tui.providers.protocol import Provider


def _connect(connection: Connection) -> Provider:
    from .client import ToyClient

    return ToyClient(PROVIDER, connection)


PROVIDER = ProviderInfo(
    id="toy",
    name="Toy Servers",
    summary="Servers to play with",
    sign_in=(
        SignInField("user", "User", "VPS_TUI_TOY_USER", secret=False),
        SignInField("pin", "PIN", "VPS_TUI_TOY_PIN", secret=True),
    ),
    sign_in_help=("Ask a child.",),
    urls={"api": ("VPS_TUI_TOY_URL", "https://toy.example")},
    connect=_connect,
    name_word="Name",
    name_help="Anything.",
    name_problem=lambda name: None if name else "Write a name.",
    order_keys=OrderKeys(
        top=frozenset({"location"}),
        server=frozenset(),
        add_ons=("snapshots",),
        required=frozenset({"location"}),
        cycles=(BillingCycle.MONTHLY, BillingCycle("biennially")),
    ),
)
