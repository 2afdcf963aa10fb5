"""A request and its answer as a line of the debug log: without secrets, and without what is personal."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

HIDDEN = "[hidden]"

PERSONAL = frozenset(
    {
        "email", "pw", "password", "token", "account", "account_id", "accesstoken", "hostname", "label", "name",
        "ssh_pubkey", "custom_ssh_key", "custom_script", "signature", "ip", "ipv4", "ipv6", "primary_ip", "address",
        "clientid", "description_user",
    }
)  # fmt: skip
"""Names of fields whose values are never logged, in lower case."""

LONGEST = 1500
"""Characters of a body that are logged."""


def request_line(method: str, path: str, content: dict[str, Any]) -> str:
    """Return a request as it is logged: where it goes, and its fields with the personal ones hidden."""
    parts = [f"{kind}={json.dumps(hidden(value), ensure_ascii=True)}" for kind, value in content.items()]
    return " ".join((method, path, *parts))[:LONGEST]


def reply_line(method: str, path: str, status: int, size: int, body: Any) -> str:
    """Return an answer as it is logged: its status and size, and the start of it with what is personal hidden."""
    shown = json.dumps(hidden(body), ensure_ascii=True) if isinstance(body, dict | list) else "not JSON"
    return f"{method} {path} answered {status}, {size} bytes {shown}"[:LONGEST]


def hidden(value: Any, depth: int = 8) -> Any:
    """Return `value` with every personal field hidden, also in JSON and in forms that are text inside it."""
    if depth == 0:
        return "..."
    if isinstance(value, dict):
        return {
            str(key): HIDDEN if str(key).lower() in PERSONAL else hidden(entry, depth - 1)
            for key, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [hidden(entry, depth - 1) for entry in value[:50]]
    if isinstance(value, str):
        return _hidden_text(value, depth)
    return value if value is None or isinstance(value, int | bool) else str(value)


def _hidden_text(text: str, depth: int) -> Any:
    if text[:1] in ("{", "["):
        try:
            return hidden(json.loads(text, parse_float=str), depth - 1)
        except (ValueError, RecursionError):
            return HIDDEN
    if "=" in text and "&" in text:
        return {key: HIDDEN if key.lower() in PERSONAL else "..." for key, _ in parse_qsl(text)}
    return text
