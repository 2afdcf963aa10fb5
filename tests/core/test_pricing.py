"""A quote holds every line there is to pay, says what is not known or reckoned by us, and adds up exactly."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, Plan, Prices
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.money import Money, SpendingLimit
from vps_tui.core.offers import NOWHERE, Offer, has_mixed_currencies, in_order
from vps_tui.core.pricing import (
    NOTE_ESTIMATE,
    NOTE_MIXED,
    NOTE_OTHER_CURRENCY,
    NOTE_TAX,
    NOTE_UNKNOWN,
    Quote,
    add_on_price,
    quote,
    quote_document,
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
            COMMON_CYCLES,
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


class TestCurrencies:
    DOLLARS = replace(SMALL_PLAN, prices=prices("7.99", currency="USD"))
    MIXED = Catalog((PLAN, DOLLARS), "From a file.")

    def test_servers_in_two_currencies_have_no_sum(self) -> None:
        priced = of(SERVER, replace(SERVER, name="web2", plan=SMALL_PLAN.id), catalog=self.MIXED)
        assert figures(priced) == [("web1: KVM 2", "12.99 EUR"), ("web2: KVM 1", "7.99 USD")]
        assert (priced.complete, priced.currency) == (False, "")
        assert priced.due_now is priced.recurring is priced.per_month is None
        assert priced.notes[0] == NOTE_MIXED.format(currencies="EUR and USD")
        assert NOTE_UNKNOWN not in priced.notes

    def test_so_has_a_plan_with_an_add_on_in_another(self) -> None:
        group = AddOnGroup("additional_ip", "IPs", (replace(IPS, prices=prices("3.00", currency="USD")),))
        catalog = Catalog((replace(PLAN, add_on_groups=(group,)),))
        priced = of(with_add_ons(ChosenAddOn("additional_ip", IPS.id)), catalog=catalog)
        assert figures(priced) == [("KVM 2", "12.99 EUR"), ("IPs: IPv4", "3.00 USD")]
        assert (priced.complete, priced.due_now) == (False, None)

    @pytest.mark.parametrize("currency", ["€", "", "\u0415UR", "EURO", "e\x1br", "E R"])
    def test_an_amount_in_no_currency_is_no_price(self, currency: str) -> None:
        group = AddOnGroup("additional_ip", "IPs", (replace(IPS, prices=prices("3.00", currency=currency)),))
        odd = replace(PLAN, prices=prices("12.99", currency=currency), add_on_groups=(group,))
        assert odd.prices == {}
        priced = of(with_add_ons(ChosenAddOn("additional_ip", IPS.id)), catalog=Catalog((odd,)), currency=currency)
        assert figures(priced) == [("KVM 2", None), ("IPs: IPv4", None)]
        assert (priced.complete, priced.due_now, priced.currency) == (False, None, "")
        assert NOTE_UNKNOWN in priced.notes
        assert priced.notes[0].startswith("The price of KVM 2 is not known, because its currency is")
        assert "IPs: IPv4" in priced.notes[1]
        assert not any(character < " " for character in "".join(priced.notes))

    def test_the_rest_of_the_catalogue_keeps_its_prices(self) -> None:
        odd = replace(SMALL_PLAN, prices=prices("7.99", currency="€"))
        assert str(of(SERVER, catalog=Catalog((PLAN, odd))).due_now) == "12.99 EUR"

    def test_small_letters_are_the_same_currency(self) -> None:
        odd = replace(PLAN, prices={MONTHLY: Money(Decimal("12.99"), "eur")})
        assert str(of(SERVER, catalog=Catalog((odd,))).due_now) == "12.99 EUR"

    def test_an_add_on_for_a_longer_cycle_says_why_its_monthly_price_does_not_count(self) -> None:
        group = AddOnGroup("additional_ip", "IPs", (replace(IPS, prices=prices("3.00", currency="€")),))
        catalog = Catalog((replace(PLAN, add_on_groups=(group,)),))
        priced = of(with_add_ons(ChosenAddOn("additional_ip", IPS.id)), cycle=ANNUALLY, catalog=catalog)
        assert 'its currency is given as "€"' in priced.notes[0]

    def test_the_orders_own_currency_may_be_another(self) -> None:
        priced = of(SERVER, currency="usd")
        assert str(priced.due_now) == "12.99 EUR"
        assert priced.notes[0] == NOTE_OTHER_CURRENCY.format(asked="USD", priced="EUR")
        assert not any("USD" in note for note in of(SERVER, currency="eur").notes)


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
    price_lists = st.dictionaries(st.sampled_from(COMMON_CYCLES), cents)
    cycle = draw(st.sampled_from(COMMON_CYCLES))
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


GOOD = st.sampled_from(["EUR", "USD"])
CODES = st.sampled_from(["EUR", "USD", "usd", "HKD", "", "€", "\u0415UR", "EURO"])


@st.composite
def carts_of_many_currencies(draw: st.DrawFn) -> tuple[Draft, Catalog]:
    """Return a cart each of whose amounts has a currency of its own, or something that is none."""

    def listed() -> dict[BillingCycle, Money]:
        # Most are priced for the cycle in a good currency: otherwise hardly any cart would have only known amounts.
        codes = draw(st.sampled_from([GOOD, GOOD, CODES]))
        cycles = draw(st.sets(st.sampled_from(COMMON_CYCLES))) | {cycle}
        return {each: Money(Decimal(draw(st.integers(1, 10**5))).scaleb(-2), draw(codes)) for each in cycles}

    cycle = draw(st.sampled_from(COMMON_CYCLES))

    plans, servers = [], []
    for number in range(draw(st.integers(1, 3))):
        group = AddOnGroup("ip", "IPs", (AddOn("1", "One", draw(st.none() | st.builds(listed)), 20),))
        plans.append(Plan(str(number), "P", 1, 1, 1, 1, listed(), (), (group,)))
        chosen = (ChosenAddOn("ip", "1", draw(st.integers(1, 3))),) if draw(st.booleans()) else ()
        servers.append(ServerDraft(f"web{number}", str(number), add_ons=chosen))
    draft = Draft("edis", "122", cycle, currency=draw(CODES), servers=tuple(servers))
    return draft, Catalog(tuple(plans), currency=draw(CODES))


@settings(max_examples=int(os.environ.get("CART_EXAMPLES", "150")))
@given(carts_of_many_currencies())
def test_no_cart_fails_and_none_is_added_up_across_currencies(cart: tuple[Draft, Catalog]) -> None:
    draft, catalog = cart
    priced = quote(draft, catalog)
    amounts = [line.amount for line in priced.lines]
    codes = {amount.currency for amount in amounts if amount is not None}
    assert codes <= {"EUR", "USD", "HKD"}
    one = None not in amounts and len(codes) == 1
    for total in (priced.due_now, priced.recurring, priced.per_month):
        assert (total is not None) is one
    if priced.due_now is not None:
        (code,) = codes
        figures = [amount.amount for amount in amounts if amount is not None]
        assert priced.due_now == Money(sum(figures, Decimal(0)), code)
    document = quote_document(draft, priced, catalog)
    assert (document["due_now"] is not None) is document["complete"] is one
    if len(codes) > 1:
        assert priced.currency == document["currency"] == ""
        assert all(code in priced.notes[0] for code in codes)
        assert {line["currency"] for line in document["lines"]} - {None} == codes
    assert bool(SpendingLimit.parse("999999 EUR").problem(priced.due_now)) is not (one and codes == {"EUR"})
    offers = [Offer(NOWHERE, plan, draft.billing_cycle) for plan in catalog.plans]
    priced_in = {offer.price.currency for offer in in_order(offers) if offer.price is not None}
    assert bool(has_mixed_currencies(offers)) is (len(priced_in) > 1)
    for first in offers:
        for second in offers:
            more = first.more_than(second)
            alike = first.price and second.price and first.price.currency == second.price.currency
            assert (more is not None) is bool(alike)


def test_the_shared_groups_are_those_of_the_plan() -> None:
    assert PLAN.add_on_groups == GROUPS
