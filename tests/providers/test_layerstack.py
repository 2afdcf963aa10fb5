"""What the LayerStack client reads, and whom it takes for signed in."""

from __future__ import annotations

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.errors import ProviderBroken, RequestRefused, SignInRefused
from vps_tui.providers.models import Account, PaymentMethod, Server
from vps_tui.providers.protocol import Provider
from vps_tui.sandbox.server import Sandbox

from .conftest import Connect, Serve
from .loopback import answering, in_turn
from .orders import LAYERSTACK_DRAFT, ROOT_PASSWORDS, layerstack_draft, place

PASSWORD = ROOT_PASSWORDS["layerstack"]


async def test_account_and_what_can_be_chosen(layerstack: Provider) -> None:
    """There is no call for the account: listing its servers is what shows that the token is good."""
    assert await layerstack.account() == Account("XX-12345678", None)
    assert await layerstack.locations() == ()
    assert await layerstack.billing_cycles() == (
        BillingCycle.MONTHLY,
        BillingCycle.QUARTERLY,
        BillingCycle.ANNUALLY,
    )
    assert await layerstack.payment_methods() == (
        PaymentMethod("ccard", "Credit card", "LayerStack charges the card of the account at once."),
    )


async def test_reads_are_one_request_with_both_headers(layerstack: Provider, sandbox: Sandbox) -> None:
    """The list has a slash at its end and the account in its query; what the file knows is not asked for."""
    await layerstack.account()
    await layerstack.catalog("")
    await layerstack.billing_cycles()
    await layerstack.payment_methods()
    (sent,) = sandbox.requests
    assert (sent.method, sent.route, sent.query) == (
        "GET",
        "/api/cloudserver/",
        {"account_id": "XX-12345678"},
    )
    assert (sent.headers["Account"], sent.headers["AccessToken"]) == ("XX-12345678", "sandbox-token")
    assert sent.headers["Accept"] == "application/json"
    assert sent.body == b""


async def test_find_lists_the_servers_of_that_label(layerstack: Provider, sandbox: Sandbox) -> None:
    """Asked for by label, once for each name, and kept only when the label is the very same."""
    await place(layerstack, LAYERSTACK_DRAFT, PASSWORD)
    await place(layerstack, layerstack_draft(name="web2"), PASSWORD)
    sandbox.requests.clear()
    (service,) = [one for one in sandbox.ledger.services() if one.name == "web1"]
    assert (await layerstack.find(LAYERSTACK_DRAFT)).servers == (
        Server(str(service.service_id), "web1", "S102-HK", "HK", "", service.ip),
    )
    assert [one.query for one in sandbox.requests] == [{"account_id": "XX-12345678", "label": "web1"}]


async def test_find_does_not_trust_the_filter(serve: Serve, connect: Connect) -> None:
    """Whether the list is filtered by part of a label is not documented; an envelope is looked into."""
    listed = [
        {"id": 1, "label": "web10"},
        {"id": 2, "label": "web1", "ip": None},
        "x",
        {"object_id": 3, "name": "web1"},
    ]
    server = serve(in_turn(answering(200, {"data": listed})))
    found = (await connect("layerstack", server.url).find(LAYERSTACK_DRAFT)).servers
    assert found == (Server("2", "web1"), Server("3", "web1"))


@pytest.mark.parametrize("credentials", [{"token": "wrong"}, {"account": "XX-00000000"}])
async def test_wrong_credentials_are_a_refused_sign_in(
    connect: Connect, sandbox: Sandbox, credentials: dict[str, str]
) -> None:
    """A 401, asked once."""
    client = connect("layerstack", sandbox.edis_url, credentials=credentials)
    with pytest.raises(SignInRefused, match=r"Authentication failed\.") as caught:
        await client.account()
    assert caught.value.hint
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("key", ["account", "token"])
@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "Geheim\nbreak",
        "Geheim\tab",
        "Geheim\x00",
        "Geheimü",
        "Geheim漢",
        " Geheim",
        "Geheim ",
        "Geheim\udcff",
    ],
)
async def test_credentials_that_no_header_can_carry(connect: Connect, sandbox: Sandbox, key: str, wrong: str) -> None:
    """Refused in words that do not hold them, before anything is sent."""
    with pytest.raises(SignInRefused) as caught:
        await connect("layerstack", sandbox.edis_url, credentials={key: wrong}).account()
    assert "Geheim" not in f"{caught.value.message} {caught.value.hint}"
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [(403, SignInRefused), (404, RequestRefused), (429, ProviderBroken), (500, ProviderBroken)],
)
async def test_statuses_of_reads(serve: Serve, connect: Connect, status: int, kind: type[Exception]) -> None:
    """As the Introduction lists them; the provider's own message is kept."""
    server = serve(in_turn(answering(status, {"data": {"message": "So it is.", "code": status}})))
    with pytest.raises(kind, match=r"So it is\."):
        await connect("layerstack", server.url).account()
