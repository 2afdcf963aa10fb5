"""What fits, in lines: at the questions for location and plan."""

from __future__ import annotations

from vps_tui.core.steps import Step

from .dialogue import sandbox, talk


def test_the_cheapest_of_all_locations_answers_location_and_plan() -> None:
    spoken = talk(sandbox(), "edis", "f", "4G", "", "2 cores", "", "ro", "", "1")
    assert "f finds what fits" in spoken.words
    assert "5 plans of 4 GB RAM, 2 vCPU or more, in ro, the cheapest first" in spoken.words
    assert (
        "1. Romania, KVM BASIC PLUS, vCPU 2, RAM 4 GB, disk 45 GB, traffic 4 TB, per month 23.49 EUR" in spoken.words
    )
    assert "So far: EDIS Global, Romania, KVM BASIC PLUS: 23.49 EUR per month" in spoken.words
    state = spoken.flow.state
    assert (state.step, state.draft.location) == (Step.OS_IMAGE, "162")
    assert spoken.unanswered == 0


def test_back_goes_from_field_to_field_and_what_was_typed_is_kept() -> None:
    there = ("f", "4G", "", "", "", "lt", ":b", ":b", ":b", ":b", ":b", ":b")
    again = ("f", "", "", "", "", "", "", "b", ":b", "any", ":b")
    spoken = talk(sandbox(), "edis", *there, *again)
    assert spoken.unanswered == 0, spoken.text
    assert "Enter for 4G; :b back" in spoken.words
    assert "Enter for lt; :b back" in spoken.words
    assert "of 4 GB RAM or more, in lt, the cheapest first" in spoken.words
    assert spoken.flow.state.typed_text("fits country") == ""


def test_what_is_wrong_is_said_and_asked_again() -> None:
    spoken = talk(sandbox(), "edis", "f", "lots", "1T", "", "", "", "germany", "")
    assert "Write a number, with a unit if you like: 4G, 4096 or 512 MB." in spoken.words
    assert "Nothing fits. Ask for less." in spoken.words
    assert spoken.words.count("Per month, such as 20 EUR.") == 2, "It goes back to the last field."


def test_a_country_that_nobody_serves_is_not_asked_for_twice() -> None:
    backend = sandbox()
    spoken = talk(backend, "edis", "f", "", "", "", "", "atlantis", "")
    assert "has no location in the country that you name." in spoken.words
    assert "tries again" not in spoken.words


def test_on_the_plan_step_of_both_providers() -> None:
    spoken = talk(sandbox(), "edis", "germany", "f", "", "", "2", "", "", "premium plus")
    assert spoken.flow.state.server.plan_name == "KVM PREMIUM PLUS"
    assert "Country [" not in spoken.words
    spoken = talk(sandbox(), "layer", "f", "", "", "", "", "japan", "", "1")
    assert (spoken.flow.state.step, spoken.flow.state.place) == (Step.OS_IMAGE, "TYO")
    assert "Prices: from layerstack-catalog.toml, not from LayerStack." in spoken.words
