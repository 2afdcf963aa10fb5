"""Orders of several servers from a file: what is sent, what comes back for which server, and what is refused."""

from __future__ import annotations

import base64
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from vps_tui.providers.order_file import dump
from vps_tui.sandbox.messages import strict_json
from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services.order_files import load

from .conftest import KEY, Run

FILES = Path(__file__).parent.parent / "data" / "order-files"
EDIS, STACK = FILES / "edis-several.toml", FILES / "layerstack-several.toml"


def sent(sandbox: Sandbox, route: str) -> list[bytes]:
    """Return the bodies of the requests to `route`."""
    return [one.body for one in sandbox.requests if one.route == route]


def edis_order(sandbox: Sandbox) -> Any:
    (body,) = sent(sandbox, "/kvm/v2/add/order")
    fields = parse_qs(body.decode(), keep_blank_values=True, strict_parsing=True)
    assert {name: fields[name] for name in ("email", "pw")} == {"email": [EDIS_ACCOUNT[0]], "pw": [EDIS_ACCOUNT[1]]}
    assert set(fields) == {"email", "pw", "order"}
    return strict_json(fields["order"][0])


def test_three_servers_from_edis(run: Run, sandbox: Sandbox) -> None:
    document = run("order", EDIS, "--yes", "--json").document
    web = {"pid": 1707, "os": 208, "additional_ram": 396, "ssh_pubkey": KEY}
    assert edis_order(sandbox) == {
        "billingcycle": "annually",
        "paymentmethod": "cryptomus",
        "applycredit": False,
        "item": [
            web | {"hostname": "web1"},
            web | {"hostname": "web2"},
            {"pid": 1717, "os": 208, "hostname": "db1", "ssh_pubkey": KEY},
        ],
    }
    (order,) = sandbox.ledger.orders()
    services = [one for one in sandbox.ledger.services("edis") if one.order_id == order.order_id]
    assert document["servers"] == [
        {"name": one.name, "service_id": str(one.service_id)}
        for one in sorted(services, key=lambda one: one.service_id)
    ]
    assert [one["name"] for one in document["servers"]] == ["web1", "web2", "db1"]
    assert document["service_ids"] == [one["service_id"] for one in document["servers"]]
    assert document["quote"]["due_now"] == str(order.total)
    shown = run("orders", "show", document["reference"])
    for number, name in zip(document["service_ids"], ("web1", "web2", "db1"), strict=True):
        assert f"{number} - {name}" in shown.out


def test_three_servers_from_layerstack(run: Run, sandbox: Sandbox) -> None:
    ran = run("order", STACK, "--yes", "--json")
    items = [strict_json(body) for body in sent(sandbox, "/api/order/add-to-cart")]
    passwords = [item.pop("password") for item in items]
    assert len(set(passwords)) == 2, "Each cart item has a root password of its own."
    key = base64.b64encode(KEY.encode()).decode()
    common = {"billing_cycle": 3, "os_template_id": 12, "custom_ssh_key": key}
    assert items == [
        common | {"plan_id": 101, "plan_type": "cloud_servers_standard", "quantity": 2},
        common | {"plan_id": 201, "plan_type": "cloud_servers_highmemory", "quantity": 1},
    ]
    (order,) = [strict_json(body) for body in sent(sandbox, "/api/order")]
    assert order == {
        "account": "XX-12345678",
        "currency": "usd",
        "label": "web",
        "payment_type": "ccard",
        "cartItems": [995, 996],
    }
    (taken,) = sandbox.ledger.orders()
    assert taken.labels == ("web", "web", "web")
    document = ran.document
    # Its reply is not documented and names no server.
    assert document["servers"] == [{"name": "web", "service_id": None}] * 3
    assert document["quote"]["due_now"] == str(taken.total)
    assert any("same label" in note for note in document["quote"]["notes"])


@pytest.mark.parametrize(("file", "route"), [(EDIS, "/kvm/v2/add/order"), (STACK, "/api/order")])
def test_the_same_file_and_a_copy_that_was_read_and_written_say_the_same(
    run: Run, sandbox: Sandbox, tmp_path: Path, file: Path, route: str
) -> None:
    copy = tmp_path / "copy.toml"
    copy.write_text(dump(load(file)))
    dry = [run("order", one, "--dry-run").out for one in (file, copy)]
    assert dry[0] == dry[1]
    run("order", file, "--yes")
    reference = run("orders", "--json").document["orders"][0]["reference"]
    run("order", copy, "--yes", "--again", reference)
    if route == "/kvm/v2/add/order":
        first, second = sent(sandbox, route)
        assert first == second


