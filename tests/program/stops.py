"""The screens of the wizard as one meets them in a terminal, and what must be seen on each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .terminal import COLUMNS, Terminal

PRICE = re.compile(r"\d+\.\d\d (EUR|USD) per \w+$")


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen: its title, and words that are there once it can be answered."""

    title: str
    ready: str
    priced: bool = True
    """Whether the price stands on the line above the buttons."""


PROVIDER = Stop("Where do you want to order a server?", "PROVIDER WHAT THEY OFFER", priced=False)
LOCATION = Stop("Where should the server stand?", "of 48", priced=False)
PLAN = Stop("Which plan", "PER MONTH")
OS_IMAGE = Stop("Which OS image?", "OS IMAGE NOTE")
HOSTNAME = Stop("Hostname of the server", "Letters, digits")
LABEL = Stop("Label of the server", "Letters, digits")
ADD_ONS = Stop("None of them is needed", "Left/Right change")
SSH_KEY = Stop("Which SSH key may log in?", "ED25519 256")
ROOT_PASSWORD = Stop("Write it down now", "Generated for you")
COST = Stop("What it costs at", "Now", priced=False)
CONFIRM = Stop("Order this from", "Type yes to order", priced=False)
ORDERED = Stop("Ordered", "Order ", priced=False)

EDIS = (PROVIDER, LOCATION, PLAN, OS_IMAGE, HOSTNAME, ADD_ONS, SSH_KEY, COST, CONFIRM, ORDERED)
LAYERSTACK = (PLAN, OS_IMAGE, LABEL, ADD_ONS, SSH_KEY, ROOT_PASSWORD, COST, CONFIRM, ORDERED)


def arrive(terminal: Terminal, stop: Stop) -> None:
    """Wait until `stop` can be answered, and check that at 80x24 nothing of it is missing or too wide."""
    terminal.wait_for(stop.title, stop.ready)
    if stop.priced:
        terminal.wait_until(lambda: bool(PRICE.search(terminal.lines[-3])), "price above the buttons")
    terminal.settle()
    screen = terminal.text
    lines = terminal.lines
    assert max(map(len, lines)) <= COLUMNS, f"Wider than the terminal:\n{screen}"
    assert stop.title in screen, screen
    assert "F1 help" in lines[-1], f"The line of keys is not at the bottom:\n{screen}"
    assert lines[-2].count("[ ") >= 2, f"The buttons are not above it:\n{screen}"
    if stop.priced:
        assert PRICE.search(lines[-3]), f"The price is not above the buttons:\n{screen}"


def walk(terminal: Terminal, stops: tuple[Stop, ...], name: str = "web1") -> None:
    """Go through `stops` with the usual answers and `name`, up to the last one, which is only arrived at."""
    for stop in stops[:-1]:
        arrive(terminal, stop)
        if stop in (HOSTNAME, LABEL):
            terminal.type(name)
        if stop is CONFIRM:
            terminal.type("yes")
        terminal.press("enter")
    arrive(terminal, stops[-1])


def choose_layerstack(terminal: Terminal) -> None:
    """Choose LayerStack on the first screen; its plans come next."""
    arrive(terminal, PROVIDER)
    terminal.press("down", "enter")
