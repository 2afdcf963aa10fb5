"""LayerStack: what is known without asking (API documents at docs.layerstack.com)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.hostnames import hostname_problem
from vps_tui.core.order_keys import OrderKeys
from vps_tui.core.order_servers import MAX_SERVERS
from vps_tui.providers.info import ProviderInfo, SignInField

if TYPE_CHECKING:
    from vps_tui.providers.models import Connection
    from vps_tui.providers.protocol import Provider


def _connect(connection: Connection) -> Provider:
    from vps_tui.providers.layerstack.client import LayerStackClient

    return LayerStackClient(PROVIDER, connection)


PROVIDER = ProviderInfo(
    id="layerstack",
    name="LayerStack",
    summary="Cloud servers in Asia and the US, paid by credit card",
    sign_in=(
        SignInField("account", "Account id", "VPS_TUI_LAYERSTACK_ACCOUNT", secret=False, example="XX-12345678"),
        SignInField("token", "Access token", "VPS_TUI_LAYERSTACK_TOKEN", secret=True),
    ),
    sign_in_help=(
        "The account id has the form XX-12345678; the LayerPanel shows it.",
        "The API needs an access token: look for it in the LayerPanel, or ask LayerStack's support.",
    ),
    sign_in_summary="LayerStack account id and access token.",
    urls={"api": ("VPS_TUI_LAYERSTACK_URL", "https://api.layerpanel.com/api")},
    connect=_connect,
    catalog_file="layerstack-catalog.toml",
    name_word="Label",
    name_help="The name the server has in the LayerPanel, such as web1.",
    # LayerStack documents no rule for a label (Order, field label): a host name is accepted wherever either is.
    name_problem=hostname_problem,
    order_keys=OrderKeys(
        top=frozenset({"currency"}),
        required=frozenset({"plan_type"}),
        cycles=(BillingCycle.MONTHLY, BillingCycle.QUARTERLY, BillingCycle.ANNUALLY),
        text_ids=False,
    ),
    # Order, "Create Order", has a `label`; "Create Cart Item" has none.
    shared_name_note="LayerStack gives all servers of one order the same label.",
    most_alike=MAX_SERVERS,
    has_locations=False,
    regions={
        "HK": ("hk", "Hong Kong"),
        "SG": ("sg", "Singapore"),
        "TYO": ("jp", "Tokyo, Japan"),
        "LA": ("us", "Los Angeles, USA"),
    },
    plan_types=(
        ("cloud_servers_standard", "General Purpose"),
        ("cloud_servers_highmemory", "Memory Optimized"),
        ("cloud_servers_dedicatedcpu", "Dedicated CPU"),
        ("cloud_servers_highstorage_sas", "High Storage"),
    ),
    needs_root_password=True,
    takes_startup_script=True,
    key_optional_help="You log in with the root password.",
    delivery_help="The server's address appears in the LayerPanel.",
    panel="the LayerPanel",
    billing_note="LayerStack charges its own list price to the account's card, in the account's currency.",
)
