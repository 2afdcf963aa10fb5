"""A new question is one value: the screen for lists asks it without another line."""

from __future__ import annotations

import pytest

from vps_tui.core.steps import Step
from vps_tui.tui.screens.choice import ChoiceScreen
from vps_tui.wizard.questions import QUESTIONS

from .driver import choices, go_to, highlight, highlighted, press, said, settled, wizard, wizard_of, words


async def test_a_question_that_is_defined_here_is_asked_on_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUESTIONS, Step.OS_IMAGE, "tests.wizard.colours:COLOUR")
    async with wizard() as pilot:
        await go_to(pilot, Step.PLAN)
        await press(pilot, "enter", to=Step.OS_IMAGE)
        assert type(pilot.app.screen) is ChoiceScreen
        assert "Which colour?" in said(pilot.app)
        assert highlighted(pilot) == "green"
        await highlight(pilot, "red")
        await press(pilot, "enter")
        assert settled(pilot.app) is Step.OS_IMAGE
        assert words(pilot, "#complaint") == "Red is sold out."
        await press(pilot, "f1")
        assert "The colour of the case." in said(pilot.app)
        await press(pilot, "escape", *"blu")
        assert [choice.id for choice in choices(pilot)._shown] == ["blue"]
        await press(pilot, "enter", to=Step.NAME)
        assert wizard_of(pilot).state.typed_text("colour") == "blue"
        await press(pilot, "escape", to=Step.OS_IMAGE)
        assert highlighted(pilot) == "blue"
