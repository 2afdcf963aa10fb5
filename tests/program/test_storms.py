"""Keys and clicks that nobody meant, on every screen: nothing is bought, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vps_tui.files.locations import state_folder
from vps_tui.journal import FILE_NAME, Journal, State
from vps_tui.sandbox.server import Sandbox

from .stops import CONFIRM, COST, EDIS, LAYERSTACK, PROVIDER, ROOT_PASSWORD, Stop, arrive, choose_layerstack
from .terminal import KEYS, Terminal
from .test_safety import leave, paid_calls

pytestmark = pytest.mark.pty

Start = Callable[..., Terminal]
ENTERS = KEYS["enter"] * 20


def double_click(terminal: Terminal) -> None:
    """Click twice on the button that goes on."""
    for label in ("[ Order ]", "[ Continue ]"):
        if label in terminal.text:
            terminal.click(label, times=2)
            return


STORMS: dict[str, Callable[[Terminal], object]] = {
    "enter held": lambda terminal: terminal.send(ENTERS),
    "double click": double_click,
    "yes pasted in brackets": lambda terminal: terminal.paste("yes\ragain\ryes\r"),
    "yes pasted without": lambda terminal: terminal.send("yes\ragain\ryes\r"),
}


def present(terminal: Terminal) -> Stop | None:
    """Return the step on the screen; None for a dialog."""
    stops = (*EDIS[:-1], *LAYERSTACK[:-1])
    return next((stop for stop in stops if stop.title in terminal.words), None)


@pytest.mark.parametrize(
    ("storm", "provider"), [*((storm, "edis") for storm in STORMS), ("enter held", "layerstack")]
)
def test_on_every_step_up_to_the_confirmation(start: Start, sandbox: Sandbox, storm: str, provider: str) -> None:
    """Where the storm does not lead on, the usual answer does; at the end it meets the confirmation three times."""
    terminal = start()
    if provider == "edis":
        arrive(terminal, PROVIDER)
    else:
        choose_layerstack(terminal)
    met = 0
    for _ in range(40):
        terminal.wait_until(lambda: present(terminal) is not None or "\u256d" in terminal.text, "step or dialog")
        terminal.settle()
        here = present(terminal)
        STORMS[storm](terminal)
        rest(terminal)
        met += here is CONFIRM
        if met == 3:
            break
        if here is not CONFIRM and present(terminal) is here:
            answer(terminal, here)
    assert met == 3, terminal.text
    leave(terminal)
    assert paid_calls(sandbox) == 0


def rest(terminal: Terminal) -> None:
    """Wait until the storm is over: between two of its screens a slow machine may be quiet for a moment."""
    for _ in range(3):
        terminal.settle()


def answer(terminal: Terminal, stop: Stop | None) -> None:
    """Give the usual answer to the step on which a storm has led nowhere, and leave any dialog."""
    if stop is None:
        terminal.press("escape")
        return
    if stop is ROOT_PASSWORD:
        # What the program has generated is the usual answer here; the storm may have changed it.
        terminal.press("f3", "enter")
        return
    named = stop.title.endswith("of the server")
    terminal.send((KEYS["end"] if named else "") + KEYS["backspace"] * 90)
    terminal.settle()
    if named:
        terminal.type("web1")
    terminal.press("enter")


def order_once(start: Start, order_file: Path) -> None:
    """Order the file by the command, so that the wizard would repeat it."""
    terminal = start("order", str(order_file), "--yes")
    assert terminal.exit_code() == 0, terminal.text


def test_on_the_repeat_step(start: Start, sandbox: Sandbox, order_file: Path) -> None:
    order_once(start, order_file)
    assert paid_calls(sandbox) == 1
    terminal = start("--order-file", str(order_file))
    arrive(terminal, COST)
    terminal.press("enter")
    terminal.wait_for("You have ordered this already", "Type again to order it once more")
    for storm in STORMS.values():
        storm(terminal)
        terminal.settle()
        assert "Order this from" not in terminal.words
        assert "Type again to order it once more" in terminal.words or COST.title in terminal.words
        if COST.title in terminal.words:
            terminal.press("enter")
    leave(terminal)
    assert paid_calls(sandbox) == 1


@pytest.mark.parametrize("storm", ["enter held", "double click", "yes pasted without"])
def test_on_the_receipt_of_an_order(start: Start, sandbox: Sandbox, order_file: Path, storm: str) -> None:
    """It was ordered once by a typed word; whatever comes after that orders nothing more."""
    terminal = start("--order-file", str(order_file))
    arrive(terminal, COST)
    terminal.press("enter")
    arrive(terminal, CONFIRM)
    terminal.type("yes")
    terminal.press("enter")
    STORMS[storm](terminal)
    terminal.wait_until(lambda: terminal.ended or "Order 240001" in terminal.words, "receipt")
    for _ in range(3):
        if not terminal.ended:
            STORMS[storm](terminal)
            terminal.settle()
    terminal.end_by("ctrl+q")
    assert paid_calls(sandbox) == 1


DIALOGS = {"leave": "ctrl+q", "help": "f1", "save": "f2"}


@pytest.mark.parametrize("dialog", DIALOGS)
def test_on_every_dialog_over_the_cost(start: Start, sandbox: Sandbox, order_file: Path, dialog: str) -> None:
    terminal = start("--order-file", str(order_file))
    arrive(terminal, COST)
    for storm in STORMS.values():
        if COST.title in terminal.words:
            terminal.press(DIALOGS[dialog])
        storm(terminal)
        terminal.settle()
        for _ in range(4):
            if COST.title in terminal.words:
                break
            terminal.press("escape")
    leave(terminal)
    assert paid_calls(sandbox) == 0


@pytest.mark.parametrize("storm", ["enter held", "yes pasted in brackets", "yes pasted without"])
def test_on_an_unknown_order_and_the_question_what_was_found(
    start: Start, sandbox: Sandbox, order_file: Path, storm: str
) -> None:
    """Nothing is settled and nothing is bought by keys that nobody meant."""
    sandbox.set_faults(["reset"])
    assert start("order", str(order_file), "--yes").exit_code() == 4
    sandbox.set_faults([])
    terminal = start()
    terminal.wait_for("It is not known whether this was ordered", "Not listed yet")
    terminal.settle()
    terminal.click("[ Settle by hand ]")
    terminal.wait_for("What have you found?")
    terminal.settle()
    STORMS[storm](terminal)
    terminal.settle()
    STORMS[storm](terminal)
    terminal.settle()
    (entry,) = Journal(state_folder() / FILE_NAME).entries()
    assert entry.state is State.UNKNOWN
    assert paid_calls(sandbox) == 1
