"""The wizard in lines from the first question to the receipt, with the sandbox of both providers."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from tui.shortcut import EDIS, STACK

from vps_tui.core.draft import Draft
from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import FILE_NAME, Journal, State
from vps_tui.services.order_files import kept_draft, load
from vps_tui.wizard.questions import cost, plan
from vps_tui.wizard.questions.account import provider_heading
from vps_tui.wizard.state import WizardState

from .dialogue import After, fresh_folder, paid_calls, sandbox, talk

ORDERING = ("1", "germany", "starter", "debian 13", "web1", "", "", "", "", "no ssh", "", "yes")
"""An order from EDIS Global without an SSH key."""
LAYERING = ("layer", "s102-hk", "", "web1", "", "", "", "", "", "No SSH", "", "", "yes")
"""The same from LayerStack, with the root password that was generated."""


def kind_of(state: object) -> OutcomeKind | None:
    return getattr(getattr(state, "outcome", None), "kind", None)


@pytest.mark.parametrize(("provider_id", "answers"), [("edis", ORDERING), ("layerstack", LAYERING)])
def test_a_whole_order(provider_id: str, answers: tuple[str, ...]) -> None:
    backend = sandbox()
    spoken = talk(backend, *answers)
    assert kind_of(spoken.flow.state) is OutcomeKind.PLACED, spoken.text
    assert (spoken.code, spoken.unanswered) == (0, 0)
    assert len(paid_calls(backend)) == 1
    (entry,) = spoken.flow.journal.entries()
    assert (entry.state, entry.purchase.provider) == (State.PLACED, provider_id)
    assert entry.purchase.servers[0][0] == "web1"
    for words in (
        "Step 1 of 7: Provider",
        "So far: ",
        "What it costs at",
        "Ordered",
        f"orders show {entry.reference}",
    ):
        assert words in spoken.words
    stages = re.findall(r"Step (\d+) of (\d+): ", spoken.text)
    assert [int(number) for number, _ in stages] == sorted(int(number) for number, _ in stages)


def test_nothing_is_written_but_plain_lines() -> None:
    spoken = talk(sandbox(), *ORDERING)
    assert not re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", spoken.text)
    assert set(re.findall(r"[^\x00-\x7f]", spoken.text)) <= {"\u00e1"}, "Bogot\u00e1 alone holds such a letter."
    assert max(map(len, spoken.text.split("\n"))) <= 80


def test_the_words_are_those_of_the_screens() -> None:
    spoken = talk(sandbox(), "edis", "?", "germany", "?")
    location = plan.LOCATION.heading_in(WizardState())
    for words in (*provider_heading(WizardState()), *location, plan.LOCATION.help, plan.PLAN.help):
        assert words in spoken.words
    assert "KVM STARTER, vCPU 1, RAM 2 GB, disk 20 GB, traffic 2 TB, per month 12.99 EUR" in spoken.words
    assert "So far: EDIS Global, Germany, KVM STARTER: 12.99 EUR per month" not in spoken.words
    assert "sandbox: nothing is bought" in spoken.words


def test_a_list_filters_says_more_and_refuses_what_is_sold_out() -> None:
    spoken = talk(sandbox(), "edis", "m", "austria", "graz", "nowhere", "", "99", "3")
    assert "20 of 48 so far." in spoken.text
    assert "\n21. Iceland" in spoken.text
    assert "3 of 48 match:" in spoken.text
    assert "is sold out. Choose a location that is in stock." in spoken.words
    assert "Nothing matches. Type a number, or part of a name." in spoken.words
    assert "leave]: \nType a number, or part of a name." in spoken.text
    assert "Chosen: Austria, Vienna, Vienna, Austria, at, in stock" in spoken.words
    assert spoken.flow.state.step is Step.PLAN
    assert spoken.flow.state.location_name == "Austria, Vienna"


def test_back_goes_through_every_step_and_loses_nothing() -> None:
    there = ("1", "germany", "starter", "ubuntu lts 24", "a b", "web7", "2", "1", "", "", "no ssh")
    back = ("b", "b", "b", ":b", "b", "b", "b")
    forward = ("", "", "", "", "", "", "", "", "", "")
    spoken = talk(sandbox(), *there, *back, *forward)
    state = spoken.flow.state
    assert spoken.unanswered == 0
    assert state.step is Step.COST
    assert (state.server.name, state.server.without_key, len(state.server.add_ons)) == ("web7", True, 2)
    assert spoken.words.count("Where do you want to order a server?") == 2
    assert spoken.words.count("What it costs at EDIS Global") == 2


def test_going_back_from_an_unfinished_name_says_nothing_about_it_and_keeps_it() -> None:
    spoken = talk(sandbox(), "1", "germany", "starter", "", "not good!", ":b", "", After("Enter for not good!", ":q"))
    assert spoken.unanswered == 1, "It ended with :q, and nobody heard the end of the file."
    assert spoken.flow.state.server.name == "not good!"
    assert spoken.code == 3


def test_a_line_of_the_cost_is_changed_in_place_and_the_order_saved(tmp_path: Path) -> None:
    file = tmp_path / "web1.toml"
    answers = ("9", "bill", "2", "hostname", "web9", "5", ":b", "1", "b", "s", str(file), "s", ":b", "2")
    spoken = talk(sandbox(), *answers, saved=EDIS)
    state = spoken.flow.state
    assert state.step is Step.PLAN
    assert (state.server.name, state.draft.apply_credit, state.draft.billing_cycle) == ("web9", False, "quarterly")
    assert "Account credit: not used" in spoken.words
    assert "every 3 months" in spoken.words
    saved = load(file)
    assert (saved.server.name, saved.billing_cycle, saved.apply_credit) == ("web9", "quarterly", False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert cost.HELP not in spoken.words, "Nobody asked for help."


@pytest.mark.parametrize("answer", ["y", "", "yes please", "no", "yes yes", ":yes"])
def test_nothing_but_yes_orders(answer: str) -> None:
    backend = sandbox()
    spoken = talk(backend, "", answer, answer, "b", saved=EDIS)
    assert spoken.flow.state.step is Step.COST
    assert (spoken.code, paid_calls(backend)) == (3, [])
    assert spoken.words.count("Nothing was ordered. Type the word yes to order, or b to go back.") == 2


@pytest.mark.parametrize("word", ["yes", "YES", " yes "])
def test_yes_orders_once(word: str) -> None:
    backend = sandbox()
    spoken = talk(backend, "", word, "l", "b", saved=EDIS)
    assert (spoken.code, len(paid_calls(backend))) == (0, 1)
    assert "There is no way back from here." in spoken.words


def test_what_is_typed_before_the_question_orders_nothing() -> None:
    """A paste of the whole rest: each line would be the right answer to the question that comes."""
    backend = sandbox()
    spoken = talk(backend, "\nyes\nyes\nyes", "b", saved=EDIS)
    assert (spoken.code, paid_calls(backend)) == (3, [])
    assert spoken.words.count("Type yes to order") == 1, "Nothing was taken for an answer."


def test_a_paste_of_the_word_orders_nothing() -> None:
    backend = sandbox()
    spoken = talk(backend, "", "yes\nyes\nyes", "b", saved=EDIS)
    assert (spoken.code, paid_calls(backend)) == (3, [])
    assert "More came behind it, as from a paste: nothing was ordered." in spoken.words


@pytest.mark.parametrize("draft", [EDIS, STACK], ids=["edis", "layerstack"])
def test_a_saved_order_opens_at_its_cost(draft: Draft) -> None:
    spoken = talk(sandbox(), "", *(("",) if draft is STACK else ()), "b", saved=draft)
    assert spoken.flow.state.draft.server.name == "web1"
    assert "What it costs at" in spoken.words


def test_what_a_saved_order_names_and_nobody_sells_is_asked_again() -> None:
    gone = EDIS.with_server(replace(EDIS.server, plan="424242", plan_name=""))
    spoken = talk(sandbox(), "", saved=gone)
    assert "Not everything in it is offered now:" in spoken.words
    assert spoken.flow.state.step is Step.PLAN


def test_leaving_keeps_the_order_and_the_next_start_offers_it() -> None:
    folder = fresh_folder()
    first = talk(sandbox(folder), "1", "germany", "starter", "", "web5", "2")
    assert (first.code, "Nothing was ordered." in first.words) == (3, True)
    kept = kept_draft(folder)
    assert kept is not None
    assert kept.server.name == "web5"
    assert len(kept.server.add_ons) == 1, "The step was left before its end."
    second = talk(sandbox(folder), "")
    assert "You left an unfinished order from EDIS Global for web5." in second.words
    assert second.flow.state.server.name == "web5"
    third = talk(sandbox(folder), "n")
    assert third.flow.state.info is None
    assert third.words.count("Where do you want to order a server?") == 1


def test_the_end_of_what_can_be_read_leaves_and_keeps_the_order() -> None:
    folder = fresh_folder()
    spoken = talk(sandbox(folder), "1", "germany", "\x04")
    assert (spoken.code, spoken.flow.state.step) == (3, Step.PLAN)
    assert kept_draft(folder) is not None


def test_a_failed_read_says_why_and_is_tried_again() -> None:
    backend = sandbox(None, "http-404:get/products*1", "http-403:get/locations*1")
    spoken = talk(backend, "1", "nonsense", "", "germany", "", "b")
    assert spoken.words.count("Enter tries again") == 3
    assert "Nothing was ordered." in spoken.words
    assert "That is none of them." in spoken.words
    assert spoken.flow.state.step is Step.LOCATION


def test_a_journal_that_cannot_be_read_is_told_and_one_can_look_around() -> None:
    folder = fresh_folder()
    (folder / FILE_NAME).write_bytes(b"no journal" * 500)
    (folder / FILE_NAME).chmod(0o600)
    spoken = talk(sandbox(folder), "1")
    assert "journal" in spoken.words
    assert spoken.flow.state.step is Step.LOCATION
    assert not Journal(folder / FILE_NAME).path.read_bytes().startswith(b"SQLite")
