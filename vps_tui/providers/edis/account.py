"""One EDIS Global account on the wire: credentials, reads, and what its error bodies mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from vps_tui.core.errors import ProviderBroken, RequestRefused, SignInRefused, UnreadableReply
from vps_tui.core.text import clean
from vps_tui.providers.http import Reply, Transport, sendable
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import Connection
from vps_tui.providers.paid_call import NO_REASON
from vps_tui.providers.sign_in_errors import blame_credential

Read = TypeVar("Read")

_BAD_CREDENTIALS = re.compile(
    r"(?i)whmcs credentials|authentication failed|invalid email or password"
    r"|\b(?:email|password|pw) is (?:required|invalid)"
)
_CALLED = {"e-mail address": r"\be-?mail\b|user ?name", "password": r"\bpassword\b|\bpw\b"}
"""What EDIS Global's answers call its two credentials."""


class EdisAccount:
    """The ORDER API of one account: every operation's reads and the checks that all answers pass."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet. Raises `SignInRefused` for credentials that no request can carry."""
        self.info = info
        self._email = connection.credentials["email"]
        self._password = connection.credentials["password"]
        if not (sendable(self._email) and sendable(self._password)):
            raise SignInRefused(
                "The e-mail address or password has characters that cannot be sent.", hint="Type them again."
            )
        self.http = Transport(info.name, connection.urls["order"], connection, {}, _is_read)

    @property
    def name(self) -> str:
        """The e-mail address that signs in."""
        return clean(self._email.reveal())

    def credentials(self) -> dict[str, str]:
        """Return the two fields that every body carries."""
        return {"email": self._email.reveal(), "pw": self._password.reveal()}

    async def ask(self, operation: str, **fields: str) -> dict[str, Any]:
        """Return the body of a successful read whose request is a form; raises `ProviderError`."""
        reply = await self.http.read("POST", f"kvm/v2/{operation}", data={**self.credentials(), **fields})
        return self.checked(reply)

    async def services(self) -> tuple[list[Any], datetime | None]:
        """Return the raw entries of get/services, terminated ones too, and the provider's clock.

        Raises `ProviderError`. Who has none gets an empty list (get/services, `services`): an answer without a list
        says nothing of what there is, and taken for an empty one it would make every server look gone.
        """
        reply = await self.http.read("POST", "kvm/v2/get/services", json=self.credentials())
        entries = self.checked(reply).get("services")
        if not isinstance(entries, list):
            raise UnreadableReply(
                f"{self.info.name}'s answer has no list of services in it, so it does not say which there are.",
                hint="Try again later; if it stays so, please report it.",
            )
        return entries, reply.date

    def checked(self, reply: Reply) -> dict[str, Any]:
        """Return the body of a successful read; raises the `ProviderError` that the reply stands for."""
        error = read_error(reply)
        if error is None and reply.status < 300:
            return reply.object()
        message, hint = error or (f"HTTP {reply.status}", "")
        if reply.status == 401 or _BAD_CREDENTIALS.search(message):
            raise self._sign_in_refused(message, hint)
        if reply.status == 429 or reply.status >= 500:
            raise ProviderBroken(
                f"{self.info.name} answered: {message}",
                hint=hint or (f"Try again after {reply.retry_after}." if reply.retry_after else "Try again later."),
            )
        if error is None:
            reply.object()
        raise RequestRefused(f"{self.info.name} answered: {message}", hint=hint)

    def _sign_in_refused(self, message: str, hint: str) -> SignInRefused:
        """Return what to say of a refused sign-in; only of a missing one does EDIS Global say which it is."""
        which = blame_credential(f"{message} {hint}", _CALLED)
        return SignInRefused(
            f"{self.info.name} does not accept this {which or 'e-mail address and password'}: {message}",
            hint=f"Check {f'the {which}' if which else 'both'}: ordering takes the e-mail address and password of "
            "your client account (WHMCS); EDIS Global's documents name no API key for it.",
        )

    def translated(self, translate: Callable[[], Read]) -> Read:
        """Return what `translate` makes of a body; raises `UnreadableReply` for one that is not as documented."""
        try:
            return translate()
        except (ValidationError, AttributeError, TypeError, ValueError) as error:
            raise UnreadableReply(
                f"{self.info.name} sent something that is not what it documents.",
                hint="Try again later; if it stays so, please report it.",
            ) from error


def _is_read(_method: str, path: str) -> bool:
    """Every operation is a POST (Order API, base rules); those that only look are called get/..."""
    return path.startswith("kvm/v2/get/")


def read_error(reply: Reply) -> tuple[str, str] | None:
    """Return message and hint of an error in any of the four documented shapes, or None."""
    body = reply.body
    if not isinstance(body, dict):
        return None
    marked = body.get("status", "success") != "success" or "error" in body
    if not marked and reply.status < 400:
        return None
    message = next((clean(str(body[key])) for key in ("message", "errormsg", "error") if body.get(key)), "")
    listed = body.get("errors")
    reasons = "; ".join(clean(str(entry)) for entry in listed[:10]) if isinstance(listed, list) else ""
    if not message and not reasons:
        return (NO_REASON, "") if marked else None
    hint = next((clean(str(body[key])) for key in ("suggestion", "hint", "details", "support") if body.get(key)), "")
    return " ".join((message, f"({reasons})" if reasons else "")).strip(), hint
