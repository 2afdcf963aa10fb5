"""EDIS Global's management API as far as it tells about a server (EDIS Global Management API, base path /kvm/v2).

The documents give the bodies. Invented is what `get/auth` says of a machine that is not the account's, and of
an account whose API access is off: an empty list, as PHP writes an object without members.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from vps_tui.sandbox.edis_errors import error_reply
from vps_tui.sandbox.ledger import Ledger
from vps_tui.sandbox.messages import Call, RefusedError, Reply, are_equal
from vps_tui.sandbox.records import Service

PROVIDER = "edis"
VALID_SECONDS = 3600
_GIGABYTE = 1024


class EdisSession:
    """The operations of one sandbox, for one account."""

    def __init__(self, ledger: Ledger, account: tuple[str, str], revealed: Callable[[], None]) -> None:
        """Take what is called when an address of a server has been shown."""
        self._ledger = ledger
        self._account = account
        self._revealed = revealed
        self._secret = secrets.token_bytes(32)
        self.operations = {
            "get/auth": self._auth,
            "get/power": self._power,
            "get/details": self._show_details,
            "get/all_details": self._show_details,
        }

    def _power(self, call: Call) -> Reply:
        self._authorised(call)
        state = "server powered off" if "powered-off" in call.flags else "server powered on"
        return Reply(200, {"status": "success", "data": state, "traffic_suspended": False})

    def _show_details(self, call: Call) -> Reply:
        service = self._authorised(call)
        self._revealed()
        details = _details(service)
        if call.operation == "get/all_details":
            details["traffic"] = {"data": _traffic(service), "status": "success"}
        return Reply(200, {"status": "success", "data": details})

    def _auth(self, call: Call) -> Reply:
        fields, flags = call.fields, call.flags
        if not fields.get("email") or not fields.get("pw"):
            return error_reply("get/auth", 400)
        if not are_equal((fields["email"], fields["pw"]), self._account):
            return error_reply("get/auth", 401)
        wanted = fields.get("kvm_id", "")
        found = [] if "no-api-access" in flags else [one for one in self._machines() if wanted in ("", one.address)]
        # The sandbox is its own API host, under whatever name it was reached.
        host = call.request.headers["Host"] or ""
        data = {one.address: self._entry(one, host, with_ip="no-primary-ip" not in flags) for one in found}
        if data and "no-primary-ip" not in flags:
            self._revealed()
        return Reply(200, {"data": data or [], "status": "success"})

    def _entry(self, service: Service, host: str, *, with_ip: bool) -> dict[str, Any]:
        until = int(time.time()) + VALID_SECONDS
        entry: dict[str, Any] = {
            "api_host": host,
            "api_rdns": "dns-api.edis.at",
            "kvm_id": service.address,
            "valid_until": until,
            "signature": self._signature(service.address, str(until)),
            "suspended": "n" if service.state == "active" else "y",
            "description": service.name,
            "lps": "01",
            "lps_ispremium": False,
        }
        # The guide of 2026 shows it, the reference does not.
        return entry | ({"primary_ip": service.ip} if with_ip else {})

    def _authorised(self, call: Call) -> Service:
        """Return the server that the signature is for; raises `RefusedError`."""
        fields, operation = call.fields, call.operation
        for name in ("signature", "kvm_id", "valid_until"):
            if not fields.get(name):
                raise RefusedError(error_reply(operation, 400, missing=name))
        kvm_id, until = fields["kvm_id"], fields["valid_until"]
        signed = hmac.compare_digest(fields["signature"].encode(), self._signature(kvm_id, until).encode())
        in_time = until.isascii() and until.isdecimal() and int(until[:15]) > time.time()
        service = next((one for one in self._machines() if one.address == kvm_id), None)
        if not signed or not in_time or service is None:
            raise RefusedError(error_reply(operation, 401))
        return service

    def _machines(self) -> list[Service]:
        now = datetime.now(UTC)
        return [one for one in self._ledger.services(PROVIDER, self._account[0]) if one.delivered(now)]

    def _signature(self, kvm_id: str, until: str) -> str:
        return hmac.new(self._secret, f"{kvm_id} {until}".encode(), hashlib.sha256).hexdigest()[:50]


def _details(service: Service) -> dict[str, Any]:
    """Return `data` of get/details; sizes are those of a small plan, since no reply says which plan it is."""
    return {
        "hw": {"ram": str(2 * _GIGABYTE), "disk": str(20 * _GIGABYTE), "cpu_set_cores": "socket", "drive_boost": "0"},
        "suspended": "n" if service.state == "active" else "y",
        "ip": {
            "ipv4": [f"{service.ip}/255.0.0.0"],
            "ipv4_gw": "127.0.0.1",
            "ipv4_nm": "255.0.0.0",
            "ipv6_gw": "fe80::1",
            "ipv6_64": "fe80::/64",
        },
        "hostname": service.name,
    }


def _traffic(service: Service) -> dict[str, Any]:
    return {
        "included_bytes": 2_000_000_000_000,
        "days_remaining": 30,
        "last_updated": str(int(service.ready.timestamp())),
        "rx_bytes": "0",
        "tx_bytes": "0",
        "rx_packets": "0",
        "tx_packets": "0",
    }
