"""A small catalogue that the tests of the pure rules share."""

from __future__ import annotations

from vps_tui.core.billing_cycle import COMMON_CYCLES
from vps_tui.core.catalog import AddOn, AddOnGroup, OsFamily, OsImage, Plan, Prices
from vps_tui.core.money import Money

MONTHLY, QUARTERLY, SEMIANNUALLY, ANNUALLY = COMMON_CYCLES


def prices(*amounts: str, currency: str = "EUR") -> Prices:
    """Return prices for as many cycles as there are amounts, the shortest first."""
    return {cycle: Money.parse(amount, currency) for cycle, amount in zip(COMMON_CYCLES, amounts, strict=False)}


LINUX = OsImage("208", "Debian 12", OsFamily.LINUX)
WINDOWS = OsImage("300", "Windows Server 2022", OsFamily.WINDOWS)
RAM_2 = AddOn("395", "2 GB", prices("2.50"))
RAM_4 = AddOn("396", "4 GB", prices("4.99"))
IPS = AddOn("9", "IPv4", prices("3.00"), max_value=8)
FREE = AddOn("1", "Monitoring", prices("0.00"))
UNPRICED = AddOn("77", "Boost", None)
FULLY_PRICED = AddOn("78", "Backup", prices("1.00", "2.90", "5.50", "10.00"))
GROUPS = (
    AddOnGroup("additional_ram", "Additional RAM", (RAM_2, RAM_4)),
    AddOnGroup("additional_ip", "Additional IPs", (IPS,)),
    AddOnGroup("extras", "Extras", (FREE, UNPRICED, FULLY_PRICED)),
)
PLAN = Plan(
    "1707",
    "KVM 2",
    2,
    4096,
    40,
    4,
    prices("12.99", "37.49", "72.00", "139.99"),
    (LINUX, WINDOWS),
    GROUPS,
    location="122",
)
SMALL_PLAN = Plan("1700", "KVM 1", 1, 1024, 15, 2, prices("7.99"), (LINUX,), GROUPS[1:], location="122")
