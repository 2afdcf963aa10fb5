"""The screens on the way to an order, by the words that are on them once they can be answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """One screen."""

    name: str
    texts: tuple[str, ...]
    moves: tuple[str, ...] = ()
    """Keys that move in its list and come back to where they began."""
    filtered: str = ""
    """Letters that narrow its list."""


MOVES = ("down",) * 4 + ("up",) * 4

FLOOR_LIST = Stop("floor", ("Item 1",), ("down",) * 8)

PROVIDER = Stop("provider", ("Where do you want to order a server?", "PROVIDER WHAT THEY OFFER"), ("down", "up") * 4)
LOCATION = Stop("location", ("Where should the server stand?", "of 48"), MOVES, "ger")
PLAN = Stop("plan", ("Which plan", "PER MONTH"), MOVES, "bas")
LAYERSTACK_PLAN = Stop("plan", ("Which plan", "PER MONTH", "S00000"))
OS_IMAGE = Stop("OS image", ("Which OS image?", "OS IMAGE NOTE"), MOVES, "deb")
HOSTNAME = Stop("hostname", ("Hostname of the server", "Letters, digits"))
ADD_ONS = Stop("add-ons", ("None of them is needed", "Left/Right change"))
SSH_KEY = Stop("SSH key", ("Which SSH key may log in?", "ED25519 256"))
COST = Stop("cost", ("What it costs at", "Now ", "Billing cycle"), MOVES)
CONFIRM = Stop("confirm", ("Order this from", "Type yes to order"))
RECEIPT = Stop("receipt", ("Ordered", "Order "))

EDIS = (PROVIDER, LOCATION, PLAN, OS_IMAGE, HOSTNAME, ADD_ONS, SSH_KEY, COST, CONFIRM, RECEIPT)

OFFER = "Go on with the order you left?"
"""Over the first screen of a start after one that was left."""

HOST = "web1.example.com"
"""A hostname of 16 letters."""
