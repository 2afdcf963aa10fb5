"""What the tests order, and as whom."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJk1oxDGpQ4mH8IubL0U4fU1xYk8kQ7Vh0Qz4tq0bXyZ ops+web=box/1 ü"

CREDENTIALS = {
    "edis": dict(zip(("email", "password"), EDIS_ACCOUNT, strict=True)),
    "layerstack": dict(zip(("account", "token"), LAYERSTACK_ACCOUNT, strict=True)),
}

EDIS_SERVER = ServerDraft(
    name="web1.example.com",
    plan="1707",
    plan_name="KVM STARTER",
    os="208",
    add_ons=(ChosenAddOn("additional_ram", "396"), ChosenAddOn("additional_diskboost", "605")),
    ssh_key=KEY,
)
EDIS_DRAFT = Draft(provider="edis", location="122", payment_method="cryptomus", servers=(EDIS_SERVER,))

LAYERSTACK_SERVER = ServerDraft(
    name="web1",
    plan="101",
    plan_name="S102-HK",
    os="12",
    add_ons=(ChosenAddOn("backup", "6"), ChosenAddOn("disk", "10", 5)),
    ssh_key=KEY,
)
LAYERSTACK_DRAFT = Draft(provider="layerstack", payment_method="ccard", currency="USD", servers=(LAYERSTACK_SERVER,))

DRAFTS = {"edis": EDIS_DRAFT, "layerstack": LAYERSTACK_DRAFT}
ROOT_PASSWORDS: dict[str, tuple[Secret, ...]] = {
    "edis": (),
    "layerstack": (Secret('Sésame+open & "1"'),),
}
PAID_PATHS = {"edis": "/kvm/v2/add/order", "layerstack": "/api/order"}
CART_PATH = "/api/order/add-to-cart"


def edis_draft(*, cycle: BillingCycle = BillingCycle.MONTHLY, apply_credit: bool = True, **changes: Any) -> Draft:
    """Return the EDIS draft with `changes` in its server."""
    server = replace(EDIS_SERVER, **changes)
    return replace(EDIS_DRAFT, billing_cycle=cycle, apply_credit=apply_credit, servers=(server,))


def layerstack_draft(*, cycle: BillingCycle = BillingCycle.MONTHLY, currency: str = "USD", **changes: Any) -> Draft:
    """Return the LayerStack draft with `changes` in its server."""
    server = replace(LAYERSTACK_SERVER, **changes)
    return replace(LAYERSTACK_DRAFT, billing_cycle=cycle, currency=currency, servers=(server,))


async def place(client: Provider, draft: Draft, root_passwords: tuple[Secret, ...] = ()) -> Outcome:
    """Prepare, send and tidy up as an order does."""
    call = await client.prepare(draft, root_passwords)
    if isinstance(call, Outcome):
        return call
    outcome = await call.send()
    if outcome.kind in (OutcomeKind.NOT_SENT, OutcomeKind.REFUSED):
        await call.discard()
    return outcome
