"""Saving an order as a file from the cost and the receipt: it is the same order when it is read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.draft import Draft
from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.providers.order_file import dump
from vps_tui.services.order_files import load
from vps_tui.tui.screens.saving import SaveOrderScreen

from .driver import (
    AT_ONCE,
    arrive,
    button,
    fresh_folder,
    go_to,
    press,
    said,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import DRAFTS, EDIS, at_cost, written


async def open_by(pilot: Pilot[int], way: str) -> None:
    """Open the dialog."""
    if way == "f2":
        await press(pilot, "f2")
    else:
        button(pilot, "save").focus()
        await press(pilot, "enter")
    assert isinstance(pilot.app.screen, SaveOrderScreen)


async def save_as(pilot: Pilot[int], path: str) -> None:
    """Put `path` into the dialog's field and press Enter."""
    pilot.app.screen.query_one(Input).value = path
    await press(pilot, "enter")


async def saved(pilot: Pilot[int], file: Path) -> Draft:
    """Wait until `file` was saved; returns what it holds."""
    await wait_until(pilot, lambda: file.name in said(pilot.app) and settled(pilot.app) is not None)
    return load(file)


@pytest.mark.parametrize("way", ["f2", "button"])
@pytest.mark.parametrize("provider", DRAFTS)
async def test_from_the_cost(current_folder: Path, ssh_folder: Path, provider: str, way: str) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.COST, provider=provider)
        await open_by(pilot, way)
        await press(pilot, "enter")
        again = await saved(pilot, current_folder / "web1.toml")
        order = step_screen(pilot).state.to_order()
        assert dump(again) == dump(order)
        assert again.server.ssh_key == order.server.ssh_key != ""
        assert "It holds no secret" in said(pilot.app)
        assert (current_folder / "web1.toml").stat().st_mode & 0o777 == 0o600
        password = wizard_of(pilot).state.root_password
        if password is not None:
            assert password.reveal() not in (current_folder / "web1.toml").read_text()


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_what_was_saved_opens_the_wizard_at_the_same_order(current_folder: Path, draft: Draft) -> None:
    async with wizard() as pilot:
        await at_cost(pilot, draft)
        await open_by(pilot, "f2")
        await press(pilot, "enter")
        again = await saved(pilot, current_folder / "web1.toml")
        quote = wizard_of(pilot).state.quote()
    first = Step.ROOT_PASSWORD if draft.provider == "layerstack" else Step.COST
    async with wizard(saved=again, opens=first) as pilot:
        assert wizard_of(pilot).state.quote() == quote
        assert dump(step_screen(pilot).state.to_order()) == dump(again)


async def test_from_the_receipt_it_is_what_was_ordered(current_folder: Path) -> None:
    async with wizard() as pilot:
        await at_cost(pilot)
        await press(pilot, "enter", to=Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        await open_by(pilot, "f2")
        await press(pilot, "enter")
        again = await saved(pilot, current_folder / "web1.toml")
        entry = wizard_of(pilot).state.entry
        assert entry is not None
        assert dump(again) == entry.purchase.order_file


async def test_from_the_receipt_of_an_order_that_was_sent_earlier(current_folder: Path) -> None:
    folder = fresh_folder()
    entry = written(folder, State.UNKNOWN)
    async with wizard(folder=folder, opens=Step.RECEIPT) as pilot:
        await open_by(pilot, "button")
        await press(pilot, "enter")
        assert dump(await saved(pilot, current_folder / "web1.toml")) == entry.purchase.order_file


async def test_a_file_that_exists_is_not_written_over(current_folder: Path) -> None:
    (current_folder / "web1.toml").write_text("mine")
    async with wizard() as pilot:
        await at_cost(pilot)
        await open_by(pilot, "f2")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "exists already" in said(pilot.app))
        assert (current_folder / "web1.toml").read_text() == "mine"
        await save_as(pilot, "./other.toml")
        assert dump(await saved(pilot, current_folder / "other.toml")) == dump(step_screen(pilot).state.to_order())


@pytest.mark.parametrize(
    "path", ["/proc/web1.toml", "./file/web1.toml", "./missing/web1.toml", ".", "", "~nobody-here/x"]
)
async def test_a_place_that_cannot_be_written_is_named(current_folder: Path, path: str) -> None:
    (current_folder / "file").write_text("")
    async with wizard() as pilot:
        await at_cost(pilot)
        await open_by(pilot, "f2")
        await save_as(pilot, path)
        await wait_until(
            pilot, lambda: bool(said(pilot.app).partition("Enter saves.")[2].partition("[ Back")[0].strip())
        )
        assert isinstance(pilot.app.screen, SaveOrderScreen)
        assert sorted(entry.name for entry in current_folder.iterdir()) == ["file"]
        await press(pilot, "escape")
        assert settled(pilot.app) is Step.COST


async def test_escape_saves_nothing(current_folder: Path) -> None:
    async with wizard() as pilot:
        await at_cost(pilot)
        await open_by(pilot, "f2")
        await press(pilot, "escape")
        assert settled(pilot.app) is Step.COST
        assert list(current_folder.iterdir()) == []


async def test_enter_many_times_saves_once_and_goes_no_further_than_the_confirmation(current_folder: Path) -> None:
    async with wizard() as pilot:
        await at_cost(pilot)
        await open_by(pilot, "f2")
        await type_text(pilot, "\n" * 20, apart=AT_ONCE)
        await wait_until(pilot, lambda: settled(pilot.app) is not None)
        assert wizard_of(pilot).state.step in (Step.COST, Step.CONFIRM)
        assert [entry.name for entry in current_folder.iterdir()] == ["web1.toml"]


async def test_the_home_folder_can_be_meant(own_environment: Path) -> None:
    async with wizard() as pilot:
        await at_cost(pilot, replace(EDIS, servers=(replace(EDIS.server, name="db1"),)))
        await open_by(pilot, "f2")
        await save_as(pilot, "~/db1.toml")
        assert (await saved(pilot, own_environment / "db1.toml")).server.name == "db1"
