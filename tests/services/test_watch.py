"""An order followed until one can log in: asked with growing pauses, knocked at, trouble passed over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tui.shortcut import EDIS, STACK, deliver_quickly, order_of_draft, written

from vps_tui.core.catalog import OsFamily
from vps_tui.core.errors import InvalidValue, ProviderBroken, SignInRefused, UsageError
from vps_tui.core.login import Ports, ProbeResult, login, place, ssh_command, typed_address, usual_ports
from vps_tui.journal import Entry, Journal, State
from vps_tui.providers.delivery import Delivery
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.server import EDIS_ACCOUNT
from vps_tui.services.logins import Machine, WayIn
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.services.session import Session
from vps_tui.services.watch import ASK_PAUSES, KNOCK_PAUSE, NothingToWatch, Watch
from vps_tui.ssh import probe
from vps_tui.wizard.questions import watching as words

TWO = replace(EDIS, servers=(EDIS.server, replace(EDIS.server, name="web2")))
ADDRESS = "127.1.2.3"


class Told:
    """A session in which the provider tells one thing after the other, the last for ever."""

    def __init__(self, *told: tuple[Delivery, ...] | Exception) -> None:
        self._told = list(told)
        self.asked = 0
        self.account_name = EDIS_ACCOUNT[0].upper()

    async def deliveries(self, _awaited: Any) -> tuple[Delivery, ...]:
        self.asked += 1
        told = self._told.pop(0) if len(self._told) > 1 else self._told[0]
        if isinstance(told, Exception):
            raise told
        return told


def ready_way(machine: Machine) -> WayIn:
    way = machine.way_in
    assert way is not None
    return way


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return written(tmp_path, State.PLACED)


@pytest.fixture
def doors(monkeypatch: pytest.MonkeyPatch) -> dict[str, ProbeResult]:
    """What comes of knocking, by address; nobody is there otherwise."""
    answers: dict[str, ProbeResult] = {}

    async def probe_login(_family: OsFamily, address: str, _ports: Ports) -> ProbeResult:
        return answers.get(address, ProbeResult(problem="refused"))

    monkeypatch.setattr(probe, "probe_login", probe_login)
    return answers


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that the test moves, and a record of the pauses that were made by it."""
    moving = SimpleNamespace(now=0.0, pauses=[])

    async def sleep(seconds: float) -> None:
        moving.pauses.append(round(seconds, 2))
        moving.now += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)
    monkeypatch.setattr(Watch, "_now", staticmethod(lambda: moving.now))
    return moving


def watch(entry: Entry, session: Any, *others: Entry) -> Watch:
    return Watch(entry, others, session, Ports())


def there(address: str = ADDRESS, **more: Any) -> tuple[Delivery, ...]:
    return (Delivery("web1", "7", address=address, **more),)


PENDING = (Delivery("web1", "7", waiting_for="EDIS Global lists it as pending"),)


async def test_the_provider_is_asked_ever_more_seldom(entry: Entry, clock: SimpleNamespace) -> None:
    session = Told(PENDING)
    waiting = watch(entry, session)
    with pytest.raises(TimeoutError):
        await waiting.follow(lambda: _stop_after(session, 12))
    assert clock.pauses == [*ASK_PAUSES, *[ASK_PAUSES[-1]] * 3]
    assert ASK_PAUSES[-1] >= 30
    assert list(ASK_PAUSES) == sorted(ASK_PAUSES)
    assert waiting.machines[0].waiting_for == "EDIS Global lists it as pending"


def _stop_after(session: Told, asked: int) -> None:
    if session.asked >= asked:
        raise TimeoutError


async def test_at_a_known_address_it_is_knocked_often_and_the_provider_is_not_asked_more_often(
    entry: Entry, clock: SimpleNamespace, doors: dict[str, ProbeResult]
) -> None:
    session = Told(there())
    waiting = watch(entry, session)

    def changed() -> None:
        if clock.now > 200:
            doors[ADDRESS] = ProbeResult(ready=True, banner="SSH-2.0-x")

    await waiting.follow(changed)
    assert waiting.ready
    assert max(clock.pauses) == KNOCK_PAUSE
    assert session.asked <= 5 + 200 / 12 < len(clock.pauses)
    assert waiting.machines[0].waiting_for == ""
    assert ready_way(waiting.machines[0]).labelled == ("Log in with", f"ssh root@{ADDRESS}")


