"""Toy Servers over HTTP: ids are text, a server is paid for every 24 months, and an order has an idempotency key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, Location, OsFamily, OsImage, Plan
from vps_tui.core.money import Money
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.providers.delivery import Awaited, Delivery, of_listing
from vps_tui.providers.http import Transport
from vps_tui.providers.models import Account, Connection, Listing, PaymentMethod, Server, TypedIds
from vps_tui.providers.paid_call import Judged, judge
from vps_tui.providers.protocol import PreparedCall

if TYPE_CHECKING:
    from vps_tui.core.draft import Draft
    from vps_tui.core.pricing import Quote
    from vps_tui.core.secret import Secret
    from vps_tui.providers.info import ProviderInfo
    from vps_tui.providers.order_ids import Ids


class ToyClient:
    """A signed-in account; implements `Provider`."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        self.connection = connection
        self._info = info
        headers = {"Pin": connection.credentials["pin"].reveal()}
        self._http = Transport(
            info.name, connection.urls["api"], connection, headers, lambda method, _: method == "GET"
        )

    async def account(self) -> Account:
        return Account(self.account_name)

    async def _read(self, path: str) -> dict[str, Any]:
        return (await self._http.read("GET", path)).object()

    async def locations(self) -> tuple[Location, ...]:
        body = await self._read("locations")
        return tuple(Location(entry["id"], entry["name"]) for entry in body["locations"])

    async def catalog(self, location: str) -> Catalog:
        body = await self._read(f"plans/{location}")
        return Catalog(tuple(_plan(entry, location) for entry in body["plans"]))

    async def remember(self, typed: TypedIds) -> None:
        raise AssertionError("nobody is asked for ids")

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        return (BillingCycle.MONTHLY, BillingCycle("biennially"))

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        return (PaymentMethod("cash", "Cash"),)

    async def quote(self, draft: Draft, catalog: Catalog) -> Quote:
        return pricing.quote(draft, catalog)

    @property
    def account_name(self) -> str:
        return self.connection.credentials["user"].reveal()

    def request_text(self, draft: Draft) -> str:
        return json.dumps(_order(draft))

    async def prepare(self, draft: Draft, root_passwords: tuple[Secret, ...] = ()) -> PreparedCall:
        async def send(reference: str) -> Outcome:
            headers = {"Idempotency-Key": reference}
            reply = await self._http.send_once("POST", "order", json=_order(draft), headers=headers)
            return judge(Judged(self._info.name, _accept), reply)

        return PreparedCall(send)

    async def find(self, draft: Draft) -> Listing:
        body = await self._read("servers")
        return Listing(tuple(Server(entry["id"], entry["name"], entry["plan"]) for entry in body["servers"]))

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        return of_listing(awaited, (await self.find(awaited.draft)).servers, self._info.name, "the toy box")

    async def aclose(self) -> None:
        await self._http.aclose()


def _order(draft: Draft) -> dict[str, Any]:
    servers = [
        {
            "name": server.name,
            "plan": server.plan,
            "image": server.os,
            "key": server.ssh_key,
            "snapshots": next((chosen.id for chosen in server.add_ons), ""),
        }
        for server in draft.servers
    ]
    return {
        "place": draft.location,
        "months": draft.billing_cycle.months,
        "pay": draft.payment_method,
        "items": servers,
    }


def _accept(_body: dict[str, Any], ids: Ids) -> Outcome | None:
    return Outcome(OutcomeKind.PLACED, order_id=", ".join(ids.orders), service_ids=ids.services)


def _plan(entry: dict[str, Any], location: str) -> Plan:
    return Plan(
        entry["id"],
        entry["name"],
        1,
        1024,
        10,
        1,
        _prices(entry["prices"]),
        (OsImage("debian-13", "Debian 13", OsFamily.LINUX),),
        (AddOnGroup("snapshots", "Snapshots", (AddOn("daily", "Daily", _prices(entry["daily"])),)),),
        location=location,
    )


def _prices(entry: dict[str, str]) -> dict[BillingCycle, Money]:
    return {BillingCycle.of_months(int(months)): Money.parse(price, "EUR") for months, price in entry.items()}
