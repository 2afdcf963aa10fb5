"""EDIS's management API of the sandbox, field by field, and the SSH servers that answer some time after delivery."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from vps_tui.sandbox import edis_session
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox

from .calls import Caller, shape, wait_for

AUTH = {
    "api_host": str,
    "api_rdns": str,
    "kvm_id": str,
    "valid_until": int,
    "signature": str,
    "suspended": str,
    "description": str,
    "lps": str,
    "lps_ispremium": bool,
}
"""An entry of `data` as the reference has it; `primary_ip` is the guide's."""
BAD_AUTH = {
    400: {
        "error": "Invalid credentials or missing parameters.",
        "code": 400,
        "message": "Please check your input and try again.",
    },
    401: {
        "error": "Unauthorized",
        "code": 401,
        "message": "Invalid WHMCS credentials. Please provide correct credentials.",
    },
    500: {
        "error": "Internal Server Error",
        "code": 500,
        "message": "An unexpected error occurred. Please try again later.",
    },
}


def machine(call: Caller) -> str:
    """Order a server; returns its KVM id."""
    call.order()
    return str(call.services()[-1]["kvm_id"])


def session(call: Caller, kvm_id: str) -> dict[str, Any]:
    """Return the entry of one machine in get/auth."""
    entry: dict[str, Any] = call.edis("get/auth", kvm_id=kvm_id).json()["data"][kvm_id]
    return entry


def ask(call: Caller, operation: str, entry: dict[str, Any], **changes: str) -> httpx.Response:
    """Ask the API host of `entry`, with `changes` in the form; an empty one leaves the field out."""
    fields = {name: str(entry[name]) for name in ("signature", "kvm_id", "valid_until")} | changes
    form = {name: value for name, value in fields.items() if value}
    return call.http.post(f"http://{entry['api_host']}/kvm/v2/{operation}", data=form)


def test_a_session_names_the_host_and_the_address(call: Caller) -> None:
    kvm_id = machine(call)
    reply = call.edis("get/auth", kvm_id=kvm_id).json()
    entry = reply["data"][kvm_id]
    assert (set(reply), list(reply["data"]), reply["status"]) == ({"data", "status"}, [kvm_id], "success")
    assert {name: type(value) for name, value in entry.items()} == AUTH | {"primary_ip": str}
    assert call.sandbox.edis_url == f"http://{entry['api_host']}"
    assert len(entry["signature"]) == 50
    assert entry["valid_until"] > time.time()
    assert (entry["kvm_id"], entry["suspended"], entry["description"]) == (kvm_id, "n", "web1")
    call.sandbox.set_faults(["no-primary-ip"])
    assert {name: type(value) for name, value in session(call, kvm_id).items()} == AUTH


def test_without_an_id_all_machines_that_are_there_are_in_it() -> None:
    with Sandbox(delivery_seconds=600) as sandbox:
        call = Caller(sandbox)
        call.order()
        assert len(call.edis("get/auth").json()["data"]) == 2, "the two older ones, not the one that is being made"
        call.http.close()


@pytest.mark.parametrize("known", [True, False])
def test_a_machine_that_nobody_may_manage_is_in_no_session(call: Caller, *, known: bool) -> None:
    kvm_id = machine(call)
    call.sandbox.set_faults(["no-api-access"] if known else [])
    wanted = kvm_id if known else "kvm_1_1"
    assert call.edis("get/auth", kvm_id=wanted).json() == {"data": [], "status": "success"}


def test_the_details_are_the_documented_reply(call: Caller) -> None:
    entry = session(call, machine(call))
    details = ask(call, "get/details", entry).json()
    assert shape(details) == {
        "status": str,
        "data": {
            "hw": dict.fromkeys(("ram", "disk", "cpu_set_cores", "drive_boost"), str),
            "suspended": str,
            "ip": {"ipv4": [str]} | dict.fromkeys(("ipv4_gw", "ipv4_nm", "ipv6_gw", "ipv6_64"), str),
            "hostname": str,
        },
    }
    assert details["data"]["ip"]["ipv4"] == [f"{entry['primary_ip']}/255.0.0.0"]
    assert details["data"]["hostname"] == "web1"
    everything = ask(call, "get/all_details", entry).json()
    traffic = everything["data"].pop("traffic")
    assert everything == details
    assert set(traffic["data"]) >= {"included_bytes", "days_remaining", "rx_bytes", "tx_bytes"}


def test_the_power_is_told_in_words(call: Caller) -> None:
    entry = session(call, machine(call))
    on = {"status": "success", "data": "server powered on", "traffic_suspended": False}
    assert ask(call, "get/power", entry).json() == on
    call.sandbox.set_faults(["powered-off"])
    assert ask(call, "get/power", entry).json() == on | {"data": "server powered off"}


