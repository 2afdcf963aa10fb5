"""A connection for reads sends nothing else, whoever asks: refused just above the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from vps_tui.core.errors import ReadsOnly
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.providers.edis.client import EdisClient
from vps_tui.providers.edis.info import PROVIDER as EDIS
from vps_tui.providers.http import NotSent, Transport
from vps_tui.providers.layerstack.client import LayerStackClient
from vps_tui.providers.layerstack.info import PROVIDER as LAYERSTACK
from vps_tui.providers.models import Connection
from vps_tui.providers.patience import Patience
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import Sandbox

from .orders import CREDENTIALS, DRAFTS, PAID_PATHS, ROOT_PASSWORDS

INFOS = {"edis": EDIS, "layerstack": LAYERSTACK}
Client = EdisClient | LayerStackClient
Open = Callable[..., Client]
both = pytest.mark.parametrize("provider", INFOS)


@pytest.fixture
async def opened(sandbox: Sandbox) -> AsyncIterator[Open]:
    """Return what connects to the sandbox, for reads alone where nothing else is said."""
    clients: list[Client] = []

    def open_one(provider: str, *, read_only: bool = True) -> Client:
        info = INFOS[provider]
        url, _, _ = sandbox.access(provider)
        credentials = {key: Secret(value) for key, value in CREDENTIALS[provider].items()}
        connection = Connection(dict.fromkeys(info.urls, url), credentials, LAYERSTACK_CATALOG, read_only=read_only)
        client = info.connect(connection)
        assert isinstance(client, EdisClient | LayerStackClient)
        clients.append(client)
        return client

    yield open_one
    for client in clients:
        await client.aclose()


def transport(client: Client) -> Transport:
    return client._account.http


async def test_preparing_an_edis_order_sends_nothing_and_neither_does_sending_it(
    opened: Open, sandbox: Sandbox
) -> None:
    call = await opened("edis").prepare(DRAFTS["edis"], ROOT_PASSWORDS["edis"])
    assert not isinstance(call, Outcome)
    outcome = await call.send()
    assert outcome.kind is OutcomeKind.NOT_SENT
    assert "nothing but reads" in outcome.message
    assert sandbox.requests == []
    assert sandbox.ledger.orders() == []


async def test_preparing_a_layerstack_order_does_not_even_fill_the_cart(opened: Open, sandbox: Sandbox) -> None:
    outcome = await opened("layerstack").prepare(DRAFTS["layerstack"], ROOT_PASSWORDS["layerstack"])
    assert isinstance(outcome, Outcome)
    assert outcome.kind is OutcomeKind.NOT_SENT
    assert "nothing but reads" in outcome.message
    assert sandbox.requests == []
    assert sandbox.ledger.orders() == []


@both
async def test_the_same_orders_reach_a_connection_that_may_send(
    opened: Open, sandbox: Sandbox, provider: str
) -> None:
    """Without this the two tests above would pass with orders that never leave."""
    call = await opened(provider, read_only=False).prepare(DRAFTS[provider], ROOT_PASSWORDS[provider])
    assert not isinstance(call, Outcome)
    assert (await call.send()).kind is OutcomeKind.PLACED
    assert len(sandbox.ledger.orders()) == 1


REQUESTS = {
    "edis": [("POST", "kvm/v2/add/order"), ("POST", "kvm/v2/delete/order"), ("GET", "kvm/v2/add/order")],
    "layerstack": [
        ("POST", "order"),
        ("POST", "order/add-to-cart"),
        ("DELETE", "order/cartItems/delete/995"),
        ("PUT", "order/changeorder"),
        ("PATCH", "cloudserver/1"),
        ("POST", "cloudserver/"),
    ],
}
ALL_REQUESTS = [(provider, *request) for provider, requests in REQUESTS.items() for request in requests]


@pytest.mark.parametrize(("provider", "method", "path"), ALL_REQUESTS)
async def test_whatever_is_no_read_is_refused_wherever_it_is_asked(
    opened: Open, sandbox: Sandbox, provider: str, method: str, path: str
) -> None:
    http = transport(opened(provider))
    assert isinstance(await http.send_once(method, path), NotSent)
    client = await http._open()
    with pytest.raises(ReadsOnly):
        await http._receive(client, client.build_request(method, path), Patience(1, 1))
    assert sandbox.requests == []


@pytest.mark.parametrize(("provider", "method", "path"), ALL_REQUESTS)
@pytest.mark.parametrize("read_only", [True, False])
async def test_what_is_no_read_is_never_tried_like_one(
    opened: Open, sandbox: Sandbox, provider: str, method: str, path: str, *, read_only: bool
) -> None:
    """A read may be sent three times; that must not happen to anything else, on any connection."""
    with pytest.raises(ValueError, match="is not a read"):
        await transport(opened(provider, read_only=read_only)).read(method, path)
    assert sandbox.requests == []


@both
async def test_every_read_goes_through(opened: Open, sandbox: Sandbox, provider: str) -> None:
    client, draft = opened(provider), DRAFTS[provider]
    await client.account()
    await client.locations()
    catalog = await client.catalog(draft.location)
    await client.billing_cycles()
    await client.payment_methods()
    assert (await client.quote(draft, catalog)).lines
    await client.find(draft)
    assert sandbox.requests
    assert PAID_PATHS[provider] not in {request.route for request in sandbox.requests}
