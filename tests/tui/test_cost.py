"""Step cost: the totals, and every line changed in place with all else kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from textual.pilot import Pilot

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import Draft
from vps_tui.core.steps import Step
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import Pairs

from .driver import (
    button,
    choices,
    choose,
    go_to,
    highlight,
    highlighted,
    press,
    screen_text,
    settled,
    type_text,
    wizard,
    wizard_of,
    words,
)


def totals(pilot: Pilot[int]) -> str:
    return pilot.app.screen.query_one("#totals", Pairs).text


def draft_of(pilot: Pilot[int]) -> Draft:
    return wizard_of(pilot).state.draft


async def test_the_totals_lead_and_every_answer_has_its_line(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "right", "enter", to=Step.SSH_KEY)
        await press(pilot, "enter", to=Step.COST)
        assert pilot.app.focused is button(pilot, "continue")
        assert totals(pilot).startswith("Now  15.49 EUR for 1 month, from account credit (34.51 EUR remain)\n")
        assert "\nThen  15.49 EUR per month, next on " in totals(pilot)
        text = screen_text(pilot.app)
        for part in ("Australia", "KVM SMART", "+1GB", "5.00 EUR", "Debian 13", "web1", "ED25519", "PayPal"):
            assert part in text, part
        assert "Tax (VAT)" in text


async def test_amounts_that_cannot_be_added_up_have_no_sum(ssh_folder: Path) -> None:
    async with wizard(["mixed-currencies"], ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "right", "enter", to=Step.SSH_KEY)
        await press(pilot, "enter", to=Step.COST)
        assert totals(pilot).startswith("Now  not known here")
        assert "Prices are in EUR and USD" in screen_text(pilot.app)
        await press(pilot, "enter", to=Step.CONFIRM)
        assert "not known" in screen_text(pilot.app)


LINES = (
    Step.LOCATION,
    Step.PLAN,
    Step.OS_IMAGE,
    Step.NAME,
    Step.ADD_ONS,
    Step.SSH_KEY,
    Step.BILLING_CYCLE,
    Step.PAYMENT_METHOD,
)


async def test_every_line_leads_to_its_step_and_back_with_nothing_changed(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.COST)
        for step in LINES:
            await highlight(pilot, step)
            button(pilot, "continue").focus()
            before, shown = draft_of(pilot), screen_text(pilot.app)
            await choose(pilot, step, to=step)
            await press(pilot, "escape", to=Step.COST)
            assert highlighted(pilot) == step, "The highlight is on the line of the step before."
            assert draft_of(pilot).servers == before.servers
            await choose(pilot, step, to=step)
            await press(pilot, "enter", to=Step.COST)
            after = draft_of(pilot)
            assert (after.servers, after.location) == (before.servers, before.location)
            assert (after.billing_cycle, after.apply_credit) == (BillingCycle.MONTHLY, True)
            assert screen_text(pilot.app) == shown


async def test_one_changed_answer_leaves_all_others(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.COST)
        before = draft_of(pilot)
        await choose(pilot, "name", to=Step.NAME)
        await press(pilot, "end")
        await type_text(pilot, "0")
        await press(pilot, "enter", to=Step.COST)
        assert draft_of(pilot).server == replace(before.server, name="web10")
        await choose(pilot, "os-image", to=Step.OS_IMAGE)
        await choose(pilot, "701", to=Step.COST)
        assert draft_of(pilot).server == replace(before.server, name="web10", os="701")


async def test_another_location_asks_for_the_plan_with_its_namesake_highlighted_and_returns_to_the_cost() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.PLAN)
        await choose(pilot, "5002", to=Step.OS_IMAGE)
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "right", "enter", to=Step.SSH_KEY)
        await go_to(pilot, Step.COST)
        before = draft_of(pilot).server
        await choose(pilot, "location", to=Step.LOCATION)
        await choose(pilot, "122", to=Step.PLAN)
        assert highlighted(pilot) == "1712"
        await press(pilot, "enter", to=Step.COST)
        assert draft_of(pilot).server == replace(before, plan="1712")
        assert "24.99 EUR for 1 month" in totals(pilot)
        assert "Germany" in screen_text(pilot.app)


async def test_a_longer_cycle_is_priced_beside_the_others_and_an_estimate_says_about() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "right")
        await go_to(pilot, Step.COST)
        await choose(pilot, "billing-cycle", to=Step.BILLING_CYCLE)
        rows = {choice.id: choice.cells for choice in choices(pilot)._choices}
        assert list(rows) == ["monthly", "quarterly", "semiannually", "annually"]
        assert rows["monthly"][1:] == ("15.49 EUR", "15.49 EUR")
        assert all(cell.startswith("about ") for cell in rows["annually"][1:])
        await choose(pilot, "annually", to=Step.COST)
        assert draft_of(pilot).billing_cycle == BillingCycle.ANNUALLY
        assert totals(pilot).startswith("Now  about ")
        assert "for 12 months" in totals(pilot)
        assert totals(pilot).endswith("EUR (about)")
        assert "PER YEAR" in screen_text(pilot.app)


async def test_the_payment_method_is_changed_and_kept() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.COST)
        assert draft_of(pilot).payment_method == ""
        await choose(pilot, "payment-method", to=Step.PAYMENT_METHOD)
        await choose(pilot, "cryptomus", to=Step.COST)
        assert draft_of(pilot).payment_method == "cryptomus"
        assert "Cryptomus (crypto)" in screen_text(pilot.app)
        await choose(pilot, "plan", to=Step.PLAN)
        await press(pilot, "down", "enter", to=Step.COST)
        assert draft_of(pilot).payment_method == "cryptomus"


async def test_account_credit_is_switched_in_place_and_a_note_says_what_that_means() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.COST)
        note = "account credit may be used all the same"
        assert note not in words(pilot, "#notes")
        await choose(pilot, "credit")
        assert settled(pilot.app) is Step.COST
        assert note in words(pilot, "#notes")
        assert "from account credit" not in totals(pilot)
        assert highlighted(pilot) == "credit"
        await press(pilot, "enter")
        assert note not in words(pilot, "#notes")
        assert "39.51 EUR remain" in totals(pilot)


async def test_a_line_that_was_switched_stays_on_the_screen_while_a_note_takes_room() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.COST)
        await choose(pilot, "credit")
        await pilot.pause(0.3)
        assert "> Account credit" in screen_text(pilot.app)
        assert "not used (50.00 EUR there)" in screen_text(pilot.app)


async def test_up_from_the_button_reaches_the_lines_and_every_line_of_layerstack_can_be_reached() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.COST, provider="layerstack")
        await press(pilot, "up")
        assert isinstance(pilot.app.focused, ChoiceList)
        for choice in choices(pilot)._choices:
            await highlight(pilot, choice.id)
            assert f"> {choice.cells[0]}" in screen_text(pilot.app)
        assert "its own list price" in screen_text(pilot.app)
        await choose(pilot, "root-password", to=Step.ROOT_PASSWORD)
        await press(pilot, "escape", to=Step.COST)
        assert wizard_of(pilot).state.root_password is not None


async def test_a_wrong_name_left_with_escape_stays_on_the_cost_and_is_asked_for_again(ssh_folder: Path) -> None:
    """Escape never loses what was typed, and what cannot be ordered does not get further than the cost."""
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.COST)
        await choose(pilot, Step.NAME)
        await press(pilot, "end")
        await type_text(pilot, "_x")
        await press(pilot, "escape", to=Step.COST)
        assert draft_of(pilot).server.name == "web1_x"
        await press(pilot, "enter", to=Step.NAME)
        await press(pilot, "backspace", "backspace", "enter", to=Step.COST)
        await press(pilot, "enter", to=Step.CONFIRM)
