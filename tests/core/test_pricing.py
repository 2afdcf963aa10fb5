"""A quote holds every line there is to pay, says what is not known or reckoned by us, and adds up exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, Plan, Prices
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.pricing import (
    NOTE_ESTIMATE,
    NOTE_TAX,
    NOTE_UNKNOWN,
    CostLine,
    LineKind,
    Quote,
    add_on_price,
    quote,
)

from .offers import (
    ANNUALLY,
    FREE,
    FULLY_PRICED,
    GROUPS,
    IPS,
    LINUX,
    MONTHLY,
    PLAN,
    QUARTERLY,
    RAM_4,
    SMALL_PLAN,
    UNPRICED,
    prices,
)

CATALOG = Catalog((PLAN, SMALL_PLAN))
SERVER = ServerDraft("web1", PLAN.id, PLAN.name, LINUX.id)


def with_add_ons(*chosen: ChosenAddOn) -> ServerDraft:
    return replace(SERVER, add_ons=chosen)


def of(*servers: ServerDraft, cycle: BillingCycle = MONTHLY, catalog: Catalog = CATALOG, currency: str = "") -> Quote:
    return quote(Draft("edis", "122", cycle, currency=currency, servers=servers), catalog)


def figures(priced: Quote) -> list[tuple[str, str | None]]:
    return [(line.label, None if line.amount is None else str(line.amount)) for line in priced.lines]


class TestOnePlan:
    @pytest.mark.parametrize(
        ("cycle", "total", "per_month"),
        zip(
            BillingCycle,
            ["12.99 EUR", "37.49 EUR", "72.00 EUR", "139.99 EUR"],
            ["12.99 EUR", "12.50 EUR", "12.00 EUR", "11.67 EUR"],
            strict=True,
        ),
    )
    def test_every_cycle_has_the_providers_own_price(self, cycle: BillingCycle, total: str, per_month: str) -> None:
        priced = of(SERVER, cycle=cycle)
        assert figures(priced) == [("KVM 2", total)]
        assert [str(sum_) for sum_ in (priced.due_now, priced.recurring, priced.per_month)] == [
            total,
            total,
            per_month,
        ]
        assert (priced.billing_cycle, priced.currency, priced.complete, priced.estimated) == (
            cycle,
            "EUR",
            True,
            False,
        )
        assert priced.notes == (NOTE_TAX,)

    def test_a_cycle_without_a_price_is_not_reckoned_from_another(self) -> None:
        priced = of(replace(SERVER, plan=SMALL_PLAN.id), cycle=QUARTERLY, currency="usd")
        assert figures(priced) == [("KVM 1", None)]
        assert (priced.complete, priced.due_now, priced.recurring, priced.per_month) == (False, None, None, None)
        assert priced.notes == (NOTE_UNKNOWN, NOTE_TAX)
        assert priced.currency == "USD"

    @pytest.mark.parametrize(("name", "label"), [("KVM 9", "KVM 9"), ("", "plan 999")])
    def test_a_plan_that_is_not_sold_has_a_line_without_an_amount(self, name: str, label: str) -> None:
        priced = of(replace(SERVER, plan="999", plan_name=name))
        assert figures(priced) == [(label, None)]
        assert not priced.complete

    def test_where_prices_come_from_is_said_first(self) -> None:
        sourced = replace(CATALOG, source="Prices come from a file.")
        assert of(SERVER, catalog=sourced).notes == ("Prices: Prices come from a file.", NOTE_TAX)

    def test_nothing_to_price_is_not_a_price_of_nothing(self) -> None:
        empty = Quote(MONTHLY, (), (), "EUR")
        assert not empty.complete
        assert empty.due_now is None

    def test_what_is_paid_once_is_due_now_and_not_again(self) -> None:
        once = CostLine("Setup", Money.parse("5", "EUR"), LineKind.ONCE)
        priced = replace(of(SERVER), lines=(*of(SERVER).lines, once))
        assert (str(priced.due_now), str(priced.recurring)) == ("17.99 EUR", "12.99 EUR")


class TestAddOns:
    def test_their_price_per_month_is_the_providers(self) -> None:
        priced = of(with_add_ons(ChosenAddOn("additional_ram", RAM_4.id), ChosenAddOn("additional_ip", IPS.id, 3)))
        assert figures(priced) == [
            ("KVM 2", "12.99 EUR"),
            ("Additional RAM: 4 GB", "4.99 EUR"),
            ("Additional IPs: IPv4 x 3", "9.00 EUR"),
        ]
        assert str(priced.due_now) == "26.98 EUR"
        assert not priced.estimated
        assert NOTE_ESTIMATE not in priced.notes

    @pytest.mark.parametrize(("cycle", "amount"), [(QUARTERLY, "14.97"), (ANNUALLY, "59.88")])
    def test_for_a_longer_cycle_it_is_multiplied_and_said_to_be(self, cycle: BillingCycle, amount: str) -> None:
        priced = of(with_add_ons(ChosenAddOn("additional_ram", RAM_4.id)), cycle=cycle)
        plan, ram = priced.lines
        assert (plan.estimate, ram.estimate, priced.estimated) == (False, True, True)
        assert ram.amount == Money.parse(amount, "EUR")
        assert priced.notes == (NOTE_ESTIMATE, NOTE_TAX)

    def test_a_price_for_the_cycle_itself_is_no_estimate(self) -> None:
        assert add_on_price(FULLY_PRICED, 2, ANNUALLY) == (Money.parse("20", "EUR"), False)

    def test_nothing_times_months_is_no_estimate(self) -> None:
        priced = of(with_add_ons(ChosenAddOn("extras", FREE.id)), cycle=ANNUALLY)
        assert figures(priced)[1] == ("Extras: Monitoring", "0.00 EUR")
        assert not priced.estimated

    @pytest.mark.parametrize("chosen", [ChosenAddOn("extras", UNPRICED.id), ChosenAddOn("extras", "gone")])
    def test_one_without_a_price_makes_the_quote_incomplete(self, chosen: ChosenAddOn) -> None:
        priced = of(with_add_ons(chosen))
        assert priced.lines[1].amount is None
        assert (priced.complete, priced.due_now) == (False, None)
        assert priced.notes == (NOTE_UNKNOWN, NOTE_TAX)

    def test_one_priced_for_other_cycles_only_has_no_price(self) -> None:
        yearly = AddOn("5", "Yearly", {ANNUALLY: Money.parse("10", "EUR")})
        assert add_on_price(yearly, 1, QUARTERLY) == (None, False)


class TestServers:
    def test_each_line_says_whose_it_is(self) -> None:
        priced = of(SERVER, ServerDraft(plan=SMALL_PLAN.id, add_ons=(ChosenAddOn("additional_ip", IPS.id),)))
        assert figures(priced) == [
            ("web1: KVM 2", "12.99 EUR"),
            ("server 2: KVM 1", "7.99 EUR"),
            ("server 2: Additional IPs: IPv4", "3.00 EUR"),
        ]
        assert str(priced.recurring) == "23.98 EUR"

    def test_one_without_a_price_leaves_no_total(self) -> None:
        priced = of(SERVER, replace(SERVER, plan="999"))
        assert (priced.complete, priced.recurring) == (False, None)
        assert priced.currency == "EUR"

    def test_currencies_are_not_mixed(self) -> None:
        dollars = replace(SMALL_PLAN, prices=prices("7.99", currency="USD"))
        with pytest.raises(ValueError, match="mixes currencies"):
            of(SERVER, replace(SERVER, plan=SMALL_PLAN.id), catalog=Catalog((PLAN, dollars)))


@dataclass(frozen=True, slots=True)
class Cart:
    """A draft, its catalogue, and its price in cents as plain arithmetic has it."""

    draft: Draft
    catalog: Catalog
    cents: int | None


def in_cents(prices_in_cents: dict[BillingCycle, int]) -> Prices:
    return {cycle: Money(Decimal(cents).scaleb(-2), "EUR") for cycle, cents in prices_in_cents.items()}


@st.composite
def carts(draw: st.DrawFn) -> Cart:
    cents = st.integers(0, 10**6)
    price_lists = st.dictionaries(st.sampled_from(BillingCycle), cents)
    cycle = draw(st.sampled_from(BillingCycle))
    servers, plans = [], []
    known: list[int | None] = []
    for number in range(draw(st.integers(1, 4))):
        plan_prices = draw(price_lists)
        known.append(plan_prices.get(cycle))
        groups, chosen = [], []
        for key in draw(st.sets(st.sampled_from(["ram", "ip", "disk"]))):
            add_on_prices, units = draw(st.none() | price_lists), draw(st.integers(1, 20))
            listed = None if add_on_prices is None else in_cents(add_on_prices)
            groups.append(AddOnGroup(key, key.upper(), (AddOn("1", "One", listed, 20),)))
            chosen.append(ChosenAddOn(key, "1", units))
            each = (add_on_prices or {}).get(cycle)
            monthly = (add_on_prices or {}).get(MONTHLY)
            if each is None and monthly is not None:
                each = monthly * {"monthly": 1, "quarterly": 3, "semiannually": 6, "annually": 12}[cycle]
            known.append(None if each is None else each * units)
        plans.append(Plan(str(number), "P", 1, 1, 1, 1, in_cents(plan_prices), (), tuple(groups)))
        servers.append(ServerDraft(plan=str(number), add_ons=tuple(chosen)))
    total = sum(amount for amount in known if amount is not None)
    draft = Draft("edis", billing_cycle=cycle, servers=tuple(servers))
    return Cart(draft, Catalog(tuple(plans)), None if None in known else total)


@given(carts())
def test_any_cart_costs_what_whole_cents_add_up_to(cart: Cart) -> None:
    priced = quote(cart.draft, cart.catalog)
    assert len(priced.lines) == sum(1 + len(server.add_ons) for server in cart.draft.servers)
    assert priced.complete == (cart.cents is not None)
    assert (NOTE_UNKNOWN in priced.notes) == (cart.cents is None)
    assert (NOTE_ESTIMATE in priced.notes) == priced.estimated
    if cart.cents is None:
        assert priced.due_now is priced.recurring is priced.per_month is None
    else:
        assert priced.recurring == priced.due_now == Money(Decimal(cart.cents).scaleb(-2), "EUR")
        amounts = [line.amount for line in priced.lines if line.amount is not None]
        assert sum((amount.amount for amount in amounts), Decimal(0)) * 100 == cart.cents


def test_the_shared_groups_are_those_of_the_plan() -> None:
    assert PLAN.add_on_groups == GROUPS
