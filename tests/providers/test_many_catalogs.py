"""Catalogues of many locations at once: some at a time, one failure alone, nothing left behind when given up."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import aclosing

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.errors import ProviderBroken, ProviderError, SignInRefused, UsageError
from vps_tui.core.offers import in_order
from vps_tui.providers.protocol import Provider
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.edis_catalog import offers as sold
from vps_tui.sandbox.messages import Recorded, form_fields
from vps_tui.sandbox.routes import Delivery
from vps_tui.sandbox.server import Sandbox
from vps_tui.services import session as sessions
from vps_tui.services.compare import Everywhere, read_everywhere, worth_asking
from vps_tui.services.session import AT_ONCE, Session

from .loop_waits import holds_up_the_loop

EDIS = provider_info("edis")
PLACES = 48


@pytest.fixture
def session(edis: Provider) -> Session:
    """A session with the sandbox's EDIS Global, which `connect` closes."""
    return Session(EDIS, edis)


class Gauge:
    """Counts the reads of plans that the sandbox answers at the same time."""

    def __init__(self, sandbox: Sandbox, together: int, seconds: float) -> None:
        """Answer none before `together` are there, and each after `seconds` more."""
        self.now = self.most = 0
        changed = threading.Condition()
        assert sandbox._listener is not None
        real = sandbox._listener.respond

        def respond(request: Recorded) -> Delivery:
            if not request.route.endswith("get/products"):
                return real(request)
            with changed:
                self.now += 1
                self.most = max(self.most, self.now)
                changed.notify_all()
                changed.wait_for(lambda: self.most >= together, 5)
            time.sleep(seconds)
            with changed:
                self.now -= 1
            return real(request)

        sandbox._listener.respond = respond


def asked(sandbox: Sandbox) -> list[str]:
    """Return the ids of the locations whose plans were asked for."""
    found = [request for request in sandbox.requests if request.route.endswith("get/products")]
    return [(form_fields(request) or {})["location_id"] for request in found]


async def test_all_are_read_each_once_and_never_more_at_a_time_than_the_bound(
    session: Session, sandbox: Sandbox
) -> None:
    gauge = Gauge(sandbox, AT_ONCE, 0.01)
    locations = await session.locations()
    session.begin()
    told: list[tuple[int, int]] = []
    found = await read_everywhere(session, locations, lambda done, of: told.append((done, of)))
    assert gauge.most == AT_ONCE, "The bound is reached, and never passed."
    assert sorted(asked(sandbox)) == sorted(place.id for place in locations)
    assert told == [(done, PLACES) for done in range(PLACES + 1)]
    assert [place for place, _ in found.catalogs] == list(locations)
    assert found.failed == ()
    assert sum(len(catalog.plans) for _, catalog in found.catalogs) == len(sold())
    assert {place.id for place, _ in found.catalogs if not place.in_stock} == {"31", "107", "127", "182", "211"}


async def test_what_was_read_is_not_asked_for_again(session: Session, sandbox: Sandbox) -> None:
    locations = (await session.locations())[:3]
    one = await session.catalog(locations[0].id)
    first = await read_everywhere(session, locations)
    assert first.catalog(locations[0].id) is one
    again = await read_everywhere(session, locations)
    assert again.catalogs == first.catalogs
    assert session.ready_catalog(locations[1].id) is first.catalog(locations[1].id)
    assert len(asked(sandbox)) == 3


async def test_one_that_fails_is_named_and_the_rest_is_there(session: Session, sandbox: Sandbox) -> None:
    locations = (await session.locations())[:9]
    sandbox.set_faults(["http-500:get/products*1"])
    found = await read_everywhere(session, locations)
    ((failed, error),) = found.failed
    assert isinstance(error, ProviderBroken)
    assert {place.id for place, _ in found.catalogs} == {place.id for place in locations} - {failed.id}
    assert found.catalog(failed.id) is None
    assert (await read_everywhere(session, locations)).failed == (), "A failure is not kept."


async def test_a_provider_that_fails_again_and_again_is_not_asked_48_times(
    session: Session, sandbox: Sandbox
) -> None:
    locations = await session.locations()
    sandbox.set_faults(["http-500:get/products"])
    with pytest.raises(ProviderBroken):
        await read_everywhere(session, locations)
    assert len(asked(sandbox)) < 2 * AT_ONCE


