"""The receipt of an order and of a change: each outcome in its own words, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vps_tui.core.change_words import CHOOSE_AGAIN
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import ChangeKind
from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.providers.models import Server
from vps_tui.services.findings import Looked, ReconcileFinding, Sighting
from vps_tui.wizard.questions import receipt, settling
from vps_tui.wizard.state import WizardState

from .paid_states import NOW, ORDER, SERVER, STACK_ORDER, changed, entry

PLACED, REFUSED, NOT_SENT, UNKNOWN = OutcomeKind
UPGRADE, CANCEL = changed(ChangeKind.UPGRADE), changed(ChangeKind.CANCEL)
NAME = SERVER.display_name


def after(kind: OutcomeKind, state: WizardState = ORDER, *, paid: bool | None = None, hint: str = "") -> WizardState:
    return replace(state, outcome=Outcome(kind, paid=paid, hint=hint))


@pytest.mark.parametrize(
    ("state", "headline", "hint", "label"),
    [
        (after(PLACED, paid=True), "Ordered", "The invoice is paid.", "What is listed?"),
        (after(PLACED, paid=False), "Ordered", "The invoice is NOT paid yet. Pay it in", "What is listed?"),
        (after(PLACED), "Ordered", "The provider did not say whether the invoice is paid.", "What is listed?"),
        (after(REFUSED), "Not ordered: the provider declined", "Nothing was bought.", "Change and order again"),
        (after(NOT_SENT), "Not ordered: nothing was sent", "Nothing was bought.", "Change and order again"),
        (after(UNKNOWN), "It is not known whether this was ordered", "web1: do not order it again", "Look now"),
        (after(PLACED, UPGRADE), "Upgrade ordered", f"{NAME}: see in the EDIS Global client area", "What is listed?"),
        (after(PLACED, UPGRADE, paid=True), "Upgrade ordered", NAME, "What is listed?"),
        (after(PLACED, CANCEL), "Cancelled", NAME, "What is listed?"),
        (
            after(REFUSED, CANCEL),
            "Not cancelled: the provider declined",
            f"{NAME} is as it was.",
            "Back to the price",
        ),
        (
            after(UNKNOWN, changed(ChangeKind.SWITCH)),
            "It is not known whether this was switched",
            f"{NAME}: do not try it again before",
            "Look now",
        ),
    ],
)
def test_each_outcome_has_its_words_and_its_way_on(state: WizardState, headline: str, hint: str, label: str) -> None:
    assert receipt.heading(state)[0] == headline
    assert receipt.heading(state)[1].startswith(hint)
    assert receipt.next_label(state) == label


@pytest.mark.parametrize("kind", OutcomeKind)
@pytest.mark.parametrize("change", ChangeKind)
def test_the_last_words_about_a_change_do_not_speak_of_an_order(kind: OutcomeKind, change: ChangeKind) -> None:
    state = replace(after(kind, changed(change)), entry=entry(State(kind.value), kind=change.value))
    said = " ".join(receipt.last_words(state, sandbox=True))
    assert "(sandbox: nothing was changed)" in said
    rest = said.replace("vps-tui --sandbox orders", "").replace("Upgrade ordered", "")
    assert "order" not in rest.casefold()
    assert "watch" not in said


@pytest.mark.parametrize(("kind", "command"), [(PLACED, "show"), (UNKNOWN, "check")])
def test_the_last_words_name_the_record_and_what_looks_for_it(kind: OutcomeKind, command: str) -> None:
    state = replace(after(kind), entry=entry(State(kind.value)))
    said = receipt.last_words(state, sandbox=False)
    assert said[0].startswith("web1: ")
    assert f"Recorded as 1122-k7qf: vps-tui orders {command} 1122-k7qf" in said
    assert any("watch 1122-k7qf" in line for line in said) is (kind is PLACED)


@pytest.mark.parametrize(
    ("state", "step"), [(STACK_ORDER, Step.COST), (UPGRADE, Step.CHANGE_COST), (CANCEL, Step.CHANGE_COST)]
)
@pytest.mark.parametrize("kind", [REFUSED, NOT_SENT])
def test_what_was_not_taken_is_gone_back_to_with_every_answer_and_a_fresh_price(
    state: WizardState, step: Step, kind: OutcomeKind
) -> None:
    state = replace(
        after(kind, state), entry=entry(State(kind.value)), repeated=(entry(State.PLACED),), acknowledged="x"
    )
    assert receipt.can_try_again(state)
    again, there = receipt.retry(state)
    assert there is step
    assert (again.outcome, again.entry, again.repeated, again.acknowledged) == (None, None, (), "")
    assert (again.draft, again.root_passwords) == (state.draft, state.root_passwords)
    if state.changing is not None:
        assert again.changing == replace(state.changing, quote=None)


@pytest.mark.parametrize("state", [ORDER, UPGRADE])
@pytest.mark.parametrize("kind", [PLACED, UNKNOWN])
def test_what_was_or_may_have_been_taken_is_never_gone_back_to(state: WizardState, kind: OutcomeKind) -> None:
    assert not receipt.can_try_again(after(kind, state))


def test_an_order_of_an_earlier_run_and_a_server_that_has_changed_are_begun_from_the_start() -> None:
    earlier = replace(after(REFUSED), catalog=None)
    assert (receipt.can_try_again(earlier), receipt.next_label(earlier)) == (False, "Order something")
    assert UPGRADE.changing is not None
    for state in (
        after(NOT_SENT, UPGRADE, hint=CHOOSE_AGAIN),
        after(REFUSED, replace(UPGRADE, changing=replace(UPGRADE.changing, offered=None))),
    ):
        assert (receipt.can_try_again(state), receipt.next_label(state)) == (False, "Your servers")
        listed, step = receipt.to_servers(state)
        assert listed.changing is not None
        assert (listed.changing.server, listed.changing.quote, listed.outcome, step) == (
            SERVER,
            None,
            None,
            Step.OWNED,
        )


def test_the_servers_are_listed_after_signing_in() -> None:
    assert receipt.to_servers(replace(after(REFUSED, CANCEL), signed_in=False))[1] is Step.SIGN_IN


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (after(UNKNOWN), "It is still not known whether it was ordered."),
        (after(PLACED), "The order stands as it is."),
        (after(UNKNOWN, CANCEL), "It is still not known whether it was made."),
        (after(PLACED, CANCEL), "It stands as it is."),
    ],
)
def test_a_look_that_fails_says_what_that_leaves_open(state: WizardState, words: str) -> None:
    assert receipt.look_failed(state) == words


def test_a_look_says_what_is_listed_and_that_it_goes_on_while_it_is_open() -> None:
    listed = (Server("312845", name="web1", plan="KVM 2", status="active"),)
    finding = ReconcileFinding(Sighting.NOT_YET, "Not listed yet.", "Wait.")
    open_look = Looked((), finding, entry(State.UNKNOWN))
    assert receipt.look_result(after(UNKNOWN), open_look) == [
        "Not listed yet. Wait. It is looked for every 20 seconds."
    ]
    assert receipt.look_result(after(UNKNOWN, CANCEL), open_look)[0].endswith("It is looked at every 20 seconds.")
    assert receipt.look_result(after(UNKNOWN), open_look, "Enter looks once more.")[0].endswith("looks once more.")
    settled = Looked(listed, finding, entry(State.PLACED))
    assert receipt.look_result(after(UNKNOWN, CANCEL), settled) == ["Not listed yet. Wait."]
    plain = Looked(listed, None, None)
    assert receipt.look_result(after(PLACED), plain)[0] == "EDIS Global lists:"
    assert receipt.look_result(after(PLACED, CANCEL), plain) == [
        "EDIS Global lists it now as:",
        "  312845  web1  KVM 2  active",
    ]
    gone = Looked((), None, None)
    assert "lists no such server yet" in receipt.look_result(after(PLACED), gone)[0]
    assert receipt.look_result(after(PLACED, CANCEL), gone) == ["EDIS Global does not list the server any more."]


def test_a_change_shows_its_price_only_where_it_was_taken_and_a_cancellation_none() -> None:
    labels = [label for label, _ in receipt.pairs(after(PLACED, UPGRADE))]
    assert {"For", "Then", "New plan"} <= set(labels)
    assert "Service" not in labels
    assert not {"For", "Then"} & {label for label, _ in receipt.pairs(after(REFUSED, UPGRADE))}
    recorded = replace(
        entry(State.PLACED, kind="cancel"),
        purchase=replace(entry(State.PLACED).purchase, quote={"due_now": "5.99", "currency": "EUR"}),
    )
    assert "Due at once" not in dict(receipt.pairs(replace(after(PLACED, CANCEL), entry=recorded)))
    assert dict(receipt.pairs(replace(after(PLACED, UPGRADE), entry=recorded)))["Due at once"] == "5.99 EUR"


def test_the_ids_of_a_change_can_be_copied() -> None:
    assert receipt.values(after(PLACED, CANCEL)) == [("Server", NAME), ("Id", "312845")]


@pytest.mark.parametrize(("kind", "answers"), [("order", "It is there"), ("cancel", "It was made")])
def test_settling_by_hand_warns_while_it_is_early(kind: str, answers: str) -> None:
    old, new = entry(State.UNKNOWN, kind=kind), replace(entry(State.UNKNOWN, kind=kind), sent=datetime.now(UTC))
    assert settling.answers(old)[0] == answers
    assert "the panel" in settling.hints(old, "the panel")[0]
    early = [len(settling.hints(one, "the panel")) for one in (replace(old, sent=NOW - timedelta(days=400)), new)]
    assert early == [1, 2]
