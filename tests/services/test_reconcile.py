"""What became of an order whose reply was lost: only servers that can be nobody else's settle it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, Journal, Purchase, State
from vps_tui.providers.models import Listing, Server
from vps_tui.providers.order_file import dump
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.findings import GRACE, Sighting
from vps_tui.services.order_task import OrderTask, offer_now
from vps_tui.services.paid_task import place
from vps_tui.services.reconcile import _which, draft_of, look, settle_by_hand_outcome, weigh
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session

EDIS = Draft("edis", "122", payment_method="cryptomus", servers=(ServerDraft("web1", "1707", "KVM STARTER", "208"),))
STACK = Draft(
    "layerstack",
    payment_method="ccard",
    servers=(ServerDraft("web1", "101", "S102-HK", "12", plan_type="cloud_servers_standard", quantity=2),),
)
SENT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
OURS = SENT + timedelta(hours=5)
"""This machine's clock when the order was sent: five hours ahead of the provider's."""
LATER = timedelta(minutes=40)
OLD, NEW, NEWER = (Server(number, plan="KVM STARTER", location="Germany") for number in ("1", "2", "3"))
REFERENCE = "1122-aaaa"


def purchase(draft: Draft, account: str = "ops@example.org") -> Purchase:
    return Purchase(
        provider=draft.provider,
        account=account,
        digest="0" * 64,
        order_file=dump(draft),
        quote={"servers": [{"plan": server.plan_name} for server in draft.servers]},
        bought=(),
        servers=tuple((server.name, server.plan) for server in draft.servers),
    )


def entry(
    draft: Draft = EDIS,
    *,
    reference: str = REFERENCE,
    state: State = State.UNKNOWN,
    before: tuple[str, ...] | None = ("1",),
    server_time: datetime | None = SENT,
    service_ids: tuple[str, ...] = (),
) -> Entry:
    return Entry(
        reference=reference,
        purchase=purchase(draft),
        state=state,
        created=OURS - timedelta(seconds=3),
        owner="ops@box, process 1",
        sent=OURS,
        finished=None,
        outcome=Outcome(state.outcome, service_ids=service_ids),
        before=before,
        server_time=server_time,
        settled_by="",
        again="",
    )


def listed(*servers: Server, passed: timedelta | None = LATER) -> Listing:
    return Listing(servers, None if passed is None else SENT + passed)


def made(server: Server, day: date) -> Server:
    return replace(server, created=day)


OTHER = "1122-bbbb"
THREE = replace(
    EDIS,
    servers=(
        replace(EDIS.server, name="web1"),
        replace(EDIS.server, name="web2"),
        replace(EDIS.server, name="db1", plan="1717", plan_name="KVM BASIC PLUS"),
    ),
)
LARGE = replace(NEW, id="4", plan="KVM BASIC PLUS")
CASES: dict[str, tuple[Entry, Listing, tuple[Entry, ...], Sighting, set[str]]] = {
    "the one new server": (entry(), listed(OLD, NEW), (), Sighting.FOUND, {"2"}),
    "the one new server, at once": (
        entry(),
        listed(NEW, passed=timedelta(seconds=1)),
        (),
        Sighting.FOUND,
        {"2"},
    ),
    "nothing was there before": (entry(before=()), listed(NEW), (), Sighting.FOUND, {"2"}),
    "before is not known": (entry(before=None), listed(OLD, NEW), (), Sighting.UNCLEAR, {"1", "2"}),
    "before is not known, nothing is there": (entry(before=None), listed(), (), Sighting.ABSENT, set()),
    "only what was there before": (entry(), listed(OLD), (), Sighting.ABSENT, set()),
    "more than ordered": (entry(), listed(NEW, NEWER), (), Sighting.UNCLEAR, {"2", "3"}),
    "fewer than ordered": (entry(STACK), listed(NEW), (), Sighting.UNCLEAR, {"2"}),
    "as many as ordered": (entry(STACK), listed(NEW, NEWER), (), Sighting.FOUND, {"2", "3"}),
    "two of three": (entry(THREE), listed(OLD, NEW, LARGE), (), Sighting.UNCLEAR, {"2", "4"}),
    "all three": (entry(THREE), listed(OLD, LARGE, NEW, NEWER), (), Sighting.FOUND, {"2", "3", "4"}),
    "three, but of other plans": (
        entry(THREE),
        listed(NEW, NEWER, replace(NEW, id="5")),
        (),
        Sighting.UNCLEAR,
        {"2", "3", "5"},
    ),
    "one may be the third of an order that named two": (
        entry(),
        listed(NEW),
        (entry(THREE, reference=OTHER, state=State.PLACED, service_ids=("7", "8")),),
        Sighting.UNCLEAR,
        {"2"},
    ),
    "an order that named all of its three": (
        entry(),
        listed(NEW),
        (entry(THREE, reference=OTHER, state=State.PLACED, service_ids=("7", "8", "9")),),
        Sighting.FOUND,
        {"2"},
    ),
    "one of several belongs to another order": (
        entry(),
        listed(NEW, NEWER),
        (entry(reference=OTHER, state=State.PLACED, service_ids=("3",)),),
        Sighting.FOUND,
        {"2"},
    ),
    "all belong to other orders": (
        entry(),
        listed(NEW),
        (entry(reference=OTHER, state=State.PLACED, service_ids=("2",)),),
        Sighting.ABSENT,
        set(),
    ),
    "another order of the plan is unknown": (
        entry(),
        listed(NEW),
        (entry(reference=OTHER),),
        Sighting.UNCLEAR,
        {"2"},
    ),
    "another order of the plan was being sent when its process died": (
        entry(),
        listed(NEW),
        (entry(reference=OTHER, state=State.SENDING),),
        Sighting.UNCLEAR,
        {"2"},
    ),
    "another order of the plan is settled": (
        entry(),
        listed(NEW),
        (entry(reference=OTHER, state=State.REFUSED),),
        Sighting.FOUND,
        {"2"},
    ),
    "an unknown order of another plan": (
        entry(),
        listed(NEW),
        (entry(replace(EDIS, servers=(replace(EDIS.server, plan="1712"),)), reference=OTHER),),
        Sighting.FOUND,
        {"2"},
    ),
    "an unknown order in another location": (
        entry(),
        listed(NEW),
        (entry(replace(EDIS, location="100"), reference=OTHER),),
        Sighting.FOUND,
        {"2"},
    ),
    "an unknown order from another provider": (
        entry(),
        listed(NEW),
        (entry(STACK, reference=OTHER),),
        Sighting.FOUND,
        {"2"},
    ),
    "made on the day": (entry(), listed(made(NEW, date(2026, 11, 22))), (), Sighting.FOUND, {"2"}),
    "made the day before, somewhere in the world": (
        entry(),
        listed(made(NEW, date(2026, 11, 21))),
        (),
        Sighting.FOUND,
        {"2"},
    ),
    "made long before": (entry(), listed(made(NEW, date(2026, 11, 20))), (), Sighting.ABSENT, set()),
    "an old one beside the new one": (
        entry(before=None),
        listed(made(OLD, date(2024, 1, 1)), made(NEW, date(2026, 11, 22))),
        (),
        Sighting.UNCLEAR,
        {"2"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_list_says(case: str) -> None:
    own, listing, others, sighting, servers = CASES[case]
    finding = weigh(own, draft_of(own), listing, others)
    assert (finding.sighting, {server.id for server in finding.servers}) == (sighting, servers)
    assert finding.message
    assert finding.hint or sighting is Sighting.FOUND


def test_a_rival_is_named() -> None:
    finding = weigh(entry(), EDIS, listed(NEW), (entry(reference=OTHER),))
    assert OTHER in finding.message


@pytest.mark.parametrize(("servers", "said"), [((NEW,), "1 of 2"), ((OLD, NEW, NEWER), "3 new servers")])
def test_how_many_are_there_and_how_many_were_ordered(servers: tuple[Server, ...], said: str) -> None:
    assert said in weigh(entry(STACK, before=()), STACK, listed(*servers), ()).message


SECOND = timedelta(seconds=1)
PASSED = [
    (timedelta(0), Sighting.NOT_YET),
    (GRACE - SECOND, Sighting.NOT_YET),
    (GRACE, Sighting.ABSENT),
    (GRACE + SECOND, Sighting.ABSENT),
    (-timedelta(hours=1), Sighting.NOT_YET),
]


@pytest.mark.parametrize(("passed", "sighting"), PASSED)
def test_how_long_not_listed_says_nothing_by_the_providers_clock(passed: timedelta, sighting: Sighting) -> None:
    """This machine's clock, five hours ahead, plays no part."""
    assert weigh(entry(), EDIS, listed(passed=passed), ()).sighting is sighting


