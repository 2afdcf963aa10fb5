"""Billing cycles end on real days, offers are found by id, and image families are told from names."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import Catalog, OsFamily, find_add_on, find_os_image, os_family

from .offers import LINUX, PLAN, RAM_4, SMALL_PLAN, WINDOWS

MONTHLY, QUARTERLY, SEMIANNUALLY, ANNUALLY = COMMON_CYCLES


class TestRenewal:
    @pytest.mark.parametrize(
        ("cycle", "start", "due"),
        [
            (MONTHLY, date(2026, 1, 31), date(2026, 2, 28)),
            (MONTHLY, date(2028, 1, 31), date(2028, 2, 29)),
            (MONTHLY, date(2100, 1, 31), date(2100, 2, 28)),
            (MONTHLY, date(2026, 11, 30), date(2026, 12, 30)),
            (MONTHLY, date(2026, 12, 31), date(2027, 1, 31)),
            (QUARTERLY, date(2026, 11, 30), date(2027, 2, 28)),
            (QUARTERLY, date(2026, 9, 15), date(2026, 12, 15)),
            (SEMIANNUALLY, date(2026, 8, 31), date(2027, 2, 28)),
            (SEMIANNUALLY, date(2026, 6, 30), date(2026, 12, 30)),
            (ANNUALLY, date(2028, 2, 29), date(2029, 2, 28)),
            (ANNUALLY, date(2027, 2, 28), date(2028, 2, 28)),
            (ANNUALLY, date(2026, 12, 31), date(2027, 12, 31)),
        ],
    )
    def test_a_short_month_ends_the_cycle_on_its_last_day(self, cycle: BillingCycle, start: date, due: date) -> None:
        assert cycle.renewal(start) == due

    @given(st.dates(date(1, 1, 1), date(9998, 12, 31)), st.sampled_from(COMMON_CYCLES))
    def test_it_is_so_many_months_later(self, start: date, cycle: BillingCycle) -> None:
        due = cycle.renewal(start)
        assert (due.year - start.year) * 12 + due.month - start.month == cycle.months
        assert due.day == min(start.day, monthrange(due.year, due.month)[1])


def test_cycles_are_the_words_of_order_files() -> None:
    assert {str(cycle): (cycle.months, cycle.every) for cycle in COMMON_CYCLES} == {
        "monthly": (1, "per month"),
        "quarterly": (3, "every 3 months"),
        "semiannually": (6, "every 6 months"),
        "annually": (12, "per year"),
    }


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Debian 12 (Bookworm)", OsFamily.LINUX),
        ("Ubuntu 24.04 LTS", OsFamily.LINUX),
        ("Windows Server 2022", OsFamily.WINDOWS),
        ("MICROSOFT WINDOWS 2019", OsFamily.WINDOWS),
        ("Manual installation", OsFamily.OTHER),
        ("Install via VNC", OsFamily.OTHER),
        ("Windows, manual installation", OsFamily.WINDOWS),
        ("", OsFamily.LINUX),
    ],
)
def test_the_family_is_told_from_the_name(name: str, family: OsFamily) -> None:
    assert os_family(name) is family


def test_offers_are_found_by_id_and_only_where_they_are_sold() -> None:
    catalog = Catalog((PLAN, SMALL_PLAN))
    assert catalog.plan(SMALL_PLAN.id) is SMALL_PLAN
    assert catalog.plan("999") is None
    assert catalog.plan("") is None
    assert find_os_image(PLAN, WINDOWS.id) is WINDOWS
    assert find_os_image(SMALL_PLAN, LINUX.id) is LINUX
    assert find_os_image(SMALL_PLAN, WINDOWS.id) is None
    assert find_add_on(PLAN, "additional_ram", RAM_4.id) == (PLAN.add_on_groups[0], RAM_4)
    assert find_add_on(PLAN, "additional_ip", RAM_4.id) is None
    assert find_add_on(SMALL_PLAN, "additional_ram", RAM_4.id) is None
