"""What a draft costs: every line labelled, and what is not known named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, Catalog, Plan, find_add_on, find_os_image
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.money import Money, currency_code, join_codes

NOTE_ESTIMATE = 'Add-on prices are published per month; "about" means multiplied by the months of the cycle.'
NOTE_UNKNOWN = "Not every price is known here."
NOTE_MIXED = "Prices are in {currencies}: they are not added up, so what is due is not known here."
NOTE_OTHER_CURRENCY = (
    "The order names {asked} as its currency, but the prices here are in {priced}: what is charged may be another "
    "figure, in {asked}."
)
NOTE_TAX = "Tax (VAT) is not stated by the provider and may be added to the invoice."


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a quote."""

    label: str
    amount: Money | None
    """For one billing cycle; None where the price is not known."""
    estimate: bool = False
    problem: str = ""
    """Why there is no amount although the provider states one: within a sentence, after "because"."""

    @property
    def price(self) -> str:
        """The amount in words, "not known" where there is none."""
        return "not known" if self.amount is None else self.amount.words(estimate=self.estimate)


@dataclass(frozen=True, slots=True)
class Quote:
    """The cost lines of one draft."""

    billing_cycle: BillingCycle
    lines: tuple[CostLine, ...]
    notes: tuple[str, ...]
    currency: str
    """Of every amount; empty where they are in several, or not known."""

    @property
    def currencies(self) -> frozenset[str]:
        """Every currency that a line is in."""
        return frozenset(line.amount.currency for line in self.lines if line.amount is not None)

    @property
    def complete(self) -> bool:
        """Whether every line has an amount, all in one currency, so that there is a sum."""
        return len(self.currencies) == 1 and all(line.amount is not None for line in self.lines)

    @property
    def unknown(self) -> str:
        """Why there is no sum, as the beginning of a sentence; only for a quote that is not complete."""
        mixed = len(self.currencies) > 1
        return f"The prices are in {join_codes(self.currencies)}" if mixed else "Not every price is known"

    @property
    def estimated(self) -> bool:
        """Whether an amount is our multiplication and not the provider's figure."""
        return any(line.estimate for line in self.lines)

    @property
    def due_now(self) -> Money | None:
        """The first invoice, before account credit; None while a price is not known."""
        if not self.complete:
            return None
        (currency,) = self.currencies
        amounts = (line.amount for line in self.lines if line.amount is not None)
        return sum(amounts, start=Money.zero(currency))

    @property
    def recurring(self) -> Money | None:
        """Each renewal: no provider sells anything that is paid only once."""
        return self.due_now

    @property
    def per_month(self) -> Money | None:
        """The renewal spread over the cycle's months, to compare cycles with."""
        recurring = self.recurring
        return None if recurring is None else self.billing_cycle.per_month(recurring)


def quote(draft: Draft, catalog: Catalog) -> Quote:
    """Price `draft` with the catalogue of its location.

    A server whose plan the catalogue does not hold gets a line without an amount, so the quote is
    incomplete rather than wrong; so is one with amounts in several currencies. It never raises.
    """
    lines: list[CostLine] = []
    for server, prefix in zip(draft.servers, _prefixes(draft), strict=True):
        lines.extend(_server_lines(server, catalog.plan(server.plan), draft.billing_cycle, prefix))
    priced = Quote(draft.billing_cycle, tuple(lines), (), "")
    asked, currencies = currency_code(draft.currency), priced.currencies
    currency = "" if len(currencies) > 1 else next(iter(currencies), asked or currency_code(catalog.currency))
    return replace(priced, notes=tuple(_notes(priced, catalog, asked)), currency=currency)


def _notes(found: Quote, catalog: Catalog, asked: str) -> Iterator[str]:
    """Yield what has to be known about a price; `asked` is the currency that the order names, empty for none.

    What makes it wrong to take the figures for the price comes first: a small screen shows one note.
    """
    lines, currencies = found.lines, found.currencies
    if len(currencies) > 1:
        yield NOTE_MIXED.format(currencies=join_codes(currencies))
    if asked and currencies - {asked}:
        yield NOTE_OTHER_CURRENCY.format(asked=asked, priced=join_codes(currencies))
    for line in lines:
        if line.problem:
            yield f"The price of {line.label} is not known, because {line.problem}."
    if catalog.source:
        yield f"Prices: {catalog.source}"
    if any(line.estimate for line in lines):
        yield NOTE_ESTIMATE
    if any(line.amount is None for line in lines):
        yield NOTE_UNKNOWN
    yield NOTE_TAX


