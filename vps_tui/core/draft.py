"""What has been chosen so far: a frozen value that is replaced."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Plan, find_add_on, find_os_image


@dataclass(frozen=True, slots=True)
class ChosenAddOn:
    """One add-on of a server; a server has at most one per group."""

    group: str
    id: str
    value: int = 1
    """Units of it, where the provider sells more than one."""


@dataclass(frozen=True, slots=True)
class ServerDraft:
    """One server of an order; every field may still be empty."""

    name: str = ""
    plan: str = ""
    plan_name: str = ""
    """Kept when a change of location takes the plan away, to offer its namesake there."""
    os: str = ""
    add_ons: tuple[ChosenAddOn, ...] = ()
    ssh_key: str = ""
    """One OpenSSH line; empty together with `without_key` means that no key is wanted."""
    without_key: bool = False
    plan_type: str = ""
    """The provider's own word for the plan's family, where an order names it."""
    quantity: int = 1
    """How many servers of this kind, where the provider counts them."""
    startup_script: str = ""
    """What the server runs at its first start, as it is sent; empty for nothing."""
    ssh_key_file: str = field(default="", compare=False)
    """Absolute path that `ssh_key` was read from, to find its private half; empty where it is not known."""
    startup_script_is_cloud_init: bool = False
    """Whether a person has confirmed that it is for cloud-init rather than a script."""
    script_repairs: tuple[str, ...] = field(default=(), compare=False)
    """What was changed in the script when it was given; shown before it is ordered, and not saved."""

    def add_on(self, group: str) -> ChosenAddOn | None:
        """Return what is chosen in `group`."""
        return next((chosen for chosen in self.add_ons if chosen.group == group), None)

    def with_add_on(self, group: str, chosen: ChosenAddOn | None) -> ServerDraft:
        """Return the server with `chosen` in `group`, or with nothing there."""
        others = tuple(add_on for add_on in self.add_ons if add_on.group != group)
        return replace(self, add_ons=others if chosen is None else (*others, chosen))

    def with_script(
        self, text: str = "", *, is_cloud_init: bool = False, repairs: tuple[str, ...] = ()
    ) -> ServerDraft:
        """Return the server with that start-up script, or with none."""
        return replace(self, startup_script=text, startup_script_is_cloud_init=is_cloud_init, script_repairs=repairs)

    def with_plan(self, plan: Plan) -> ServerDraft:
        """Return the server on `plan`, with everything else that `plan` offers too."""
        return replace(
            self,
            plan=plan.id,
            plan_name=plan.name,
            plan_type=plan.plan_type,
            os=self.os if find_os_image(plan, self.os) else "",
            add_ons=tuple(chosen for chosen in self.add_ons if find_add_on(plan, chosen.group, chosen.id)),
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """An order in the making."""

    provider: str = ""
    location: str = ""
    billing_cycle: BillingCycle = BillingCycle.MONTHLY
    payment_method: str = ""
    apply_credit: bool = True
    currency: str = ""
    """Only asked for by providers that fix it with an account's first order."""
    servers: tuple[ServerDraft, ...] = field(default=(ServerDraft(),))

    @property
    def server(self) -> ServerDraft:
        """The first server: the one that an order of several goes by."""
        return self.servers[0]

    def with_server(self, server: ServerDraft, index: int = 0) -> Draft:
        """Return the draft with the server at `index` replaced."""
        return replace(self, servers=(*self.servers[:index], server, *self.servers[index + 1 :]))

    def with_provider(self, provider: str) -> Draft:
        """Return the draft for `provider`; what only the other provider understands is cleared.

        The server's name and SSH key are the person's own and are kept.
        """
        if provider == self.provider:
            return self
        kept = tuple(
            ServerDraft(
                name=server.name,
                ssh_key=server.ssh_key,
                ssh_key_file=server.ssh_key_file,
                without_key=server.without_key,
            )
            for server in self.servers
        )
        return Draft(provider=provider, servers=kept)

    def with_location(self, location: str) -> Draft:
        """Return the draft at `location`; plans are sold per location, so the plan is chosen again."""
        if location == self.location:
            return self
        return replace(self, location=location, servers=tuple(replace(server, plan="") for server in self.servers))
