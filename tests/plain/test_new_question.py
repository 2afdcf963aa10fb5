"""A new question is one value: the prompt for lists asks it without another line."""

from __future__ import annotations

import pytest

from vps_tui.core.steps import Step
from vps_tui.wizard.questions import QUESTIONS

from .dialogue import sandbox, talk


def test_a_question_that_is_defined_here_is_asked_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUESTIONS, Step.OS_IMAGE, "tests.wizard.colours:COLOUR")
    spoken = talk(sandbox(), "edis", "germany", "starter", "?", "red", "blu", ":b", "q")
    assert "Which colour? One of three." in spoken.words
    assert "Enter for 2 (Green)" in spoken.words
    assert "The colour of the case." in spoken.words
    assert "Red is sold out." in spoken.words
    assert "Chosen: Blue" in spoken.words
    assert "Enter for 3 (Blue)" in spoken.words
    assert spoken.flow.state.typed_text("colour") == "blue"
