"""EDIS's add/upgrade and cancel/product (EDIS ORDER API): what is wrong with them, or what they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from vps_tui.sandbox.edis_catalog import CURRENCY, Offer, location_named, offers, plan_price
from vps_tui.sandbox.edis_errors import error_reply
from vps_tui.sandbox.edis_order import PAYMENT_METHODS
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.messages import Call, Reply, whole_number
from vps_tui.sandbox.records import MONTHS, Changed, Service

UPGRADE_CYCLES = {
    "monthly": "monthly",
    "quarterly": "quarterly",
    "semi-annually": "semiannually",
    "annually": "annually",
}
"""The documented values of `newbillingcycle`, and what the other operations call them."""

TYPES = ("Immediate", "End of Billing Period")
_UPGRADE_FIELDS = ("kvmid", "newpid", "newbillingcycle", "newpaymentmethod")
_CANCEL_FIELDS = ("kvmid", "serviceid", "type")
_CREDENTIALS = ("email", "pw")
_CLIENT_ID = 123


class EdisChanges:
    """Changes of the services of one account."""

    def __init__(self, ledger: Ledger, email: str) -> None:
        self._ledger = ledger
        self._email = email

    def upgrade(self, call: Call) -> Reply:
        """Answer add/upgrade; the documents give its 400 one text and no list of what is wrong."""
        fields, flags = call.fields, call.flags
        service, offer = self._delivered(fields.get("kvmid")), offers().get(whole_number(fields.get("newpid")))
        cycle = UPGRADE_CYCLES.get(str(fields.get("newbillingcycle")))
        if service is None or offer is None or cycle is None or not _upgrade_is_right(fields, service, offer):
            return error_reply("add/upgrade", 400)
        price = plan_price(offer, cycle, moved="price-moved" in flags) + _add_ons_price(service, cycle)
        wanted = Changed(
            "edis", self._email, "upgrade", service.service_id, _send(fields), _due(service, price, cycle), CURRENCY
        )
        after = {
            "plan": offer.name,
            "billing_cycle": cycle,
            "price": price,
            "payment_method": fields["newpaymentmethod"],
        }
        before = _offer(service)
        declined = "insufficient-credit" in flags
        taken = self._ledger.change(wanted, after, from_credit=True, decline=declined)
        return Reply(
            200,
            {
                "status": "success",
                "orderid": str(taken.order_id),
                "serviceid": str(service.service_id),
                "invoiceid": str(taken.invoice_id),
                "oldproductname": service.plan,
                "newproductname": offer.name,
                "oldproductid": str(before.pid if before else 0),
                "newproductid": str(offer.pid),
            },
        )

    def cancel(self, call: Call) -> Reply:
        """Answer cancel/product; what happens with both ids is not documented, here it is refused."""
        fields = call.fields
        problems = list(_cancel_problems(fields))
        if problems:
            return error_reply("cancel/product", 400, problems)
        service = self._named(fields)
        if service is None:
            return error_reply("cancel/product", 404)
        if service.state == "terminated":
            return error_reply("cancel/product", 400, ["service is terminated already"])
        wanted = Changed("edis", self._email, "cancel", service.service_id, _send(fields), Decimal(0), CURRENCY)
        at_once = fields["type"] == "Immediate"
        end = service.next_due(datetime.now(UTC).date()).isoformat()
        after = {"state": "terminated"} if at_once else {"details": {**service.details, "ends": end}}
        self._ledger.change(wanted, after, numbered=False)
        return Reply(200, {"status": "success", "serviceid": service.service_id, "clientid": _CLIENT_ID})

    def _own(self) -> list[Service]:
        return [one for one in self._ledger.services("edis", self._email) if one.paid]

    def _delivered(self, kvm_id: Any) -> Service | None:
        now = datetime.now(UTC)
        return next((one for one in self._own() if one.address == kvm_id and one.delivered(now)), None)

    def _named(self, fields: Mapping[str, Any]) -> Service | None:
        if fields.get("kvmid"):
            return self._delivered(fields["kvmid"])
        return next((one for one in self._own() if str(one.service_id) == fields["serviceid"]), None)


def _upgrade_is_right(fields: Mapping[str, Any], service: Service, offer: Offer) -> bool:
    """Tell whether the upgrade is taken; that the present plan with another cycle is not, is an invention.

    The documents say of `newpid` that it "must be within the same location", and of no plan that it is refused.
    """
    place = location_named(offer.location_id) or {}
    return (
        set(fields) == {*_CREDENTIALS, *_UPGRADE_FIELDS}
        and fields["newpaymentmethod"] in PAYMENT_METHODS
        and place.get("name") == service.location
        and offer.name != service.plan
        and service.state != "terminated"
    )


def _cancel_problems(fields: Mapping[str, Any]) -> Iterator[str]:
    if not fields.get("kvmid") and not fields.get("serviceid"):
        yield "service ID is required"
    if fields.get("kvmid") and fields.get("serviceid"):
        yield "give either the KVM ID or the service ID"
    if fields.get("type") not in TYPES:
        yield "cancellation type is invalid"
    yield from (f"{name} is not a known field" for name in fields if name not in (*_CREDENTIALS, *_CANCEL_FIELDS))


def _send(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in _CREDENTIALS}


def _offer(service: Service) -> Offer | None:
    """Return the service's present plan; None for one that is not sold any more."""
    return next(
        (
            offer
            for offer in offers().values()
            if offer.name == service.plan
            and (location_named(offer.location_id) or {}).get("name") == service.location
        ),
        None,
    )


def _add_ons_price(service: Service, cycle: str) -> Decimal:
    """Return what the service's add-ons cost for `cycle`: what it pays beyond its plan's price.

    That an upgrade leaves them and what they cost as they are is an invention: the documents do not speak of them.
    """
    offer = _offer(service)
    if offer is None:
        return Decimal(0)
    more = max(service.price - plan_price(offer, service.billing_cycle, moved=False), Decimal(0))
    return (more / MONTHS[service.billing_cycle] * MONTHS[cycle]).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _due(service: Service, price: Decimal, cycle: str) -> Decimal:
    """Return what is charged now, in EUR: by the day, by a rule of the sandbox's own, for none is documented.

    The new price for the days until the next due date, less the present price for them.
    """
    left = service.days_left(datetime.now(UTC).date())
    by_the_day = price / (MONTHS[cycle] * Decimal(30)) - service.price / (MONTHS[service.billing_cycle] * Decimal(30))
    return max(by_the_day * left, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
