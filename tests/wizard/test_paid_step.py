"""The questions before a paid call: what they say of an order and of a change, and which words they take."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vps_tui.core.server_change import ChangeKind
from vps_tui.journal import State
from vps_tui.wizard.questions import paid_step
from vps_tui.wizard.state import WizardState

from .paid_states import NOW, ORDER, PASSWORD, SERVER, STACK_ORDER, changed, entry

UPGRADE, CANCEL = changed(ChangeKind.UPGRADE), changed(ChangeKind.CANCEL)
MACHINE = SERVER.kvm_id


def asked(state: WizardState) -> paid_step.Confirmation:
    return paid_step.confirmation(state, NOW)


def repeating(state: WizardState, *entries: State, live: bool = False) -> paid_step.Repetition:
    kind = "order" if state.changing is None else "upgrade"
    repeated = tuple(entry(one, live=live, kind=kind) for one in entries)
    return paid_step.repetition(replace(state, repeated=repeated))


@pytest.mark.parametrize("state", [ORDER, STACK_ORDER, UPGRADE, changed(ChangeKind.ADD_ON)])
def test_only_the_whole_word_yes_confirms(state: WizardState) -> None:
    question = asked(state)
    assert all(map(question.accepts, ("yes", "YES", " yes ")))
    assert not any(map(question.accepts, ("", "y", "no", "yess", "ýes", "again", "312845")))
    assert "Type the word yes" in question.expected


def test_only_the_name_or_the_id_in_full_cancels() -> None:
    question = asked(CANCEL)
    assert all(map(question.accepts, (MACHINE, MACHINE.upper(), "312845", " 312845 ")))
    assert not any(map(question.accepts, ("", "yes", "312846", "31284", "kvm_112234", "again")))
    assert question.expected == f"Nothing was changed. Type {MACHINE} or 312845 in full to cancel it"
    assert question.heading[1].endswith(f"Type {MACHINE} or 312845 to cancel it.")


def test_a_name_of_one_letter_is_no_word_and_a_long_one_has_its_id_beside_it() -> None:
    letter = asked(changed(ChangeKind.CANCEL, replace(SERVER, name="b", kvm_id="")))
    assert letter.words == ("312845",)
    long = asked(changed(ChangeKind.CANCEL, replace(SERVER, name="x" * 41, kvm_id="")))
    assert (long.accepts("x" * 41), long.expected) == (True, "Nothing was changed. Type 312845 in full to cancel it")


def test_an_order_says_what_is_bought_from_whom_for_how_much_and_how_it_is_paid() -> None:
    question = asked(ORDER)
    assert question.heading == ("Order this from EDIS Global?", "With the account ops@example.test.")
    assert [label for label, _ in question.money] == ["Now", "Then", "Payment"]
    assert ("Payment", "Cryptomus (crypto), for this and all renewals") in question.money
    assert {"Location": "Germany", "OS image": "Debian 12", "Hostname": "web1"}.items() <= dict(
        question.details
    ).items()
    assert (question.button, question.notes, question.notes_first) == ("Order", [], False)
    assert "sends the order once" in question.help_text
    assert "buys nothing" in question.help_text


def test_a_source_of_prices_is_named_and_no_password_is_shown() -> None:
    assert STACK_ORDER.catalog is not None
    question = asked(replace(STACK_ORDER, catalog=replace(STACK_ORDER.catalog, source="a file")))
    assert ("Prices", "a file") in question.money
    assert question.heading[0] == "Order this from LayerStack?"
    assert ("Root password", "set, not shown") in question.details
    assert PASSWORD not in repr(question)


@pytest.mark.parametrize(
    ("kind", "title", "button", "verb"),
    [
        (ChangeKind.UPGRADE, f"Give {MACHINE} another plan?", "Upgrade", "change it"),
        (ChangeKind.SWITCH, f"Give {MACHINE} another plan?", "Switch", "change it"),
        (ChangeKind.ADD_ON, f"Add this to {MACHINE}?", "Add", "add it"),
        (ChangeKind.CANCEL, f"Cancel {MACHINE}?", "Cancel it", ""),
    ],
)
def test_each_change_is_asked_in_its_own_words(kind: ChangeKind, title: str, button: str, verb: str) -> None:
    question = asked(changed(kind))
    assert (question.heading[0], question.button) == (title, button)
    assert "with the account ops@example.test" in question.heading[1]
    assert question.question == (f"Type yes to {verb}, then Enter:" if verb else "Its name or id, then Enter:")
    assert question.notes_first is (kind is ChangeKind.CANCEL)
    assert "order" not in " ".join((*question.heading, question.question, question.expected, question.help_text))


def test_what_a_change_costs_or_loses_stands_beside_the_question() -> None:
    assert dict(asked(UPGRADE).money)["Now"] == "31.00 EUR"
    assert asked(UPGRADE).notes == ["The server restarts."]
    assert asked(CANCEL).money == [("Now", "nothing is charged")]
    assert asked(CANCEL).notes == ["Its data is deleted."]
    assert ("Add", "Backup (vm_backup) +1") in asked(changed(ChangeKind.ADD_ON)).details


@pytest.mark.parametrize(("state", "done"), [(ORDER, "ordered"), (UPGRADE, "changed"), (CANCEL, "changed")])
def test_a_word_that_came_too_fast_did_nothing(state: WizardState, done: str) -> None:
    for question in (asked(state), repeating(state, State.PLACED)):
        assert f"nothing was {done}. Type {question.words[0]}, wait a moment" in question.hurried


def test_only_the_word_again_repeats() -> None:
    for state in (ORDER, CANCEL):
        question = repeating(state, State.PLACED)
        assert question.accepts(" Again ")
        assert not any(map(question.accepts, ("", "yes", "agai", "agains", "no", "312845")))
        assert "Type the word again" in question.expected


@pytest.mark.parametrize(
    ("state", "title"),
    [(ORDER, "You have ordered this already"), (CANCEL, "You have made this cancellation already")],
)
def test_what_was_done_is_named(state: WizardState, title: str) -> None:
    question = repeating(state, State.PLACED)
    assert question.heading[0] == title
    assert "1122-k7qf" in question.message
    assert question.way_out.startswith("If you did not mean to")


@pytest.mark.parametrize(
    ("state", "title"), [(ORDER, "This may be ordered already"), (UPGRADE, "The upgrade may have been made already")]
)
def test_what_is_not_known_is_found_out_first_even_beside_what_is(state: WizardState, title: str) -> None:
    question = repeating(state, State.PLACED, State.UNKNOWN)
    assert question.heading[0] == title
    assert question.way_out.startswith("To find out, leave with Ctrl+Q and start again")
    assert not question.live


@pytest.mark.parametrize(
    ("state", "title", "wait"),
    [
        (ORDER, "This is being ordered now", "Nothing can be ordered beside it: go back, and ask again later."),
        (
            UPGRADE,
            "This upgrade is being made now",
            "Nothing can be changed beside it: go back, and ask again later.",
        ),
    ],
)
def test_what_is_being_sent_leaves_no_way_on(state: WizardState, title: str, wait: str) -> None:
    question = repeating(state, State.SENDING, live=True)
    assert (question.heading[0], question.way_out, question.live) == (title, wait, True)


def test_what_is_repeated_goes_on_record() -> None:
    state = replace(ORDER, repeated=(entry(State.PLACED), replace(entry(State.PLACED), reference="1122-aaaa")))
    assert paid_step.with_repeats(state).acknowledged == "1122-k7qf,1122-aaaa"


@pytest.mark.parametrize(
    ("state", "doing"),
    [(ORDER, "Ordering."), (UPGRADE, "Sending the upgrade."), (CANCEL, "Sending the cancellation.")],
)
def test_under_way_it_cannot_be_stopped(state: WizardState, doing: str) -> None:
    assert paid_step.busy(state) == f"{doing} Waiting for EDIS Global to answer; this cannot be stopped now."