async def test_those_that_are_not_asked_for_any_more_are_named_too(session: Session, sandbox: Sandbox) -> None:
    locations = await session.locations()
    await session.catalog(locations[0].id)
    sandbox.set_faults(["http-500:get/products"])
    found = await read_everywhere(session, locations)
    assert [place for place, _ in found.catalogs] == [locations[0]]
    assert [place for place, _ in found.failed] == list(locations[1:])
    assert len(asked(sandbox)) < 1 + 2 * AT_ONCE


async def test_a_refused_sign_in_ends_it_at_once(session: Session, sandbox: Sandbox) -> None:
    """Some wrong passwords lock an account."""
    locations = await session.locations()
    await session.catalog(locations[0].id)
    sandbox.set_faults(["wrong-password"])
    with pytest.raises(SignInRefused):
        await read_everywhere(session, locations)
    assert len(asked(sandbox)) <= 1 + AT_ONCE


@pytest.mark.parametrize("way", ["cancelled", "closed", "session closed"])
async def test_given_up_it_leaves_nothing_behind(session: Session, sandbox: Sandbox, way: str) -> None:
    sandbox.set_faults(["hang:get/products"])
    locations = await session.locations()
    before = asyncio.all_tasks()
    reading = asyncio.create_task(read_everywhere(session, locations))
    async with asyncio.timeout(5):
        while len(asked(sandbox)) < AT_ONCE:
            await asyncio.sleep(0.005)
    begin = time.monotonic()
    if way == "closed":
        async with aclosing(session.catalogs(locations)) as other:
            waiting = asyncio.ensure_future(anext(other))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
    if way == "session closed":
        await session.aclose()
    else:
        reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert time.monotonic() - begin < 1
    assert asyncio.all_tasks() == before
    assert session.ready_catalog(locations[0].id) is None


async def test_giving_it_up_does_not_stop_what_somebody_else_reads(session: Session, sandbox: Sandbox) -> None:
    locations = await session.locations()
    gauge = Gauge(sandbox, 2, 0.1)
    other = asyncio.create_task(session.catalog(locations[0].id))
    reading = asyncio.create_task(read_everywhere(session, locations))
    async with asyncio.timeout(5):
        while gauge.now < 2:
            await asyncio.sleep(0.005)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert (await other).plans


async def test_keys_are_answered_meanwhile(session: Session) -> None:
    """The event loop's longest wait is a fraction of the whole."""
    locations = (await session.locations())[:24]

    async def read() -> None:
        session._reads.clear()
        await read_everywhere(session, locations)

    assert not await holds_up_the_loop(read)


def test_the_bound_leaves_connections_for_other_reads() -> None:
    assert sessions.AT_ONCE < 10


def test_only_places_that_can_be_in_the_country_are_asked() -> None:
    places = (Location("1", "Germany", "de"), Location("2", "USA, Miami", "us-mia"), Location("3", "Old"))
    assert [place.id for place in worth_asking(EDIS, places, "us")] == ["2", "3"]
    assert worth_asking(EDIS, places, "") == places
    for nowhere in ("fr", "atlantis"):
        with pytest.raises(UsageError, match="no location in the country"):
            worth_asking(EDIS, places[:2], nowhere)


async def test_without_locations_the_plans_stand_at_their_regions(layerstack: Provider) -> None:
    catalog = await layerstack.catalog("")
    info = provider_info("layerstack")
    found = in_order(Everywhere(((Location("", ""), catalog),)).offers(info, BillingCycle.MONTHLY))
    assert {(offer.location.id, offer.location.country) for offer in found} >= {("HK", "hk"), ("TYO", "jp")}
    assert len(found) == len(catalog.plans)


async def test_a_failure_that_is_not_the_providers_comes_up(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(location: str) -> Catalog:
        raise RuntimeError(location)

    locations = await session.locations()
    monkeypatch.setattr(session.provider, "catalog", broken)
    with pytest.raises(RuntimeError):
        await read_everywhere(session, locations)
    assert not issubclass(RuntimeError, ProviderError)