async def test_why_it_is_not_ready_is_said(entry: Entry, doors: dict[str, ProbeResult]) -> None:
    waiting = watch(entry, Told(there(waiting_for="it is switched off")))
    assert waiting.machines[0].waiting_for == "waiting for the provider's answer"
    await waiting.look()
    assert waiting.machines[0].waiting_for == f"waiting for SSH at {ADDRESS} (refused, it is switched off)"
    assert words.how_far(waiting.machines[0]).startswith("web1: waiting for SSH")


async def test_trouble_passes_and_is_said_meanwhile(
    entry: Entry, clock: SimpleNamespace, doors: dict[str, ProbeResult]
) -> None:
    doors[ADDRESS] = ProbeResult(ready=True)
    waiting = watch(entry, Told(ProviderBroken("Busy."), ProviderBroken("Busy."), there()))
    seen: list[str] = []
    await waiting.follow(lambda: seen.append(words.trouble(waiting, "EDIS Global")))
    assert seen == ["EDIS Global could not be asked, and is asked again: Busy."] * 2 + [""]
    assert waiting.ready


@pytest.mark.parametrize("error", [SignInRefused("No."), UsageError("No."), ValueError("a fault of ours")])
async def test_what_does_not_pass_ends_it(entry: Entry, error: Exception) -> None:
    with pytest.raises(type(error)):
        async with asyncio.timeout(5):
            await watch(entry, Told(error)).follow(lambda: None)


async def test_an_address_once_known_is_kept_and_another_one_is_knocked_at_anew(
    entry: Entry, clock: SimpleNamespace, doors: dict[str, ProbeResult]
) -> None:
    doors["127.1.2.4"] = ProbeResult(ready=True)
    told = Told(there(), there(""), ProviderBroken("Busy."), there("127.1.2.4"))
    waiting = watch(entry, told)
    addresses = []
    await waiting.follow(lambda: addresses.append(waiting.machines[0].address))
    assert sorted(set(addresses)) == [ADDRESS, "127.1.2.4"]
    assert addresses == sorted(addresses)


async def test_servers_are_ready_one_by_one_and_a_stranger_is_followed_too(
    tmp_path: Path, doors: dict[str, ProbeResult]
) -> None:
    entry = written(tmp_path, State.PLACED, TWO)
    told = (
        *there(),
        Delivery("web2", "8", waiting_for="EDIS Global lists it as pending"),
        Delivery("service 9", "9"),
    )
    waiting = watch(entry, Told(told))
    assert [one.name for one in waiting.machines] == ["web1", "web2"]
    doors[ADDRESS] = ProbeResult(ready=True)
    await waiting.look()
    assert [(one.name, one.ready) for one in waiting.machines] == [
        ("web1", True),
        ("web2", False),
        ("service 9", False),
    ]
    assert not waiting.ready


async def test_a_server_that_moves_has_to_answer_once_more(
    tmp_path: Path, doors: dict[str, ProbeResult], clock: SimpleNamespace
) -> None:
    doors[ADDRESS] = ProbeResult(ready=True, fingerprint="SHA256:old")
    other = Delivery("web2", "8")
    waiting = watch(written(tmp_path, State.PLACED, TWO), Told((*there(), other), (*there("127.1.2.4"), other)))
    await waiting.look()
    assert waiting.machines[0].ready
    clock.now += 100
    await waiting.look()
    assert (waiting.machines[0].ready, waiting.machines[0].address) == (False, "127.1.2.4")


