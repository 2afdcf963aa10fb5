"""The server and its ledger: restarts, sharing, connections, and the command that serves it alone."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import stat
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING

import httpx
import pytest

from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .calls import Caller, wait_for

if TYPE_CHECKING:
    from pathlib import Path

SERVE = "import sys; from vps_tui.sandbox.server import serve; sys.exit(serve(0, ledger=None, faults=()))"


def port_of(sandbox: Sandbox) -> int:
    return int(sandbox.edis_url.rpartition(":")[2])


def test_a_restart_keeps_the_ledger_and_goes_on_counting(tmp_path: Path) -> None:
    path = tmp_path / "state" / "ledger"
    with Sandbox(ledger=path, delivery_seconds=0) as sandbox:
        call = Caller(sandbox)
        first = call.order().json()
        call.buy()
        call.http.close()
    with Sandbox(ledger=path, delivery_seconds=0, credit=Decimal("7.00")) as sandbox:
        call = Caller(sandbox)
        assert len(sandbox.ledger.orders()) == 2
        assert str(call.services()[-1]["service_id"]) == first["serviceids"]
        assert len(call.services()) == 3, "the older services are added once"
        assert call.edis("get/account-balance").json()["balance"]["amount"] == "7.00"
        second = call.order().json()
        assert second["orderid"] == first["orderid"] + 1
        assert second["invoicepaid"] is False
        assert call.buy(currency=...).status_code == 200, "the account's currency is kept"
        call.http.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_sandboxes_share_a_ledger_without_losing_or_doubling_an_order(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    rich = Decimal(10_000)
    with Sandbox(ledger=path, credit=rich) as one, Sandbox(ledger=path, credit=rich) as two:
        callers = [Caller(one), Caller(two)]
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda number: callers[number % 2].order().json(), range(20)))
        assert len({reply["orderid"] for reply in replies}) == 20
        assert len(one.ledger.orders()) == len(two.ledger.orders()) == 20
        left = callers[0].edis("get/account-balance").json()["balance"]["amount"]
        assert Decimal(left) == rich - 20 * Decimal("26.99")
        for caller in callers:
            caller.http.close()
        assert one.failures == two.failures == []


def test_two_accounts_see_their_own_services_only(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with Sandbox(ledger=path, delivery_seconds=0) as sandbox:
        call = Caller(sandbox)
        call.order()
        call.http.close()
    with Sandbox(ledger=path, edis_account=("other@example.test", "secret")) as sandbox:
        url = f"{sandbox.edis_url}/kvm/v2/get/services"
        reply = httpx.post(url, json={"email": "other@example.test", "pw": "secret"}, trust_env=False)
        assert "web1" not in reply.text
        assert len(reply.json()["services"]) == 2
        reply = httpx.post(url, json={"email": EDIS_ACCOUNT[0], "pw": EDIS_ACCOUNT[1]}, trust_env=False)
        assert reply.status_code == 401


def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "notes.txt"
    path.write_text("not a database, and longer than the header of one would be " * 20)
    with pytest.raises(sqlite3.DatabaseError):
        Ledger(path)
    assert path.read_text().startswith("not a database")


def test_requests_are_recorded_as_they_arrived(call: Caller) -> None:
    call.edis("get/products", location_id="122")
    call.stack("GET", "/cloudserver/", account_id="XX-12345678")
    first, second = call.sandbox.requests
    assert (first.method, first.path) == ("POST", "/kvm/v2/get/products")
    assert first.content_type == "application/x-www-form-urlencoded"
    assert b"location_id=122" in first.body
    assert (second.path, second.body) == ("/api/cloudserver/?account_id=XX-12345678", b"")
    assert second.headers["accesstoken"] == "sandbox-token"


def test_a_connection_is_kept_and_every_reply_is_dated(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=5)
    connection.connect()
    ends = set()
    for _ in range(3):
        connection.request("POST", "/kvm/v2/get/billingcycles", b"", {})
        reply = connection.getresponse()
        assert (reply.version, reply.status) == (11, 400)
        assert reply.headers["Date"].endswith("GMT")
        assert len(reply.read()) == int(reply.headers["Content-Length"])
        ends.add(connection.sock.getsockname())
    connection.close()
    assert len(ends) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "1000001"}, 413),
    ],
)
def test_a_body_of_unknown_or_huge_length_is_refused(sandbox: Sandbox, headers: dict[str, str], status: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=5)
    connection.putrequest("POST", "/kvm/v2/add/order")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()
    assert sandbox.requests == []


def test_clients_that_leave_disturb_nobody(call: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    for rude in (
        b"",
        b"POST /kvm/v2/add/order HTTP/1.1\r\nContent-Length: 50\r\n\r\nhalf",
        b"\x00\xff\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port_of(call.sandbox))) as raw:
            raw.sendall(rude)
    with socket.create_connection(("127.0.0.1", port_of(call.sandbox))) as raw:
        raw.sendall(b"POST /kvm/v2/add/order HTTP/1.1\r\nContent-Length: 50\r\n\r\nhalf")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert call.order().status_code == 200
    assert len(call.sandbox.ledger.orders()) == 1
    call.sandbox.close()
    assert capfd.readouterr() == ("", "")


def test_closing_is_quick_and_ends_idle_connections() -> None:
    sandbox = Sandbox()
    sandbox.start()
    call = Caller(sandbox)
    call.edis("get/billingcycles")
    started = time.perf_counter()
    sandbox.close()
    assert time.perf_counter() - started < 0.25
    with pytest.raises(httpx.TransportError):
        call.edis("get/billingcycles")
    sandbox.close()
    call.http.close()


def test_a_port_in_use_is_an_oserror(sandbox: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"), Sandbox(port=port_of(sandbox)):
        pass


def test_only_loopback_is_bound(sandbox: Sandbox) -> None:
    assert sandbox.edis_url.startswith("http://127.0.0.1:")
    assert sandbox.layerstack_url == f"{sandbox.edis_url}/api"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serving_alone_says_where_and_ends_on_a_signal(ending: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(10)]
        facts = dict(line.strip().split("=", 1) for line in lines if not line.startswith("#"))
        form = {"email": facts["VPS_TUI_EDIS_EMAIL"], "pw": facts["VPS_TUI_EDIS_PASSWORD"]}
        reply = httpx.post(facts["VPS_TUI_EDIS_URL"] + "/kvm/v2/get/billingcycles", data=form, trust_env=False)
        assert reply.status_code == 200
        account = facts["VPS_TUI_LAYERSTACK_ACCOUNT"]
        headers = {"Account": account, "AccessToken": facts["VPS_TUI_LAYERSTACK_TOKEN"]}
        url = f"{facts['VPS_TUI_LAYERSTACK_URL']}/cloudserver/?account_id={account}"
        assert httpx.get(url, headers=headers, trust_env=False).status_code == 200
        process.send_signal(ending)
        output, errors = process.communicate(timeout=5)
        assert (process.returncode, output, errors) == (0, "", "")
    assert any(str(LAYERSTACK_CATALOG) in line for line in lines)
    assert any("Nothing is bought" in line for line in lines)


def test_the_package_needs_nothing_but_the_standard_library() -> None:
    check = (
        "import sys; import vps_tui.sandbox.server as s; s.Sandbox().close(); "
        "print([m for m in sys.modules if m.split('.')[0] in ('httpx','pydantic','textual','rich')"
        " or (m.startswith('vps_tui.') and not m.startswith('vps_tui.sandbox'))])"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True, env=environment)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_a_delivery_time_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    with Sandbox(ledger=path, delivery_seconds=0.4) as sandbox:
        call = Caller(sandbox)
        call.order()
        assert call.services()[-1]["kvm_id"] is None
        call.http.close()
    with Sandbox(ledger=path, delivery_seconds=1000) as sandbox:
        call = Caller(sandbox)
        wait_for(lambda: call.services()[-1]["kvm_id"] is not None)
        call.http.close()
