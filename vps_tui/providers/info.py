"""What is known of a provider before anything is asked of it: all that the first screen needs.

Importing this module, or a provider's package, loads no HTTP client and no validation library:
`ProviderInfo.connect` is where those are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING

from vps_tui.core.order_keys import ANY_KEYS, OrderKeys

if TYPE_CHECKING:
    from datetime import date, datetime

    from vps_tui.providers.models import Connection
    from vps_tui.providers.protocol import Provider


@dataclass(frozen=True, slots=True)
class SignInField:
    """One of the values that sign a person in."""

    key: str
    label: str
    variable: str
    """Environment variable that holds it for headless use."""
    secret: bool
    example: str = ""


@dataclass(frozen=True, slots=True)
class ProviderInfo:
    """What is known of a provider before anything is asked of it."""

    id: str
    name: str
    summary: str
    """One line for somebody who has never heard of it."""
    sign_in: tuple[SignInField, ...]
    sign_in_help: tuple[str, ...]
    """How to come by the credentials, in the provider's own terms; one sentence an entry."""
    urls: Mapping[str, tuple[str, str]]
    """Name of a base address: its environment variable and default."""
    connect: Callable[[Connection], Provider]
    name_word: str
    """What the provider calls a server's name: Hostname, Label."""
    name_help: str
    name_problem: Callable[[str], str | None]
    """Says what to do about a name that the provider would not take; None when it is good."""
    order_keys: OrderKeys = ANY_KEYS
    """Which keys an order file of this provider holds."""
    sign_in_summary: str = ""
    """What signs in, as a list of environment variables explains it."""
    shared_name_note: str = ""
    """Says that all servers of one order get one name; empty where each has its own."""
    most_alike: int = 1
    """How many servers of one kind an order may count; 1 where each is an entry of its own."""
    has_locations: bool = True
    regions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Country code and place in words of each region that plans may name, where there are no locations."""
    catalog_file: str = ""
    """Name of the file with its catalogue in the configuration's folder; empty where the API has one."""
    modules: tuple[str, ...] = ()
    """What the steps after the first need of it, to be loaded ahead."""
    plan_types: tuple[tuple[str, str], ...] = ()
    """Words and titles of the plans' families, where ids may be typed by hand; empty where the API lists plans."""
    needs_root_password: bool = False
    takes_startup_script: bool = False
    """Whether an order can name what the server runs at its first start."""
    has_credit: bool = False
    """Whether account credit can pay for an order."""
    key_optional_help: str = ""
    """How one logs in to a server that was ordered without an SSH key."""
    delivery_help: str = ""
    """What a person should look for after an order."""
    panel: str = ""
    """Where a person finds orders and invoices on the provider's own site."""
    unused_credit_note: str = ""
    """What to know when account credit is not to be used."""
    timely_note: Callable[[datetime], str] = lambda _: ""
    """Says what an order at an aware time should know about that time; empty when there is nothing."""
    time_zone: str = ""
    """The zone of the provider's calendar, such as "Europe/Vienna"; empty where it is not known."""
    billing_note: str = ""
    """What this provider's bill may hold beyond its price list, in words."""

    @property
    def shares_name(self) -> bool:
        """Whether all servers of one order get one name."""
        return bool(self.shared_name_note)

    def today(self, now: datetime) -> tuple[date, bool]:
        """Return the day at the provider at the aware time `now`, and whether that is certain.

        Without its zone, or the system's table of zones, it is the day in UTC and can be another one there.
        """
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        in_utc = now.astimezone(UTC).date()
        if not self.time_zone:
            return in_utc, False
        try:
            return now.astimezone(ZoneInfo(self.time_zone)).date(), True
        except (ZoneInfoNotFoundError, OSError, ValueError):
            return in_utc, False