CLOCKS = [(None, LATER), (SENT, None), (None, None)]
"""The provider's clock when the order was sent, and how much later it is now: not known once, or never."""
without_clock = pytest.mark.parametrize(("server_time", "passed"), CLOCKS)


@without_clock
def test_without_the_providers_clock_nothing_is_said_about_time(
    server_time: datetime | None, passed: timedelta | None
) -> None:
    """This machine's may have been put right by an hour or by twenty years since the order."""
    finding = weigh(entry(server_time=server_time), EDIS, listed(passed=passed), ())
    assert finding.sighting is Sighting.NOT_YET
    assert not re.search(r"minute|\bmin\b|likely|[0-9]", f"{finding.message} {finding.hint}")
    assert "settle it by hand" in finding.hint


YEARS = timedelta(days=7305)


@pytest.mark.parametrize("ours", [SENT + YEARS, SENT - YEARS, SENT + timedelta(hours=25)])
@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)])
def test_without_it_a_server_is_recognised_by_what_was_there_before(ours: datetime, day: date) -> None:
    """Not by the date that the provider gives it, which is compared with nothing then."""
    own = replace(entry(server_time=None), created=ours, sent=ours)
    finding = weigh(own, EDIS, listed(made(OLD, day), made(NEW, day), passed=None), ())
    assert (finding.sighting, [server.id for server in finding.servers]) == (Sighting.FOUND, ["2"])


