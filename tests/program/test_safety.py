"""Keys that come in a heap, as held keys and pastes do in a terminal without brackets, buy nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from vps_tui.sandbox.server import Sandbox

from .stops import EDIS, HOSTNAME, LAYERSTACK, PROVIDER, Stop, arrive, choose_layerstack, walk
from .terminal import KEYS, Terminal

pytestmark = pytest.mark.pty

PAID = ("/kvm/v2/add/order", "/api/order")
WAYS = {
    "os image": EDIS[:4],
    "ssh key": EDIS[:7],
    "confirm": EDIS[:-1],
    "root password": LAYERSTACK[:6],
}
"""The ways to one screen of each kind."""


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_key_pasted_without_brackets_orders_nothing(
    live: Terminal, sandbox: Sandbox, own_key: Path, way: tuple[Stop, ...]
) -> None:
    """The line of the key, wrapped as terminals copy it, with an empty line before and after."""
    go(live, way)
    line = own_key.read_text().strip()
    live.send("\r" + "\r".join(line[start : start + 40] for start in range(0, len(line), 40)) + "\r\r")
    leave(live)
    assert paid_calls(sandbox) == 0


def test_the_word_yes_pasted_line_by_line_orders_nothing(live: Terminal, sandbox: Sandbox) -> None:
    """Each line would be the right answer if it were typed."""
    go(live, EDIS[:-1])
    live.send("yes\r" * 12)
    leave(live)
    assert paid_calls(sandbox) == 0


def test_enter_held_from_the_first_screen_orders_nothing(live: Terminal, sandbox: Sandbox) -> None:
    """Twenty at once, and as many again whenever the screen changes, up to the first one that needs typing."""

    def hold_on() -> bool:
        live.send(KEYS["enter"] * 20)
        return "Type a name" in live.words

    arrive(live, PROVIDER)
    live.wait_until(hold_on, "complaint about the name")
    assert HOSTNAME.title in live.text
    leave(live)
    assert paid_calls(sandbox) == 0


def test_enter_held_on_the_confirmation_orders_nothing(live: Terminal, sandbox: Sandbox) -> None:
    """An empty answer is none."""
    go(live, EDIS[:-1])
    live.send(KEYS["enter"] * 20)
    live.wait_for("Nothing was ordered")
    leave(live)
    assert paid_calls(sandbox) == 0


def test_enter_held_after_the_word_orders_once(live: Terminal, sandbox: Sandbox) -> None:
    """The keys that come while the order is under way, and those that come on the receipt, do not order again."""
    sandbox.set_faults(["slow-1:add/order"])
    go(live, EDIS[:-1])
    live.type("yes")
    live.press("enter")
    live.wait_for("Ordering. Waiting for EDIS Global")
    live.send(KEYS["enter"] * 20)
    live.wait_for("Ordered", "Order 240001")
    live.send(KEYS["enter"] * 20)
    assert live.exit_code() == 0
    assert paid_calls(sandbox) == 1


def go(terminal: Terminal, way: tuple[Stop, ...]) -> None:
    """Arrive at the last screen of `way`."""
    if way[0] is not PROVIDER:
        choose_layerstack(terminal)
    walk(terminal, way)


def leave(terminal: Terminal) -> None:
    """Leave without an order, from wherever the keys have led.

    A line end of the paste may still answer the question before leaving with Stay, so that it is asked again.
    """
    for _ in range(6):
        terminal.settle()
        if terminal.ended:
            break
        terminal.send(KEYS["ctrl+q"])
    assert terminal.exit_code() == 3, terminal.text


def paid_calls(sandbox: Sandbox) -> int:
    """Return how many orders the providers were sent."""
    return sum(request.route.rstrip("/") in PAID for request in sandbox.requests)
