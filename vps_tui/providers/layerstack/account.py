"""One LayerStack account on the wire: its headers, its list of servers, and what its error bodies mean."""

from __future__ import annotations

from vps_tui.core.errors import ProviderBroken, RequestRefused, SignInRefused
from vps_tui.core.text import clean
from vps_tui.providers.http import Reply, Transport
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.layerstack import wire
from vps_tui.providers.models import Connection, Listing
from vps_tui.providers.sign_in_errors import blame_credential

_CALLED = {"account id": r"\baccount", "access token": r"\btoken|accesstoken"}
"""What answers could call the two credentials; LayerStack documents no text of any."""


class LayerStackAccount:
    """The API of one account, and the checks that all answers pass."""

    def __init__(self, info: ProviderInfo, connection: Connection) -> None:
        """Prepare; nothing is sent yet. Raises `SignInRefused` for credentials that no header can carry."""
        self.info = info
        self.id = connection.credentials["account"].reveal()
        headers = {
            "Account": _header(self.id),
            "AccessToken": _header(connection.credentials["token"].reveal()),
        }
        self.http = Transport(info.name, connection.urls["api"], connection, headers, _is_read)

    @property
    def name(self) -> str:
        """The account id that signs in."""
        return clean(self.id, 40)

    async def listed(self, query: dict[str, str]) -> Listing:
        """Return the servers that fit `query` (Cloud Server, list); raises `ProviderError`."""
        reply = await self.http.read("GET", "cloudserver/", params={"account_id": self.id, **query})
        error = wire.explain(reply)
        if reply.status >= 300 or error is not None:
            raise self.failed(reply, *(error or (f"HTTP {reply.status}", "")))
        servers = tuple(wire.server_of(entry) for entry in wire.entries(reply.body) if isinstance(entry, dict))
        return Listing(servers, reply.date)

    def failed(self, reply: Reply, message: str, hint: str) -> Exception:
        """Return what to raise for a reply that is no success."""
        name = self.info.name
        if reply.status in (401, 403):
            which = blame_credential(f"{message} {hint}", _CALLED)
            return SignInRefused(
                f"{name} does not accept this {which or 'account id and access token'}: {message}",
                hint=f"Check {f'the {which}' if which else 'both'} in the LayerPanel. The account id has the form "
                "XX-12345678. If you have no access token for the API, ask LayerStack's support.",
            )
        if reply.status == 429 or reply.status >= 500:
            return ProviderBroken(f"{name} answered: {message}", hint=hint or "Try again later.")
        return RequestRefused(f"{name} answered: {message}", hint=hint)


def _is_read(method: str, path: str) -> bool:
    """Whatever only looks is a GET (Introduction); the order page's price enquiries are PUTs on .../total."""
    return method == "GET" or (method == "PUT" and path in ("order/changeorder/total", "order/switch/total"))


def _header(value: str) -> str:
    """Return a credential as a header can carry it; raises `SignInRefused` for one that no header can."""
    if value and value.isascii() and value.isprintable() and value == value.strip():
        return value
    raise SignInRefused(
        "The account id or access token has characters that cannot be sent.",
        hint="Copy it again from the LayerPanel, without spaces and line breaks.",
    )
