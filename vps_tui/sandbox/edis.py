"""EDIS Global's ORDER API (EDIS ORDER API, base path /kvm/v2)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox import edis_otherwise
from vps_tui.sandbox.due_dates import next_due
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
from vps_tui.sandbox.edis_session import OPERATIONS, EdisSession
from vps_tui.sandbox.messages import Recorded, RefusedError, Reply, form_fields, json_object
from vps_tui.sandbox.public_keys import LOGIN_KEY
from vps_tui.sandbox.records import NewServer, Placement, Service
from vps_tui.sandbox.stand_ins import StandInInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vps_tui.sandbox.ledger import Ledger

PROVIDER = "edis"
_JSON_BODIES = ("get/services", "add/upgrade")


class Edis:
    """The operations of one sandbox, for one account."""

    def __init__(
        self, ledger: Ledger, account: tuple[str, str], delivery: timedelta, revealed: Callable[[], None]
    ) -> None:
        """Take what is told when somebody has learnt the address of a server."""
        self._ledger = ledger
        self._session = EdisSession(ledger, account, revealed)
        self._email, self._password = account
        self._delivery = delivery
        self._changes = EdisChanges(ledger, account[0])
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
            "add/upgrade": self._changes.upgrade,
            "cancel/product": self._changes.cancel,
        }

    def call(self, path: str) -> tuple[str | None, str]:
        """Return the path below /kvm/v2: it is the operation."""
        return path, ""

    def error(self, operation: str | None, status: int) -> Reply:
        """Return the documented error of that status."""
        return error_reply(operation, status)

    def without_ids(self, _body: Any) -> Any:
        """Return a success without an id."""
        return {"status": "success"}

    def answer(self, request: Recorded, operation: str | None, _argument: str, flags: frozenset[str]) -> Reply:
        """Answer one request; `operation` is the path below /kvm/v2, `flags` the faults that bear on it."""
        handler = self._operations.get(operation or "")
        in_session = operation in OPERATIONS
        if operation is None or (handler is None and not in_session):
            return error_reply(None, 404)
        if request.method != "POST":
            refusal = error_reply(operation, 405)
            return Reply(refusal.status, refusal.body, (("Allow", "POST"),))
        if handler is None:
            return self._session.answer(request, operation, flags)
        try:
            return handler(self._signed_in(request, operation), flags)
        except RefusedError as refused:
            return refused.reply

    def _signed_in(self, request: Recorded, operation: str) -> Mapping[str, str]:
        """Return the fields of the body after checking the content type and the credentials."""
        fields = json_object(request) if operation in _JSON_BODIES else form_fields(request)
        fields = fields or {}
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
        email = hmac.compare_digest(fields["email"].encode(), self._email.encode())
        if not hmac.compare_digest(fields["pw"].encode(), self._password.encode()) or not email:
            raise RefusedError(error_reply(operation, 401))
        return fields

    def _billing_cycles(self, _fields: Mapping[str, str], flags: frozenset[str]) -> Reply:
        listed = edis_otherwise.terms(list(billing_cycles()), flags)
        return Reply(200, {"billingcycle": listed, "status": "success"})

    def _payment_methods(self, _fields: Mapping[str, str], flags: frozenset[str]) -> Reply:
        listed = edis_otherwise.terms(list(PAYMENT_METHODS), flags)
        return Reply(200, {"paymentmethods": listed, "status": "success"})

    def _locations(self, _fields: Mapping[str, str], _flags: frozenset[str]) -> Reply:
        return Reply(200, {"locations": locations(), "status": "success"})

    def _products(self, fields: Mapping[str, str], flags: frozenset[str]) -> Reply:
        place = fields["location_id"]
        known = place.isascii() and place.isdecimal() and len(place) < 10
        if not known or location_named(int(place)) is None:
            return error_reply("get/products", 404)
        listed = edis_otherwise.products(products(int(place), moved="price-moved" in flags), flags)
        # The schema has this root key, always false, and the documents never explain it.
        return Reply(200, {"data": False, "products": listed, "status": "success"})

    def _balance(self, _fields: Mapping[str, str], _flags: frozenset[str]) -> Reply:
        amount = f"{self._ledger.credit(PROVIDER, self._email):.2f}"
        return Reply(200, {"balance": {"amount": amount, "currency": CURRENCY}, "status": "success"})

    def _services(self, _fields: Mapping[str, str], _flags: frozenset[str]) -> Reply:
        # The documents do not say whether an unpaid service is listed; here it is not.
        listed = [_listed(service, datetime.now(UTC)) for service in self._own_services() if service.paid]
        return Reply(200, {"services": listed, "status": "success"})

    def _own_services(self) -> list[Service]:
        return [one for one in self._ledger.services(PROVIDER) if one.account == self._email]

    def _kvm_id(self, fields: Mapping[str, str], _flags: frozenset[str]) -> Reply:
        wanted = fields.get("serviceid")
        if not wanted:
            return error_reply("get/kvmid", 400)
        for service in self._own_services():
            if str(service.service_id) == wanted and service.delivered(datetime.now(UTC)):
                return Reply(200, {"status": "success", "kvmid": service.address, "serviceid": wanted})
        return error_reply("get/kvmid", 404)

    def _service_id(self, fields: Mapping[str, str], _flags: frozenset[str]) -> Reply:
        wanted = fields.get("kvmid")
        if not wanted:
            return error_reply("get/serviceid", 400)
        for service in self._own_services():
            if service.address == wanted and service.delivered(datetime.now(UTC)):
                body = {"status": "success", "kvmid": wanted, "serviceid": service.service_id}
                return Reply(200, body)
        return error_reply("get/serviceid", 404)

    def _add_order(self, fields: Mapping[str, str], flags: frozenset[str]) -> Reply:
        wanted = read_order(fields["order"])
        if isinstance(wanted, list):
            return error_reply("add/order", 400, wanted)
        placement = self._placement(wanted, fields["order"], moved="price-moved" in flags)
        if "out-of-stock" in flags or any(_sold_out(server) for server in wanted.servers):
            # "An order id is returned although nothing was delivered" (EDIS ORDER API, add/order); no
            # HTTP status is given for it, and 200 is where a client can overlook it.
            return Reply(200, {"status": "failed", "orderid": self._ledger.fail(placement).order_id})
        placement = placement.without_last() if "partial" in flags else placement
        # `applycredit` is not asked: the reference says that it decides, the complete guide shows an order
        # with `false` that credit paid all the same. The worse of the two for a careless client is served.
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
            account=self._email,
            billing_cycle=wanted.billing_cycle,
            payment_method=wanted.payment_method,
            items=wanted.items,
            servers=servers,
            total=sum((server.price for server in servers), Decimal(0)),
            currency=CURRENCY,
            created=now,
            ready=now + self._delivery,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )


def _sold_out(server: WantedServer) -> bool:
    place = location_named(server.offer.location_id)
    return place is None or bool(place["out_of_stock"])


def _new_server(server: WantedServer, cycle: str, *, moved: bool) -> NewServer:
    place = location_named(server.offer.location_id) or {}
    add_ons = sum((option_price(option, cycle) for option in server.add_ons), Decimal(0))
    price = plan_price(server.offer, cycle, moved=moved) + add_ons
    details = {LOGIN_KEY: server.login_key}
    return NewServer(server.hostname, server.offer.name, place["name"], server.os.description, price, details)


def _listed(service: Service, now: datetime) -> dict[str, Any]:
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
        "key_date": next_due(service, now.date()).isoformat(),
        "paymentmethod": service.payment_method,
        "plan": service.plan,
        "location": service.location,
    }


STAND_IN = StandInInfo(
    "EDIS Global",
    Edis,
    ("sandbox@example.test", "try-it-out-1"),
    "/kvm/v2/",
    variables=("VPS_TUI_EDIS_URL", "VPS_TUI_EDIS_SESSION_URL", "VPS_TUI_EDIS_EMAIL", "VPS_TUI_EDIS_PASSWORD"),
    has_credit=True,
)
