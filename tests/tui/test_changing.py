"""A server that one has is given another plan, more add-ons or an end: once, as shown, and said as what it was."""

from __future__ import annotations

import pytest

from vps_tui.core.steps import Step
from vps_tui.journal import State
from vps_tui.tui.screens.modals import LeaveScreen
from vps_tui.tui.screens.typed_ids import TypedIdScreen

from .change_walk import (
    MACHINE,
    SERVERS,
    change_calls,
    changed,
    confirm,
    draft_file,
    push,
    to_change,
    to_cost,
    to_servers,
)
from .driver import (
    arrive,
    button,
    choices,
    choose,
    ended,
    fresh_folder,
    go_to,
    highlighted,
    journal_of,
    press,
    requests_to,
    said,
    sandbox_of,
    settled,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)


async def test_an_upgrade_from_the_list_to_the_receipt() -> None:
    """The price is reckoned and says so; the provider is asked for nothing that nobody chose."""
    async with wizard() as pilot:
        await to_servers(pilot)
        assert requests_to(pilot.app, "get/products") == requests_to(pilot.app, "get/account-balance") == []
        assert "4.99 EUR per month, next due on" in said(pilot.app)
        await choose(pilot, SERVERS["edis"], to=Step.CHANGE)
        assert "client area only" in said(pilot.app)
        await press(pilot, "enter", to=Step.NEW_PLAN)
        await type_text(pilot, "advanced plus")
        assert "35.99 EUR +31.00 EUR" in said(pilot.app)
        await press(pilot, "enter", to=Step.NEW_CYCLE)
        assert highlighted(pilot) == "monthly"
        await press(pilot, "enter", to=Step.NEW_PAYMENT)
        assert highlighted(pilot) == "cryptomus"
        await press(pilot, "enter", to=Step.CHANGE_COST)
        assert "reckoned here, the invoice decides" in said(pilot.app)
        assert "35.99 EUR per month" in said(pilot.app)
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
        assert "with the account sandbox@example.test" in said(pilot.app)
        assert changed(pilot) == []
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.CHANGE_RECEIPT)
        assert "Upgrade ordered" in said(pilot.app)
        (change,) = changed(pilot)
        assert (change.kind, str(change.service_id)) == ("upgrade", SERVERS["edis"])
        (service,) = [one for one in sandbox_of(pilot.app).ledger.services("edis") if one.service_id == 312845]
        assert service.plan == "KVM ADVANCED PLUS"
        (entry,) = journal_of(pilot).entries()
        assert (entry.purchase.kind, entry.state) == ("upgrade", State.PLACED)
        await press(pilot, "enter")
        assert await ended(pilot) == 0
        assert wizard_of(pilot).flow.last_words()[0].startswith(f"{MACHINE}: Upgrade ordered. EDIS Global (sandbox")


async def test_a_cancellation_says_what_is_lost_wants_the_name_and_ends_the_server() -> None:
    async with wizard() as pilot:
        await to_cost(pilot, "cancel")
        assert "nothing is charged" in said(pilot.app)
        assert "Its data is deleted 6 days after termination" in said(pilot.app)
        await press(pilot, "enter", to=Step.CHANGE_CONFIRM)
        assert f"Type {MACHINE} or 312845 to cancel it." in said(pilot.app)
        assert "Its data is deleted 6 days after termination" in said(pilot.app)
        await type_text(pilot, "yes\n")
        assert "Nothing was changed." in words(pilot, "#complaint")
        await press(pilot, *["backspace"] * 3)
        assert change_calls(pilot.app) == []
        await type_text(pilot, f"{MACHINE.upper()}\n")
        await arrive(pilot, Step.CHANGE_RECEIPT)
        assert "Cancelled" in said(pilot.app)
        assert "Ordered" not in said(pilot.app)
        assert [change.kind for change in changed(pilot)] == ["cancel"]
        await push(pilot, "servers")
        await arrive(pilot, Step.OWNED)
        assert highlighted(pilot) == SERVERS["edis"]
        assert "terminated" in said(pilot.app)
        await press(pilot, "enter", to=Step.CHANGE)
        assert all(choice.refusal for choice in choices(pilot)._choices)
        assert "nothing can be changed about it" in said(pilot.app)
        await press(pilot, "ctrl+q", "ctrl+q")
        assert await ended(pilot) == 0
        assert wizard_of(pilot).flow.last_words()[0].startswith(f"{MACHINE}: Cancelled.")
        assert "Nothing was changed." not in wizard_of(pilot).flow.last_words()


