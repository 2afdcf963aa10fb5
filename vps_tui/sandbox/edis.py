"""EDIS Global's ORDER API (EDIS ORDER API, base path /kvm/v2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from vps_tui.sandbox.edis_catalog import (
    CURRENCY,
    billing_cycles,
    location_named,
    locations,
    option_price,
    plan_price,
    products,
)
from vps_tui.sandbox.edis_changes import EdisChanges
from vps_tui.sandbox.edis_errors import error_reply
from vps_tui.sandbox.edis_order import PAYMENT_METHODS, Wanted, WantedServer, read_order
from vps_tui.sandbox.edis_session import EdisSession
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.messages import (
    Call,
    Provider,
    Recorded,
    RefusedError,
    Reply,
    are_equal,
    form_fields,
    id_in,
    json_object,
)
from vps_tui.sandbox.public_keys import LOGIN_KEY
from vps_tui.sandbox.records import NewServer, Placement, Service
from vps_tui.sandbox.stand_ins import StandInInfo

PROVIDER = "edis"
_JSON_BODIES = ("get/services", "add/upgrade")


class Edis(Provider):
    """The operations of one sandbox."""

    base = "/kvm/v2/"
    methods = MappingProxyType({})

    def __init__(
        self, ledger: Ledger, account: tuple[str, str], delivery: timedelta, revealed: Callable[[], None]
    ) -> None:
        """Take what is called when an address of a server has been shown."""
        self._ledger = ledger
        self._account = account
        self._delivery = delivery
        session = EdisSession(ledger, account, revealed)
        changes = EdisChanges(ledger, account[0])
        self._in_session = session.operations
        self._operations = {
            "get/billingcycles": self._billing_cycles,
            "get/paymentmethods": self._payment_methods,
            "get/locations": self._locations,
            "get/products": self._products,
            "get/account-balance": self._balance,
            "get/services": self._services,
            "get/kvmid": self._kvm_id,
            "get/serviceid": self._service_id,
            "add/order": self._add_order,
            "add/upgrade": changes.upgrade,
            "cancel/product": changes.cancel,
            **session.operations,
        }

    def call_of(self, request: Recorded, path: str) -> Call:
        return Call(request, path)

    def error(self, operation: str | None, status: int) -> Reply:
        return error_reply(operation, status)

    def without_ids(self, _body: Any) -> Any:
        return {"status": "success"}

    def sign_in(self, call: Call) -> Call:
        """Return `call` with its fields; the management API's calls are signed and read by themselves."""
        operation = call.operation
        read = json_object if operation in _JSON_BODIES else form_fields
        fields = read(call.request) or {}
        if operation in self._in_session:
            return replace(call, fields=fields)
        errors = [
            f"{word} is required" for name, word in (("email", "email"), ("pw", "password")) if not fields.get(name)
        ]
        if operation == "get/products":
            errors += [] if fields.get("location_id") else ["location ID is required"]
            errors += [] if "@" in str(fields.get("email") or "@") else ["invalid email format"]
        if operation == "add/order" and not fields.get("order"):
            errors.append("order is required")
        if errors or not all(isinstance(fields[name], str) for name in ("email", "pw")):
            raise RefusedError(error_reply(operation, 400, errors))
        if not are_equal((fields["email"], fields["pw"]), self._account):
            raise RefusedError(error_reply(operation, 401))
        return replace(call, fields=fields)

    def _billing_cycles(self, call: Call) -> Reply:
        return Reply(200, {"billingcycle": _leave_out(list(billing_cycles()), call), "status": "success"})

    def _payment_methods(self, call: Call) -> Reply:
        return Reply(200, {"paymentmethods": _leave_out(list(PAYMENT_METHODS), call), "status": "success"})

    def _locations(self, _call: Call) -> Reply:
        return Reply(200, {"locations": locations(), "status": "success"})

    def _products(self, call: Call) -> Reply:
        place = id_in(call.fields["location_id"])
        if location_named(place) is None:
            return error_reply("get/products", 404)
        # The schema has this root key, always false, and the documents never explain it.
        return Reply(200, {"data": False, "products": products(place, call.flags), "status": "success"})

    def _balance(self, _call: Call) -> Reply:
        amount = f"{self._ledger.credit(PROVIDER, self._account[0]):.2f}"
        return Reply(200, {"balance": {"amount": amount, "currency": CURRENCY}, "status": "success"})

    def _services(self, _call: Call) -> Reply:
        # The documents do not say whether an unpaid service is listed; here it is not.
        listed = [_list_service(service, datetime.now(UTC)) for service in self._own_services() if service.paid]
        return Reply(200, {"services": listed, "status": "success"})

    def _own_services(self) -> list[Service]:
        return self._ledger.services(PROVIDER, self._account[0])

    def _kvm_id(self, call: Call) -> Reply:
        service = self._delivered(call, "serviceid")
        answer = {"kvmid": service.address, "serviceid": str(service.service_id)}
        return Reply(200, {"status": "success", **answer})

    def _service_id(self, call: Call) -> Reply:
        service = self._delivered(call, "kvmid")
        return Reply(200, {"status": "success", "kvmid": service.address, "serviceid": service.service_id})

    def _delivered(self, call: Call, field: str) -> Service:
        """Return the server with the id in that field of `call`; raises `RefusedError`."""
        wanted = call.fields.get(field)
        if not wanted:
            raise RefusedError(error_reply(call.operation, 400))
        for service in self._own_services():
            known = service.address if field == "kvmid" else str(service.service_id)
            if known == wanted and service.delivered(datetime.now(UTC)):
                return service
        raise RefusedError(error_reply(call.operation, 404))

    def _add_order(self, call: Call) -> Reply:
        text, flags = call.fields["order"], call.flags
        wanted = read_order(text)
        if isinstance(wanted, list):
            return error_reply("add/order", 400, wanted)
        placement = self._placement(wanted, text, moved="price-moved" in flags)
        if "out-of-stock" in flags or any(_sold_out(server) for server in wanted.servers):
            # "An order id is returned although nothing was delivered" (EDIS ORDER API, add/order); no
            # HTTP status is given for it, and 200 is where a client can overlook it.
            return Reply(200, {"status": "failed", "orderid": self._ledger.fail(placement).order_id})
        placement = placement.without_last() if "partial" in flags else placement
        # `applycredit` is not asked: the reference says that it decides, the complete guide shows an order
        # with `false` that credit paid nevertheless. The worse of the two for a careless client is served.
        declined = bool(flags & {"insufficient-credit", "declined-card"})
        order = self._ledger.take(placement, from_credit=True, decline=declined)
        return Reply(
            200,
            {
                "status": "success",
                "orderid": order.order_id,
                "serviceids": ",".join(str(service_id) for service_id in order.service_ids),
                "invoiceid": order.invoice_id,
                "invoicepaid": order.paid,
            },
        )

    def _placement(self, wanted: Wanted, text: str, *, moved: bool) -> Placement:
        servers = tuple(_new_server(server, wanted.billing_cycle, moved=moved) for server in wanted.servers)
        now = datetime.now(UTC)
        return Placement(
            provider=PROVIDER,
            account=self._account[0],
            billing_cycle=wanted.billing_cycle,
            payment_method=wanted.payment_method,
            items=wanted.items,
            servers=servers,
            currency=CURRENCY,
            created=now,
            ready=now + self._delivery,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )


