"""Earlier orders in lines: the same list, the same details, the same ways on as on the screens."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tui.shortcut import EDIS, STACK, written

from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.wizard.controller import Flow
from vps_tui.wizard.history import only_look

from .dialogue import After, Talk, fresh_folder, paid_calls, sandbox, talk


@pytest.fixture
def folder() -> Path:
    return fresh_folder()


def looking(folder: Path, *answers: str | After) -> Talk:
    """Talk as `orders browse` does."""
    return talk(sandbox(folder), *answers, begin=only_look)


def test_without_any_nothing_is_offered(folder: Path) -> None:
    spoken = talk(sandbox(folder), "q")
    assert "earlier orders" not in spoken.words
    assert spoken.code == 3


def test_one_is_read_saved_and_left_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(folder, State.REFUSED, STACK, ago=timedelta(hours=1))
    entry = written(folder, State.PLACED)
    spoken = talk(sandbox(folder), "e", "edis", "s", "", "b", "b", "q")
    assert "e earlier orders" in spoken.words
    for words in (f"Order {entry.reference}: ordered", "Hostname: web1", "Due at once: 5.99 EUR", entry.owner):
        assert words in spoken.words
    assert 'name = "web1"' in Path("web1.toml").read_text()
    assert spoken.words.count("Where do you want") == 2, "One is back where one was."
    assert (spoken.code, spoken.unanswered) == (3, 1)


def test_the_like_is_ordered_again_under_a_new_name(folder: Path) -> None:
    written(folder, State.PLACED, ago=timedelta(days=3))
    backend = sandbox(folder)
    spoken = talk(backend, "e", "1", "a", "", After("Type a name", "web2"), "", "yes")
    assert "Hostname [:b back" in spoken.words, "The old name is not taken without a word."
    assert [name for entry in spoken.flow.journal.entries() for name, _ in entry.purchase.servers] == ["web2", "web1"]
    assert (spoken.code, len(paid_calls(backend))) == (0, 1)


def test_one_is_looked_after_and_the_way_back_leads_to_the_list_and_the_question(folder: Path) -> None:
    entry = written(folder, State.PLACED)
    spoken = talk(sandbox(folder), "e", "1", "l", "l", "", "b", "q")
    assert f"Recorded as: {entry.reference}" in spoken.words
    assert "lists no such server yet" in spoken.words
    assert spoken.flow.state.step is Step.PROVIDER
    assert (spoken.code, spoken.unanswered) == (3, 1)


def test_a_receipt_leads_to_them_too(folder: Path) -> None:
    old = written(folder, State.PLACED, STACK)
    spoken = talk(sandbox(folder), "", "yes", "e", "layerstack", "", "b", saved=EDIS)
    assert f"Order {old.reference}: ordered" in spoken.words
    assert spoken.words.count("Step 7 of 7: Receipt") == 2
    assert spoken.code == 0


def test_a_run_that_only_looks_ends_with_the_list(folder: Path) -> None:
    written(folder, State.UNKNOWN, ago=timedelta(minutes=40))
    (folder / "draft.toml").touch()
    spoken = looking(folder, "1", "", "b")
    assert "NOT KNOWN" in spoken.words
    assert "Where do you want" not in spoken.words
    assert "Nothing was ordered." not in spoken.words
    assert (spoken.code, spoken.unanswered) == (0, 1)


def test_with_nothing_to_look_at_it_says_so(folder: Path) -> None:
    spoken = looking(folder)
    assert "Nothing has been ordered from here yet." in spoken.words
    assert spoken.code == 0
    assert isinstance(spoken.flow, Flow)