def test_a_quote_names_every_server_and_adds_up_exactly(run: Run) -> None:
    document = run("quote", EDIS, "--json").document
    assert [line["label"] for line in document["lines"]] == [
        "web1: KVM STARTER",
        "web1: Additional RAM: +1GB",
        "web2: KVM STARTER",
        "web2: Additional RAM: +1GB",
        "db1: KVM BASIC PLUS",
    ]
    assert sum(Decimal(line["amount"]) for line in document["lines"]) == Decimal(document["due_now"])
    labels = [line["label"] for line in run("quote", STACK, "--json").document["lines"]]
    assert labels == ["1. web: S102-HK x 2", "2. web: M216-HK"]
    assert "same label" in run("quote", STACK).out


def test_an_order_that_lacks_a_service_says_how_many(run: Run, sandbox: Sandbox) -> None:
    sandbox.set_faults(["partial"])
    ran = run("order", EDIS, "--yes", "--json")
    assert (ran.code, ran.document["outcome"]) == (0, "placed")
    assert len(ran.document["service_ids"]) == 2
    assert ran.document["servers"] == [{"name": name, "service_id": None} for name in ("web1", "web2", "db1")]
    assert "3 servers were ordered (web1, web2, db1), but 2 got a service id" in ran.document["message"]
    assert "but 2 got a service id" in run("orders", "show", ran.document["reference"]).out


def test_an_order_that_failed_names_them_all(run: Run, sandbox: Sandbox) -> None:
    sandbox.set_faults(["out-of-stock"])
    ran = run("order", EDIS, "--yes", "--json")
    assert (ran.code, ran.document["outcome"]) == (4, "unknown")
    assert "No server of it has a service id: web1, web2, db1." in ran.document["message"]


def test_a_server_that_the_cart_refuses_is_named_and_nothing_is_bought(
    run: Run, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = tmp_path / "many.toml"
    file.write_text(STACK.read_text().replace("quantity = 1", "quantity = 11"))
    ran = run("order", file, "--yes", "--json")
    assert (ran.code, ran.document["outcome"]) == (1, "refused")
    assert "Server 2 of 2 (M216-HK): LayerStack refused the server" in ran.document["message"]
    assert "Nothing was bought" in ran.document["message"]
    assert sandbox.ledger.orders() == []
    assert sent(sandbox, "/api/order") == []
    assert [one.method for one in sandbox.requests if "cartItems/delete" in one.route] == ["DELETE"]
    assert sandbox.ledger.cart("XX-12345678") == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (EDIS, '"web2"', '"web1"', "server[2].name: server[1] has this name already."),
        (EDIS, '"db1"', '"WEB2"', "server[3].name: server[2] has this name already."),
        (
            STACK,
            'name = "web"\nplan = 201',
            'name = "db"\nplan = 201',
            "server[2].name: it differs from server[1].name.",
        ),
    ],
)
def test_names_that_cannot_stand_beside_each_other(
    run: Run, sandbox: Sandbox, tmp_path: Path, file: Path, old: str, new: str, words: str
) -> None:
    wrong = tmp_path / "wrong.toml"
    text = file.read_text()
    assert old in text
    wrong.write_text(text.replace(old, new))
    ran = run("order", wrong, "--yes", "--json")
    assert ran.code == 2
    assert words in ran.document["error"]["message"]
    assert ran.document["error"]["hint"]
    assert list(sandbox.requests) == []


@pytest.mark.parametrize("name", ["web1", "web2", "db1"])
def test_every_server_counts_for_a_repetition(run: Run, tmp_path: Path, name: str) -> None:
    assert run("order", EDIS, "--yes").code == 0
    alone = tmp_path / "alone.toml"
    top, *servers = EDIS.read_text().split("[[server]]")
    (server,) = [one for one in servers if f'"{name}"' in one]
    alone.write_text(f"{top}[[server]]{server}")
    ran = run("order", alone, "--yes", "--json")
    assert (ran.code, ran.document["outcome"]) == (1, "not_sent")
    assert "--again" in ran.document["message"]