async def test_an_add_on_by_a_subscription_that_is_only_suggested() -> None:
    async with wizard() as pilot:
        await to_change(pilot, "layerstack")
        await choose(pilot, "add-ons", to=Step.MORE_ADD_ONS)
        await press(pilot, "enter")
        assert "choose at least one unit" in words(pilot, "#complaint")
        await press(pilot, "right", "down", "down", "right", "enter", to=Step.SUBSCRIPTION)
        assert "its documents do not promise that it is the right one" in said(pilot.app)
        await press(pilot, "enter", to=Step.CHANGE_COST)
        assert "Backup (vm_backup) +1" in said(pilot.app)
        assert "both included" in said(pilot.app)
        await confirm(pilot, "add-on")
        assert "Added" in said(pilot.app)
        (change,) = changed(pilot)
        assert change.kind == "add_on"
        assert change.request == {
            "subscription_id": 4158,
            "resources": [
                {"resource_name": "vm_backup", "delta_value": "1"},
                {"resource_name": "vm_antiddos", "delta_value": "1"},
            ],
        }
        assert f"{change.total} USD" in said(pilot.app)


async def test_a_switch_by_a_plan_and_a_subscription_that_are_typed() -> None:
    """Where the API lists neither, both are typed; what was typed is there after going back."""
    async with wizard(("missing-fields",)) as pilot:
        await to_change(pilot, "layerstack")
        await press(pilot, "enter", to=Step.NEW_PLAN)
        await choose(pilot, "typed")
        assert isinstance(pilot.app.screen, TypedIdScreen)
        await type_text(pilot, "1x\n")
        assert "A plan's id is a number." in said(pilot.app)
        await press(pilot, "backspace", "backspace")
        await type_text(pilot, "103\n")
        await arrive(pilot, Step.SUBSCRIPTION)
        assert "does not list it" in said(pilot.app)
        await type_text(pilot, "41")
        await press(pilot, "escape", to=Step.NEW_PLAN)
        assert highlighted(pilot) == "103"
        await press(pilot, "enter", to=Step.SUBSCRIPTION)
        await type_text(pilot, "58\n")
        await arrive(pilot, Step.CHANGE_COST)
        await confirm(pilot, "switch")
        assert "Switched" in said(pilot.app)
        (change,) = changed(pilot)
        assert (change.kind, change.request) == ("switch", {"subscription_id": 4158, "plan_id": 103})


async def test_going_back_loses_nothing_and_leads_to_ordering_again() -> None:
    async with wizard() as pilot:
        await to_cost(pilot, "add-on")
        asked = len(requests_to(pilot.app, "order/changeorder/total"))
        back = (Step.SUBSCRIPTION, Step.MORE_ADD_ONS, Step.CHANGE, Step.OWNED)
        for step in back:
            await press(pilot, "escape", to=step)
        for step in (*reversed(back[:-1]), Step.CHANGE_COST):
            await press(pilot, "enter", to=step)
        assert "Backup (vm_backup) +1" in said(pilot.app)
        assert len(requests_to(pilot.app, "order/changeorder/total")) == asked + 1
        for _ in range(5):
            await press(pilot, "escape")
            await wait_until(pilot, lambda: settled(pilot.app) is not None)
        assert settled(pilot.app) is Step.PROVIDER
        assert wizard_of(pilot).state.changing is None
        await choose(pilot, "edis", to=Step.LOCATION)


