"""Toy Servers' API as the sandbox serves it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vps_tui.sandbox.messages import Call, Provider, Recorded, RefusedError, Reply, are_equal, json_object
from vps_tui.sandbox.stand_ins import StandInInfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from vps_tui.sandbox.ledger import Ledger

PLAN = {
    "id": "nano",
    "name": "Nano",
    "prices": {"1": "3.00", "24": "60.00"},
    "daily": {"1": "1.00", "24": "20.00"},
}


class ToyStandIn(Provider):
    """One account."""

    base = "/toy/v1/"
    methods = MappingProxyType({"locations": "GET", "plans": "GET", "servers": "GET"})

    def __init__(self, _: Ledger, account: tuple[str, str], _delivery: timedelta, _look: Callable[[], None]) -> None:
        self._pin = account[1]
        self.orders: dict[str, dict[str, Any]] = {}
        self._operations = {"order": self._order, **dict.fromkeys(self.methods, self._list)}

    def call_of(self, request: Recorded, path: str) -> Call:
        operation, _, argument = path.partition("/")
        return Call(request, operation if operation in self._operations else None, argument)

    def sign_in(self, call: Call) -> Call:
        if not are_equal((call.request.headers["Pin"] or "",), (self._pin,)):
            raise RefusedError(self.error(call.operation, 401))
        return call

    def _list(self, call: Call) -> Reply:
        operation = call.operation or ""
        return Reply(200, {operation: self._listed(operation, call.argument)})

    def _listed(self, operation: str, argument: str) -> list[dict[str, Any]]:
        if operation == "locations":
            return [{"id": "north-1", "name": "Far North"}, {"id": "south-2", "name": "Far South"}]
        if operation == "plans":
            return [PLAN] if argument == "north-1" else []
        return [{"id": f"srv-{key}", **order["items"][0]} for key, order in self.orders.items()]

    def _order(self, call: Call) -> Reply:
        order, key = json_object(call.request), call.request.headers["Idempotency-Key"] or ""
        if order is None or not key:
            return self.error("order", 400)
        self.orders.setdefault(key, order)
        return Reply(201, {"order_id": f"ord-{len(self.orders)}7001", "message": "Order placed."})

    def error(self, _operation: str | None, status: int) -> Reply:
        return Reply(status, {"error": f"Toys are broken ({status})."})

    def without_ids(self, body: Any) -> Any:
        return {"message": "Order placed."}


STAND_IN = StandInInfo(
    "Toy Servers",
    ToyStandIn,
    ("ann", "1234"),
    url_path="/toy/v1",
    variables=("VPS_TUI_TOY_URL", "VPS_TUI_TOY_USER", "VPS_TUI_TOY_PIN"),
)
