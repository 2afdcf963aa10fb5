"""Step hostname: what is wrong is said while typing, and nothing that was typed is lost."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Input

from vps_tui.core.steps import Step
from vps_tui.tui.widgets.field import LineInput

from .driver import arrive, drain, go_to, press, price, screen_text, settled, type_text, wizard, wizard_of, words


async def test_a_wrong_name_does_not_pass_and_it_is_said_what_to_do() -> None:
    # Which names are wrong, tests/wizard/test_questions.py says.
    typed, advice = "w\u00e9b", "another script"
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        assert isinstance(pilot.app.focused, LineInput)
        await type_text(pilot, f"{typed}\n")
        assert settled(pilot.app) is Step.NAME
        assert advice in words(pilot, "Field .help")
        shown = " ".join(screen_text(pilot.app).split())
        assert words(pilot, "Field .help") in shown
        await pilot.click("#continue")
        await drain(pilot)
        assert settled(pilot.app) is Step.NAME
        assert pilot.app.screen.query_one(Input).value == typed


async def test_a_name_that_is_not_finished_is_not_complained_about_but_a_wrong_letter_is_at_once() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, "web-")
        assert words(pilot, "Field .help") == "Letters, digits, hyphens and dots."
        await type_text(pilot, "_")
        assert "underscore" in words(pilot, "Field .help")
        await press(pilot, "backspace", "backspace")
        assert words(pilot, "Field .help") == "Letters, digits, hyphens and dots."


async def test_a_wrong_name_is_kept_when_going_back_and_forward_and_still_does_not_pass() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, "web_")
        await press(pilot, "escape", to=Step.OS_IMAGE)
        await press(pilot, "enter", to=Step.NAME)
        assert pilot.app.screen.query_one(Input).value == "web_"
        await press(pilot, "enter")
        assert settled(pilot.app) is Step.NAME
        await press(pilot, "end", "backspace", "enter", to=Step.ADD_ONS)
        assert wizard_of(pilot).state.server.name == "web"


async def test_capitals_and_spaces_around_are_put_right_and_the_name_stands_beside_the_price() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, " Web1.Example.COM ")
        assert "10.49 EUR per month" in price(pilot)
        await press(pilot, "enter", to=Step.ADD_ONS)
        assert wizard_of(pilot).state.server.name == "web1.example.com"
        assert "web1.example.com" in price(pilot)


async def test_a_pasted_name_is_taken_from_the_first_line_that_holds_text() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        pilot.app.screen.query_one(Input).post_message(Paste("\n  web7  \nrm -rf\n"))
        await drain(pilot)
        assert pilot.app.screen.query_one(Input).value == "web7"
        await press(pilot, "enter")
        await arrive(pilot, Step.ADD_ONS)


async def test_the_whole_field_is_on_the_screen() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        assert pilot.app.screen.query_one(Input).region.right <= 80
