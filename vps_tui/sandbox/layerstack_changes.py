"""LayerStack's change orders and plan switches (LayerStack API, Order).

Fields, types and the answers of the three calls that have a sample are the documents'. Everything else is an
invention of the sandbox's: subscription ids, the sums, what an answer with `available: false` holds, the answer to
the change order itself, and that a switch to the present plan or to one of another region is refused (the documents
ask for the same type alone).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from vps_tui.sandbox.data import load_layerstack_catalog
from vps_tui.sandbox.layerstack_cart import find
from vps_tui.sandbox.layerstack_errors import body_of, envelope, error_reply, refuse
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.messages import Call, RefusedError, Reply, id_in
from vps_tui.sandbox.records import MONTHS, Changed, Service

ADD_ONS = {"vm_backup": 6, "china_route": 7, "vm_antiddos": 8}
"""The documented resources, and the add-on of the invented catalogue that each is."""

FIRST_SUBSCRIPTION = 4158
"""Of the first service; the sample of the change order has this number."""

_FIRST_SERVICE = 8101
_MOVED_BY = Decimal("3.00")


def subscription_id(service: Service) -> int:
    """Return the subscription of a service: every one has its own, and it is not the service's id."""
    return service.service_id - _FIRST_SERVICE + FIRST_SUBSCRIPTION


@dataclass(frozen=True, slots=True)
class _Wanted:
    service: Service
    per_cycle: Decimal
    """How much more a billing cycle costs from then on; below zero for a smaller plan."""
    after: dict[str, Any]
    inapplicable: tuple[str, ...] = ()


class LayerstackChanges:
    """Changes of the subscriptions of one account."""

    def __init__(self, ledger: Ledger, account: str) -> None:
        self._ledger = ledger
        self._account = account

    def add_ons_total(self, call: Call) -> Reply:
        """Answer PUT /order/changeorder/total; changes nothing."""
        if "inapplicable" in call.flags:
            body = body_of(call)
            resources = body.get("resources") or []
            every = tuple(str(entry.get("resource_name")) for entry in resources if isinstance(entry, dict))
            wanted = _Wanted(self._service(body), Decimal(0), {}, every)
        else:
            wanted = self._add_ons(call)
        return Reply(200, _total(wanted, call.flags) | {"inapplicable_resources": list(wanted.inapplicable)})

    def add_ons(self, call: Call) -> Reply:
        """Answer POST /order/changeorder."""
        wanted = self._add_ons(call)
        if wanted.inapplicable:
            return error_reply(422, f"resources: {', '.join(wanted.inapplicable)} cannot be had")
        taken = self._take("add_on", wanted, body_of(call), call.flags, numbered=True)
        ids = {"order_id": taken.order_id, "invoice_id": taken.invoice_id}
        return Reply(200, ids | envelope(200, "Change order placed successfully"))

    def switch_total(self, call: Call) -> Reply:
        """Answer PUT /order/switch/total; changes nothing."""
        body = body_of(call)
        refuse(400, _unknown(body, "subscription_id", "plan_id"))
        return Reply(200, _total(self._switch(self._service(body), body), call.flags))

    def switch(self, call: Call) -> Reply:
        """Answer PUT /order/switch/{subscription_id}: as its total, and without an order id."""
        body = body_of(call)
        refuse(400, _unknown(body, "plan_id"))
        subscription = {"subscription_id": id_in(call.argument)}
        wanted = self._switch(self._service(subscription), body)
        answer = _total(wanted, call.flags)
        if answer["available"]:
            self._take("switch", wanted, subscription | body, call.flags, numbered=False)
        return Reply(200, answer)

    def _take(
        self, kind: str, wanted: _Wanted, body: dict[str, Any], flags: frozenset[str], *, numbered: bool
    ) -> Changed:
        change = Changed(
            "layerstack",
            self._account,
            kind,
            wanted.service.service_id,
            body,
            _prorate(wanted, flags),
            load_layerstack_catalog()["currency"],
        )
        return self._ledger.change(change, wanted.after, numbered=numbered)

    def _service(self, body: dict[str, Any]) -> Service:
        wanted = body.get("subscription_id")
        if type(wanted) is not int:
            raise RefusedError(error_reply(400, "subscription_id must be an integer"))
        for service in self._ledger.services("layerstack", self._account):
            if subscription_id(service) == wanted:
                return service
        raise RefusedError(error_reply(404, "The subscription does not exist."))

    def _add_ons(self, call: Call) -> _Wanted:
        body = body_of(call)
        refuse(400, _unknown(body, "subscription_id", "resources"))
        refuse(422, _resource_problems(body.get("resources")))
        service = self._service(body)
        details, price, over = dict(service.details), Decimal(0), []
        for entry in body["resources"]:
            name, count = entry["resource_name"], int(entry["delta_value"])
            add_on = find("add_on", ADD_ONS[name]) or {}
            details[name] = details.get(name, 0) + count
            price += Decimal(add_on["prices"][service.cycle]) * count
            if details[name] > add_on["max"]:
                over.append(name)
        return _Wanted(service, price, {"details": details, "price": service.price + price}, tuple(over))

    def _switch(self, service: Service, body: dict[str, Any]) -> _Wanted:
        if type(body.get("plan_id")) is not int:
            raise RefusedError(error_reply(400, "plan_id must be an integer"))
        plan, now = find("plan", body["plan_id"]), _plan_named(service.plan)
        if plan is None:
            raise RefusedError(error_reply(422, "plan_id is not a known plan"))
        if (plan["plan_type"], plan["region"]) != (now["plan_type"], now["region"]) or plan["id"] == now["id"]:
            raise RefusedError(error_reply(422, "plan_id must be another plan of the same type"))
        cycle = service.cycle
        more = Decimal(plan["prices"][cycle]) - Decimal(now["prices"][cycle])
        sizes = {"ram": plan["ram_mb"], "cpu": plan["vcpu"], "disk": plan["disk_gb"]}
        after = {"plan": plan["name"], "price": service.price + more, "details": {**service.details, **sizes}}
        return _Wanted(service, more, after)