@pytest.mark.parametrize(
    ("operation", "missing", "forged"),
    [
        (
            "get/power",
            {"error": "Missing required parameter: kvm_id", "code": 400},
            {"error": "Invalid authentication token", "code": 401},
        ),
        (
            "get/details",
            {"error": "Missing required parameter: kvm_id", "status": "error"},
            {"error": "Invalid session signature", "status": "error"},
        ),
        (
            "get/all_details",
            {"message": "Invalid parameters provided.", "status": "error"},
            {"message": "Unauthorized request.", "status": "error"},
        ),
    ],
)
def test_what_is_missing_forged_old_or_for_another_machine_is_refused(
    call: Caller, operation: str, missing: dict[str, Any], forged: dict[str, Any]
) -> None:
    entry = session(call, machine(call))
    other = next(one["kvm_id"] for one in call.services() if one["kvm_id"] != entry["kvm_id"])
    reply = ask(call, operation, entry, kvm_id="")
    assert (reply.status_code, reply.json()) == (400, missing)
    for name in ("signature", "valid_until"):
        assert ask(call, operation, entry, **{name: ""}).status_code == 400
    wrong = {"signature": "1" * 50}, {"valid_until": "1"}, {"kvm_id": other}
    for changes in wrong:
        reply = ask(call, operation, entry, **changes)
        assert (reply.status_code, reply.json()) == (401, forged)
    as_json = call.http.post(f"{call.sandbox.edis_url}/kvm/v2/{operation}", json={"signature": "x"})
    assert as_json.status_code == 400
    assert call.http.get(f"{call.sandbox.edis_url}/kvm/v2/{operation}").status_code == 405


def test_a_session_ends(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edis_session, "VALID_SECONDS", -1)
    entry = session(call, machine(call))
    for operation in ("get/power", "get/details", "get/all_details"):
        assert ask(call, operation, entry).status_code == 401


def test_a_session_is_refused_in_its_own_words(call: Caller) -> None:
    url = f"{call.sandbox.edis_url}/kvm/v2/get/auth"
    reply = call.http.post(url, data={"email": EDIS_ACCOUNT[0]})
    assert (reply.status_code, reply.json()) == (400, BAD_AUTH[400])
    reply = call.edis("get/auth", pw="wrong")
    assert (reply.status_code, reply.json()) == (401, BAD_AUTH[401])
    call.sandbox.set_faults(["http-500:get/auth"])
    assert call.edis("get/auth").json() == BAD_AUTH[500]


def banner(sandbox: Sandbox, address: str) -> bytes:
    """Return the first bytes of the SSH server at `address`, nothing where it refuses."""
    try:
        with socket.create_connection((address, sandbox.ssh_port), 5) as peer:
            return peer.recv(100)
    except ConnectionRefusedError:
        return b""


def fingerprint(sandbox: Sandbox, address: str) -> str:
    """Return the host key of the SSH server at `address` as OpenSSH sees it."""
    scanned = subprocess.run(
        ["ssh-keyscan", "-p", str(sandbox.ssh_port), address], capture_output=True, check=True, timeout=10
    ).stdout
    listed = subprocess.run(["ssh-keygen", "-lf", "-"], input=scanned, capture_output=True, check=True).stdout
    found = re.search(rb"SHA256:\S+", listed)
    assert found is not None, (scanned, listed)
    return found[0].decode()


def test_an_ssh_server_answers_some_time_after_delivery_and_stays_the_same_after_a_restart(tmp_path: Path) -> None:
    """Two servers have two addresses and two keys; before its time a server refuses."""
    keys: list[list[str]] = []
    for _ in range(2):
        with Sandbox(ledger=tmp_path / "ledger", delivery_seconds=0, ssh_delay_seconds=3600) as sandbox:
            call = Caller(sandbox)
            if not keys:
                call.order()
                call.buy()
                (bought,) = [one for one in sandbox.ledger.services("layerstack") if one.order_id]
                assert banner(sandbox, bought.ip) == b""
            address = session(call, str(call.services()[-1]["kvm_id"]))["primary_ip"]
            (listed,) = call.stack("GET", "/cloudserver/", account_id="XX-12345678", label="web1").json()
            wait_for(lambda of=sandbox: of._doors._loop is not None)  # type: ignore[misc]
            assert banner(sandbox, address) == b"", "It is delivered, and does not answer yet."
            due, pause = sandbox._doors._due(datetime.now(UTC), ())
            assert {one.ip for one in due}.isdisjoint((address, listed["ip"]))
            assert pause is not None
            assert 3500 < pause < 3601
            sandbox._doors._delay = timedelta(0)
            sandbox._doors.look()
            wait_for(lambda at=address: banner(sandbox, at) == b"SSH-2.0-vps-tui-sandbox\r\n")  # type: ignore[misc]
            keys.append([fingerprint(sandbox, one) for one in (address, listed["ip"])])
            call.http.close()
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


def test_nobody_gets_in_without_the_key_and_is_told_why() -> None:
    with Sandbox(delivery_seconds=0, ssh_delay_seconds=0) as running:
        call = Caller(running)
        address = session(call, machine(call))["primary_ip"]
        wait_for(lambda: bool(banner(running, address)))
        options = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"]
        command = ["ssh", "-F", "none", *options, "-p", str(running.ssh_port), f"root@{address}", "true"]
        tried = subprocess.run(command, capture_output=True, check=False, timeout=20, text=True)
        assert tried.returncode != 0
        assert "Only the key that was ordered gets in." in tried.stderr
        call.http.close()


def test_an_old_ledgers_servers_have_addresses_too(sandbox: Sandbox, call: Caller) -> None:
    """LayerStack's servers had an address of nobody's in the ledger before; what is shown answers."""
    call.buy()
    with sandbox.ledger._transaction() as db:
        db.execute("UPDATE services SET address = '203.0.113.9' WHERE provider = 'layerstack'")
    listed = call.stack("GET", "/cloudserver/", account_id="XX-12345678").json()
    assert len({one["ip"] for one in listed}) == 2
    assert all(one["ip"].startswith("127.") for one in listed)
