"""Whole orders by keyboard: what the last screen said is what was bought."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from vps_tui.sandbox.edis_catalog import OPERATING_SYSTEM, offers, options
from vps_tui.sandbox.messages import form_fields
from vps_tui.sandbox.server import Sandbox

from .stops import (
    ADD_ONS,
    CONFIRM,
    COST,
    EDIS,
    HOSTNAME,
    LAYERSTACK,
    LOCATION,
    ORDERED,
    OS_IMAGE,
    PLAN,
    PROVIDER,
    ROOT_PASSWORD,
    SSH_KEY,
    Stop,
    arrive,
    choose_layerstack,
    walk,
)
from .terminal import KEYS, Terminal

pytestmark = pytest.mark.pty

NAME = "web1.example.com"


def edis_orders(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return what EDIS was asked to sell, order by order."""
    paid = [request for request in sandbox.requests if request.route == "/kvm/v2/add/order"]
    return [json.loads((form_fields(request) or {})["order"]) for request in paid]


def layerstack_bodies(sandbox: Sandbox, path: str) -> list[dict[str, Any]]:
    """Return the bodies that LayerStack got on `path`."""
    return [json.loads(request.body) for request in sandbox.requests if request.route.rstrip("/") == f"/api/{path}"]


def test_the_usual_edis_order_takes_few_keys(live: Terminal, sandbox: Sandbox, own_key: Path) -> None:
    """From the first screen to the end of the program, with a name of 16 letters."""
    assert len(NAME) == 16
    walk(live, EDIS, NAME)
    live.wait_for("The invoice is paid", NAME, "240001")
    live.press("enter")
    assert live.exit_code() == 0
    assert live.presses <= 45
    (order,) = edis_orders(sandbox)
    (item,) = order["item"]
    assert item["hostname"] == NAME
    assert item["ssh_pubkey"] == own_key.read_text().strip()


def test_a_whole_layerstack_order(live: Terminal, sandbox: Sandbox, own_key: Path) -> None:
    """No location is asked; the root password that is sent is the one that was shown."""
    choose_layerstack(live)
    walk(live, LAYERSTACK[: LAYERSTACK.index(ROOT_PASSWORD) + 1])
    shown = next(line.split()[1] for line in live.lines if line.startswith(" Password"))
    live.press("enter")
    walk(live, LAYERSTACK[LAYERSTACK.index(COST) :])
    live.press("enter")
    assert live.exit_code() == 0
    (server,) = layerstack_bodies(sandbox, "order/add-to-cart")
    (order,) = layerstack_bodies(sandbox, "order")
    assert server["password"] == shown
    assert base64.b64decode(server["custom_ssh_key"]).decode() == own_key.read_text().strip()
    assert (order["label"], order["currency"], order["payment_type"]) == ("web1", "usd", "ccard")


def test_the_sandbox_says_so_on_every_screen_and_sells_nothing(trial: Terminal) -> None:
    """The mark is there from the first screen to the last line on the terminal."""
    for stop in EDIS[:-1]:
        arrive(trial, stop)
        assert "SANDBOX: nothing is bought" in trial.lines[0]
        if stop is HOSTNAME:
            trial.type("web1")
        if stop is CONFIRM:
            trial.type("yes")
        trial.press("enter")
    arrive(trial, ORDERED)
    assert "SANDBOX: nothing is bought" in trial.lines[0]
    trial.press("enter")
    assert trial.exit_code() == 0
    assert b"web1: Ordered. EDIS Global (sandbox: nothing was bought)" in b"".join(trial.transcript.splitlines()[-3:])


CHANGED_MINDS = (
    (LOCATION, (), ("germany",)),
    (PLAN, (), ("down",)),
    (OS_IMAGE, (), ("down",)),
    (HOSTNAME, ("web1",), ("end", "backspace", "2.example.com")),
    (ADD_ONS, ("right",), ("right", "down", "right")),
    (SSH_KEY, ("end",), ("home",)),
)
"""Each step with the keys of the first answer, and of the one after coming back to it."""


def test_changing_ones_mind_at_every_step(live: Terminal, sandbox: Sandbox, own_key: Path) -> None:
    """Each step is answered twice, and the second answer is what is confirmed and ordered."""
    choose_layerstack(live)
    arrive(live, PLAN)
    live.press("escape")
    arrive(live, PROVIDER)
    live.press("home", "enter")
    for number, (stop, first, second) in enumerate(CHANGED_MINDS):
        following = CHANGED_MINDS[number + 1][0] if number + 1 < len(CHANGED_MINDS) else COST
        answer(live, stop, first)
        arrive(live, following)
        live.press("escape")
        answer(live, stop, second)
    change_line(live, "Billing cycle", "How often do you want to pay?")
    change_line(live, "Payment", "How do you want to pay?")
    arrive(live, COST)
    live.press("enter")
    arrive(live, CONFIRM)
    live.press("escape")
    arrive(live, COST)
    live.press("enter")
    arrive(live, CONFIRM)
    said = live.words
    live.type("yes")
    live.press("enter")
    arrive(live, ORDERED)
    check_order(edis_orders(sandbox), said, own_key)


def answer(terminal: Terminal, stop: Stop, keys: tuple[str, ...]) -> None:
    """Press `keys`, by name where they have one, and go on."""
    arrive(terminal, stop)
    for key in keys:
        terminal.press(key) if key in KEYS else terminal.type(key)
    terminal.press("enter")


def change_line(terminal: Terminal, line: str, question: str) -> None:
    """Choose the entry below the present one behind `line` of the cost screen."""
    arrive(terminal, COST)
    terminal.press("up")
    while f"> {line}" not in terminal.text:
        # On a busy machine a row can have been passed before it was seen.
        terminal.press("home" if "> More servers" in terminal.text else "down")
    terminal.press("enter")
    terminal.wait_for(question)
    terminal.press("down", "enter")


def check_order(orders: list[dict[str, Any]], said: str, own_key: Path) -> None:
    """Compare the one order that EDIS got with what the confirmation said."""
    (order,) = orders
    (item,) = order["item"]
    offer = offers()[item["pid"]]
    chosen = options(offer.name)
    assert "Location Germany" in said
    assert f"Plan {offer.name} (" in said
    assert chosen[OPERATING_SYSTEM][item["os"]].description in said
    assert f"Additional RAM: {chosen['additional ram'][item['additional_ram']].description}" in said
    assert f"Additional vCPU: {chosen['additional vcpu'][item['additional_vcpu']].description}" in said
    assert item["hostname"] == "web2.example.com"
    assert f"Hostname {item['hostname']} " in said
    assert item["ssh_pubkey"] == own_key.read_text().strip()
    assert order["billingcycle"] == "quarterly"
    assert "for 3 months" in said
    assert order["applycredit"] is True