def _plan_named(name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(plan for plan in load_layerstack_catalog()["plan"] if plan["name"] == name)
    return found


def _resource_problems(resources: Any) -> Iterator[str]:
    if not isinstance(resources, list) or not resources or not all(isinstance(one, dict) for one in resources):
        yield "resources must be a list of {resource_name, delta_value}"
        return
    names = [entry.get("resource_name") for entry in resources]
    if len(set(map(str, names))) != len(names):
        yield "resources names one twice"
    for entry in resources:
        value = entry.get("delta_value")
        if set(entry) != {"resource_name", "delta_value"} or entry["resource_name"] not in ADD_ONS:
            yield f"resources: resource_name must be one of {', '.join(ADD_ONS)}"
        # The sample has text; that a number is taken as well is an assumption.
        elif not (type(value) is int or (isinstance(value, str) and value.isascii() and value.isdecimal())):
            yield "resources: delta_value must be a number"
        elif not 1 <= int(value) <= 99:
            yield "resources: delta_value is out of range"


def _unknown(body: dict[str, Any], *known: str) -> list[str]:
    return [f"{name} is not a known field" for name in body if name not in known]


def _prorate(wanted: _Wanted, flags: frozenset[str]) -> Decimal:
    """Return what is charged now: the difference for the days that are left, never below zero."""
    left = wanted.service.days_left(datetime.now(UTC).date())
    due = max(wanted.per_cycle / (MONTHS[wanted.service.cycle] * Decimal(30)) * left, Decimal(0))
    moved = _MOVED_BY if "price-moved" in flags else Decimal(0)
    return (due + moved).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _total(wanted: _Wanted, flags: frozenset[str]) -> dict[str, Any]:
    if "unavailable" in flags:
        return {"available": False}
    today = datetime.now(UTC).date()
    return {
        "available": True,
        "total": float(_prorate(wanted, flags)),
        "currency": load_layerstack_catalog()["currency"],
        "date_from": today.isoformat(),
        "date_to": (wanted.service.next_due(today) - timedelta(days=1)).isoformat(),
    }
