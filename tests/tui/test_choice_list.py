"""The list of choices by itself: filter, highlight, mouse."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown, MouseScrollUp, Paste
from textual.pilot import Pilot

from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions.choices import Choice, Column

GONE = "There is none left."
ROWS = (
    Choice("a1", ("Alpha", "first"), refusal=GONE),
    Choice("b2", ("Beta", "second"), search="hidden"),
    Choice("c3", ("Gamma", "third")),
    *(Choice(f"n{number}", (f"Number {number}", "more")) for number in range(40)),
)


class Shown(App[None]):
    """Shows one list and keeps what it says."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, rows: tuple[Choice, ...], chosen: str = "") -> None:
        super().__init__()
        self.rows, self.first = rows, chosen
        self.chosen: list[str] = []
        self.refused: list[str] = []

    def compose(self) -> ComposeResult:
        yield ChoiceList((Column("NAME"), Column("WHAT", flexible=True)), self.rows, chosen=self.first)

    @on(ChoiceList.Chosen)
    def keep(self, message: ChoiceList.Chosen) -> None:
        self.chosen.append(message.choice_id)

    @on(ChoiceList.Refused)
    def keep_refused(self, message: ChoiceList.Refused) -> None:
        self.refused.append(message.reason)


@asynccontextmanager
async def shown(rows: tuple[Choice, ...] = ROWS, chosen: str = "") -> AsyncIterator[tuple[Pilot[None], ChoiceList]]:
    app = Shown(rows, chosen)
    async with app.run_test(size=(60, 12)) as pilot:
        choices = app.query_one(ChoiceList)
        choices.focus()
        await pilot.pause()
        yield pilot, choices


def said(pilot: Pilot[None]) -> tuple[list[str], list[str]]:
    assert isinstance(pilot.app, Shown)
    return pilot.app.chosen, pilot.app.refused


def present(choices: ChoiceList) -> str:
    return choices.highlighted.id if choices.highlighted else ""


def lines(choices: ChoiceList) -> list[str]:
    return [choices.render_line(y).text for y in range(choices.size.height)]


async def test_the_highlight_starts_on_what_was_chosen_or_on_the_first_row_that_can_be_had() -> None:
    async with shown() as (_, choices):
        assert present(choices) == "b2"
    async with shown(chosen="n39") as (_, choices):
        assert present(choices) == "n39"
        assert any(line.startswith("> Number 39") for line in lines(choices))


async def test_enter_chooses_the_highlighted_row_once() -> None:
    async with shown() as (pilot, _):
        await pilot.press("down", "enter")
        assert said(pilot) == (["c3"], [])


async def test_a_row_that_cannot_be_had_is_refused_with_the_reason() -> None:
    async with shown() as (pilot, _):
        await pilot.press("home", "enter")
        assert said(pilot) == ([], [GONE])


async def test_enter_on_a_filter_that_matches_nothing_chooses_nothing_and_says_why() -> None:
    async with shown() as (pilot, choices):
        await pilot.press(*"zzz", "enter")
        assert choices.highlighted is None
        chosen, refused = said(pilot)
        assert chosen == []
        assert "Backspace" in refused[0]


@pytest.mark.parametrize(("typed", "found"), [("gam", "c3"), ("GAM", "c3"), ("hidden", "b2"), ("ird gam", "c3")])
async def test_the_filter_looks_at_all_cells_and_the_search_text_in_any_order(typed: str, found: str) -> None:
    async with shown() as (pilot, choices):
        await pilot.press(*("space" if char == " " else char for char in typed))
        assert [choice.id for choice in choices._shown] == [found]
        assert "1 of 43 match" in lines(choices)[0]


async def test_backspace_widens_the_filter_and_escape_clears_it_with_the_highlight_kept() -> None:
    async with shown() as (pilot, choices):
        await pilot.press(*"gamx")
        assert present(choices) == ""
        await pilot.press("backspace")
        assert present(choices) == "c3"
        await pilot.press("escape")
        assert (choices.filter_text, present(choices)) == ("", "c3")
        assert len(choices._shown) == len(ROWS)


async def test_a_paste_filters_by_its_first_line() -> None:
    async with shown() as (pilot, choices):
        choices.post_message(Paste("Gamma\nBeta\n"))
        await pilot.pause()
        assert (choices.filter_text, present(choices)) == ("Gamma", "c3")


async def test_rows_that_arrive_later_are_filtered_by_what_was_typed_before() -> None:
    async with shown(()) as (pilot, choices):
        await pilot.press(*"gam", "enter")
        choices.set_choices(ROWS)
        assert present(choices) == "c3"
        await pilot.pause()
        assert said(pilot) == ([], [])


async def test_a_click_and_the_wheel_only_move_the_highlight_and_a_double_click_chooses() -> None:
    async with shown() as (pilot, choices):
        await pilot.click(choices, offset=(5, 5))
        assert present(choices) == "n0"
        choices.post_message(wheel(MouseScrollDown, choices))
        await pilot.pause()
        assert present(choices) == "n1"
        choices.post_message(wheel(MouseScrollUp, choices))
        choices.post_message(wheel(MouseScrollUp, choices))
        await pilot.pause()
        assert present(choices) == "c3"
        assert said(pilot) == ([], [])
        await pilot.double_click(choices, offset=(5, 5))
        assert said(pilot) == (["n0"], [])


async def test_a_click_on_the_headings_or_below_the_last_row_does_nothing() -> None:
    async with shown(ROWS[:3]) as (pilot, choices):
        for offset in ((5, 0), (5, 1), (5, 9)):
            await pilot.double_click(choices, offset=offset)
        assert present(choices) == "b2"
        assert said(pilot) == ([], [])


async def test_page_keys_and_end_keep_the_highlight_on_the_screen_and_signs_say_that_the_list_goes_on() -> None:
    async with shown() as (pilot, choices):
        assert lines(choices)[-1].rstrip().endswith("↓")
        await pilot.press("pagedown")
        assert any(line.startswith("> ") for line in lines(choices)[2:])
        await pilot.press("end")
        assert present(choices) == "n39"
        assert lines(choices)[-1].startswith("> Number 39")
        assert lines(choices)[2].rstrip().endswith("↑")
        await pilot.press("pageup", "home")
        assert present(choices) == "a1"


def wheel(kind: type[MouseScrollDown] | type[MouseScrollUp], choices: ChoiceList) -> MouseScrollDown | MouseScrollUp:
    return kind(choices, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False)


async def test_with_the_filter_taken_away_the_highlight_is_where_it_was() -> None:
    """Enter must not choose the first row because somebody mistyped a filter."""
    async with shown(chosen="n20") as (pilot, choices):
        await pilot.press(*"nothing", "escape")
        assert choices.highlighted is not None
        assert choices.highlighted.id == "n20"
        await pilot.press(*"gamma", "escape")
        assert choices.highlighted.id == "c3"
        await pilot.press("enter")
        assert pilot.app.chosen == ["c3"]  # type: ignore[attr-defined]
