"""A wizard opened while an order's outcome is unknown shows that order first and helps to settle it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot

from vps_tui.core.draft import Draft
from vps_tui.core.errors import Unreachable
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import FILE_NAME, Journal, State
from vps_tui.sandbox.server import LAYERSTACK_ACCOUNT
from vps_tui.tui.screens.modals import ProblemScreen, SettleScreen
from vps_tui.tui.screens.receipt import ReceiptScreen
from vps_tui.wizard.state import WizardState

from .driver import (
    AT_ONCE,
    arrive,
    button,
    drain,
    ended,
    fresh_folder,
    journal_of,
    paid_calls,
    press,
    requests_to,
    said,
    sandbox_of,
    settled,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import DRAFTS, EDIS, STACK, order_of_draft, written

LONG_AGO = timedelta(minutes=40, seconds=20)


@pytest.fixture
def folder() -> Path:
    """A state folder."""
    return fresh_folder()


def kind_of(pilot: Pilot[int]) -> OutcomeKind | None:
    outcome = wizard_of(pilot).state.outcome
    return outcome.kind if outcome else None


async def push(pilot: Pilot[int], name: str) -> None:
    """Press a button by keyboard."""
    button(pilot, name).focus()
    await press(pilot, "enter")


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_it_is_looked_for_at_once_and_placed_and_recorded_when_it_is_there(folder: Path, draft: Draft) -> None:
    lost = await order_of_draft(folder, draft, ("reply-lost",))
    assert lost.state is State.UNKNOWN
    async with wizard(folder=folder, keep=True, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: kind_of(pilot) is OutcomeKind.PLACED)
        await arrive(pilot, Step.RECEIPT)
        (bought,) = sandbox_of(pilot.app).ledger.orders()
        entry = journal_of(pilot).entry(lost.reference)
        assert (entry.state, entry.settled_by) == (State.PLACED, "reading")
        assert entry.outcome.service_ids == tuple(str(service) for service in bought.service_ids)
        assert f"Recorded as {lost.reference}" in said(pilot.app)
        assert "web1" in said(pilot.app)
        assert paid_calls(pilot.app) == []
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 0


@pytest.mark.parametrize("fails", [False, True], ids=["read", "failed"])
async def test_a_look_that_ends_while_the_program_does_is_no_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, keep=True, opens=Step.RECEIPT) as pilot:
        app, going_on = wizard_of(pilot), asyncio.Event()
        answer = app.flow.look

        async def look(state: WizardState) -> Any:
            await going_on.wait()
            if fails:
                raise Unreachable("No connection came about.")
            return await answer(state)

        monkeypatch.setattr(app.flow, "look", look)
        screen = pilot.app.screen
        assert isinstance(screen, ReceiptScreen)
        worker = screen._look()
        # Textual takes the widgets of a screen down before its workers.
        await screen.query("#notice, #following").remove()
        going_on.set()
        await worker.wait()
        screen._say_following(Content("No address is known yet."))
        assert app.fault is None


async def test_it_stays_unknown_while_it_is_not_listed_and_leaving_says_so(folder: Path) -> None:
    lost = await order_of_draft(folder, EDIS, ("reset",))
    async with wizard(folder=folder, keep=True, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: "Not listed yet" in said(pilot.app))
        assert "that says nothing so far" in said(pilot.app)
        asked = len(requests_to(pilot.app, "get/services"))
        assert pilot.app.focused is button(pilot, "continue")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: len(requests_to(pilot.app, "get/services")) > asked)
        assert kind_of(pilot) is OutcomeKind.UNKNOWN
        await press(pilot, "escape")
        assert await ended(pilot) == 4
        assert any(lost.reference in line for line in wizard_of(pilot).flow.last_words())
        assert paid_calls(pilot.app) == []


async def test_it_is_most_likely_absent_when_it_is_not_listed_for_long(folder: Path) -> None:
    written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: "Still not listed, 40 min after" in said(pilot.app))
        assert "most likely it was not taken" in said(pilot.app)
        assert "the EDIS Global client area" in said(pilot.app) or "the provider's panel" in said(pilot.app)
        assert kind_of(pilot) is OutcomeKind.UNKNOWN, "Not listed is no proof."


async def test_it_is_unclear_when_what_was_there_before_is_not_known(folder: Path) -> None:
    await order_of_draft(folder, EDIS, ("reply-lost", "http-500:get/services"))
    async with wizard(folder=folder, keep=True, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: "what was there before the order is not known" in said(pilot.app))
        assert "settle it by hand" in said(pilot.app)
        assert kind_of(pilot) is OutcomeKind.UNKNOWN
        assert journal_of(pilot).entries()[0].unsettled


async def test_what_a_dead_process_was_sending_is_unknown_and_what_it_had_prepared_is_not(folder: Path) -> None:
    sent = written(folder, State.SENDING, dead=True)
    prepared = written(folder, State.PREPARED, STACK, account=LAYERSTACK_ACCOUNT[0], dead=True)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        assert wizard_of(pilot).state.entry == journal_of(pilot).entry(sent.reference)
        assert kind_of(pilot) is OutcomeKind.UNKNOWN
        await push(pilot, "fresh")
        await arrive(pilot, Step.PROVIDER)
        assert journal_of(pilot).entry(prepared.reference).state is State.NOT_SENT


async def test_what_a_living_process_is_sending_is_left_to_it(folder: Path) -> None:
    written(folder, State.SENDING)
    async with wizard(folder=folder) as pilot:
        assert journal_of(pilot).entries()[0].state is State.SENDING


async def test_several_are_shown_one_after_the_other_the_oldest_first(folder: Path) -> None:
    second = written(folder, State.UNKNOWN, ago=timedelta(hours=1))
    first = written(folder, State.UNKNOWN, STACK, account=LAYERSTACK_ACCOUNT[0], ago=timedelta(hours=2))
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        assert f"Recorded as {first.reference}" in said(pilot.app)
        for _ in range(2):
            button(pilot, "fresh").action_press()  # A second press must not pass over the one nobody has seen.
        await wait_until(pilot, lambda: f"Recorded as {second.reference}" in said(pilot.app))
        await drain(pilot)
        assert settled(pilot.app) is Step.RECEIPT
        await push(pilot, "fresh")
        await arrive(pilot, Step.PROVIDER)
        assert {entry.state for entry in journal_of(pilot).entries()} == {State.UNKNOWN}
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 3
        assert paid_calls(pilot.app) == []


async def test_pressing_other_order_in_a_hurry_passes_over_one_order_only(folder: Path) -> None:
    """The next one has not been seen yet."""
    second = written(folder, State.UNKNOWN, ago=timedelta(hours=1))
    written(folder, State.UNKNOWN, STACK, account=LAYERSTACK_ACCOUNT[0], ago=timedelta(hours=2))
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        button(pilot, "fresh").focus()
        await type_text(pilot, "\n\n\n", apart=AT_ONCE)
        await wait_until(pilot, lambda: settled(pilot.app) is not None)
        assert f"Recorded as {second.reference}" in said(pilot.app)


async def test_it_is_shown_again_at_the_next_start(folder: Path) -> None:
    lost = written(folder, State.UNKNOWN, ago=LONG_AGO)
    for _ in range(2):
        async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
            assert f"Recorded as {lost.reference}" in said(pilot.app)
            await push(pilot, "fresh")
            await arrive(pilot, Step.PROVIDER)


HANDS = {"there": ("there", State.PLACED, 0), "absent": ("absent", State.REFUSED, 1)}


@pytest.mark.parametrize(("name", "state", "code"), HANDS.values(), ids=HANDS)
async def test_it_is_settled_by_hand(folder: Path, name: str, state: State, code: int) -> None:
    lost = written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await push(pilot, "settle")
        assert isinstance(pilot.app.screen, SettleScreen)
        assert "the EDIS Global client area" in said(pilot.app)
        await push(pilot, name)
        await wait_until(pilot, lambda: kind_of(pilot) is OutcomeKind(state.value) and settled(pilot.app) is not None)
        entry = Journal(folder / FILE_NAME).entry(lost.reference)
        assert (entry.state, entry.settled_by) == (state, "hand")
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == code
    async with wizard(folder=folder) as pilot:
        assert settled(pilot.app) is Step.PROVIDER


async def test_after_it_was_said_not_to_be_there_another_order_can_be_begun(folder: Path) -> None:
    written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await push(pilot, "settle")
        await push(pilot, "absent")
        await wait_until(pilot, lambda: kind_of(pilot) is OutcomeKind.REFUSED and settled(pilot.app) is not None)
        assert button(pilot, "continue").label == "Order something"
        await press(pilot, "enter", to=Step.PROVIDER)
        assert kind_of(pilot) is None


DOUBTS: dict[str, Callable[[Pilot[int]], object]] = {
    "not sure": lambda pilot: press(pilot, "enter"),
    "escape": lambda pilot: press(pilot, "escape"),
    "enter held": lambda pilot: type_text(pilot, "\n" * 20, apart=0.03),
    "enter pasted": lambda pilot: type_text(pilot, "\n" * 20, apart=AT_ONCE),
    "words": lambda pilot: type_text(pilot, "there yes absent\n", apart=AT_ONCE),
}


@pytest.mark.parametrize("doubt", DOUBTS)
async def test_nothing_but_the_two_answers_settles_it(folder: Path, doubt: str) -> None:
    lost = written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await push(pilot, "settle")
        assert pilot.app.focused is button(pilot, "unsure")
        await DOUBTS[doubt](pilot)  # type: ignore[misc]
        await drain(pilot)
        assert journal_of(pilot).entry(lost.reference).state is State.UNKNOWN
        assert kind_of(pilot) is OutcomeKind.UNKNOWN


async def test_an_order_sent_just_now_is_not_to_be_settled_in_a_hurry(folder: Path) -> None:
    written(folder, State.UNKNOWN)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await push(pilot, "settle")
        assert "If in doubt, wait." in said(pilot.app)


async def test_a_settlement_that_cannot_be_recorded_says_so(folder: Path) -> None:
    written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await wait_until(pilot, lambda: "Still not listed" in said(pilot.app))
        (folder / FILE_NAME).write_bytes(b"no database" * 400)
        await push(pilot, "settle")
        await push(pilot, "absent")
        await wait_until(pilot, lambda: "No record can be kept" in said(pilot.app))
        assert kind_of(pilot) is OutcomeKind.UNKNOWN


async def test_a_journal_that_cannot_be_read_is_told_of_before_anything_is_asked(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(b"no database" * 400)
    async with wizard(folder=folder, opens=ProblemScreen) as pilot:
        assert "No record can be kept" in said(pilot.app)
        assert "the file is damaged" in said(pilot.app)
        await press(pilot, "enter", to=Step.PROVIDER)
    assert (folder / FILE_NAME).read_bytes() == b"no database" * 400


async def test_an_unknown_order_comes_before_an_order_file_which_is_not_lost(folder: Path) -> None:
    written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, saved=EDIS, opens=Step.RECEIPT) as pilot:
        await push(pilot, "fresh")
        await arrive(pilot, Step.COST)
        assert wizard_of(pilot).state.server.name == "web1"


@pytest.mark.parametrize("width", [80, 120])
async def test_every_button_of_the_receipt_is_on_the_screen(folder: Path, width: int) -> None:
    written(folder, State.UNKNOWN, ago=LONG_AGO)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await pilot.resize_terminal(width, 24)
        for name in ("back", "continue", "settle", "fresh", "save"):
            assert f"[ {button(pilot, name).label} ]" in said(pilot.app)