def _leave_out(terms: list[str], call: Call) -> list[str]:
    """Return the billing cycles or payment methods that the faults leave."""
    return terms[-1:] if "terms-withdrawn" in call.flags else terms


def _sold_out(server: WantedServer) -> bool:
    place = location_named(server.offer.location_id)
    return place is None or bool(place["out_of_stock"])


def _new_server(server: WantedServer, cycle: str, *, moved: bool) -> NewServer:
    place = location_named(server.offer.location_id) or {}
    add_ons = sum((option_price(option, cycle) for option in server.add_ons), Decimal(0))
    price = plan_price(server.offer, cycle, moved=moved) + add_ons
    details = {LOGIN_KEY: server.login_key}
    return NewServer(server.hostname, server.offer.name, place["name"], server.os.description, price, details)


def _list_service(service: Service, now: datetime) -> dict[str, Any]:
    there = service.delivered(now)
    return {
        "service_id": service.service_id,
        # The documents are silent on the time before delivery. Their states are active, suspended and
        # terminated, and none of these is true of a server that does not exist yet.
        "kvm_id": service.address if there else None,
        "status": service.state if there else "pending",
        "price": {
            "billingcycle": service.billing_cycle.capitalize(),
            "amount": f"{service.price:.2f}",
            "currency": service.currency,
        },
        "creation_date": service.created.date().isoformat(),
        "key_date": service.next_due(now.date()).isoformat(),
        "paymentmethod": service.payment_method,
        "plan": service.plan,
        "location": service.location,
    }


STAND_IN = StandInInfo(
    "EDIS Global",
    Edis,
    ("sandbox@example.test", "try-it-out-1"),
    variables=("VPS_TUI_EDIS_URL", "VPS_TUI_EDIS_SESSION_URL", "VPS_TUI_EDIS_EMAIL", "VPS_TUI_EDIS_PASSWORD"),
    has_credit=True,
)
