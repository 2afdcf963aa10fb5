"""EDIS's error bodies, which come in five shapes (ORDER API and Management API, the responses of each operation)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vps_tui.sandbox.messages import Reply, status_text

_FIELDS = "Invalid parameters or missing fields."
_CREDENTIALS = "Invalid WHMCS credentials."
_PROVIDED = "Invalid WHMCS credentials provided."
_INTERNAL = "Internal server error. Please try again later."

_ERROR, _ERROR_STATUS, _ERRORMSG, _MESSAGE = "error", "error+status", "errormsg", "message"
_ERROR_CODE = "error+code"
_MISSING = "Missing required parameter: "

_SHAPES: Mapping[str, str] = {
    "get/paymentmethods": _ERROR,
    "get/billingcycles": _ERROR_STATUS,
    "get/account-balance": _ERRORMSG,
    "get/services": _ERRORMSG,
    "get/auth": _ERROR_CODE,
    "get/power": _ERROR_CODE,
    "get/details": _ERROR_STATUS,
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
    ("get/auth", 400): (
        "Invalid credentials or missing parameters.",
        {"message": "Please check your input and try again."},
    ),
    ("get/auth", 401): (
        "Unauthorized",
        {"message": "Invalid WHMCS credentials. Please provide correct credentials."},
    ),
    ("get/auth", 500): (
        "Internal Server Error",
        {"message": "An unexpected error occurred. Please try again later."},
    ),
    ("get/power", 401): ("Invalid authentication token", {}),
    ("get/power", 403): ("Access to this resource is denied", {}),
    ("get/power", 500): ("An unexpected error occurred on the server", {}),
    ("get/details", 401): ("Invalid session signature", {}),
    ("get/details", 403): ("Access to this resource is denied", {}),
    ("get/details", 500): ("An unexpected error occurred. Please try again later", {}),
    ("get/all_details", 400): ("Invalid parameters provided.", {}),
    ("get/all_details", 401): ("Unauthorized request.", {}),
    ("get/all_details", 403): ("Access forbidden.", {}),
    ("get/all_details", 500): ("Internal server error.", {}),
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
_NAMING = frozenset({"get/power", "get/details"})
"""The operations whose 400 names the field that is missing."""


def error_reply(operation: str | None, status: int, errors: Iterable[str] = (), missing: str = "") -> Reply:
    """Return an operation's error as documented.

    A status without a documented text gets its own phrase in that operation's shape. `errors` names each
    problem, in the operations whose 400 has such a list; `missing` the one field that is not there, in those
    whose 400 says that.
    """
    name = operation or ""
    text, extra = _DOCUMENTED.get((name, status), (status_text(status), {}))
    if missing and name in _NAMING:
        text = _MISSING + missing
    body = _shaped(_SHAPES.get(name, _MESSAGE), text, status)
    if status == 400 and name in _WITH_LIST:
        body["errors"] = list(errors)
    return Reply(status, body | dict(extra))


def _shaped(shape: str, text: str, status: int) -> dict[str, Any]:
    if shape == _ERROR:
        return {"error": text}
    if shape == _ERROR_STATUS:
        return {"error": text, "status": "error"}
    if shape == _ERROR_CODE:
        return {"error": text, "code": status}
    return {"status": "error", shape: text}
