"""Step location: 48 of them, found by typing, and none that is sold out."""

from __future__ import annotations

from vps_tui.core.steps import Step
from vps_tui.tui.widgets.choice_list import ChoiceList

from .driver import (
    arrive,
    button,
    choices,
    go_to,
    highlight,
    highlighted,
    press,
    screen_text,
    settled,
    wait_until,
    wizard,
    wizard_of,
    words,
)


async def test_all_48_locations_are_listed_with_the_list_focused() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        assert isinstance(pilot.app.focused, ChoiceList)
        assert "1-12 of 48" in screen_text(pilot.app)
        await press(pilot, "end")
        assert highlighted(pilot) == "211"
        assert "37-48 of 48" in screen_text(pilot.app)


async def test_a_location_is_found_by_typing_and_chosen_with_enter() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await press(pilot, *"at", "minus", *"vie")
        assert [choice.id for choice in choices(pilot)._shown] == ["215"]
        await press(pilot, "enter", to=Step.PLAN)
        assert wizard_of(pilot).state.draft.location == "215"


async def test_escape_clears_the_filter_before_it_goes_back() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await press(pilot, *"swe", "escape")
        assert settled(pilot.app) is Step.LOCATION
        assert choices(pilot).filter_text == ""
        assert highlighted(pilot) == "132"
        await press(pilot, "escape", to=Step.PROVIDER)


async def test_a_sold_out_location_is_marked_and_cannot_be_chosen_by_any_way() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await highlight(pilot, "107")
        assert "sold out" in screen_text(pilot.app)
        for way in ("enter", "button", "double click"):
            if way == "enter":
                await press(pilot, "enter")
            elif way == "button":
                await pilot.click("#continue")
            else:
                await pilot.double_click(ChoiceList, offset=(5, 3))
            assert settled(pilot.app) is Step.LOCATION, way
            assert words(pilot, "#complaint") == "Austria, Graz is sold out. Choose a location that is in stock.", way
            await highlight(pilot, "192")
            assert words(pilot, "#complaint") == "", way
            await highlight(pilot, "107")
        assert wizard_of(pilot).state.draft.location == ""


async def test_letters_typed_while_the_list_is_still_being_read_are_kept_as_the_filter() -> None:
    async with wizard(faults=["slow-1:get/locations"]) as pilot:
        await pilot.press("enter")
        await wait_until(pilot, lambda: wizard_of(pilot).state.step is Step.LOCATION)
        assert settled(pilot.app) is None
        await pilot.press(*"fra")
        await arrive(pilot, Step.LOCATION)
        assert choices(pilot).filter_text == "fra"
        assert "Germany" in screen_text(pilot.app)
        assert "Iceland" not in screen_text(pilot.app)


async def test_enter_while_the_list_is_still_being_read_chooses_nothing() -> None:
    async with wizard(faults=["slow-1:get/locations"]) as pilot:
        await pilot.press("enter", "enter", "enter")
        await arrive(pilot, Step.LOCATION)
        assert wizard_of(pilot).state.draft.location == ""


async def test_a_double_click_chooses_and_a_click_on_a_button_presses_it() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await pilot.click(ChoiceList, offset=(5, 4))
        assert highlighted(pilot) == "192"
        assert settled(pilot.app) is Step.LOCATION
        await pilot.double_click(ChoiceList, offset=(5, 4))
        await arrive(pilot, Step.PLAN)
        assert wizard_of(pilot).state.location_name == "Austria, Vienna"
        await pilot.click("#back")
        await arrive(pilot, Step.LOCATION)
        assert highlighted(pilot) == "192"
        await pilot.click("#continue")
        await arrive(pilot, Step.PLAN)


async def test_tab_and_arrows_reach_the_buttons_and_enter_on_back_goes_back() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await press(pilot, "tab")
        assert pilot.app.focused is button(pilot, "back")
        await press(pilot, "right")
        assert pilot.app.focused is button(pilot, "continue")
        await press(pilot, "up")
        assert isinstance(pilot.app.focused, ChoiceList)
        await press(pilot, "tab", "enter", to=Step.PROVIDER)
