"""The servers of an account, what can be changed about them, and what a change costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.money import Money

if TYPE_CHECKING:
    from vps_tui.core.catalog import Plan


class ChangeKind(StrEnum):
    """What a call changes; the value is the word in the journal and in JSON, beside "order"."""

    UPGRADE = "upgrade"
    """Another plan, ordered and invoiced (EDIS)."""
    SWITCH = "switch"
    """Another plan, charged at once (LayerStack)."""
    ADD_ON = "add_on"
    CANCEL = "cancel"

    @property
    def noun(self) -> str:
        """The change within a sentence: "the upgrade"."""
        return {
            ChangeKind.UPGRADE: "upgrade",
            ChangeKind.SWITCH: "plan switch",
            ChangeKind.ADD_ON: "add-on",
            ChangeKind.CANCEL: "cancellation",
        }[self]


class CancelWhen(StrEnum):
    """When a cancelled server ends; the value is the word of the command line's option."""

    IMMEDIATELY = "immediately"
    AT_END_OF_PERIOD = "at-end-of-period"


ENDED: Final = frozenset({"terminated", "cancelled", "canceled"})
"""Words for the status of a server that is gone; only the first is documented (EDIS, get/services)."""


@dataclass(frozen=True, slots=True)
class OwnedServer:
    """A server that the provider lists for the account."""

    provider: str
    id: str
    """The provider's id of it: EDIS's service id, LayerStack's object id."""
    name: str = ""
    """Its label; empty where the provider lists none."""
    kvm_id: str = ""
    """EDIS's KVM id; empty until it is delivered, and with other providers."""
    plan: str = ""
    """The plan's name; empty where the list does not say."""
    location: str = ""
    """The location's name."""
    status: str = ""
    """The provider's own word; empty where it has none."""
    address: str = ""
    price: Money | None = None
    """For one billing cycle; None where the provider does not say."""
    billing_cycle: BillingCycle | None = None
    next_due: date | None = None
    """When it is due next; None where the provider does not say."""
    created: date | None = None
    payment_method: str = ""
    subscription: str = ""
    """What the provider calls its subscription, if it says so at all: a suggestion, never certain."""

    @property
    def display_name(self) -> str:
        """What a person knows it by: its name, else the machine, else the id."""
        return self.name or self.kvm_id or self.id

    @property
    def ended(self) -> bool:
        """Whether it is gone: nothing can be changed about it."""
        return self.status.casefold() in ENDED

    def is_named(self, word: str) -> bool:
        """Tell whether `word` is its id, its machine or its name, whatever the case."""
        return bool(word) and word.casefold() in {self.id.casefold(), self.kvm_id.casefold(), self.name.casefold()}


@dataclass(frozen=True, slots=True)
class OwnedListing:
    """What a provider listed for the account at one moment."""

    servers: tuple[OwnedServer, ...] = ()
    at: datetime | None = None
    """The provider's own clock, aware UTC; None where it sent none."""

    def server(self, server_id: str) -> OwnedServer | None:
        """Return the server with this id, if it is listed."""
        return next((server for server in self.servers if server.id == server_id), None)


@dataclass(frozen=True, slots=True)
class PlanChange:
    """Another plan for a server; which of `UPGRADE` and `SWITCH` it is, the provider's API says."""

    kind: ChangeKind
    server: OwnedServer
    plan: str
    """Id of the new plan."""
    plan_name: str = ""
    billing_cycle: BillingCycle | None = None
    """From then on; None where the provider takes none."""
    payment_method: str = ""
    subscription: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """What makes two changes of one server the same."""
        return (f"plan {self.plan} {self.billing_cycle.value if self.billing_cycle else ''}".rstrip(),)


@dataclass(frozen=True, slots=True)
class AddOnChange:
    """Add-ons for a server."""

    kind: ClassVar = ChangeKind.ADD_ON
    server: OwnedServer
    subscription: str
    resources: tuple[tuple[str, int], ...]
    """The provider's word for each and how many units more of it, one at least."""

    @property
    def targets(self) -> tuple[str, ...]:
        """What makes two changes of one server the same."""
        return tuple(name for name, _ in self.resources)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The end of a server."""

    kind: ClassVar = ChangeKind.CANCEL
    server: OwnedServer
    when: CancelWhen

    @property
    def targets(self) -> tuple[str, ...]:
        """What makes two changes of one server the same."""
        return (self.when.value,)


Change = PlanChange | AddOnChange | Cancellation


@dataclass(frozen=True, slots=True)
class Resource:
    """An add-on that can be added to an owned server."""

    id: str
    """The provider's word for it."""
    title: str


@dataclass(frozen=True, slots=True)
class ChangesOffered:
    """What a provider's API can change about one server, and what it cannot."""

    server: OwnedServer
    """With everything that a query for this server alone returned."""
    plan_kind: ChangeKind | None = None
    """`UPGRADE` or `SWITCH`; None where the plan cannot be changed."""
    plans: tuple[Plan, ...] = ()
    """Plans that it could have instead of its own, with prices where they are known."""
    plan_now: Plan | None = None
    """Its own plan, found by name; None where nothing is known of it."""
    other_plans: bool = False
    """Whether a plan's id may be typed that is not among `plans`."""
    billing_cycles: tuple[BillingCycle, ...] = ()
    """Empty where a change does not choose one."""
    payment_methods: tuple[str, ...] = ()
    """Ids; empty where a change does not choose one."""
    payment_names: tuple[str, ...] = ()
    """What people call them, in the same order."""
    resources: tuple[Resource, ...] = ()
    cancel: tuple[CancelWhen, ...] = ()
    needs_subscription: bool = False
    """Whether plan and add-ons are changed by a subscription id, which a person may have to type."""
    notes: tuple[str, ...] = ()
    """What the API cannot change, and what to know before a change, in words."""

    def plan(self, plan_id: str) -> Plan | None:
        """Return the plan with this id, if it is offered."""
        return next((plan for plan in self.plans if plan.id == plan_id), None)


@dataclass(frozen=True, slots=True)
class ChangeQuote:
    """What a change costs now and from then on, as far as that can be known before it is made."""

    charges: bool = True
    """False where nothing is paid for the change, as for a cancellation."""
    total: Money | None = None
    """What is charged now; None where that is not known."""
    estimate: bool = False
    """Whether `total` was estimated here and the provider's invoice decides."""
    upper_bound: Money | None = None
    """Of an estimate: more than this it should not come to."""
    recurring: Money | None = None
    """Each renewal from then on; None where the provider does not say."""
    billing_cycle: BillingCycle | None = None
    date_from: date | None = None
    date_to: date | None = None
    """The days that `total` pays for, both included."""
    available: bool = True
    """Whether the provider says that it would make the change."""
    inapplicable: tuple[str, ...] = ()
    """Add-ons that the provider says the server cannot have."""
    notes: tuple[str, ...] = ()
    """What has to be known about price and consequences, in words."""
    plan: Plan | None = None
    """The new plan as it is listed now; None where nothing lists it."""

    @property
    def complete(self) -> bool:
        """Whether the provider itself has said what is charged."""
        return not self.charges or (self.total is not None and not self.estimate)

    @property
    def most(self) -> Money | None:
        """What a ceiling is compared with: the provider's figure, or the most that an estimate can come to."""
        return self.upper_bound if self.estimate else self.total

    def moved(self, now: ChangeQuote) -> bool:
        """Tell whether `now` says anything else about money, days or availability; words may differ.

        So may the new plan, which is compared with what was shown when it was chosen.
        """
        return replace(self, notes=(), plan=None) != replace(now, notes=(), plan=None)
