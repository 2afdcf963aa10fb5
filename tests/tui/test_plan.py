"""Step plan: only what the location sells, and the price of the highlighted plan."""

from __future__ import annotations

from vps_tui.core.steps import Step
from vps_tui.tui.widgets.choice_list import ChoiceList

from .driver import (
    choices,
    choose,
    ended,
    fresh_folder,
    go_to,
    highlighted,
    press,
    price,
    requests_to,
    screen_text,
    step_screen,
    wizard,
    wizard_of,
)

GERMANY = ["1702", "1707", "1712", "1717", "1722", "1727", "1732", "1737", "1961", "1962", "1963", "1964"]


async def test_only_the_plans_of_the_chosen_location_are_listed() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        assert isinstance(pilot.app.focused, ChoiceList)
        assert sorted(choice.id for choice in choices(pilot)._choices) == GERMANY
        assert "Which plan in Germany?" in screen_text(pilot.app)


async def test_the_price_bar_follows_the_highlight_with_amount_currency_and_cycle() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        assert price(pilot).endswith("KVM SMART  7.99 EUR per month")
        await press(pilot, "down")
        assert price(pilot).endswith("KVM STARTER  12.99 EUR per month")
        assert screen_text(pilot.app).splitlines()[21].rstrip().endswith("12.99 EUR per month")
        assert wizard_of(pilot).state.server.plan == ""


async def test_a_plan_is_found_by_typing_and_chosen_with_enter() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        await press(pilot, *"ruby", "space", *"plus")
        assert [choice.id for choice in choices(pilot)._shown] == ["1963"]
        await press(pilot, "enter", to=Step.OS_IMAGE)
        assert wizard_of(pilot).state.server.plan == "1963"


async def test_the_chosen_plan_is_highlighted_again_after_going_back_and_its_price_stays_in_sight() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        await choose(pilot, "1722", to=Step.OS_IMAGE)
        for step in (Step.OS_IMAGE, Step.NAME, Step.ADD_ONS, Step.SSH_KEY):
            await go_to(pilot, step)
            assert "29.99 EUR per month" in screen_text(pilot.app), step
        for step in (Step.ADD_ONS, Step.NAME, Step.OS_IMAGE, Step.PLAN):
            await press(pilot, "escape", to=step)
        assert highlighted(pilot) == "1722"
        assert len(requests_to(pilot.app, "get/products")) == 1


async def test_another_location_highlights_the_plan_of_the_same_name() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        await choose(pilot, "1722", to=Step.OS_IMAGE)
        await press(pilot, "escape", to=Step.PLAN)
        await press(pilot, "escape", to=Step.LOCATION)
        await choose(pilot, "100", to=Step.PLAN)
        assert highlighted(pilot) == "5004"
        assert step_screen(pilot).state.server.plan == ""


async def test_the_cheapest_plan_and_the_one_ordered_last_are_named() -> None:
    folder = fresh_folder()
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        notes = {choice.id: choice.cells[-1] for choice in choices(pilot)._choices if choice.cells[-1]}
        assert notes == {"1702": "cheapest"}
        await choose(pilot, "1707", to=Step.OS_IMAGE)
        await go_to(pilot, Step.RECEIPT)
        await press(pilot, "ctrl+q")
        await ended(pilot)
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "100", to=Step.PLAN)
        notes = {choice.cells[0]: choice.cells[-1] for choice in choices(pilot)._choices if choice.cells[-1]}
        assert notes == {"KVM SMART": "cheapest", "KVM STARTER": "ordered last"}
        assert "ordered last" in screen_text(pilot.app)
