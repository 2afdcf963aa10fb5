"""The servers of one order: added, copied, changed and taken away by keys, and ordered together."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import parse_qs

from textual.pilot import Pilot

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.steps import Step
from vps_tui.services.order_files import kept_draft
from vps_tui.tui.screens.servers import CopiesScreen, RemoveScreen

from .driver import (
    arrive,
    choices,
    choose,
    fresh_folder,
    go_to,
    highlight,
    highlighted,
    paid_calls,
    press,
    price,
    said,
    screen_lines,
    settled,
    shows,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)
from .shortcut import EDIS, STACK, at_cost

THREE = replace(EDIS, servers=tuple(replace(EDIS.server, name=name) for name in ("web1", "web2", "web3")))


def names(pilot: Pilot[int]) -> list[str]:
    return [server.name for server in wizard_of(pilot).state.draft.servers]


def draft_shown(pilot: Pilot[int]) -> Draft:
    return step_screen(pilot).state.draft


async def open_dialog(pilot: Pilot[int], key: str, dialog: type[CopiesScreen] | type[RemoveScreen]) -> None:
    await press(pilot, key)
    await wait_until(pilot, lambda: shows(wizard_of(pilot), dialog))


async def test_copies_a_new_one_and_the_whole_order() -> None:
    async with wizard() as pilot:
        await at_cost(pilot)
        assert "More servers" in [choice.cells[0] for choice in choices(pilot)._choices]
        await press(pilot, "f7", to=Step.SERVERS)
        await open_dialog(pilot, "c", CopiesScreen)
        await type_text(pilot, "0\n")
        assert "Type a number from 1 to 98." in said(pilot.app)
        await press(pilot, "backspace")
        await type_text(pilot, "2")
        assert "web2, web3" in said(pilot.app)
        await press(pilot, "enter", to=Step.SERVERS)
        assert [server.name for server in draft_shown(pilot).servers] == ["web1", "web2", "web3"]
        assert "38.97 EUR" in price(pilot)
        await press(pilot, "a", to=Step.PLAN)
        assert "Server 4 of 4: Which plan in Germany?" in said(pilot.app)
        await choose(pilot, "1717", to=Step.OS_IMAGE)
        await press(pilot, "enter", to=Step.NAME)
        await type_text(pilot, "WEB2\n")
        assert "Server 2 of this order is called that already" in said(pilot.app)
        await press(pilot, *["backspace"] * 4)
        await type_text(pilot, "db1")
        await press(pilot, "enter", to=Step.ADD_ONS)
        await press(pilot, "enter", to=Step.SSH_KEY)
        await press(pilot, "enter", to=Step.SERVERS)
        assert highlighted(pilot) == "3"
        await press(pilot, "escape", to=Step.COST)
        rows = {choice.id: choice.cells for choice in choices(pilot)._choices}
        assert [rows[f"server {index}"][0] for index in range(4)] == ["web1", "web2", "web3", "db1"]
        assert rows["server 0"][2] == "12.99 EUR"
        assert highlighted(pilot) == "servers", "The highlight stands on the line that one comes from."
        await go_to(pilot, Step.CONFIRM)
        shown = said(pilot.app)
        assert all(f"{number}. {name}" in shown for number, name in enumerate(names(pilot), 1)), shown
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        (request,) = paid_calls(pilot.app)
        order = json.loads(parse_qs(request.body.decode())["order"][0])
        assert [item["hostname"] for item in order["item"]] == ["web1", "web2", "web3", "db1"]
        assert [item["pid"] for item in order["item"]] == [1707, 1707, 1707, 1717]
        outcome = wizard_of(pilot).state.outcome
        assert outcome is not None
        shown = said(pilot.app)
        for service, name in zip(outcome.service_ids, names(pilot), strict=True):
            assert f"{service} - {name}" in shown


async def test_a_line_of_one_server_is_changed_and_the_way_leads_back_through_its_lines() -> None:
    async with wizard() as pilot:
        await at_cost(pilot, THREE)
        await choose(pilot, "server 1", to=Step.SERVER)
        assert "Server 2 of 3: web2" in said(pilot.app)
        await choose(pilot, "name", to=Step.NAME)
        await press(pilot, "end")
        await type_text(pilot, "0")
        await press(pilot, "enter", to=Step.SERVER)
        assert highlighted(pilot) == "name"
        await choose(pilot, "os-image", to=Step.OS_IMAGE)
        await press(pilot, "escape", to=Step.SERVER)
        assert highlighted(pilot) == "os-image"
        await press(pilot, "escape", to=Step.COST)
        assert highlighted(pilot) == "server 1"
        assert names(pilot) == ["web1", "web20", "web3"]
        await press(pilot, "f7", to=Step.SERVERS)
        await choose(pilot, "2", to=Step.SERVER)
        await press(pilot, "escape", to=Step.SERVERS)
        assert highlighted(pilot) == "2"
        assert wizard_of(pilot).state.draft.servers[::2] == THREE.servers[::2]


async def test_removing_is_asked_and_the_last_one_stays() -> None:
    async with wizard() as pilot:
        await at_cost(pilot, replace(THREE, servers=THREE.servers[:2]))
        await press(pilot, "f7", to=Step.SERVERS)
        await highlight(pilot, "0")
        await open_dialog(pilot, "r", RemoveScreen)
        assert "Take web1 (KVM STARTER" in said(pilot.app)
        await press(pilot, "enter", to=Step.SERVERS)
        assert len(draft_shown(pilot).servers) == 2, "Keeping it is what Enter does."
        await open_dialog(pilot, "r", RemoveScreen)
        await press(pilot, "right", "enter", to=Step.SERVERS)
        assert [server.name for server in draft_shown(pilot).servers] == ["web2"]
        await press(pilot, "r")
        assert words(pilot, "#complaint") == "An order has at least one server."
        await press(pilot, "escape", to=Step.COST)
        assert names(pilot) == ["web2"]


async def test_escape_gives_up_an_untouched_server_and_keeps_a_begun_one() -> None:
    folder = fresh_folder()
    async with wizard(folder=folder) as pilot:
        await at_cost(pilot)
        await press(pilot, "f7", to=Step.SERVERS)
        await press(pilot, "a", to=Step.PLAN)
        await press(pilot, "escape", to=Step.SERVERS)
        assert names(pilot) == ["web1"]
        await press(pilot, "a", to=Step.PLAN)
        await choose(pilot, "1717", to=Step.OS_IMAGE)
        await press(pilot, "escape", to=Step.PLAN)
        await press(pilot, "escape", to=Step.SERVERS)
        assert "KVM BASIC PLUS, not finished" in said(pilot.app)
        await press(pilot, "escape", to=Step.COST)
        assert settled(pilot.app) is Step.COST
        # What is missing is asked for before anything can be confirmed, and leads back to the cost.
        await press(pilot, "enter", to=Step.OS_IMAGE)
        assert "Server 2 of 2" in said(pilot.app)
        await press(pilot, "enter", to=Step.NAME)
        await press(pilot, "ctrl+q")
        await press(pilot, "ctrl+q")
    kept = kept_draft(folder)
    assert kept is not None
    assert [(server.name, server.plan) for server in kept.servers] == [("web1", "1707"), ("", "1717")]


async def test_layerstack_counts_servers_and_names_them_alike() -> None:
    two = replace(STACK, servers=(STACK.server, ServerDraft("web1", "102", "S104-HK", "12", without_key=True,
                                                            plan_type="cloud_servers_standard")))  # fmt: skip
    async with wizard() as pilot:
        await at_cost(pilot, two)
        rows = {choice.id: choice.cells for choice in choices(pilot)._choices}
        assert (rows["server 0"][0], rows["server 1"][0]) == ("1. web1", "2. web1")
        await choose(pilot, "name", to=Step.NAME)
        assert "same label" in said(pilot.app)
        await press(pilot, "end", "backspace")
        await type_text(pilot, "x")
        # Both lack a root password, which a file never holds, and both are asked for it.
        await press(pilot, "enter", to=Step.ROOT_PASSWORD)
        assert "Server 1 of 2" in said(pilot.app)
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "Server 2 of 2" in said(pilot.app))
        await press(pilot, "enter", to=Step.COST)
        assert names(pilot) == ["webx", "webx"]
        given = wizard_of(pilot).state.given_passwords
        assert len({secret.reveal() for secret in given}) == 2
        await choose(pilot, "server 0", to=Step.SERVER)
        await choose(pilot, "quantity", to=Step.QUANTITY)
        await type_text(pilot, "0\n")
        assert "Type a number from 1 to 99." in said(pilot.app)
        await press(pilot, "backspace")
        await type_text(pilot, "2")
        await press(pilot, "enter", to=Step.SERVER)
        await press(pilot, "escape", to=Step.COST)
        await go_to(pilot, Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        (request,) = paid_calls(pilot.app)
        assert json.loads(request.body)["label"] == "webx"
        carts = [one for one in wizard_of(pilot).backend._server.requests if "add-to-cart" in one.path]  # type: ignore[attr-defined]
        items = [json.loads(one.body) for one in carts]
        assert [(item["plan_id"], item["quantity"]) for item in items] == [(101, 2), (102, 1)]
        assert [item["password"] for item in items] == [secret.reveal() for secret in given]
        assert "same label" in said(pilot.app)


async def test_everything_is_seen_at_80_by_24() -> None:
    long = replace(THREE, servers=tuple(replace(EDIS.server, name=f"a-rather-long-name-{number}.example.com")
                                        for number in range(1, 10)))  # fmt: skip
    async with wizard() as pilot:
        await at_cost(pilot, long)
        await press(pilot, "f7", to=Step.SERVERS)
        lines = screen_lines(pilot.app)
        assert len(lines) == 24
        assert sum("a-rather-long-name-" in line and "12.99 EUR" in line for line in lines) == 9
        assert any("[ Add ]  [ Copy ]  [ Remove ]" in line for line in lines)
        assert any("R remove" in line for line in lines)
        assert "116.91 EUR" in price(pilot)
