"""The wire of the LayerStack API, as far as its pages describe it: written strictly, read tolerantly."""

from __future__ import annotations

import base64
from typing import Any

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import OsFamily, Plan, find_os_image
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import UnreadableReply
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.core.text import clean
from vps_tui.providers.http import Reply
from vps_tui.providers.models import Server
from vps_tui.providers.order_ids import Ids
from vps_tui.providers.paid_call import NO_REASON

CYCLE_CODES = {BillingCycle.MONTHLY: 1, BillingCycle.QUARTERLY: 3, BillingCycle.ANNUALLY: 12}
"""Order, "Create Cart Item", field `billing_cycle`."""

OFF_CATALOGUE = Plan(id="", name="", vcpu=None, ram_mb=None, disk_gb=None, traffic_tb=None, prices={})
"""Stands for a plan whose ids were typed: nothing else is known of it."""


def cart_item(draft: Draft, server: ServerDraft, plan: Plan, password: Secret | None) -> dict[str, Any]:
    """Return the body of "Create Cart Item"; keys and scripts go only with Linux images, which alone take them.

    The image of a plan that is in no catalogue is taken for a Linux one when a key or a script is given.
    """
    item: dict[str, Any] = {
        "billing_cycle": CYCLE_CODES[draft.billing_cycle],
        "plan_id": int(server.plan),
        "plan_type": server.plan_type or plan.plan_type,
        "quantity": server.quantity,
        "os_template_id": int(server.os),
    }
    if password is not None:
        item["password"] = password.reveal()
    if server.add_ons:
        item["addons"] = [{"id": int(chosen.id), "additional_value": chosen.value} for chosen in server.add_ons]
    image = find_os_image(plan, server.os)
    if image is None or image.family is OsFamily.LINUX:
        given = (("custom_ssh_key", server.ssh_key), ("custom_script", server.startup_script))
        item |= {field: base64.b64encode(text.encode()).decode("ascii") for field, text in given if text}
    return item


def explain(reply: Reply) -> tuple[str, str] | None:
    """Return message and hint of an error; the documents give no error body, so every known shape is tried."""
    body = reply.body
    if not isinstance(body, dict):
        return None
    data = body.get("data")
    holders = [data, body] if isinstance(data, dict) else [body]
    marked = any(_is_error(holder) for holder in holders)
    if not marked and reply.status < 400:
        return None
    for holder in holders:
        for key in ("message", "error", "errors", "errormsg"):
            if holder.get(key):
                return clean(_flat(holder[key])) or NO_REASON, ""
    return (NO_REASON, "") if marked else None


def _is_error(holder: dict[str, Any]) -> bool:
    code = holder.get("code")
    return (
        bool(holder.get("error") or holder.get("errors"))
        or holder.get("success") is False
        or str(holder.get("status", "")).lower() in ("error", "failed", "fail")
        or (isinstance(code, int) and code >= 400)
    )


def _flat(value: Any, depth: int = 4) -> str:
    """Return a reason of any shape as text; what lies deeper than `depth` is left out."""
    if isinstance(value, dict | list) and depth == 0:
        return "..."
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_flat(entry, depth - 1)}" for key, entry in list(value.items())[:10])
    if isinstance(value, list):
        return "; ".join(_flat(entry, depth - 1) for entry in value[:10])
    return str(value)


def cart_ids(body: Any) -> list[str]:
    """Return the ids under the all-digit keys of the add-to-cart reply: {"0": 995, "data": {...}}."""
    if not isinstance(body, dict):
        return []
    return [str(value) for key, value in body.items() if _is_number(key) and _is_number(str(value))]


def _is_number(text: str) -> bool:
    return len(text) < 19 and text.isascii() and text.isdigit()


def order_taken(_body: dict[str, Any], ids: Ids) -> Outcome | None:
    """Read the reply to POST /order, which is undocumented: what is no error and names an order is a success.

    A service that it names may be one by another id than the list of servers has; the order and its invoice do.
    """
    return Outcome(
        OutcomeKind.PLACED,
        order_id=", ".join(ids.orders),
        invoice_id=", ".join(ids.invoices),
        service_ids=ids.services,
    )


def entries(body: Any) -> list[Any]:
    """Return the list of servers; the sample reply is undocumented, so an envelope is looked into as well."""
    if isinstance(body, dict):
        body = body.get("data")
    if isinstance(body, list):
        return body
    raise UnreadableReply("LayerStack's list of servers is not a list.", hint="Try again later.")


def server_of(entry: dict[str, Any]) -> Server:
    def text(*keys: str) -> str:
        return clean(str(next((entry[key] for key in keys if entry.get(key) is not None), "")))

    return Server(
        id=text("id", "object_id"),
        name=text("label", "name"),
        plan=text("plan", "plan_name"),
        location=text("region", "location"),
        status=text("status"),
        address=text("ip"),
    )
