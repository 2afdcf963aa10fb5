"""A client of the sandbox that knows the documents and nothing of this program's own client."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx

from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT, Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEnvbmUgb2YgeW91ciBidXNpbmVzcyBhdCBhbGwh ops@box"
ITEM = {
    "pid": 1707,
    "os": 208,
    "hostname": "web1",
    "additional_ram": 396,
    "additional_vcpu": 452,
    "additional_ip": 9,
    "ssh_pubkey": KEY,
}
ORDER = {"billingcycle": "monthly", "paymentmethod": "cryptomus", "applycredit": True, "item": [ITEM]}
CART_ITEM = {
    "billing_cycle": 1,
    "plan_id": 101,
    "plan_type": "cloud_servers_standard",
    "quantity": 1,
    "addons": [{"id": 6, "additional_value": 1}],
    "password": "Sesame-open-1",
    "os_template_id": 12,
}


class Caller:
    """Calls both providers of one sandbox over real HTTP."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.http = httpx.Client(trust_env=False, timeout=10)

    def edis(self, operation: str, *, pw: str = EDIS_ACCOUNT[1], **fields: str) -> httpx.Response:
        """Call EDIS with a form."""
        form = {"email": EDIS_ACCOUNT[0], "pw": pw, **fields}
        return self.http.post(f"{self.sandbox.edis_url}/kvm/v2/{operation}", data=form)

    def services(self) -> list[dict[str, Any]]:
        """Return EDIS's services."""
        body = {"email": EDIS_ACCOUNT[0], "pw": EDIS_ACCOUNT[1]}
        reply = self.http.post(f"{self.sandbox.edis_url}/kvm/v2/get/services", json=body)
        listed: list[dict[str, Any]] = reply.json()["services"]
        return listed

    def order(self, order: Any = None, **changes: Any) -> httpx.Response:
        """Place the documented EDIS order, with `changes` at its top level."""
        return self.edis("add/order", order=json.dumps((order or ORDER) | changes))

    def item(self, **changes: Any) -> httpx.Response:
        """Place an EDIS order whose one item has `changes`; `...` leaves a field out."""
        changed = {name: value for name, value in (ITEM | changes).items() if value is not ...}
        return self.order(item=[changed])

    def stack(self, method: str, path: str, body: Any = None, **params: str) -> httpx.Response:
        """Call LayerStack."""
        headers = {"Account": LAYERSTACK_ACCOUNT[0], "AccessToken": LAYERSTACK_ACCOUNT[1]}
        url = self.sandbox.layerstack_url + path
        return self.http.request(method, url, json=body, headers=headers, params=params)

    def cart(self, **changes: Any) -> httpx.Response:
        """Put the documented item into LayerStack's cart; `...` leaves a field out."""
        item = {name: value for name, value in (CART_ITEM | changes).items() if value is not ...}
        return self.stack("POST", "/order/add-to-cart", item)

    def buy(self, *cart_ids: int, **changes: Any) -> httpx.Response:
        """Order LayerStack cart items, by default a new one; `...` leaves a field out."""
        ids = list(cart_ids) or [self.cart().json()["0"]]
        body: dict[str, Any] = {"account": LAYERSTACK_ACCOUNT[0], "currency": "usd", "label": "web1"}
        body |= {"cartItems": ids, "payment_type": "ccard"} | changes
        return self.stack("POST", "/order", {name: value for name, value in body.items() if value is not ...})


def wait_for(state: Callable[[], bool]) -> None:
    """Return once `state` holds; fails after five seconds."""
    end = time.monotonic() + 5
    while not state():
        assert time.monotonic() < end, "the state did not come about"
        time.sleep(0.01)


def shape(value: Any) -> Any:
    """Reduce a JSON value to its keys and types."""
    if isinstance(value, dict):
        return {name: shape(entry) for name, entry in value.items()}
    return [shape(value[0])] if isinstance(value, list) else type(value)