def add_on_price(add_on: AddOn, value: int, cycle: BillingCycle) -> tuple[Money | None, bool]:
    """Return the price of `value` units for one cycle, and whether it is an estimate."""
    if add_on.prices is None:
        return None, False
    if cycle in add_on.prices:
        return add_on.prices[cycle] * value, False
    monthly = add_on.prices.get(BillingCycle.MONTHLY)
    if monthly is None or not cycle.months:
        return None, False
    return monthly * (value * cycle.months), monthly.amount != 0


def _prefixes(draft: Draft) -> list[str]:
    """Return what each server's lines begin with: nothing for one, its name, or its number where names are alike."""
    names = [server.name for server in draft.servers]
    if len(names) == 1:
        return [""]
    apart = len(set(names)) == len(names)
    words = (
        (name or f"server {number}") if apart else f"{number}. {name}".rstrip()
        for number, name in enumerate(names, 1)
    )
    return [f"{word}: " for word in words]


def _server_lines(server: ServerDraft, plan: Plan | None, cycle: BillingCycle, prefix: str) -> Iterator[CostLine]:
    if plan is None:
        unknown = f"plan {server.plan}" if server.plan else "no plan yet"
        yield CostLine(f"{prefix}{server.plan_name or unknown}", None)
        return
    price = plan.prices.get(cycle)
    times = f" x {server.quantity}" if server.quantity > 1 else ""
    yield CostLine(
        f"{prefix}{plan.name}{times}",
        None if price is None else price * server.quantity,
        problem=plan.price_problems.get(cycle, ""),
    )
    for chosen in server.add_ons:
        found = find_add_on(plan, chosen.group, chosen.id)
        if found is None:
            yield CostLine(f"{prefix}{chosen.group or 'add-on'} {chosen.id}", None)
            continue
        group, add_on = found
        amount, estimate = add_on_price(add_on, chosen.value * server.quantity, cycle)
        count = chosen.value * server.quantity
        units = f" x {count}" if count > 1 else ""
        problems = add_on.price_problems
        problem = "" if amount else problems.get(cycle) or problems.get(BillingCycle.MONTHLY, "")
        yield CostLine(f"{prefix}{group.title}: {add_on.name}{units}", amount, estimate=estimate, problem=problem)


def quote_document(draft: Draft, quote: Quote, catalog: Catalog) -> dict[str, Any]:
    """Return `quote` as scripts get it and the journal keeps it: amounts as text, None where a price is not known.

    Where the amounts are in several currencies, "currency" is empty and each line has its own.
    """
    return {
        "provider": draft.provider,
        "currency": quote.currency,
        "billing_cycle": quote.billing_cycle.value,
        "complete": quote.complete,
        "lines": [
            {"label": line.label, "amount": _figure(line.amount), "kind": "recurring", **_own(line, quote)}
            for line in quote.lines
        ],
        "due_now": _figure(quote.due_now),
        "recurring": _figure(quote.recurring),
        "per_month": _figure(quote.per_month),
        "servers": [_server(server, catalog) for server in draft.servers],
        "notes": list(quote.notes),
    }


def _figure(amount: Money | None) -> str | None:
    return None if amount is None else amount.figure


def _own(line: CostLine, quote: Quote) -> dict[str, str | None]:
    mixed = len(quote.currencies) > 1
    return {"currency": line.amount.currency if line.amount else None} if mixed else {}


def _server(server: ServerDraft, catalog: Catalog) -> dict[str, Any]:
    from vps_tui.core.ssh_keys import parse_public_key

    plan = catalog.plan(server.plan)
    image = find_os_image(plan, server.os) if plan else None
    return {
        "name": server.name,
        "plan": plan.name if plan else server.plan,
        "os": image.name if image else server.os,
        "ssh_key_fingerprint": parse_public_key(server.ssh_key).fingerprint if server.ssh_key else None,
    }
