"""Which keys the order files of each provider hold: a provider's description says it, and nothing else knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from vps_tui.core.billing_cycle import BillingCycle

IS_CLOUD_INIT: Final = "startup_script_is_cloud_init"
"""Key with which a file says that its script is meant for cloud-init."""

COUNTED_SERVER: Final = frozenset(
    {"plan_type", "quantity", "addons", "startup_script", "startup_script_file", IS_CLOUD_INIT}
)
"""Keys of a server where the provider counts alike servers and add-ons."""


@dataclass(frozen=True, slots=True)
class OrderKeys:
    """Which keys an order with one provider has besides those of every order; without a value: all there are."""

    top: frozenset[str] = frozenset({"location", "apply_credit", "currency"})
    server: frozenset[str] = COUNTED_SERVER
    add_ons: tuple[str, ...] = ()
    """Add-on groups that are keys of their own in a server."""
    required: frozenset[str] = frozenset()
    """Of `location` and `plan_type` those that an order cannot do without."""
    cycles: tuple[BillingCycle, ...] = ()
    """The billing cycles that can be written; empty for any."""
    text_ids: bool = True
    """Whether ids may be text; otherwise they are whole numbers."""

    @property
    def all(self) -> frozenset[str]:
        """All of them."""
        return self.top | self.server | frozenset(self.add_ons)


ANY_KEYS: Final = OrderKeys()
"""For a provider that is not known: all that a draft can hold."""


@dataclass(frozen=True, slots=True)
class OrderFileFormat:
    """What the providers' order files hold."""

    keys: Mapping[str, OrderKeys] = field(default_factory=dict)
    """By provider id."""
    secret_variables: tuple[str, ...] = ()
    """Environment variables for what signs in."""

    def keys_of(self, provider: str) -> OrderKeys:
        """Return the keys of an order with `provider`, who need not be known."""
        return self.keys.get(provider, ANY_KEYS)

    def foreign_keys(self, provider: str) -> dict[str, str]:
        """Return the keys that only orders with other providers have, with what to say of them."""
        own = self.keys_of(provider).all
        rest = f", not one with {provider}" if provider else ""
        return {
            key: f"only an order with {other} has this key{rest}"
            for other, others in self.keys.items()
            for key in others.all - own
        }

    @property
    def secrets_hint(self) -> str:
        """Where a secret belongs that was written in a file."""
        sign_in = f", what signs you in into {' or '.join(self.secret_variables)}" if self.secret_variables else ""
        return (
            f"Leave it out. Secrets go into the environment: a root password into VPS_TUI_SERVER_PASSWORD{sign_in}."
        )
