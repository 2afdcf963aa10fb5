"""F8: what the server must have, read from all locations or from one, and a list to choose from."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.steps import Step
from vps_tui.tui.screens.fit_dialogs import FitFormScreen, FitListScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions import requirements

from .driver import (
    arrive,
    choices,
    choose,
    go_to,
    highlighted,
    press,
    price,
    requests_to,
    said,
    screen_lines,
    screen_text,
    shows,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)


async def ask(pilot: Pilot[int], **typed: str) -> None:
    """Press F8 and fill the form; Enter is not pressed yet."""
    await press(pilot, "f8")
    await wait_until(pilot, lambda: shows(wizard_of(pilot), FitFormScreen))
    for key, text in typed.items():
        pilot.app.screen.query_one(f"#{key} Input", Input).focus()
        await type_text(pilot, text)


async def find(pilot: Pilot[int], **typed: str) -> None:
    """Fill the form and wait for the list."""
    await ask(pilot, **typed)
    await press(pilot, "enter")
    await wait_until(pilot, lambda: listed(pilot))


def listed(pilot: Pilot[int]) -> bool:
    """Tell whether what fits is on the screen."""
    screen = pilot.app.screen
    return isinstance(screen, FitListScreen) and screen.has_read


def field(pilot: Pilot[int], key: str) -> str:
    """Return what is in a field of the form."""
    return pilot.app.screen.query_one(f"#{key} Input", Input).value


async def test_the_cheapest_of_all_locations_answers_location_and_plan() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await find(pilot, ram_mb="4G", vcpu="2 cores")
        assert len(requests_to(pilot.app, "get/products")) == 48
        assert isinstance(pilot.app.focused, ChoiceList)
        assert "225 plans of 4 GB RAM, 2 vCPU or more, the cheapest first" in said(pilot.app)
        first = screen_lines(pilot.app)[4]
        assert all(word in first for word in ("Romania", "KVM BASIC PLUS", "4 GB", "23.49 EUR"))
        await press(pilot, "enter", to=Step.OS_IMAGE)
        state = wizard_of(pilot).state
        assert (state.draft.location, state.location_name) == ("162", "Romania")
        assert state.plan is not None
        assert (state.plan.name, state.server.plan_name) == ("KVM BASIC PLUS", "KVM BASIC PLUS")
        assert price(pilot).endswith("KVM BASIC PLUS  23.49 EUR per month")
        await press(pilot, "escape", to=Step.PLAN)
        assert highlighted(pilot) == state.server.plan
        await press(pilot, "escape", to=Step.LOCATION)
        assert highlighted(pilot) == "162"
        assert len(requests_to(pilot.app, "get/products")) == 48, "Nothing is asked twice."


async def test_escape_undoes_the_filter_of_the_list_before_it_goes_back() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await find(pilot, ram_mb="4G")
        await type_text(pilot, "romania")
        await press(pilot, "escape")
        assert listed(pilot)
        assert pilot.app.screen.query_one(ChoiceList).filter_text == ""
        await press(pilot, "escape")
        assert shows(wizard_of(pilot), FitFormScreen)


async def test_what_was_typed_is_there_again_after_escape_and_after_other_steps() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await ask(pilot, ram_mb="lots", country="gb")
        await press(pilot, "escape")
        await arrive(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        await press(pilot, "escape", to=Step.LOCATION)
        await ask(pilot)
        assert (field(pilot, "ram_mb"), field(pilot, "country")) == ("lots", "gb")


async def test_a_wrong_word_is_said_beside_its_field_and_nothing_is_read() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        asked = len(requests_to(pilot.app, "get/products"))
        await ask(pilot, ram_mb="4G", vcpu="two", disk_gb="40")
        await press(pilot, "enter")
        assert shows(wizard_of(pilot), FitFormScreen)
        lines = screen_lines(pilot.app)
        place = next(index for index, line in enumerate(lines) if "Cores" in line)
        assert "Write a whole number: 2 or 2 cores." in lines[place + 1]
        assert pilot.app.focused is pilot.app.screen.query_one("#vcpu Input")
        assert "Such as 40 GB." in screen_text(pilot.app)
        assert len(requests_to(pilot.app, "get/products")) == asked


async def test_sold_out_is_marked_and_cannot_be_chosen_and_a_country_limits_what_is_read() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await find(pilot, country="uk", ram_mb="8")
        read = {request.body for request in requests_to(pilot.app, "get/products")}
        assert len(read) <= 3, "Two, and perhaps the one that was looked ahead to."
        rows = choices(pilot)._choices
        assert any(row.refusal and row.cells[0].startswith("sold out: ") for row in rows)
        assert not choices(pilot).highlighted.refusal  # type: ignore[union-attr]
        out = next(row for row in rows if row.refusal)
        choices(pilot)._move_to(choices(pilot)._shown.index(out))
        await press(pilot, "enter")
        assert "is sold out" in words(pilot, "#fit-notes")
        assert listed(pilot)


async def test_escape_stops_the_reading_and_leaves_the_form_as_it_was() -> None:
    async with wizard(faults=["hang:get/products"]) as pilot:
        await go_to(pilot, Step.LOCATION)
        await ask(pilot, ram_mb="4G")
        before = len(asyncio.all_tasks())
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "0 of 48" in screen_text(pilot.app))
        await wait_until(pilot, lambda: len(requests_to(pilot.app, "get/products")) >= 6)
        await press(pilot, "escape")
        await wait_until(pilot, lambda: shows(wizard_of(pilot), FitFormScreen))
        assert field(pilot, "ram_mb") == "4G"
        await wait_until(pilot, lambda: len(asyncio.all_tasks()) <= before)
        await press(pilot, "escape")
        await arrive(pilot, Step.LOCATION)
        assert highlighted(pilot)


async def test_a_location_that_fails_is_named_and_the_others_are_listed() -> None:
    async with wizard(faults=["http-500:get/products*1"]) as pilot:
        await go_to(pilot, Step.LOCATION)
        await find(pilot, country="us")
        assert "Not read: USA" in said(pilot.app)
        assert choices(pilot)._choices


@pytest.mark.parametrize(
    ("fault", "typed", "told"),
    [("http-500:get/products*6", "", "The provider has a problem"), ("", "atlantis", "No such place")],
)
async def test_what_goes_wrong_is_told_and_one_can_go_on(fault: str, typed: str, told: str) -> None:
    async with wizard(faults=[fault] if fault else []) as pilot:
        await go_to(pilot, Step.LOCATION)
        await ask(pilot, country=typed or "us")
        await press(pilot, "enter")
        await wait_until(pilot, lambda: told in said(pilot.app))
        if fault:
            await press(pilot, "enter")
            await wait_until(pilot, lambda: told in said(pilot.app) or listed(pilot))
        await press(pilot, "escape", "escape")
        await arrive(pilot, Step.LOCATION)


@pytest.mark.parametrize("provider", ["edis", "layerstack"])
async def test_on_the_plan_step_only_its_plans_are_looked_at(provider: str) -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.PLAN, provider=provider)
        asked = len(requests_to(pilot.app, "get/products"))
        await press(pilot, "f8")
        await wait_until(pilot, lambda: shows(wizard_of(pilot), FitFormScreen))
        assert bool(pilot.app.screen.query("#country")) is (provider == "layerstack")
        await press(pilot, "escape")
        await find(pilot, vcpu="2")
        assert len(requests_to(pilot.app, "get/products")) == asked
        rows = choices(pilot)._choices
        assert rows
        assert all(int(row.cells[-5]) >= 2 for row in rows)
        await press(pilot, "enter", to=Step.OS_IMAGE)
        state = wizard_of(pilot).state
        assert state.plan is not None
        assert (state.plan.vcpu or 0) >= 2
        assert state.place


async def test_prices_are_those_of_the_drafts_billing_cycle() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.PLAN)
        screen = step_screen(pilot)
        screen.state = replace(screen.state, draft=replace(screen.state.draft, billing_cycle=BillingCycle.ANNUALLY))
        await find(pilot, ram_mb="1")
        assert "PER YEAR" in screen_text(pilot.app)
        assert choices(pilot)._choices[0].cells[-1] == "115.39 EUR"


async def test_another_order_is_chosen_with_a_button() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.PLAN)
        await find(pilot)
        seen = []
        for _ in requirements.SORTED_BY:
            seen.append([row.cells[0] for row in choices(pilot)._choices])
            await pilot.click("#sort")
            await wait_until(pilot, lambda: listed(pilot))
        assert seen[0][0] == "KVM SMART"
        assert seen[-1] == sorted(seen[-1], key=str.casefold)
        assert "the cheapest first" in said(pilot.app), "Round in a circle."


async def test_the_button_does_what_the_key_does_and_both_are_named() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        assert "F8 what fits" in screen_lines(pilot.app)[23]
        await pilot.click("#fit")
        await wait_until(pilot, lambda: shows(wizard_of(pilot), FitFormScreen))
