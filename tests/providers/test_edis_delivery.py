"""How the EDIS client follows a server: what it asks, what it makes of the answers, and what it does not believe."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

from vps_tui.core.errors import ProviderBroken, SignInRefused
from vps_tui.core.secret import Secret
from vps_tui.providers.delivery import Awaited, Delivery
from vps_tui.providers.edis.delivery import ABSENT_SECONDS, REFUSED_SECONDS
from vps_tui.providers.models import Connection
from vps_tui.providers.protocol import Provider
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.messages import strict_json
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .conftest import Connect, Serve
from .loopback import Answer, LoopbackServer, Request, Route, answering
from .orders import CREDENTIALS, EDIS_DRAFT, place

SIGNATURE = "s3cret-signature-" + "1" * 33
MACHINE = "kvm_123456_789012"
SERVICE = {"service_id": 7, "kvm_id": MACHINE, "status": "active", "plan": "KVM STARTER", "location": "Germany"}
AWAITED = Awaited(EDIS_DRAFT, ("7",))
FORM = "application/x-www-form-urlencoded"
WAYS = ("get/services", "get/auth", "get/power")


def auth(server: LoopbackServer, **changes: Any) -> dict[str, Any]:
    """Return the documented answer of get/auth, with `changes` in its entry; `...` leaves a field out."""
    entry = {
        "api_host": server.url.removeprefix("http://"),
        "kvm_id": MACHINE,
        "valid_until": int(time.time()) + 900,
        "signature": SIGNATURE,
        "suspended": "n",
        "primary_ip": "127.1.2.3",
    } | changes
    return {"data": {MACHINE: {key: value for key, value in entry.items() if value is not ...}}, "status": "success"}


def edis(serve: Serve, answers: Mapping[str, Answer | Any]) -> LoopbackServer:
    """Serve the usual answers but for those in `answers`, by operation; what is callable answers itself."""
    usual: dict[str, Any] = {
        "get/services": {"services": [SERVICE], "status": "success"},
        "get/power": {"status": "success", "data": "server powered on", "traffic_suspended": False},
        "get/details": {
            "status": "success",
            "data": {"ip": {"ipv4": ["127.1.2.4/255.0.0.0", "127.1.2.5/255.0.0.0"]}},
        },
    }

    def route(request: Request) -> Answer:
        operation = request.path.removeprefix("/kvm/v2/")
        answer = ({**usual, "get/auth": auth(server)} | dict(answers)).get(operation)
        return answer if callable(answer) else answering(200, answer) if answer is not None else answering(404, {})

    chosen: Route = route
    server = serve(chosen)
    return server


def session_with(**changes: Any) -> Answer:
    """Return an answer of get/auth with `changes` in its entry."""
    return lambda peer: answering(200, auth(peer.server, **changes))(peer)


def operations(server: LoopbackServer) -> list[str]:
    return [request.path.removeprefix("/kvm/v2/") for request in server.requests]


def fields(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True))


async def one(client: Provider, awaited: Awaited = AWAITED) -> Delivery:
    (delivery,) = await client.deliveries(awaited)
    return delivery


async def test_every_request_is_as_documented_field_by_field(connect: Connect, sandbox: Sandbox) -> None:
    """get/services in JSON, get/auth with the credentials, and at the API host the signature and never those."""
    sandbox.set_faults(["no-primary-ip"])
    client = connect("edis", sandbox.edis_url)
    outcome = await place(client, EDIS_DRAFT)
    sandbox.requests.clear()
    delivery = await one(client, Awaited(EDIS_DRAFT, outcome.service_ids))
    (service,) = [found for found in sandbox.ledger.services("edis") if found.order_id]
    assert delivery == Delivery(
        "web1.example.com", str(service.service_id), service.address, service.ip, "active", powered=True
    )
    services, session, details, power = sandbox.requests
    account = {"email": EDIS_ACCOUNT[0], "pw": EDIS_ACCOUNT[1]}
    assert [request.path for request in sandbox.requests] == [
        f"/kvm/v2/get/{name}" for name in ("services", "auth", "details", "power")
    ]
    assert (services.content_type, strict_json(services.body)) == ("application/json", account)
    assert (session.content_type, fields(session.body)) == (FORM, account | {"kvm_id": service.address})
    for request in (details, power):
        assert request.content_type == FORM
        sent = fields(request.body)
        assert set(sent) == {"signature", "kvm_id", "valid_until"}
        assert (sent["kvm_id"], len(sent["signature"]), sent["valid_until"].isdecimal()) == (
            service.address,
            50,
            True,
        )


async def test_not_there_yet_is_said_with_the_providers_own_word(connect: Connect) -> None:
    with Sandbox(delivery_seconds=600) as sandbox:
        client = connect("edis", sandbox.edis_url)
        outcome = await place(client, EDIS_DRAFT)
        sandbox.requests.clear()
        delivery = await one(client, Awaited(EDIS_DRAFT, outcome.service_ids))
        assert (delivery.waiting_for, delivery.address) == ("EDIS Global lists it as pending", "")
        asked = sandbox.requests[1]
        assert (asked.path, fields(asked.body)["serviceid"]) == ("/kvm/v2/get/kvmid", outcome.service_ids[0])
        assert len(sandbox.requests) == 2
        unlisted = await one(client, Awaited(EDIS_DRAFT, ("999",)))
        assert unlisted.waiting_for == "EDIS Global does not list it yet"
        await client.aclose()


async def test_a_machine_that_the_list_does_not_name_is_asked_for(serve: Serve, connect: Connect) -> None:
    listed = {"services": [SERVICE | {"kvm_id": None}], "status": "success"}
    known = {"status": "success", "kvmid": MACHINE, "serviceid": "7"}
    server = edis(serve, {"get/services": listed, "get/kvmid": known})
    assert (await one(connect("edis", server.url))).address == "127.1.2.3"
    assert operations(server) == ["get/services", "get/kvmid", "get/auth", "get/power"]


async def test_the_address_is_that_of_the_session_or_the_first_of_the_details(serve: Serve, connect: Connect) -> None:
    server = edis(serve, {})
    assert (await one(connect("edis", server.url))).address == "127.1.2.3"
    assert operations(server) == list(WAYS)
    for worthless in (..., "", "not an address", "host.example"):
        server = edis(serve, {"get/auth": session_with(primary_ip=worthless)})
        assert (await one(connect("edis", server.url))).address == "127.1.2.4"


@pytest.mark.parametrize(
    "details",
    [
        {"status": "success", "data": {"ip": {"ipv4": []}}},
        {"status": "success", "data": {"ip": {"ipv4": "127.1.2.3/8"}}},
        {"status": "success", "data": {"ip": None}},
        {"status": "success", "data": []},
        {"status": "error", "error": "Missing required parameter: kvm_id"},
        "nothing",
    ],
)
async def test_without_an_address_one_is_waited_for(serve: Serve, connect: Connect, details: Any) -> None:
    answers = {
        "get/details": details,
        "get/auth": session_with(primary_ip=...),
    }
    delivery = await one(connect("edis", edis(serve, answers).url))
    assert (delivery.address, delivery.waiting_for, delivery.look_for) == ("", "waiting for an address", "")


@pytest.mark.parametrize(
    ("power", "powered", "waiting"),
    [
        ("server powered on", True, ""),
        ("server powered off", False, "it is switched off"),
        ("server is offended", None, ""),
        (None, None, ""),
    ],
)
async def test_whether_it_is_on_is_read_from_words(
    serve: Serve, connect: Connect, power: str | None, powered: bool | None, waiting: str
) -> None:
    server = edis(serve, {"get/power": {"status": "success", "data": power}})
    delivery = await one(connect("edis", server.url))
    assert (delivery.powered, delivery.waiting_for, delivery.address) == (powered, waiting, "127.1.2.3")


@pytest.mark.parametrize(
    "refusal",
    [
        answering(401, {"error": "Unauthorized", "code": 401, "message": "Invalid WHMCS credentials."}),
        answering(400, {"error": "Invalid credentials or missing parameters.", "code": 400, "message": "Check."}),
        answering(403, {"error": "Forbidden", "code": 403}),
        answering(200, {"data": [], "status": "success"}),
        answering(200, {"data": {}, "status": "success"}),
        answering(200, {"data": {MACHINE: {"api_host": "1.edisglobal.com"}}, "status": "success"}),
        answering(200, {"status": "error", "message": "API access is disabled."}),
        answering(200, b"<html>"),
    ],
)
async def test_an_account_without_api_access_is_told_to_look_for_the_mail(
    serve: Serve, connect: Connect, refusal: Answer
) -> None:
    """The ORDER API has just taken the same credentials: this is no wrong password, and no failure."""
    delivery = await one(connect("edis", edis(serve, {"get/auth": refusal}).url))
    assert (delivery.address, delivery.waiting_for) == ("", "its address comes by e-mail")
    assert f"e-mail from EDIS Global to {EDIS_ACCOUNT[0]}" in delivery.look_for
    assert EDIS_ACCOUNT[1] not in delivery.look_for


async def test_a_wrong_password_is_one(serve: Serve, connect: Connect, sandbox: Sandbox) -> None:
    client = connect("edis", sandbox.edis_url, credentials={"password": "wrong"})
    with pytest.raises(SignInRefused):
        await client.deliveries(AWAITED)
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("operation", ["get/auth", "get/power"])
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_of_the_management_api_keeps_what_is_known(
    serve: Serve, connect: Connect, operation: str, status: int
) -> None:
    delivery = await one(connect("edis", edis(serve, {operation: answering(status, {"error": "Busy"})}).url))
    assert delivery.status == "active"
    if operation == "get/auth":
        assert delivery.waiting_for == "its address is not known yet: EDIS Global answered: Busy"
        assert delivery.look_for == ""
    else:
        assert (delivery.address, delivery.powered) == ("127.1.2.3", None)


async def test_trouble_of_the_order_api_is_trouble(serve: Serve, connect: Connect) -> None:
    with pytest.raises(ProviderBroken, match="Busy"):
        await one(connect("edis", edis(serve, {"get/services": answering(503, {"error": "Busy"})}).url))


STRANGE_HOSTS = (
    "evil.example",
    "edisglobal.com",
    "1.edisglobal.com.evil.example",
    "1.edisglobal.com:22",
    "1.edisglobal.com/x?",
    "user@1.edisglobal.com",
    "evil.example#.edisglobal.com",
    "127.0.0.1",
    "127.0.0.1:1@evil.example",
    "192.0.2.1:80",
    "\x1b[2J.edisglobal.com",
)


@pytest.mark.parametrize("host", [*STRANGE_HOSTS, "1.edisglobal.com"])
async def test_a_host_that_is_not_the_providers_gets_nothing(serve: Serve, connect: Connect, host: str) -> None:
    """The host comes over the wire, and the signature that goes there can switch a server off.

    From this machine nothing goes to another one, were it the provider's own.
    """
    server = edis(serve, {"get/auth": session_with(api_host=host)})
    delivery = await one(connect("edis", server.url))
    assert "names an API host outside this machine" in delivery.waiting_for
    assert operations(server) == ["get/services", "get/auth"]
    assert delivery.address == ""


def test_its_own_hosts_are_asked_over_tls() -> None:
    from vps_tui.providers.edis.account import EdisAccount
    from vps_tui.providers.edis.delivery import EdisDelivery

    live = connection({"order": "https://order.edisglobal.com", "session": "https://session.edisglobal.com"})
    delivery = EdisDelivery(EdisAccount(provider_info("edis"), live), live)
    assert str(delivery._transport("123456.edisglobal.com")._url) == "https://123456.edisglobal.com/"
    for host in (*STRANGE_HOSTS, "127.0.0.1:80", "localhost:8080"):
        entry = {"api_host": host, "valid_until": 1, "signature": SIGNATURE}
        with pytest.raises(Exception, match="outside edisglobal"):
            delivery._read_session(entry)


def connection(urls: Mapping[str, str], log: Callable[[str], None] | None = None) -> Connection:
    given = {key: Secret(value) for key, value in CREDENTIALS["edis"].items()}
    return Connection(urls, given, log=log, connect_timeout=5, read_timeout=5)


async def test_a_session_is_kept_while_it_is_valid_and_begun_anew_where_it_is_refused(
    serve: Serve, connect: Connect
) -> None:
    server = edis(serve, {})
    client = connect("edis", server.url)
    await one(client)
    await one(client)
    assert operations(server).count("get/auth") == 1
    refusing = edis(serve, {"get/power": answering(401, {"error": "Invalid authentication token", "code": 401})})
    client = connect("edis", refusing.url)
    assert (await one(client)).address == "127.1.2.3"
    await one(client)
    assert operations(refusing).count("get/auth") == 2
    short = edis(serve, {"get/auth": session_with(valid_until=int(time.time()) + 30)})
    client = connect("edis", short.url)
    await one(client)
    await one(client)
    assert operations(short).count("get/auth") == 2


async def test_the_signature_is_in_no_message_no_log_and_no_repr(serve: Serve) -> None:
    """A host that echoes it in a refusal must not bring it onto a screen."""
    lines: list[str] = []
    echo = {"status": "error", "error": f"bad {SIGNATURE}", "data": SIGNATURE}
    server = edis(serve, {"get/power": {"status": "success", "data": f"on {SIGNATURE}"}, "get/details": echo})
    urls = {"order": server.url, "session": server.url}
    client = provider_info("edis").connect(connection(urls, lines.append))
    delivery = await one(client)
    assert lines
    assert any("get/auth" in line for line in lines)
    shown = "\n".join([*lines, repr(delivery), repr(vars(client)), repr(client._delivery._sessions)])  # type: ignore[attr-defined]
    assert SIGNATURE not in shown
    assert EDIS_ACCOUNT[1] not in shown
    await client.aclose()


@pytest.fixture
def rich() -> Iterator[Sandbox]:
    """A sandbox whose account can pay for more than one server."""
    with Sandbox(delivery_seconds=0, credit=Decimal(1000)) as running:
        yield running


async def test_several_servers_are_told_apart_by_their_ids(connect: Connect, rich: Sandbox) -> None:
    two = replace(EDIS_DRAFT, servers=tuple(replace(EDIS_DRAFT.server, name=name) for name in ("web1", "web2")))
    client = connect("edis", rich.edis_url)
    outcome = await place(client, two)
    found = await client.deliveries(Awaited(two, outcome.service_ids))
    assert [(one.name, one.service_id) for one in found] == list(
        zip(("web1", "web2"), outcome.service_ids, strict=True)
    )
    assert len({one.address for one in found}) == 2


async def test_without_ids_only_new_services_of_the_plan_are_taken(connect: Connect, rich: Sandbox) -> None:
    """After an order that was settled by hand nobody knows its ids; what was there before is never taken for it."""
    client = connect("edis", rich.edis_url)
    before = await place(client, EDIS_DRAFT)
    waiting = await one(client, Awaited(EDIS_DRAFT, (), frozenset(before.service_ids)))
    assert (waiting.service_id, waiting.waiting_for) == ("", "EDIS Global does not list it yet")
    new = await place(client, EDIS_DRAFT)
    assert (await one(client, Awaited(EDIS_DRAFT, (), frozenset(before.service_ids)))).service_id == new.service_ids[
        0
    ]
    for others in (frozenset[str](), None):
        unclear = await one(client, Awaited(EDIS_DRAFT, (), others))
        assert (unclear.service_id, unclear.address) == ("", "")
        assert "the EDIS Global client area" in unclear.look_for


async def test_hostile_text_in_a_state_is_cleaned(serve: Serve, connect: Connect) -> None:
    listed = {
        "services": [SERVICE | {"status": "\x1b[2Jpen\u202eding\r\n" + "x" * 900, "kvm_id": ""}],
        "status": "success",
    }
    delivery = await one(connect("edis", edis(serve, {"get/services": listed}).url))
    assert delivery.waiting_for.isprintable()
    assert len(delivery.waiting_for) < 80
    assert re.search(r"lists it as \[2jpending", delivery.waiting_for)


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        (answering(401, {"error": "Unauthorized", "code": 401}), REFUSED_SECONDS),
        (answering(400, {"error": "Missing", "code": 400}), REFUSED_SECONDS),
        (answering(200, {"data": [], "status": "success"}), ABSENT_SECONDS),
    ],
)
async def test_a_sign_in_that_was_refused_is_not_tried_again_and_again(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, refusal: Answer, seconds: float
) -> None:
    """How many wrong sign-ins lock an account nobody tells, and a wait takes hours."""
    server = edis(serve, {"get/auth": refusal})
    client = connect("edis", server.url)
    now = [1000.0]
    monkeypatch.setattr("vps_tui.providers.edis.delivery.monotonic", lambda: now[0])
    first = await one(client)
    assert await one(client) == first
    assert operations(server).count("get/auth") == 1
    now[0] += seconds - 1
    await one(client)
    assert operations(server).count("get/auth") == 1
    now[0] += 2
    await one(client)
    assert operations(server).count("get/auth") == 2


@pytest.mark.parametrize("address", ["::1%`touch x`", "fe80::1%\x1b]0;HACK\x07", "127.0.0.1;ls", "$(ls)", "web1"])
async def test_what_is_not_plainly_an_address_is_none(serve: Serve, connect: Connect, address: str) -> None:
    """It would stand in the ssh command that is offered for copying."""
    details = {"status": "success", "data": {"ip": {"ipv4": [f"{address}/255.255.255.0"]}}}
    server = edis(serve, {"get/auth": session_with(primary_ip=address), "get/details": details})
    assert (await one(connect("edis", server.url))).address == ""
