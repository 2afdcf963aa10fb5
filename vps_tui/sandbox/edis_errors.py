"""EDIS's error bodies, which come in four shapes (EDIS ORDER API, the responses of each operation)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vps_tui.sandbox.exchange import Reply, status_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FIELDS = "Invalid parameters or missing fields."
_CREDENTIALS = "Invalid WHMCS credentials."
_PROVIDED = "Invalid WHMCS credentials provided."
_INTERNAL = "Internal server error. Please try again later."

_ERROR, _ERROR_STATUS, _ERRORMSG, _MESSAGE = "error", "error+status", "errormsg", "message"

_SHAPES: Mapping[str, str] = {
    "get/paymentmethods": _ERROR,
    "get/billingcycles": _ERROR_STATUS,
    "get/account-balance": _ERRORMSG,
    "get/services": _ERRORMSG,
}

_DOCUMENTED: Mapping[tuple[str, int], tuple[str, Mapping[str, str]]] = {
    ("get/paymentmethods", 400): (_FIELDS, {}),
    ("get/paymentmethods", 401): (_CREDENTIALS, {}),
    ("get/billingcycles", 400): (_FIELDS, {}),
    ("get/billingcycles", 401): (_CREDENTIALS, {}),
    ("get/account-balance", 400): (_FIELDS, {}),
    ("get/account-balance", 401): (_CREDENTIALS, {}),
    ("get/account-balance", 500): (_INTERNAL, {}),
    ("get/services", 400): ("Invalid email or password.", {}),
    ("get/services", 401): (_CREDENTIALS, {}),
    ("get/services", 500): (_INTERNAL, {}),
    ("get/serviceid", 400): (_FIELDS, {}),
    ("get/serviceid", 401): (_CREDENTIALS, {}),
    ("get/serviceid", 404): ("The specified KVM instance does not exist.", {}),
    ("get/kvmid", 400): (_FIELDS, {}),
    ("get/kvmid", 401): (_CREDENTIALS, {}),
    ("get/kvmid", 404): ("The specified service ID does not exist.", {}),
    ("get/locations", 400): (_FIELDS, {}),
    ("get/locations", 401): (
        _CREDENTIALS,
        {"details": "The provided credentials are incorrect or expired."},
    ),
    ("get/products", 400): (_FIELDS, {}),
    ("get/products", 401): (
        _PROVIDED,
        {"suggestion": "Please check your username and password and try again."},
    ),
    ("get/products", 404): (
        "The specified location ID does not exist.",
        {"hint": "Please verify the location ID and ensure it is correct."},
    ),
    ("add/order", 400): ("Invalid parameters or incorrect JSON format.", {}),
    ("add/order", 401): (
        _PROVIDED,
        {"suggestion": "Please verify your username and password and try again."},
    ),
    ("add/order", 500): (
        "An unexpected error occurred while processing the order.",
        {"support": "Please contact support with the order details for assistance."},
    ),
    ("add/upgrade", 400): ("Invalid parameters provided.", {}),
    ("add/upgrade", 401): ("Authentication failed. Invalid email or password.", {}),
    ("add/upgrade", 500): ("Unexpected server error. Please try again later.", {}),
    ("cancel/product", 400): ("Invalid parameters or missing required fields.", {}),
    ("cancel/product", 401): (_PROVIDED, {"suggestion": "Please check your credentials and try again."}),
    ("cancel/product", 404): (
        "The specified KVM ID or service ID does not exist.",
        {"hint": "Please verify the provided KVM ID or service ID and try again."},
    ),
}

_WITH_LIST = frozenset({"get/locations", "get/products", "add/order", "cancel/product"})
"""The operations whose 400 has a list called `errors`."""


def error_reply(operation: str | None, status: int, errors: Iterable[str] = ()) -> Reply:
    """Return an operation's error as documented.

    A status without a documented text gets its own phrase in that operation's shape. `errors` names each
    problem, in the operations whose 400 has such a list.
    """
    name = operation or ""
    text, extra = _DOCUMENTED.get((name, status), (status_text(status), {}))
    body = _shaped(_SHAPES.get(name, _MESSAGE), text)
    if status == 400 and name in _WITH_LIST:
        body["errors"] = list(errors)
    return Reply(status, body | dict(extra))


def _shaped(shape: str, text: str) -> dict[str, Any]:
    if shape == _ERROR:
        return {"error": text}
    if shape == _ERROR_STATUS:
        return {"error": text, "status": "error"}
    return {"status": "error", shape: text}
