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

_USUAL = {400: _FIELDS, 401: _CREDENTIALS}

_DOCUMENTED: Mapping[str, Mapping[int, str]] = {
    "get/paymentmethods": _USUAL,
    "get/billingcycles": _USUAL,
    "get/account-balance": _USUAL | {500: _INTERNAL},
    "get/services": {
        400: "Invalid email or password.",
        401: _CREDENTIALS,
        500: _INTERNAL,
    },
    "get/serviceid": _USUAL | {404: "The specified KVM instance does not exist."},
    "get/kvmid": _USUAL | {404: "The specified service ID does not exist."},
    "get/locations": _USUAL,
    "get/products": {
        400: _FIELDS,
        401: _PROVIDED,
        404: "The specified location ID does not exist.",
    },
    "get/auth": {
        400: "Invalid credentials or missing parameters.",
        401: "Unauthorized",
        500: "Internal Server Error",
    },
    "get/power": {
        401: "Invalid authentication token",
        403: "Access to this resource is denied",
        500: "An unexpected error occurred on the server",
    },
    "get/details": {
        401: "Invalid session signature",
        403: "Access to this resource is denied",
        500: "An unexpected error occurred. Please try again later",
    },
    "get/all_details": {
        400: "Invalid parameters provided.",
        401: "Unauthorized request.",
        403: "Access forbidden.",
        500: "Internal server error.",
    },
    "add/order": {
        400: "Invalid parameters or incorrect JSON format.",
        401: _PROVIDED,
        500: "An unexpected error occurred while processing the order.",
    },
    "add/upgrade": {
        400: "Invalid parameters provided.",
        401: "Authentication failed. Invalid email or password.",
        500: "Unexpected server error. Please try again later.",
    },
    "cancel/product": {
        400: "Invalid parameters or missing required fields.",
        401: _PROVIDED,
        404: "The specified KVM ID or service ID does not exist.",
    },
}
"""What the documents give as text, by operation and status."""

_BESIDES: Mapping[tuple[str, int], Mapping[str, str]] = {
    ("get/locations", 401): {"details": "The provided credentials are incorrect or expired."},
    ("get/products", 401): {"suggestion": "Please check your username and password and try again."},
    ("get/products", 404): {"hint": "Please verify the location ID and ensure it is correct."},
    ("get/auth", 400): {"message": "Please check your input and try again."},
    ("get/auth", 401): {"message": "Invalid WHMCS credentials. Please provide correct credentials."},
    ("get/auth", 500): {"message": "An unexpected error occurred. Please try again later."},
    ("add/order", 401): {"suggestion": "Please verify your username and password and try again."},
    ("add/order", 500): {"support": "Please contact support with the order details for assistance."},
    ("cancel/product", 401): {"suggestion": "Please check your credentials and try again."},
    ("cancel/product", 404): {"hint": "Please verify the provided KVM ID or service ID and try again."},
}
"""What such a body holds besides the text."""

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
    text = _DOCUMENTED.get(name, {}).get(status) or status_text(status)
    if missing and name in _NAMING:
        text = _MISSING + missing
    body = _shape(_SHAPES.get(name, _MESSAGE), text, status)
    if status == 400 and name in _WITH_LIST:
        body["errors"] = list(errors)
    return Reply(status, body | dict(_BESIDES.get((name, status), {})))


def _shape(shape: str, text: str, status: int) -> dict[str, Any]:
    if shape == _ERROR:
        return {"error": text}
    if shape == _ERROR_STATUS:
        return {"error": text, "status": "error"}
    if shape == _ERROR_CODE:
        return {"error": text, "code": status}
    return {"status": "error", shape: text}
