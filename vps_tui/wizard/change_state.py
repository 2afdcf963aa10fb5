"""What has been answered about a server that one has: a frozen value within the wizard's state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vps_tui.core.server_change import AddOnChange, Cancellation, ChangeKind, PlanChange
from vps_tui.core.steps import ChangeAction, ChangeFacts

if TYPE_CHECKING:
    from vps_tui.core.billing_cycle import BillingCycle
    from vps_tui.core.server_change import CancelWhen, Change, ChangeQuote, ChangesOffered, OwnedServer


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A change in the making, from nothing chosen to what it costs."""

    servers: tuple[OwnedServer, ...] = ()
    """As they were listed last."""
    server: OwnedServer | None = None
    offered: ChangesOffered | None = None
    """What can be changed about `server`; None until it was asked, and for a change of an earlier run."""
    action: ChangeAction | None = None
    plan: str = ""
    """Id of the new plan."""
    plan_name: str = ""
    plan_kind: ChangeKind = ChangeKind.UPGRADE
    """What the provider's API calls another plan."""
    billing_cycle: BillingCycle | None = None
    payment_method: str = ""
    resources: tuple[tuple[str, int], ...] = ()
    """Add-ons, and how many units more of each, one at least."""
    subscription: str = ""
    when: CancelWhen | None = None
    quote: ChangeQuote | None = None
    """What it costs, as it was told last."""
    account: str = ""
    """With which account it is made, once the price was accepted."""

    @property
    def facts(self) -> ChangeFacts:
        """What decides which steps apply."""
        offered = self.offered
        if offered is None:
            return ChangeFacts(self.action)
        return ChangeFacts(
            self.action,
            offers_cycles=bool(offered.billing_cycles),
            offers_payment=bool(offered.payment_methods),
            needs_subscription=offered.needs_subscription,
        )

    @property
    def change(self) -> Change:
        """What is to be changed; raises ValueError while that has not been answered."""
        if self.server is None or self.action is None:
            raise ValueError("nothing is to be changed yet")
        server = self.offered.server if self.offered is not None else self.server
        if self.action is ChangeAction.CANCEL:
            if self.when is None:
                raise ValueError("when to cancel is not answered")
            return Cancellation(server, self.when)
        subscription = self.subscription if self.facts.needs_subscription or self.offered is None else ""
        if self.action is ChangeAction.ADD_ONS:
            return AddOnChange(server, subscription, self.resources)
        facts = self.facts
        return PlanChange(
            self.plan_kind,
            server,
            self.plan,
            self.plan_name,
            self.billing_cycle if facts.offers_cycles or self.offered is None else None,
            self.payment_method if facts.offers_payment or self.offered is None else "",
            subscription,
        )

    def with_server(self, server: OwnedServer) -> ChangeDraft:
        """Return the same about `server` as it is listed now; what was answered about another one is cleared."""
        if self.server is not None and self.server.id == server.id:
            return replace(self, server=server, offered=None, quote=None)
        return ChangeDraft(self.servers, server)

    @classmethod
    def of(cls, change: Change) -> ChangeDraft:
        """Return the state for looking after `change`, made in an earlier run."""
        if isinstance(change, Cancellation):
            return cls(server=change.server, action=ChangeAction.CANCEL, when=change.when)
        if isinstance(change, AddOnChange):
            return cls(
                server=change.server,
                action=ChangeAction.ADD_ONS,
                resources=change.resources,
                subscription=change.subscription,
            )
        return cls(
            server=change.server,
            action=ChangeAction.PLAN,
            plan=change.plan,
            plan_name=change.plan_name,
            plan_kind=change.kind,
            billing_cycle=change.billing_cycle,
            payment_method=change.payment_method,
            subscription=change.subscription,
        )
