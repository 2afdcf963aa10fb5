"""What became of a change whose reply was lost: only what the list can show settles it, the rest is for a person."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.money import Money
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import (
    AddOnChange,
    Cancellation,
    CancelWhen,
    Change,
    ChangeKind,
    ChangeQuote,
    OwnedListing,
    OwnedServer,
    PlanChange,
)
from vps_tui.journal import Entry, Journal, State
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.change_task import ChangeTask
from vps_tui.services.findings import ReconcileFinding, Sighting
from vps_tui.services.paid_task import place
from vps_tui.services.reconcile import look, settle_by_hand_outcome
from vps_tui.services.reconcile_change import weigh
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session
from vps_tui.wizard import start

SENT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OURS = SENT + timedelta(hours=5)
"""This machine's clock when the call was sent: five hours ahead of the provider's."""
SERVER = OwnedServer(
    "edis",
    "7",
    kvm_id="kvm_1_7",
    plan="KVM BASIC",
    status="active",
    price=Money(Decimal(5), "EUR"),
    next_due=date(2026, 12, 1),
)
UPGRADE = PlanChange(ChangeKind.UPGRADE, SERVER, "2", "KVM PREMIUM")
SWITCH = replace(UPGRADE, kind=ChangeKind.SWITCH)
ADD = AddOnChange(SERVER, "4", (("vm_backup", 1),))
AT_ONCE, AT_END = (Cancellation(SERVER, when) for when in CancelWhen)
BIGGER, GONE = replace(SERVER, plan="KVM PREMIUM"), replace(SERVER, status="terminated")
_, FOUND, NOT_YET, ABSENT, UNCLEAR = Sighting


def entry(
    change: Change = UPGRADE, *, reference: str = "1122-aaaa", state: State = State.UNKNOWN, after: float = 0
) -> Entry:
    """Return the record of `change`, sent `after` minutes after `OURS`."""
    return Entry(
        reference=reference,
        purchase=ChangeTask(change, ChangeQuote()).purchase("ops@example.org", "{}"),
        state=state,
        created=OURS,
        owner="ops@box, process 1",
        sent=OURS + timedelta(minutes=after),
        finished=None,
        outcome=Outcome(state.outcome),
        before=("7",),
        server_time=SENT + timedelta(minutes=after),
        settled_by="",
        again="",
    )


def weighed(
    change: Change, *listed: OwnedServer, others: tuple[Entry, ...] = (), minutes: float = 20
) -> ReconcileFinding:
    listing = OwnedListing(listed, SENT + timedelta(minutes=minutes))
    return weigh(entry(change), change, listing, others)


@pytest.mark.parametrize(
    ("change", "listed", "sighting", "words"),
    [
        (UPGRADE, BIGGER, FOUND, "plan is KVM PREMIUM now"),
        (SWITCH, BIGGER, FOUND, "plan is KVM PREMIUM now"),
        (UPGRADE, SERVER, ABSENT, "still KVM BASIC"),
        (UPGRADE, replace(SERVER, plan="KVM RUBY"), UNCLEAR, "which is neither"),
        (UPGRADE, replace(SERVER, plan=""), UNCLEAR, "does not name the plans"),
        (replace(UPGRADE, plan_name=""), BIGGER, UNCLEAR, "does not name the plans"),
        (replace(UPGRADE, server=BIGGER), BIGGER, ABSENT, "still KVM PREMIUM"),
        (UPGRADE, None, UNCLEAR, "not listed any more"),
        (AT_ONCE, GONE, FOUND, "is terminated"),
        (AT_ONCE, None, UNCLEAR, "not listed any more, but the list is empty"),
        (AT_ONCE, SERVER, ABSENT, "still active"),
        (AT_END, SERVER, UNCLEAR, "looks like any other"),
        (AT_END, GONE, UNCLEAR, "does not show"),
        (AT_END, None, UNCLEAR, "does not show"),
        (ADD, SERVER, UNCLEAR, "does not show which add-ons"),
    ],
)
def test_what_a_list_shows(change: Change, listed: OwnedServer | None, sighting: Sighting, words: str) -> None:
    finding = weighed(change, *filter(None, (listed,)))
    assert finding.sighting is sighting
    assert words in finding.message
    assert bool(finding.hint) is (sighting is not FOUND)


@pytest.mark.parametrize(
    ("before", "listed", "sighting"),
    [
        (("7", "8"), ("8",), FOUND),
        (("7", "8"), ("8", "9"), FOUND),
        (("7", "8", "9"), ("8",), UNCLEAR),
        (("7", "8"), ("9",), UNCLEAR),
        (("7", "8"), (), UNCLEAR),
        (("7",), (), UNCLEAR),
        (("7",), ("9",), FOUND),
        (None, ("8",), UNCLEAR),
    ],
)
def test_what_is_missing_is_cancelled_only_where_the_rest_is_listed(
    before: tuple[str, ...] | None, listed: tuple[str, ...], sighting: Sighting
) -> None:
    """An empty list, and one that was cut short, lack every server that nobody has cancelled, too."""
    listing = OwnedListing(tuple(replace(SERVER, id=one) for one in listed), SENT + timedelta(minutes=20))
    finding = weigh(replace(entry(AT_ONCE), before=before), AT_ONCE, listing, ())
    assert finding.sighting is sighting
    assert bool(finding.hint) is (sighting is not FOUND)


@pytest.mark.parametrize("change", [UPGRADE, AT_ONCE])
def test_soon_after_nothing_has_changed_yet(change: Change) -> None:
    """By the provider's own clock: ours says that it is to be sent in the future."""
    assert weighed(change, SERVER, minutes=14).sighting is NOT_YET
    assert "less than a minute after" in weighed(change, SERVER, minutes=0.5).message