@pytest.mark.parametrize("ours", [SENT + YEARS, SENT - YEARS])
def test_without_it_an_order_whose_servers_are_not_known_may_own_them(ours: datetime) -> None:
    """Whether it was sent long before cannot be told by a clock that was put right in between."""
    own = replace(entry(server_time=None), created=ours, sent=ours)
    other = entry(THREE, reference=OTHER, state=State.PLACED, service_ids=("7", "8"))
    assert weigh(own, EDIS, listed(NEW), (other,)).sighting is Sighting.UNCLEAR


def test_an_order_that_was_sent_long_before_owns_none_of_them() -> None:
    """By the provider's clock."""
    long_before = entry(
        THREE, reference=OTHER, state=State.PLACED, service_ids=("7", "8"), server_time=SENT - timedelta(hours=1)
    )
    assert weigh(entry(), EDIS, listed(NEW), (long_before,)).sighting is Sighting.FOUND


def test_the_minutes_are_said() -> None:
    early = weigh(entry(), EDIS, listed(passed=timedelta(minutes=4, seconds=50)), ())
    assert "4 min" in early.message
    assert re.search(r"\b11\b.* minutes", early.hint)
    late = weigh(entry(), EDIS, listed(passed=timedelta(minutes=31)), ())
    assert "31 min" in late.message
    assert "most likely" in late.message


def test_the_drafts_plan_names_come_from_the_quote() -> None:
    """EDIS lists a server by its plan's name, which no order file holds."""
    assert draft_of(entry()) == replace(EDIS, servers=(replace(EDIS.server, without_key=False),))
    assert draft_of(entry(STACK)).server.plan_name == "S102-HK"
    bare = replace(entry(), purchase=replace(purchase(EDIS), quote={}))
    assert draft_of(bare).server == replace(EDIS.server, plan_name="")


def test_what_a_person_says() -> None:
    there = settle_by_hand_outcome(there=True, panel="the LayerPanel", order_id="7")
    assert (there.kind, there.order_id) == (OutcomeKind.PLACED, "7")
    named = Outcome(OutcomeKind.UNKNOWN, order_id="8", invoice_id="9", service_ids=("10",))
    kept = settle_by_hand_outcome(there=True, panel="the LayerPanel", known=named)
    assert (kept.order_id, kept.invoice_id, kept.service_ids) == ("8", "9", ("10",))
    gone = settle_by_hand_outcome(there=False, panel="the LayerPanel")
    assert (gone.kind, gone.order_id) == (OutcomeKind.REFUSED, "")
    assert "the LayerPanel" in there.message
    assert "the LayerPanel" in gone.message


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "state" / "journal.sqlite")


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[SandboxBackend]:
    backend = SandboxBackend(tmp_path, forget=True)
    yield backend
    backend.close()


def sandbox_of(backend: SandboxBackend) -> Sandbox:
    assert backend._server is not None
    return backend._server


