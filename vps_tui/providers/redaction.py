"""Our own secrets taken out of what comes back: an echoed request must not put them on a screen or disk."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

from vps_tui.core.secret import Secret

REDACTED = "[redacted]"

SHORTEST = 4
"""Characters below which a value is no secret anybody could use, and too likely to be part of an id or a word."""

DEEPEST = 40
"""Levels of nested JSON that are read; neither provider documents more than eight."""


class Redaction:
    """Knows the secrets of one connection in every form in which they are sent."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Take the secrets; `add` takes more."""
        self._forms: tuple[str, ...] = ()
        self.add(secrets)

    def add(self, secrets: Iterable[Secret]) -> None:
        """Redact these from now on as well."""
        forms = {form for secret in secrets for form in _forms(secret.reveal())}
        self._forms = tuple(sorted({*self._forms, *forms}, key=len, reverse=True))

    def of_text(self, text: str) -> str:
        """Return `text` without any secret."""
        for form in self._forms:
            text = text.replace(form, REDACTED)
        return text

    def of_json(self, value: Any, depth: int = DEEPEST) -> Any:
        """Return parsed JSON with every text in it redacted; what lies deeper than `depth` is left out."""
        if depth == 0 and isinstance(value, list | dict):
            return "..."
        if isinstance(value, str):
            return self.of_text(value)
        if isinstance(value, list):
            return [self.of_json(entry, depth - 1) for entry in value]
        if isinstance(value, dict):
            return {self.of_text(key): self.of_json(entry, depth - 1) for key, entry in value.items()}
        return value


def _forms(secret: str) -> set[str]:
    """Return `secret` as it is sent, and as a server may write it when it quotes it."""
    if len(secret) < SHORTEST:
        return set()
    raw = secret.encode("utf-8", "surrogatepass")
    in_urls = {quote(raw, safe=""), quote_plus(raw), quote(raw)}
    in_json = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    # PHP writes a slash with a backslash before it; some servers write hexadecimal digits in the other case.
    in_json |= {form.replace("/", "\\/") for form in in_json}
    in_json |= {re.sub(r"\\u[0-9a-f]{4}", lambda found: f"\\u{found[0][2:].upper()}", form) for form in in_json}
    in_urls |= {re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), form) for form in in_urls}
    in_html = {html.escape(secret), html.escape(secret, quote=False), html.escape(secret).replace("&#x27;", "&#039;")}
    in_base64 = {base64.b64encode(raw).decode("ascii"), base64.urlsafe_b64encode(raw).decode("ascii")}
    return {secret} | in_urls | in_json | in_html | in_base64
