"""Servers one has and their changes as values, and as documents that give them back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.billing_cycle import COMMON_CYCLES
from vps_tui.core.change_documents import change_document, change_of, quote_document
from vps_tui.core.money import Money
from vps_tui.core.server_change import (
    AddOnChange,
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    OwnedServer,
    PlanChange,
)

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)
maybe = st.one_of(st.just(""), words)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
amounts = st.decimals(0, 99999, places=2).map(lambda amount: Money(amount, "EUR"))
cycles = st.one_of(st.none(), st.sampled_from(COMMON_CYCLES))
servers = st.builds(
    OwnedServer,
    provider=st.just("edis"),
    id=words,
    name=maybe,
    kvm_id=maybe,
    plan=maybe,
    location=maybe,
    status=maybe,
    address=maybe,
    price=st.one_of(st.none(), amounts),
    billing_cycle=cycles,
    next_due=st.one_of(st.none(), days),
    created=st.one_of(st.none(), days),
    payment_method=maybe,
    subscription=maybe,
)
changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(
        PlanChange,
        kind=st.sampled_from((ChangeKind.UPGRADE, ChangeKind.SWITCH)),
        server=servers,
        plan=words,
        plan_name=maybe,
        billing_cycle=cycles,
        payment_method=maybe,
        subscription=maybe,
    ),
    st.builds(
        AddOnChange,
        server=servers,
        subscription=words,
        resources=st.dictionaries(words, st.integers(1, 99), min_size=1).map(lambda found: tuple(found.items())),
    ),
    st.builds(Cancellation, server=servers, when=st.sampled_from(CancelWhen)),
)
SERVER = OwnedServer("edis", "12", kvm_id="kvm_1_2", price=Money(Decimal("4.99"), "EUR"))


@given(changes)
def test_a_document_gives_the_change_back(change: Change) -> None:
    document = json.loads(json.dumps(change_document(change)))
    assert change_of(document, "edis") == change


@pytest.mark.parametrize(
    "document", [{}, {"kind": "gift"}, {"kind": "cancel", "server": {"id": "1"}, "when": "soon"}]
)
def test_a_document_of_something_else_is_refused(document: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        change_of(document, "edis")


class TestServer:
    def test_what_it_is_called(self) -> None:
        assert SERVER.display_name == "kvm_1_2"
        assert replace(SERVER, name="db1").display_name == "db1"
        assert replace(SERVER, kvm_id="").display_name == "12"

    def test_no_empty_word_is_its_name(self) -> None:
        assert SERVER.is_named("KVM_1_2")
        assert SERVER.is_named("12")
        assert not SERVER.is_named("")

    @pytest.mark.parametrize(("status", "ended"), [("Terminated", True), ("active", False), ("", False)])
    def test_whether_it_has_ended(self, status: str, ended: bool) -> None:
        assert replace(SERVER, status=status).ended is ended


class TestQuote:
    TOTAL = Money(Decimal("19.06"), "HKD")

    def test_complete_is_what_the_provider_itself_says(self) -> None:
        assert ChangeQuote(total=self.TOTAL).complete
        assert ChangeQuote(charges=False).complete
        assert not ChangeQuote(total=self.TOTAL, estimate=True).complete
        assert not ChangeQuote().complete

    def test_a_ceiling_measures_the_most_that_it_can_be(self) -> None:
        most = Money(Decimal(40), "HKD")
        assert ChangeQuote(total=self.TOTAL, upper_bound=most).most == self.TOTAL
        assert ChangeQuote(total=self.TOTAL, estimate=True, upper_bound=most).most == most
        assert ChangeQuote(total=self.TOTAL, estimate=True).most is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"total": Money(Decimal("19.07"), "HKD")},
            {"total": None},
            {"date_to": date(2026, 1, 1)},
            {"date_from": date(2026, 1, 1)},
            {"available": False},
            {"inapplicable": ("vm_backup",)},
            {"recurring": TOTAL},
        ],
    )
    def test_whatever_concerns_money_days_or_availability_is_a_move(self, changes: dict[str, object]) -> None:
        quote = ChangeQuote(total=self.TOTAL)
        assert quote.moved(replace(quote, **changes))  # type: ignore[arg-type]
        assert not quote.moved(replace(quote, notes=("Other words.",)))

    def test_amounts_are_text_and_a_cancellation_costs_nothing(self) -> None:
        document = quote_document(Cancellation(SERVER, CancelWhen.IMMEDIATELY), ChangeQuote(charges=False))
        assert (document["due_now"], document["currency"], document["complete"]) == ("0.00", "EUR", True)
        document = quote_document(AddOnChange(SERVER, "1", (("a", 1),)), ChangeQuote(total=self.TOTAL))
        assert (document["due_now"], document["currency"]) == ("19.06", "HKD")