async def lost(backend: SandboxBackend, journal: Journal, *, taken: bool) -> tuple[Session, Entry]:
    """Order from the sandbox so that the reply is lost, after or before the order was taken."""
    session = await backend.open(provider_info("edis"), {})
    shown = await offer_now(session, EDIS)
    sandbox_of(backend).set_faults(["reply-lost" if taken else "reset"])
    document = {"servers": [{"plan": "KVM STARTER"}]}
    placed = await place(session, journal, OrderTask(EDIS, shown, document, ()))
    sandbox_of(backend).set_faults([])
    assert placed.outcome.kind is OutcomeKind.UNKNOWN
    assert placed.entry is not None
    return session, placed.entry


async def test_looking_settles_an_order_that_is_there(backend: SandboxBackend, journal: Journal) -> None:
    session, own = await lost(backend, journal, taken=True)
    finding, after = await look(session, journal, own)
    await session.aclose()
    (order,) = sandbox_of(backend).ledger.orders()
    assert finding.sighting is Sighting.FOUND
    assert after == journal.entry(own.reference)
    assert (after.state, after.settled_by) == (State.PLACED, "reading")
    assert after.outcome.service_ids == tuple(str(service) for service in order.service_ids)


async def test_looking_never_settles_an_order_that_is_not_there(backend: SandboxBackend, journal: Journal) -> None:
    session, own = await lost(backend, journal, taken=False)
    finding, after = await look(session, journal, own)
    await session.aclose()
    assert sandbox_of(backend).ledger.orders() == []
    assert finding.sighting is Sighting.NOT_YET
    assert after == own == journal.entry(own.reference)
    assert after.unsettled


async def test_what_is_ordered_while_the_list_is_read_is_not_taken_for_it(
    backend: SandboxBackend, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is read before the journal: a server that came in between is in the journal by then."""
    session, own = await lost(backend, journal, taken=False)
    rival, read = await backend.open(provider_info("edis"), {}), session.find
    draft = EDIS.with_server(replace(EDIS.server, name="rival"))

    async def find(searched: Draft) -> Listing:
        document = {"servers": [{"plan": "KVM STARTER"}]}
        placed = await place(rival, journal, OrderTask(draft, await offer_now(rival, draft), document, ()))
        assert placed.outcome.kind is OutcomeKind.PLACED
        return await read(searched)

    monkeypatch.setattr(session, "find", find)
    finding, after = await look(session, journal, own)
    await session.aclose()
    await rival.aclose()
    assert len(sandbox_of(backend).ledger.orders()) == 1
    assert finding.sighting is not Sighting.FOUND
    assert after.unsettled


async def test_looking_does_not_settle_what_is_unclear(backend: SandboxBackend, journal: Journal) -> None:
    session, own = await lost(backend, journal, taken=True)
    finding, after = await look(session, journal, replace(own, before=None))
    await session.aclose()
    assert finding.sighting is Sighting.UNCLEAR
    assert after.unsettled
    assert journal.entry(own.reference).unsettled


async def test_looking_leaves_a_settled_order_as_it_is(backend: SandboxBackend, journal: Journal) -> None:
    session, own = await lost(backend, journal, taken=True)
    settled = journal.finish(own.reference, settle_by_hand_outcome(there=False, panel="the panel"), settled_by="hand")
    finding, after = await look(session, journal, settled)
    await session.aclose()
    assert finding.sighting is Sighting.FOUND
    assert after == settled == journal.entry(own.reference)


async def test_another_accounts_list_says_nothing(backend: SandboxBackend, journal: Journal) -> None:
    """ "Not listed" with the wrong account would invite ordering a second time."""
    session, own = await lost(backend, journal, taken=True)
    asked = len(sandbox_of(backend).requests)
    elsewhere = replace(own, purchase=replace(own.purchase, account="other@example.org"))
    with pytest.raises(UsageError) as caught:
        await look(session, journal, elsewhere)
    assert "other@example.org" in caught.value.message
    assert len(sandbox_of(backend).requests) == asked
    assert journal.entry(own.reference).unsettled
    capital = replace(own, purchase=replace(own.purchase, account=own.purchase.account.upper()))
    assert (await look(session, journal, capital))[0].sighting is Sighting.FOUND
    await session.aclose()


def test_found_by_reading_servers_of_one_plan_are_not_told_apart() -> None:
    """The list names none of them, and its order is nobody's promise."""
    clones = replace(EDIS, servers=(EDIS.server, replace(EDIS.server, name="web2")))
    assert "Which of web1, web2 has which service id is not told" in _which(clones)
    other = replace(EDIS, servers=(EDIS.server, replace(EDIS.server, name="db1", plan_name="KVM BASIC")))
    assert (_which(EDIS), _which(other), _which(STACK)) == ("", "", "")