async def test_leaving_says_that_nothing_was_changed_and_keeps_no_draft() -> None:
    folder = fresh_folder()
    async with wizard(folder=folder) as pilot:
        await to_change(pilot)
        await press(pilot, "ctrl+q")
        assert isinstance(pilot.app.screen, LeaveScreen)
        assert "Nothing has been changed about your server" in said(pilot.app)
        await press(pilot, "ctrl+q")
        assert await ended(pilot) == 3
        assert wizard_of(pilot).flow.last_words() == ["Nothing was changed."]
    assert not draft_file(folder).exists()


async def test_a_change_leaves_the_order_alone_that_was_begun_before() -> None:
    folder = fresh_folder()
    async with wizard(folder=folder) as pilot:
        await go_to(pilot, Step.PLAN)
        await press(pilot, "escape", to=Step.LOCATION)
        await press(pilot, "escape", to=Step.PROVIDER)
        kept = draft_file(folder)
        await wait_until(pilot, lambda: kept.exists() and b"location" in kept.read_bytes())
        before = draft_file(folder).read_bytes()
        await to_cost(pilot, "cancel later")
        await confirm(pilot, "cancel later")
        await push(pilot, "back")
        assert await ended(pilot) == 0
    assert draft_file(folder).read_bytes() == before


async def test_the_same_change_again_wants_the_word_again() -> None:
    async with wizard() as pilot:
        for number in range(2):
            await to_cost(pilot, "cancel later")
            if number:
                await press(pilot, "enter", to=Step.CHANGE_REPEAT)
                assert "You have made this cancellation already" in said(pilot.app)
                await type_text(pilot, "yes\n")
                assert "Nothing was changed" in words(pilot, "#complaint")
                await press(pilot, *["backspace"] * 4)
                await type_text(pilot, "again\n")
                await arrive(pilot, Step.CHANGE_CONFIRM)
            await confirm(pilot, "cancel later")
            await push(pilot, "servers")
            await arrive(pilot, Step.OWNED)
            await press(pilot, "escape", to=Step.PROVIDER)
        assert len(changed(pilot)) == 2
        newest, first = journal_of(pilot).entries()
        assert newest.again == first.reference


@pytest.mark.parametrize(
    ("fault", "said_so"), [("unavailable", "is not available"), ("inapplicable", "cannot have this: vm_backup")]
)
async def test_what_the_provider_would_not_do_goes_no_further_than_its_price(fault: str, said_so: str) -> None:
    async with wizard((fault,)) as pilot:
        await to_cost(pilot, "add-on")
        for _ in range(2):
            assert said_so in words(pilot, "#complaint")
            await push(pilot, "continue")
        assert settled(pilot.app) is Step.CHANGE_COST
        assert change_calls(pilot.app) == []


async def test_a_price_that_cannot_be_asked_says_that_nothing_was_changed_and_is_asked_again() -> None:
    async with wizard(("http-500:order/changeorder/total*1",)) as pilot:
        await to_cost(pilot, "add-on")
        assert "Nothing was changed." in said(pilot.app)
        assert "Nothing was ordered." not in said(pilot.app)
        assert button(pilot, "continue").label == "Try again"
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "both included" in said(pilot.app))


async def test_a_provider_without_servers_says_so() -> None:
    async with wizard() as pilot:
        await to_servers(pilot)
        screen = wizard_of(pilot).screen
        await press(pilot, "escape", to=Step.PROVIDER)
        ledger = sandbox_of(pilot.app).ledger
        ledger._db.execute("DELETE FROM services")
        await to_servers(pilot)
        assert pilot.app.screen is not screen
        assert "The account has no server yet." in said(pilot.app)
        assert pilot.app.focused is button(pilot, "back")