@pytest.mark.parametrize("change", [UPGRADE, AT_ONCE])
@pytest.mark.parametrize(("sent", "now"), [(None, SENT), (SENT, None), (None, None)])
def test_without_the_providers_clock_nothing_is_said_about_time(
    change: Change, sent: datetime | None, now: datetime | None
) -> None:
    own = replace(entry(change), server_time=sent)
    finding = weigh(own, change, OwnedListing((SERVER,), now), ())
    assert finding.sighting is NOT_YET
    assert not re.search(r"minute|\bmin\b|likely|[0-9]", finding.message)


def test_without_it_an_earlier_change_may_have_done_it() -> None:
    earlier = replace(entry(reference="1122-bbbb", state=State.PLACED, after=-60), server_time=None)
    assert weighed(UPGRADE, BIGGER, others=(earlier,)).sighting is UNCLEAR


def test_an_unpaid_upgrade_is_spoken_of() -> None:
    assert "open invoice" in weighed(UPGRADE, SERVER).hint
    assert "invoice" not in weighed(SWITCH, SERVER).hint


@pytest.mark.parametrize(
    ("other", "sighting"),
    [
        (entry(replace(UPGRADE, plan="3"), reference="1122-bbbb"), UNCLEAR),
        (entry(reference="1122-bbbb", state=State.PLACED, after=1), UNCLEAR),
        (entry(reference="1122-bbbb", state=State.PLACED, after=-60), FOUND),
        (entry(reference="1122-bbbb", state=State.REFUSED, after=1), FOUND),
        (entry(AT_ONCE, reference="1122-bbbb"), FOUND),
        (entry(replace(UPGRADE, server=replace(SERVER, id="8")), reference="1122-bbbb"), FOUND),
    ],
)
def test_another_change_of_the_same_server_may_have_done_it(other: Entry, sighting: Sighting) -> None:
    finding = weighed(UPGRADE, BIGGER, others=(other,))
    assert finding.sighting is sighting
    assert ("1122-bbbb" in finding.message) is (sighting is UNCLEAR)


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[SandboxBackend]:
    opened = SandboxBackend(tmp_path, forget=True)
    yield opened
    opened.close()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.sqlite")


async def lost(backend: SandboxBackend, journal: Journal, name: str, fault: str) -> tuple[Session, Sandbox, Entry]:
    """Make a change whose reply is lost; returns the session, the sandbox and the record."""
    session = await backend.open(provider_info("edis" if name in ("upgrade", "cancel") else "layerstack"), {})
    sandbox = backend._server
    assert sandbox is not None
    server = (await session.owned()).servers[0]
    changes: dict[str, Change] = {
        "upgrade": PlanChange(ChangeKind.UPGRADE, server, "6846", "KVM PREMIUM", server.billing_cycle, "paypal"),
        "cancel": Cancellation(server, CancelWhen.IMMEDIATELY),
        "switch": PlanChange(ChangeKind.SWITCH, server, "103", "S108-HK", subscription="4158"),
        "add-on": AddOnChange(server, "4158", (("vm_backup", 1),)),
    }
    quote = await session.quote_change(changes[name])
    sandbox.set_faults([fault])
    placed = await place(session, journal, ChangeTask(changes[name], quote))
    sandbox.set_faults([])
    assert placed.entry is not None
    assert placed.entry.unsettled
    return session, sandbox, placed.entry


