"""Earlier orders: listed, shown in full, looked after, saved, ordered again; nothing is lost by looking."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import Draft
from vps_tui.core.money import Money
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import ChangeKind, ChangeQuote, OwnedServer, PlanChange
from vps_tui.core.steps import Step
from vps_tui.journal import FILE_NAME, Entry, Journal, State
from vps_tui.sandbox.server import EDIS_ACCOUNT
from vps_tui.services.change_task import ChangeTask
from vps_tui.tui.screens.history import EarlierScreen, OrderScreen
from vps_tui.tui.screens.modals import ResumeScreen
from vps_tui.tui.screens.saving import SaveOrderScreen
from vps_tui.wizard.history import FIRST_ROWS
from vps_tui.wizard.questions import history

from .driver import (
    arrive,
    button,
    choices,
    ended,
    fresh_folder,
    go_to,
    highlighted,
    paid_calls,
    press,
    said,
    screen_lines,
    screen_text,
    settled,
    type_text,
    wait_until,
    wizard,
    wizard_of,
)
from .shortcut import DRAFTS, EDIS, STACK, at_confirmation, order_of_draft, written

HOSTILE = "\x1b[2J\x1b]52;c;ZXZpbA==\x07\x9b31m\u202e[bold]evil[/]\u200b\r\x00"


@pytest.fixture
def folder() -> Path:
    """A state folder."""
    return fresh_folder()


async def look(pilot: Pilot[int]) -> EarlierScreen:
    """Open the list with its key and wait until all of it has been read."""
    await press(pilot, "f5")
    return await listed(pilot)


async def listed(pilot: Pilot[int]) -> EarlierScreen:
    """Wait until the list is there with all that the journal holds."""
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, EarlierScreen) and pilot.app.screen.has_read)
    assert isinstance(pilot.app.screen, EarlierScreen)
    return pilot.app.screen


async def opened(pilot: Pilot[int]) -> None:
    """Open the highlighted order."""
    await press(pilot, "enter")
    await wait_until(pilot, lambda: isinstance(pilot.app.screen, OrderScreen) and bool(pilot.app.screen.focused))


async def push(pilot: Pilot[int], name: str) -> None:
    """Press a button by keyboard."""
    button(pilot, name).focus()
    await press(pilot, "enter")


async def test_without_any_nothing_is_offered(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        assert not pilot.app.screen.query("#earlier")
        await press(pilot, "f5")
        assert settled(pilot.app) is Step.PROVIDER


async def test_they_are_listed_newest_first_found_by_letters_and_left_by_escape(folder: Path) -> None:
    old = written(
        folder, State.PLACED, replace(EDIS, servers=(replace(EDIS.server, name="db1"),)), ago=timedelta(400)
    )
    new = written(folder, State.REFUSED, STACK, ago=timedelta(hours=1))
    async with wizard(folder=folder) as pilot:
        before = wizard_of(pilot).state
        await push(pilot, "earlier")
        await listed(pilot)
        assert [choice.id for choice in choices(pilot)._shown] == [new.reference, old.reference]
        row = next(line for line in screen_lines(pilot.app) if old.reference in line)
        assert all(words in row for words in ("EDIS Global", "db1", "ordered", "5.99 EUR", f"{old.created:%Y}"))
        assert "not ordered" in screen_text(pilot.app)
        await type_text(pilot, "db")
        assert highlighted(pilot) == old.reference
        await press(pilot, "escape", "escape")
        assert settled(pilot.app) is Step.PROVIDER
        assert wizard_of(pilot).state == before


async def test_one_is_shown_with_all_that_is_recorded_and_scrolled(folder: Path) -> None:
    entry = written(folder, State.PLACED)
    async with wizard(folder=folder) as pilot:
        await look(pilot)
        await opened(pilot)
        text = said(pilot.app)
        for words in (f"Order {entry.reference}: ordered", "Hostname web1", "Due at once 5.99 EUR", "SANDBOX"):
            assert words in text
        await press(pilot, *["down"] * 12)
        assert entry.owner in said(pilot.app)
        await press(pilot, "f1")
        assert "Ordering again opens the wizard at the cost" in said(pilot.app)
        await press(pilot, "escape", "escape")
        await listed(pilot)


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_it_is_ordered_again_under_a_new_name_and_nothing_is_sent_yet(folder: Path, draft: Draft) -> None:
    await order_of_draft(folder, draft)
    async with wizard(folder=folder, keep=True) as pilot:
        await look(pilot)
        await opened(pilot)
        await push(pilot, "again")
        await arrive(pilot, Step.NAME)
        assert pilot.app.screen.query_one(Input).value == ""
        await press(pilot, "enter")
        assert settled(pilot.app) is Step.NAME
        await type_text(pilot, "web2\n")
        if draft is STACK:
            await arrive(pilot, Step.ROOT_PASSWORD)
            await press(pilot, "enter")
        await arrive(pilot, Step.COST)
        server = wizard_of(pilot).state.server
        assert (server.name, server.plan, server.os) == ("web2", draft.server.plan, draft.server.os)
        assert paid_calls(pilot.app) == []


async def test_several_servers_get_the_next_numbers(folder: Path) -> None:
    names = ("web1", "web2", "db.example.com", "web09")
    several = replace(EDIS, servers=tuple(replace(EDIS.server, name=name) for name in names))
    written(folder, State.PLACED, several)
    async with wizard(folder=folder) as pilot:
        await look(pilot)
        await opened(pilot)
        await push(pilot, "again")
        await arrive(pilot, Step.COST)
        new = [server.name for server in wizard_of(pilot).state.draft.servers]
        assert new == ["web3", "web4", "db-2.example.com", "web10"]


async def test_the_same_name_again_is_asked_about(folder: Path) -> None:
    entry = await order_of_draft(folder, EDIS)
    async with wizard(folder=folder, keep=True) as pilot:
        await look(pilot)
        await opened(pilot)
        await push(pilot, "again")
        await arrive(pilot, Step.NAME)
        await type_text(pilot, "web1\n")
        await arrive(pilot, Step.COST)
        await push(pilot, "continue")
        await arrive(pilot, Step.REPEAT)
        assert entry.reference in said(pilot.app)


async def test_looking_after_one_keeps_the_order_in_the_making(folder: Path) -> None:
    """The receipt of an order that was placed would end the draft of one's own, were it taken for that one's."""
    entry = await order_of_draft(folder, EDIS)
    async with wizard(folder=folder, keep=True) as pilot:
        app = wizard_of(pilot)
        await go_to(pilot, Step.PLAN)
        await wait_until(pilot, (folder / "draft.toml").exists)
        await press(pilot, "escape", to=Step.LOCATION)
        await press(pilot, "escape", to=Step.PROVIDER)
        home = app.state
        await look(pilot)
        await opened(pilot)
        await push(pilot, "receipt")
        await arrive(pilot, Step.RECEIPT)
        assert (app.state.entry, app.flow.exit_code) == (entry, 3)
        app.flow.drafts.keep(app.state)
        assert (folder / "draft.toml").exists()
        await press(pilot, "escape")
        await listed(pilot)
        assert highlighted(pilot) == entry.reference
        await press(pilot, "escape")
        assert (settled(pilot.app), app.state) == (Step.PROVIDER, home)
    async with wizard(folder=folder, keep=True, opens=ResumeScreen):
        pass


async def test_one_whose_answer_was_lost_is_looked_for(folder: Path) -> None:
    lost = await order_of_draft(folder, EDIS, ("reply-lost",))
    async with wizard(folder=folder, keep=True, opens=None, looking=True) as pilot:
        app = wizard_of(pilot)
        await listed(pilot)
        await opened(pilot)
        assert button(pilot, "receipt").label == "Look for it"
        await push(pilot, "receipt")
        await wait_until(pilot, lambda: app.journal.entry(lost.reference).state is State.PLACED)


async def test_one_that_is_being_sent_can_only_be_read(folder: Path) -> None:
    written(folder, State.SENDING)
    async with wizard(folder=folder) as pilot:
        await look(pilot)
        assert "being sent" in screen_text(pilot.app)
        await opened(pilot)
        assert not pilot.app.screen.query("#receipt, #save, #again")


async def test_one_is_saved_as_an_order_file(folder: Path) -> None:
    written(folder, State.REFUSED)
    async with wizard(folder=folder) as pilot:
        await look(pilot)
        await opened(pilot)
        assert not pilot.app.screen.query("#receipt")
        await press(pilot, "f2")
        await wait_until(pilot, lambda: isinstance(pilot.app.screen, SaveOrderScreen))
        await press(pilot, "enter")
        await wait_until(pilot, lambda: "Saved as" in said(pilot.app))
    assert 'name = "web1"' in Path("web1.toml").read_text()


async def test_a_second_order_after_the_receipt_leaves_the_first_in_the_last_words(folder: Path) -> None:
    async with wizard(folder=folder) as pilot:
        await at_confirmation(pilot)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        await look(pilot)
        await opened(pilot)
        await push(pilot, "again")
        await arrive(pilot, Step.NAME)
        await press(pilot, "ctrl+q", "ctrl+q")
        assert await ended(pilot) == 0
        assert wizard_of(pilot).flow.last_words()[0].startswith("web1: Ordered.")
        assert "Nothing was ordered." not in wizard_of(pilot).flow.last_words()


async def test_a_run_that_only_looks_ends_with_the_list_and_without_words(folder: Path) -> None:
    written(folder, State.UNKNOWN, ago=timedelta(minutes=40))
    async with wizard(folder=folder, opens=None, looking=True) as pilot:
        await listed(pilot)
        assert "NOT KNOWN" in screen_text(pilot.app)
        await press(pilot, "escape")
        assert await ended(pilot) == 0
        assert wizard_of(pilot).flow.last_words() == []


async def test_what_others_wrote_into_the_journal_is_drawn_as_text(folder: Path) -> None:
    written(folder, State.PLACED)
    journal = Journal(folder / FILE_NAME)
    with journal._transaction(write=True) as db:
        db.execute(
            "UPDATE orders SET owner = ?, account = ?, message = ?, order_id = ?, reply = ?, bought = ?, servers = ?",
            (*[HOSTILE] * 5, f'[["Plan", {HOSTILE_JSON}]]', f'[[{HOSTILE_JSON}, "1"]]'),
        )
    async with wizard(folder=folder) as pilot:
        await look(pilot)
        assert "[2J]52" in screen_text(pilot.app)
        assert all(line.isprintable() for line in screen_lines(pilot.app)), screen_lines(pilot.app)
        await opened(pilot)
        for _ in range(10):
            assert all(line.isprintable() for line in screen_lines(pilot.app)), screen_lines(pilot.app)
            await press(pilot, "down")
        assert "[bold]evil[/]" in said(pilot.app)


HOSTILE_JSON = '"' + "".join(f"\\u{ord(character):04x}" for character in HOSTILE) + '"'


def many(folder: Path, count: int) -> None:
    """Fill a journal with `count` orders, one a minute, quicker than by ordering."""
    journal = Journal(folder / FILE_NAME)
    entry = written(folder, State.PLACED)
    with journal._transaction(write=True) as db:
        names = [row["name"] for row in db.execute("PRAGMA table_info(orders)")]
        others = ", ".join(name for name in names if name not in ("reference", "created"))
        for number in range(count - 1):
            created = (entry.created - timedelta(minutes=number + 1)).isoformat(timespec="microseconds")
            db.execute(
                f"INSERT INTO orders (reference, created, {others})"
                f" SELECT ?, ?, {others} FROM orders WHERE reference = ?",
                (f"many-{number:04d}", created, entry.reference),
            )


async def test_a_long_history_shows_its_newest_at_once_and_all_of_it_soon(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(folder, FIRST_ROWS + 50)
    asked: list[int] = []
    read = Journal.entries

    def noted(journal: Journal, newest: int = -1) -> tuple[Entry, ...]:
        asked.append(newest)
        return read(journal, newest)

    monkeypatch.setattr(Journal, "entries", noted)
    async with wizard(folder=folder) as pilot:
        assert asked == [], "The first screen reads no more than it shows."
        wizard_of(pilot).action_earlier(f"many-{FIRST_ROWS + 20:04d}")
        await listed(pilot)
        assert asked == [FIRST_ROWS, -1]
        assert f"of {FIRST_ROWS + 50}" in screen_text(pilot.app)
        assert highlighted(pilot) == f"many-{FIRST_ROWS + 20:04d}"


def test_what_is_no_order_of_servers_can_only_be_read(folder: Path) -> None:
    entry = written(folder, State.PLACED)
    for order_file in ("", "not TOML", 'version = 1\nprovider = "edis"\n'):
        other = replace(entry, purchase=replace(entry.purchase, order_file=order_file))
        assert history.actions(other) == ()
        assert history.details(other)
    stranger = replace(entry, purchase=replace(entry.purchase, provider="nobody"))
    assert history.actions(stranger) == ()
    assert history.choices([stranger])[0].cells[1] == "nobody"


def test_the_newest_of_each_provider_is_found_without_reading_all(folder: Path) -> None:
    stack = written(folder, State.PLACED, STACK, ago=timedelta(hours=2))
    written(folder, State.REFUSED, EDIS, ago=timedelta(hours=1))
    edis = written(folder, State.NOT_SENT, EDIS)
    journal = Journal(folder / FILE_NAME)
    assert journal.latest() == (edis, stack)
    assert journal.entries(1) == (edis,)
    assert Journal(folder / "none" / FILE_NAME).latest() == ()


async def test_a_change_stands_in_the_list_by_its_server_and_is_looked_after(folder: Path) -> None:
    """Its words are longer than an order's: at 80 columns the provider gives way, not the server."""
    price = Money(Decimal("19.07"), "EUR")
    server = OwnedServer("edis", "312845", kvm_id="kvm_112234_312845", plan="KVM BASIC", location="Austria, Vienna")
    upgrade = PlanChange(ChangeKind.UPGRADE, server, "6846", "KVM ADVANCED", BillingCycle.MONTHLY, "cryptomus")
    agreed = ChangeTask(upgrade, ChangeQuote(total=price, estimate=True, upper_bound=price))
    journal = Journal(folder / FILE_NAME)
    entry = journal.prepare(agreed.purchase(EDIS_ACCOUNT[0], "{}"))
    journal.begin_sending(entry.reference, (), None)
    journal.finish(entry.reference, Outcome(OutcomeKind.PLACED, order_id="240002"))
    many = tuple(replace(EDIS.server, name=f"web{number}") for number in range(1, 9))
    written(folder, State.PLACED, replace(EDIS, servers=many), ago=timedelta(hours=1))
    async with wizard(folder=folder) as pilot:
        await look(pilot)
        lines = screen_lines(pilot.app)
        first = next(line for line in lines if entry.reference in line)
        second = next(line for line in lines if "web1" in line)
        found = [words for words in ("kvm_112234_312845", "upgrade taken", "about 19.07 EUR") if words in first]
        assert len(found) == 3, first
        assert "web1, web2 +6" in second
        await type_text(pilot, "web8")
        assert highlighted(pilot) != entry.reference
        await press(pilot, "escape")
        await type_text(pilot, "upgrade")
        await opened(pilot)
        assert "KVM BASIC becomes KVM ADVANCED." in said(pilot.app) or "New plan KVM ADVANCED" in said(pilot.app)
        assert not pilot.app.screen.query("#again, #save")
        await push(pilot, "receipt")
        await arrive(pilot, Step.CHANGE_RECEIPT)
        assert "Upgrade ordered" in said(pilot.app)
        await press(pilot, "escape")
        await listed(pilot)
