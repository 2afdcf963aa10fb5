"""An order and changes of a server with their prices accepted, and the entry of a journal for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, OsFamily, OsImage, Plan
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.core.server_change import CancelWhen, ChangeKind, ChangeQuote, ChangesOffered, OwnedServer, Resource
from vps_tui.core.steps import ChangeAction
from vps_tui.journal import Entry, Purchase, State
from vps_tui.providers.models import Account, PaymentMethod
from vps_tui.providers.registry import provider_info
from vps_tui.services.session import Terms
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.state import WizardState

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSWORD = "Sesame-open-1"


def money(amount: str) -> Money:
    return Money.parse(amount, "EUR")


PLAN = Plan(
    "1707",
    "KVM 2",
    2,
    4096,
    40,
    4,
    {BillingCycle.MONTHLY: money("12.99")},
    (OsImage("208", "Debian 12", OsFamily.LINUX),),
    (),
    location="122",
)
ORDER = WizardState(
    draft=Draft(
        "edis",
        "122",
        payment_method="cryptomus",
        servers=(ServerDraft("web1", PLAN.id, PLAN.name, "208", without_key=True),),
    ),
    info=provider_info("edis"),
    location_name="Germany",
    catalog=Catalog((PLAN,)),
    terms=Terms(
        Account("ops@example.test", money("5.00")),
        (BillingCycle.MONTHLY,),
        (PaymentMethod("cryptomus", "Cryptomus (crypto)"),),
    ),
    signed_in=True,
)
STACK_ORDER = replace(
    ORDER,
    info=provider_info("layerstack"),
    draft=replace(ORDER.draft, provider="layerstack"),
    root_passwords=(RootPassword(Secret(PASSWORD)),),
)

SERVER = OwnedServer("edis", "312845", kvm_id="kvm_112234_312845", plan="KVM 1", price=money("4.99"))
_QUOTE = ChangeQuote(
    total=money("31.00"),
    recurring=money("35.99"),
    billing_cycle=BillingCycle.MONTHLY,
    date_from=date(2026, 11, 22),
    date_to=date(2026, 12, 21),
    notes=("The server restarts.",),
)
_OFFERED = ChangesOffered(SERVER, resources=(Resource("vm_backup", "Backup"),))
_UPGRADE = ChangeDraft(
    server=SERVER,
    offered=_OFFERED,
    action=ChangeAction.PLAN,
    plan="9",
    plan_name="KVM 9",
    plan_kind=ChangeKind.UPGRADE,
    quote=_QUOTE,
    account="ops@example.test",
)
CHANGES = {
    ChangeKind.UPGRADE: _UPGRADE,
    ChangeKind.SWITCH: replace(_UPGRADE, plan_kind=ChangeKind.SWITCH),
    ChangeKind.ADD_ON: replace(_UPGRADE, action=ChangeAction.ADD_ONS, resources=(("vm_backup", 1),)),
    ChangeKind.CANCEL: replace(
        _UPGRADE,
        action=ChangeAction.CANCEL,
        when=CancelWhen.IMMEDIATELY,
        quote=ChangeQuote(charges=False, notes=("Its data is deleted.",)),
    ),
}


def changed(kind: ChangeKind, server: OwnedServer = SERVER) -> WizardState:
    """Return the state of a change of `server` whose price was accepted."""
    draft = CHANGES[kind]
    return replace(ORDER, changing=replace(draft, server=server, offered=replace(_OFFERED, server=server)))


def entry(state: State, *, live: bool = False, kind: str = "order") -> Entry:
    """Return what a journal holds of an earlier order or change."""
    purchase = Purchase(
        "edis",
        "ops@example.test",
        "0" * 64,
        "",
        {},
        (),
        (("web1", "1707"),),
        kind,
        {} if kind == "order" else {"server": {"name": "web1"}},
    )
    outcome = Outcome(OutcomeKind(state.value) if state is not State.SENDING else OutcomeKind.UNKNOWN)
    return Entry("1122-k7qf", purchase, state, NOW, "", NOW, None, outcome, (), None, "", "", live=live)