@pytest.mark.parametrize("name", ["upgrade", "cancel", "switch"])
async def test_what_was_taken_is_found_by_looking(backend: SandboxBackend, journal: Journal, name: str) -> None:
    session, sandbox, unknown = await lost(backend, journal, name, "reply-lost")
    finding, settled = await look(session, journal, unknown)
    assert (finding.sighting, settled.state, settled.settled_by) == (FOUND, State.PLACED, "reading")
    assert settled.outcome.service_ids == (unknown.purchase.servers[0][0],)
    assert len(sandbox.ledger.changes()) == 1
    await session.aclose()


@pytest.mark.parametrize(
    ("name", "fault", "hint"),
    [
        ("add-on", "reply-lost", "may mean that it was made"),
        ("add-on", "http-500", "may mean that the change was not made"),
        ("switch", "http-500", "may mean that the change was not made"),
    ],
)
async def test_a_price_that_is_asked_for_again_is_a_hint_and_no_proof(
    backend: SandboxBackend, journal: Journal, name: str, fault: str, hint: str
) -> None:
    session, _, unknown = await lost(backend, journal, name, fault)
    finding, still = await look(session, journal, unknown)
    assert finding.sighting is not FOUND
    assert still.unsettled
    assert hint in finding.hint
    await session.aclose()


async def test_a_refused_question_for_the_price_is_told(backend: SandboxBackend, journal: Journal) -> None:
    session, sandbox, unknown = await lost(backend, journal, "add-on", "reply-lost")
    sandbox.set_faults(["http-422:order/changeorder/total"])
    finding, _ = await look(session, journal, unknown)
    assert "Unprocessable" in finding.hint
    await session.aclose()


async def test_another_accounts_list_says_nothing(backend: SandboxBackend, journal: Journal) -> None:
    session, _, unknown = await lost(backend, journal, "cancel", "http-500")
    other = replace(unknown, purchase=replace(unknown.purchase, account="other@example.org"))
    with pytest.raises(UsageError, match="Cancellation"):
        await look(session, journal, other)
    await session.aclose()


async def test_a_change_is_in_no_orders_way(backend: SandboxBackend, journal: Journal) -> None:
    """An order is settled by servers; a change of one is not read as an order."""
    session, sandbox, _ = await lost(backend, journal, "upgrade", "reply-lost")
    with sandbox.ledger._transaction() as db:
        # As if it were new, so that it is compared with what other entries may own.
        db.execute("UPDATE services SET created = ?", (datetime.now(UTC).isoformat(),))
    order = replace(
        entry(),
        purchase=replace(
            entry().purchase,
            kind="order",
            change={},
            account=session.account_name,
            order_file='version = 1\nprovider = "edis"\nlocation = 192\n[[server]]\nname = "web1"\nplan = 6846\n',
            quote={"servers": [{"plan": "KVM PREMIUM"}]},
        ),
    )
    finding, _ = await look(session, journal, replace(order, state=State.PLACED))
    assert [server.id for server in finding.servers] == ["312845"]
    await session.aclose()


@pytest.mark.parametrize(("there", "kind"), [(True, OutcomeKind.PLACED), (False, OutcomeKind.REFUSED)])
def test_by_hand_it_is_called_what_it_is(there: bool, kind: OutcomeKind) -> None:
    outcome = settle_by_hand_outcome(there=there, panel="the LayerPanel", noun="plan switch")
    assert outcome.kind is kind
    assert "plan switch in the LayerPanel" in outcome.message
    assert "order" not in f"{outcome.message} {outcome.hint}"


def test_a_wizard_opens_with_an_unknown_change_and_takes_none_for_the_usual_order(journal: Journal) -> None:
    unknown = journal.prepare(entry().purchase)
    journal.begin_sending(unknown.reference, ("7",), None)
    journal.finish(unknown.reference, Outcome(OutcomeKind.UNKNOWN))
    found = start.find_unsettled(journal)
    assert found is not None
    assert found.reference == unknown.reference
    assert journal.latest() == ()