async def test_a_typed_address_is_waited_for_without_asking_anybody(
    tmp_path: Path, doors: dict[str, ProbeResult], clock: SimpleNamespace
) -> None:
    entry = written(tmp_path, State.PLACED, TWO)
    doors[ADDRESS] = doors["::1"] = ProbeResult(ready=True)
    for session in (None, Told(ProviderBroken("must not be asked"))):
        waiting = watch(entry, session)
        waiting.use("::1", "web2")
        waiting.use(ADDRESS)
        assert [one.address for one in waiting.machines] == [ADDRESS, "::1"]
        await waiting.follow(lambda: None)
        assert session is None or session.asked == 0
        for name in ("", "web3"):
            with pytest.raises(UsageError, match="already" if not name else "web3"):
                waiting.use("127.9.9.9", name)


async def test_a_typed_address_is_not_taken_away_by_what_the_provider_tells(
    tmp_path: Path, doors: dict[str, ProbeResult]
) -> None:
    entry = written(tmp_path, State.PLACED, TWO)
    waiting = watch(entry, Told((*there("127.5.5.5"), Delivery("web2", "8", look_for="the mail"))))
    waiting.use(ADDRESS, "web1")
    await waiting.look()
    assert [one.address for one in waiting.machines] == [ADDRESS, ""]
    assert waiting.machines[1].look_for == "the mail"


@pytest.mark.parametrize("state", [State.REFUSED, State.NOT_SENT, State.UNKNOWN])
def test_only_an_order_that_was_placed_is_followed(tmp_path: Path, state: State) -> None:
    with pytest.raises(NothingToWatch):
        watch(written(tmp_path, state), None)


def test_another_account_is_not_asked(entry: Entry) -> None:
    stranger = Told(())
    stranger.account_name = "other@example.test"
    with pytest.raises(UsageError, match="made with the account"):
        watch(entry, stranger)


def test_what_other_orders_brought_is_none_of_this_ones(tmp_path: Path) -> None:
    entry = written(tmp_path, State.PLACED, before=("1", "2"))
    other = written(tmp_path, State.PLACED, STACK)
    claimed = replace(other, outcome=replace(other.outcome, service_ids=("3",)))
    assert watch(entry, None, claimed, entry)._awaited.others == frozenset({"1", "2", "3"})
    assert watch(replace(entry, before=None), None, claimed)._awaited.others is None


def test_windows_is_reached_by_remote_desktop(entry: Entry) -> None:
    quote = {"servers": [{"os": "Windows 2022 Server (180 days trial)"}]}
    windows = replace(entry, purchase=replace(entry.purchase, quote=quote))
    waiting = watch(windows, None)
    waiting.use(ADDRESS)
    (machine,) = waiting.machines
    assert (ready_way(machine).labelled, machine.waiting_for) == (
        ("Remote Desktop", ADDRESS),
        f"waiting for Remote Desktop at {ADDRESS}",
    )
    assert words.way_in(machine) == [f"web1 is ready: Remote Desktop at {ADDRESS}"]


def test_the_time_is_since_the_order_was_sent_and_never_negative(tmp_path: Path) -> None:
    entry = written(tmp_path, State.PLACED, ago=timedelta(minutes=61, seconds=5))
    assert words.since(watch(entry, None).elapsed()) == "1 h 01 min"
    assert watch(entry, None).elapsed(datetime.now(UTC) - timedelta(days=1)) == timedelta(0)
    assert [words.since(timedelta(seconds=n)) for n in (0, 59.9, 60, 3599)] == [
        "0 s",
        "59 s",
        "1 min 00 s",
        "59 min 59 s",
    ]


def test_commands_and_places() -> None:
    assert ssh_command("203.0.113.9", 22) == "ssh root@203.0.113.9"
    assert ssh_command("2001:db8::1", 2222) == "ssh -p 2222 root@2001:db8::1"
    assert (place("2001:db8::1", 23, 22), place("2001:db8::1", 22, 22)) == ("[2001:db8::1]:23", "2001:db8::1")
    assert login(OsFamily.OTHER, "203.0.113.9", Ports())[1] == "ssh root@203.0.113.9"
    assert typed_address(" [2001:DB8::1] ") == "2001:db8::1"
    for wrong in (
        "",
        "web1",
        "203.0.113.256",
        "203.0.113.9:22",
        "203.0.113.9 -oProxyCommand=x",
        "fe80::1%eth0",
        "::1%`x`",
    ):
        with pytest.raises(InvalidValue):
            typed_address(wrong)
    assert usual_ports({}) == Ports(22, 3389)
    assert usual_ports({"VPS_TUI_SSH_PORT": "2299"}) == Ports(2299, 2299)
    for wrong in ("0", "65536", "-1", "ssh", "9" * 30):
        with pytest.raises(UsageError, match="VPS_TUI_SSH_PORT"):
            usual_ports({"VPS_TUI_SSH_PORT": wrong})


