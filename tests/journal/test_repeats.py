"""Which orders stand in the way of the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import FILE_NAME, Entry, Journal, Purchase, Repeated, State, locks

from .child import PURCHASE, purchase
from .conftest import Clock


def die() -> None:
    """Let go of all locks as the system does when a process ends; their files stay."""
    locks._forget()


@dataclass(frozen=True, slots=True)
class Case:
    """How an earlier order stands, and whether the same one may follow."""

    state: State
    dead: bool = False
    hours: float = 0.0
    blocks: bool = True
    again_helps: bool = True


CASES = {
    "prepared": Case(State.PREPARED, blocks=False),
    "prepared, dead": Case(State.PREPARED, dead=True, blocks=False),
    "sending": Case(State.SENDING, again_helps=False),
    "sending for days": Case(State.SENDING, hours=99, again_helps=False),
    "sending, dead": Case(State.SENDING, dead=True),
    "sending, dead for days": Case(State.SENDING, dead=True, hours=999),
    "unknown": Case(State.UNKNOWN),
    "unknown for days": Case(State.UNKNOWN, hours=999),
    "placed": Case(State.PLACED),
    "placed from the future": Case(State.PLACED, hours=-48),
    "placed almost a day ago": Case(State.PLACED, hours=23.99),
    "placed a day ago": Case(State.PLACED, hours=24, blocks=False),
    "refused": Case(State.REFUSED, blocks=False),
    "not sent": Case(State.NOT_SENT, blocks=False),
}


def earlier(journal: Journal, case: Case, bought: Purchase = PURCHASE, again: str = "") -> Entry:
    """Return an order that has come as far as `case` says."""
    entry = journal.prepare(bought, again=again)
    if case.state is not State.PREPARED:
        journal.begin_sending(entry.reference, None, None)
    if case.state not in (State.PREPARED, State.SENDING):
        journal.finish(entry.reference, Outcome(OutcomeKind(case.state.value)))
    if case.dead:
        die()
    return journal.entry(entry.reference)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_same_order_once_more(journal: Journal, clock: Clock, case: Case) -> None:
    # Prepared before the earlier one is under way, so that only the decision at the end can refuse it.
    plain = journal.prepare(PURCHASE)
    first = earlier(journal, case)
    clock.move(hours=case.hours)
    assert journal.repeats(PURCHASE) == ((journal.entry(first.reference),) if case.blocks else ())
    if not case.blocks:
        knowing = journal.prepare(PURCHASE)
        assert journal.begin_sending(knowing.reference, None, None).state is State.SENDING
        return
    with pytest.raises(Repeated, match=first.reference) as early:
        journal.prepare(PURCHASE)
    assert [entry.reference for entry in early.value.entries] == [first.reference]
    if not case.dead:  # Otherwise its own process is the one that died.
        with pytest.raises(Repeated, match=first.reference):
            journal.begin_sending(plain.reference, None, None)
        refused = journal.entry(plain.reference)
        assert (refused.state, refused.live, refused.sent) == (State.NOT_SENT, False, None)
        assert first.reference in refused.outcome.message
        assert not locks.holds(journal.path.parent / "sending" / f"{plain.reference}.lock")
    if case.again_helps:
        knowing = journal.prepare(PURCHASE, again=f" {first.reference.upper()} ")
        assert knowing.again == first.reference
        assert journal.begin_sending(knowing.reference, None, None).state is State.SENDING
    else:
        with pytest.raises(Repeated, match="being sent since"):
            journal.prepare(PURCHASE, again=first.reference)


@pytest.mark.parametrize("case", [CASES["unknown"], CASES["placed"], CASES["sending, dead"]], ids=str)
def test_an_order_that_comes_between_is_not_covered(journal: Journal, case: Case) -> None:
    first = earlier(journal, CASES["unknown"])
    journal.finish(first.reference, Outcome(OutcomeKind.PLACED))
    second = earlier(journal, case, again=first.reference)
    with pytest.raises(Repeated, match=second.reference) as caught:
        journal.prepare(PURCHASE, again=first.reference)
    assert caught.value.entries == (journal.entry(second.reference),)
    third = journal.prepare(PURCHASE, again=f"{first.reference}, {second.reference},")
    assert third.again == f"{first.reference},{second.reference}"
    assert journal.begin_sending(third.reference, None, None).state is State.SENDING


def test_what_was_knowingly_repeated_may_not_be_under_way_when_it_counts(journal: Journal) -> None:
    first = earlier(journal, CASES["placed"])
    one, two = (journal.prepare(PURCHASE, again=first.reference) for _ in range(2))
    journal.begin_sending(one.reference, None, None)
    with pytest.raises(Repeated, match="being sent since"):
        journal.begin_sending(two.reference, None, None)


def test_a_placed_order_counts_from_when_that_was_known(journal: Journal, clock: Clock) -> None:
    first = earlier(journal, CASES["unknown"])
    clock.move(hours=72)
    placed = journal.finish(first.reference, Outcome(OutcomeKind.PLACED), settled_by="reading")
    clock.move(hours=23)
    assert journal.repeats(PURCHASE) == (placed,)
    clock.move(hours=1)
    assert journal.repeats(PURCHASE) == ()


def changed(**changes: object) -> Callable[[Purchase], Purchase]:
    return lambda bought: replace(bought, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (changed(), True),
        (changed(account=" OPS@EXAMPLE.COM"), True),
        (changed(servers=(("WEB1", "1707"),)), True),
        (changed(servers=(("web0", "1"), ("web1 ", "1707"))), True),
        (changed(digest="", quote={}, bought=(), order_file=""), True),
        (changed(provider="layerstack"), False),
        (changed(account="dev@example.com"), False),
        (changed(servers=(("web2", "1707"),)), False),
        (changed(servers=(("web1", "1708"),)), False),
        (changed(servers=(("web1", "1708"), ("web2", "1707"))), False),
        (changed(servers=()), False),
    ],
)
def test_what_makes_two_orders_the_same(journal: Journal, change: Callable[[Purchase], Purchase], same: bool) -> None:
    first = earlier(journal, CASES["sending"])
    assert journal.repeats(change(PURCHASE)) == ((first,) if same else ())


def upgrade(plan: str, server: str = "312845") -> Purchase:
    return replace(PURCHASE, kind="upgrade", servers=((server, f"plan {plan} monthly"),))


@pytest.mark.parametrize(
    ("state", "blocks"),
    [(State.PREPARED, False), (State.SENDING, True), (State.UNKNOWN, True), (State.PLACED, False)],
)
def test_one_server_gets_one_new_plan_at_a_time(journal: Journal, state: State, blocks: bool) -> None:
    """Another plan for it is no repetition, and waits all the same until it is known what came of the first."""
    late = journal.prepare(upgrade("2"))
    first = earlier(journal, Case(state), upgrade("1"))
    assert journal.repeats(upgrade("2")) == ((first,) if blocks else ())
    assert journal.repeats(upgrade("2", server="312846")) == ()
    if not blocks:
        assert journal.begin_sending(late.reference, None, None).state is State.SENDING
        return
    with pytest.raises(Repeated, match=first.reference):
        journal.prepare(upgrade("3"))
    with pytest.raises(Repeated, match=first.reference):
        journal.begin_sending(late.reference, None, None)
    assert journal.entry(late.reference).state is State.NOT_SENT


def test_every_order_that_would_be_repeated_is_named(journal: Journal, clock: Clock) -> None:
    old = earlier(journal, CASES["unknown"], purchase("a"))
    clock.move(minutes=1)
    new = earlier(journal, CASES["placed"], purchase("b"))
    both = replace(PURCHASE, servers=(("a", "1707"), ("b", "1707")))
    assert journal.repeats(both) == (new, old)
    with pytest.raises(Repeated) as caught:
        journal.prepare(both)
    assert caught.value.entries == (new, old)
    assert caught.value.money == "Nothing was ordered."
    assert caught.value.message == (
        f"Order {new.reference} (b) of 22 Nov 2026 03:01 UTC is in the journal as placed. "
        f"It is not known whether order {old.reference} (a) of 22 Nov 2026 03:00 UTC was placed."
    )
    assert f"vps-tui orders check {old.reference}" in caught.value.hint


def test_a_name_from_outside_is_cleaned_before_it_is_shown(journal: Journal) -> None:
    hostile = purchase("a\x1b[31m\u202eb\n")
    earlier(journal, CASES["placed"], hostile)
    with pytest.raises(Repeated) as caught:
        journal.prepare(hostile)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(("folder", "program"), [("state", "vps-tui"), ("sandbox", "vps-tui --sandbox")])
def test_the_command_that_is_named_finds_the_order(tmp_path: Path, folder: str, program: str) -> None:
    """The sandbox keeps a journal of its own: without its option the command would know no such order."""
    journal = Journal(tmp_path / folder / FILE_NAME)
    (tmp_path / folder).mkdir(mode=0o700)
    reference = journal.prepare(PURCHASE).reference
    journal.begin_sending(reference, None, None)
    die()
    check = f"{program} orders check {reference}"
    assert check in journal.recover()[0].outcome.hint
    with pytest.raises(Repeated) as refusal:
        journal.prepare(purchase())
    assert refusal.value.hint.startswith(f"Find out with: {check}.")
