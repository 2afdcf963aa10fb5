"""Step provider: where the wizard starts, and what a change of provider keeps."""

from __future__ import annotations

from vps_tui.core.steps import Step
from vps_tui.tui.widgets.choice_list import ChoiceList

from .driver import (
    button,
    choices,
    choose,
    go_to,
    highlight,
    highlighted,
    press,
    requests_to,
    screen_text,
    settled,
    wait_until,
    wizard,
    wizard_of,
)


async def test_the_first_screen_asks_for_the_provider_with_the_list_focused_and_says_that_it_is_the_sandbox() -> None:
    async with wizard() as pilot:
        assert isinstance(pilot.app.focused, ChoiceList)
        assert highlighted(pilot) == "edis"
        assert button(pilot, "back").label == "Leave"
        text = screen_text(pilot.app)
        assert "EDIS Global" in text
        assert "LayerStack" in text
        assert "SANDBOX: nothing is bought" in text


async def test_letters_do_not_filter_a_list_that_fits_on_the_screen() -> None:
    async with wizard() as pilot:
        await press(pilot, "z", "z")
        assert choices(pilot).filter_text == ""
        assert highlighted(pilot) == "edis"


async def test_layerstack_is_asked_for_no_location_and_its_plans_say_where_their_prices_come_from() -> None:
    async with wizard() as pilot:
        await choose(pilot, "layerstack", to=Step.PLAN)
        assert "not from LayerStack" in screen_text(pilot.app)
        assert "Location" not in screen_text(pilot.app)
        assert "REGION" in screen_text(pilot.app)
        await press(pilot, "escape", to=Step.PROVIDER)


async def test_another_provider_keeps_name_and_key_and_clears_the_rest() -> None:
    async with wizard() as pilot:
        app = wizard_of(pilot)
        await go_to(pilot, Step.COST)
        assert app.state.server.os
        for _ in range(len(Step)):
            if app.state.step is Step.PROVIDER:
                break
            left = app.state.step
            await press(pilot, "escape")
            await wait_until(pilot, lambda left=left: settled(app) not in (None, left))  # type: ignore[misc]
        await choose(pilot, "layerstack", to=Step.PLAN)
        server = app.state.server
        assert (server.name, server.without_key) == ("web1", True)
        assert (server.plan, server.plan_name, server.os, server.add_ons) == ("", "", "", ())
        assert (app.state.draft.location, app.state.location_name) == ("", "")
        assert highlighted(pilot) == "101"


async def test_the_same_provider_chosen_again_keeps_everything_and_reads_nothing_twice() -> None:
    async with wizard() as pilot:
        app = wizard_of(pilot)
        await go_to(pilot, Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        before = app.state.draft
        await press(pilot, "escape", to=Step.LOCATION)
        assert highlighted(pilot) == "122"
        await press(pilot, "escape", to=Step.PROVIDER)
        await highlight(pilot, "edis")
        await press(pilot, "enter", to=Step.LOCATION)
        assert app.state.draft == before
        assert len(requests_to(app, "get/locations")) == 1