@asynccontextmanager
async def at_sandbox(folder: Path, provider: str) -> AsyncIterator[Session]:
    backend = SandboxBackend(folder)
    session = await backend.open(provider_info(provider), {}, read_only=True)
    try:
        yield session
    finally:
        await session.aclose()
        backend.close()


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver_quickly(monkeypatch, ssh_delay=0.3)


@pytest.mark.usefixtures("_quick")
@pytest.mark.parametrize("draft", [EDIS, STACK], ids=["edis", "layerstack"])
async def test_from_the_order_to_the_host_key_and_again_from_elsewhere(tmp_path: Path, draft: Any) -> None:
    """Whoever looks later, with nothing in memory, comes to the same address and key."""
    entry = await order_of_draft(tmp_path, draft)
    found = []
    for _ in range(2):
        async with at_sandbox(tmp_path, draft.provider) as session, asyncio.timeout(10):
            waiting = Watch(
                entry, await asyncio.to_thread(Journal(tmp_path / "journal.sqlite").entries), session, session.ports
            )
            said: list[str] = []
            await waiting.follow(lambda w=waiting, s=said: s.append(words.how_far(w.machines[0])))  # type: ignore[misc]
            (machine,) = waiting.machines
            assert said[-1] == "web1: ready: one can log in"
            assert ready_way(machine).command == f"ssh -p {session.ports.ssh} root@{machine.address}"
            assert words.values([machine])[0] == ("Address", machine.address)
            found.append((machine.address, machine.answer))
    assert found[0] == found[1]
    assert found[0][1].fingerprint.startswith("SHA256:")
    assert found[0][1].key_type == "ED25519"


def test_servers_of_one_name_are_told_apart_by_their_service_ids(tmp_path: Path) -> None:
    """LayerStack gives all servers of an order one label."""
    two = written(tmp_path, State.PLACED, replace(STACK, servers=(replace(STACK.server, quantity=2),)))
    watch = Watch(two, (), None, Ports())
    name = STACK.server.name
    assert [machine.display_name for machine in watch.machines] == [name, name]
    told = tuple(Delivery(name, service_id) for service_id in ("8102", "8103"))
    watch.machines = tuple(watch._merged(told))
    assert [words.how_far(machine).partition(":")[0] for machine in watch.machines] == [
        f"{name} (8102)",
        f"{name} (8103)",
    ]
    watch.use(ADDRESS, "8103")
    watch.use("127.1.2.4", name)
    assert [machine.address for machine in watch.machines] == ["127.1.2.4", ADDRESS]
    alone = Watch(written(tmp_path, State.PLACED, EDIS), (), None, Ports())
    alone.machines = tuple(alone._merged((Delivery("web1", "7"),)))
    assert alone.machines[0].display_name == "web1"


def test_an_address_stays_with_its_service_when_the_provider_lists_them_in_another_order(tmp_path: Path) -> None:
    watch = Watch(written(tmp_path, State.PLACED, TWO), (), None, Ports())
    watch.machines = tuple(watch._merged((Delivery("web1", "501", address=ADDRESS), Delivery("web2", "502"))))
    watch.machines = tuple(replace(one, answer=ProbeResult(True)) if one.address else one for one in watch.machines)
    watch.machines = tuple(watch._merged((Delivery("web1", "502"), Delivery("web2", "501"))))
    assert [(one.delivery.service_id, one.address, one.ready) for one in watch.machines] == [
        ("502", "", False),
        ("501", ADDRESS, True),
    ]
