"""What ends the program from outside: signals, and a death in the middle of the paid call."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from vps_tui.files.locations import state_folder
from vps_tui.journal import FILE_NAME, Entry, Journal, State
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.order_files import kept_draft

from .stops import CONFIRM, COST, EDIS, HOSTNAME, PROVIDER, Stop, arrive, walk
from .terminal import Terminal
from .test_leaving import check_restored
from .test_safety import paid_calls

pytestmark = pytest.mark.pty

Start = Callable[..., Terminal]
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
OFFER = "Go on with the order you left?"


def entries() -> tuple[Entry, ...]:
    return Journal(state_folder() / FILE_NAME).entries()


def begin_order(terminal: Terminal) -> None:
    """Order what the order file holds, and wait until the program waits for the answer."""
    arrive(terminal, COST)
    terminal.press("enter")
    arrive(terminal, CONFIRM)
    terminal.type("yes")
    terminal.send("\r")
    terminal.wait_for("Ordering. Waiting for EDIS Global")


def wait_for_call(terminal: Terminal, sandbox: Sandbox) -> None:
    """Wait until the provider has the order."""
    for _ in range(200):
        if paid_calls(sandbox):
            return
        terminal.pause()
    pytest.fail("The paid call never came.")


@pytest.mark.parametrize(
    ("stop", "number"),
    [
        (PROVIDER, signal.SIGTERM),
        (HOSTNAME, signal.SIGTERM),
        (COST, signal.SIGHUP),
        (CONFIRM, signal.SIGTERM),
        (CONFIRM, signal.SIGINT),
    ],
)
def test_a_signal_keeps_the_draft_and_the_next_start_offers_it(
    start: Start, sandbox: Sandbox, stop: Stop, number: signal.Signals
) -> None:
    first = start()
    walk(first, EDIS[: EDIS.index(stop) + 1])
    if stop is HOSTNAME:
        first.type("web7")
    first.signal(number)
    assert first.exit_code() == 3
    check_restored(first)
    assert paid_calls(sandbox) == 0
    second = start()
    if stop is PROVIDER:
        arrive(second, PROVIDER)
        assert OFFER not in second.words
        return
    second.wait_for(OFFER, "web7" if stop is HOSTNAME else "web1")


@pytest.mark.parametrize("keys", ["ctrl+q", "f1", "f2"])
def test_a_signal_while_a_dialog_is_open_ends_it_too(start: Start, order_file: Path, keys: str) -> None:
    terminal = start("--order-file", str(order_file))
    arrive(terminal, COST)
    terminal.press(keys)
    terminal.signal(signal.SIGTERM)
    assert terminal.exit_code() == 3
    check_restored(terminal)
    assert kept_draft(state_folder()) is not None


@pytest.mark.parametrize(
    ("number", "faults", "code", "state"),
    [
        (signal.SIGTERM, ["slow-1:add/order"], 0, State.PLACED),
        (signal.SIGHUP, ["slow-1:add/order"], 0, State.PLACED),
        (signal.SIGTERM, ["slow-1:add/order", "http-422:add/order"], 1, State.REFUSED),
        (signal.SIGTERM, ["slow-1:add/order", "reply-lost"], 4, State.UNKNOWN),
    ],
)
def test_a_signal_during_the_paid_call_waits_for_the_answer(
    start: Start,
    sandbox: Sandbox,
    order_file: Path,
    number: signal.Signals,
    faults: list[str],
    code: int,
    state: State,
) -> None:
    sandbox.set_faults(faults)
    terminal = start("--order-file", str(order_file))
    begin_order(terminal)
    wait_for_call(terminal, sandbox)
    terminal.signal(number)
    assert terminal.exit_code() == code
    check_restored(terminal)
    assert paid_calls(sandbox) == 1
    assert [entry.state for entry in entries()] == [state]


def end_by_two_signals(start: Start, sandbox: Sandbox, order_file: Path) -> Terminal:
    """End the program while it waits for an answer that never comes."""
    sandbox.set_faults(["hang:add/order"])
    terminal = start("--order-file", str(order_file))
    begin_order(terminal)
    wait_for_call(terminal, sandbox)
    terminal.signal(signal.SIGTERM)
    terminal.settle()
    assert not terminal.ended
    terminal.signal(signal.SIGTERM)
    assert terminal.exit_code() == 4
    return terminal


def test_two_signals_during_the_paid_call_end_it_and_the_order_is_unknown(
    start: Start, sandbox: Sandbox, order_file: Path
) -> None:
    check_restored(end_by_two_signals(start, sandbox, order_file))
    assert [entry.state for entry in entries()] == [State.UNKNOWN]


def test_after_two_signals_nobody_says_that_nothing_was_ordered(
    start: Start, sandbox: Sandbox, order_file: Path
) -> None:
    terminal = end_by_two_signals(start, sandbox, order_file)
    assert b"Nothing was ordered" not in terminal.transcript.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.parametrize("taken", [True, False])
def test_after_a_death_during_the_paid_call_the_next_start_opens_on_that_order(
    start: Start, sandbox: Sandbox, order_file: Path, taken: bool
) -> None:
    sandbox.set_faults(["hang:add/order"] if taken else ["slow-9:add/order", "http-503:add/order"])
    first = start("--order-file", str(order_file))
    begin_order(first)
    wait_for_call(first, sandbox)
    first.signal(signal.SIGKILL)
    first.exit_code()
    assert [entry.state for entry in entries()] == [State.SENDING]
    sandbox.set_faults([])
    second = start("--order-file", str(order_file))
    if taken:
        second.wait_for("Ordered", "it was found in the list of servers", "web1")
    else:
        second.wait_for("It is not known whether this was ordered", "Not listed yet")
    second.settle()
    second.press("ctrl+q")
    assert second.exit_code() == (0 if taken else 4)
    assert [entry.state for entry in entries()] == [State.PLACED if taken else State.UNKNOWN]
    assert paid_calls(sandbox) == 1
    assert len(sandbox.ledger.orders()) == taken


def test_a_terminal_that_goes_away_ends_it_and_the_draft_is_kept(start: Start, order_file: Path) -> None:
    terminal = start("--order-file", str(order_file))
    arrive(terminal, COST)
    assert terminal.hang_up() == 3
    assert kept_draft(state_folder()) is not None


def test_a_terminal_that_goes_away_during_the_paid_call_loses_nothing(
    start: Start, sandbox: Sandbox, order_file: Path
) -> None:
    """The answer is waited for and recorded, with nobody to show it to."""
    sandbox.set_faults(["slow-2:add/order"])
    terminal = start("--order-file", str(order_file))
    begin_order(terminal)
    wait_for_call(terminal, sandbox)
    assert terminal.hang_up() == 0
    (entry,) = entries()
    assert entry.state is State.PLACED
    assert len(sandbox.ledger.orders()) == 1
