"""Every `--json` document of the contract: one on standard output and nothing else, whatever happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from vps_tui.sandbox.server import Sandbox

from .conftest import FINGERPRINT, Ran, Run, Write, journal
from .shapes import CATALOG, ERROR, ORDER, ORDERS, QUOTE, SHOWN, differences

both = pytest.mark.parametrize("provider", ["edis", "layerstack"])


def as_agreed(ran: Ran, shape: Any) -> Any:
    """Return the document of `ran` after comparing it with the contract."""
    document = ran.document
    assert differences(document, shape) == []
    assert ran.out.count("\n}\n") == 1
    return document


class TestQuote:
    @both
    def test_it_is_the_contracts(self, run: Run, write: Write, provider: str) -> None:
        ran = run("quote", write(provider), "--json")
        assert (ran.code, ran.err) == (0, "")
        assert as_agreed(ran, QUOTE)["provider"] == provider

    def test_every_value_of_one(self, run: Run, write: Write) -> None:
        document = run("quote", write("edis", ('"monthly"', '"quarterly"')), "--json").document
        assert {key: document[key] for key in ("currency", "billing_cycle", "complete")} == {
            "currency": "EUR",
            "billing_cycle": "quarterly",
            "complete": True,
        }
        assert document["lines"] == [
            {"label": "KVM STARTER", "amount": "38.97", "kind": "recurring"},
            {"label": "Additional IPv4: 1 IP", "amount": "15.00", "kind": "recurring"},
        ]
        assert [document[key] for key in ("due_now", "recurring", "per_month")] == ["53.97", "53.97", "17.99"]
        assert document["servers"] == [
            {
                "name": "web1",
                "plan": "KVM STARTER",
                "os": "Debian 12 (Bookworm) 64Bit",
                "ssh_key_fingerprint": FINGERPRINT,
            }
        ]

    def test_an_unknown_price_is_null(self, run: Run, write: Write) -> None:
        ran = run("quote", write("layerstack", ("plan = 101", "plan = 999")), "--json")
        assert ran.code == 0
        document = as_agreed(ran, QUOTE)
        assert (document["complete"], document["due_now"], document["lines"][0]["amount"]) == (False, None, None)


OUTCOMES = {
    "placed": ([], 0),
    "refused": (["http-422"], 1),
    "not_sent": (["http-500:get/locations", "http-500:cloudserver"], 1),
    "unknown": (["reply-lost"], 4),
}


class TestOrder:
    @both
    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_each_outcome(self, run: Run, write: Write, sandbox: Sandbox, provider: str, outcome: str) -> None:
        faults, code = OUTCOMES[outcome]
        sandbox.set_faults(faults)
        ran = run("order", write(provider), "--yes", "--json")
        document = as_agreed(ran, ORDER)
        assert (ran.code, document["outcome"]) == (code, outcome)
        if outcome == "placed":
            assert document["order_id"]
            assert document["message"] is None
        else:
            assert document["message"]
        if outcome != "not_sent":
            assert document["reference"] == journal().entries()[0].reference
            assert document["quote"]["provider"] == provider

    def test_what_edis_tells_of_a_paid_order(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        document = run("order", write(), "--yes", "--json").document
        (order,) = sandbox.ledger.orders()
        assert document["order_id"] == str(order.order_id)
        assert document["invoice_id"] == str(order.invoice_id)
        assert document["service_ids"] == [str(service) for service in order.service_ids]
        assert document["paid"] is True

    def test_an_unpaid_invoice_is_false_and_no_word_on_it_null(
        self, run: Run, write: Write, sandbox: Sandbox
    ) -> None:
        sandbox.set_faults(["insufficient-credit"])
        assert as_agreed(run("order", write(), "--yes", "--json"), ORDER)["paid"] is False
        stack = as_agreed(run("order", write("layerstack"), "--yes", "--json"), ORDER)
        assert (stack["paid"], stack["service_ids"]) == (None, [])

    @both
    def test_the_quote_in_it_is_the_quote(self, run: Run, write: Write, provider: str) -> None:
        file = write(provider)
        quote = run("quote", file, "--json").document
        assert run("order", file, "--yes", "--json").document["quote"] == quote

    @pytest.mark.parametrize(
        "options",
        [("--dry-run",), ("--yes", "--max-total", "1"), ("--yes", "--dry-run", "--max-total", "100 EUR")],
    )
    def test_what_was_not_sent_has_no_reference(self, run: Run, write: Write, options: tuple[str, ...]) -> None:
        document = as_agreed(run("order", write(), "--json", *options), ORDER)
        assert (document["outcome"], document["reference"]) == ("not_sent", None)
        assert document["quote"]["due_now"] == "17.99"


class TestOrders:
    def test_none(self, run: Run) -> None:
        assert run("orders", "--json").document == {"orders": []}

    @pytest.mark.parametrize("arguments", [("orders", "--json"), ("orders", "list", "--json")])
    def test_all_of_them_newest_first(
        self, run: Run, write: Write, sandbox: Sandbox, arguments: tuple[str, ...]
    ) -> None:
        run("order", write(), "--yes")
        sandbox.set_faults(["out-of-stock"])
        run("order", write("layerstack"), "--yes")
        sandbox.set_faults(["reply-lost"])
        run("order", write("edis", ("web1", "web2")), "--yes")
        ran = run(*arguments)
        assert ran.code == 0
        rows = as_agreed(ran, ORDERS)["orders"]
        assert [row["outcome"] for row in rows] == ["unknown", "refused", "placed"]
        assert [row["servers"][0]["name"] for row in rows] == ["web2", "web1", "web1"]
        assert [(row["total"], row["currency"]) for row in rows] == [
            ("17.99", "EUR"),
            ("10.00", "USD"),
            ("17.99", "EUR"),
        ]
        assert rows[2]["order_id"] == str(sandbox.ledger.orders()[0].order_id)

    @pytest.mark.parametrize("order", [("orders", "--json", "show"), ("orders", "show", "--json")])
    def test_one_in_full(self, run: Run, write: Write, order: tuple[str, ...]) -> None:
        placed = run("order", write(), "--yes", "--json").document
        shown = as_agreed(run(*order, placed["reference"]), SHOWN)
        assert {key: shown[key] for key in ORDER if key != "servers"} | {"servers": placed["servers"]} == placed
        ids = [{"name": server["name"], "service_id": server["service_id"]} for server in shown["servers"]]
        assert ids == placed["servers"] == [{"name": "web1", "service_id": placed["service_ids"][0]}]

    @both
    def test_one_looked_for(self, run: Run, write: Write, sandbox: Sandbox, provider: str) -> None:
        sandbox.set_faults(["reply-lost"])
        lost = run("order", write(provider), "--yes", "--json").document
        sandbox.set_faults([])
        ran = run("orders", "check", lost["reference"], "--json")
        found = as_agreed(ran, {**ORDER, "sighting": str, "found": str})
        assert (ran.code, found["outcome"], found["sighting"]) == (0, "placed", "found")
        assert found["quote"] == lost["quote"]
        assert found["service_ids"]

    def test_one_settled(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        sandbox.set_faults(["reply-lost"])
        lost = run("order", write(), "--yes", "--json").document
        ran = run("orders", "settle", lost["reference"], "--ordered", "--order-id", "240001", "--json")
        settled = as_agreed(ran, ORDER)
        assert (ran.code, settled["outcome"], settled["order_id"]) == (0, "placed", "240001")


class TestCatalog:
    def test_edis_locations_alone(self, run: Run) -> None:
        document = as_agreed(run("catalog", "edis", "--json"), CATALOG)
        assert (len(document["locations"]), document["plans"]) == (48, [])
        stock = {place["id"]: place["in_stock"] for place in document["locations"]}
        assert (stock["122"], stock["107"]) == (True, False)
        assert document["billing_cycles"] == ["monthly", "quarterly", "semiannually", "annually"]
        assert document["payment_methods"] == ["paypal", "alipay", "creditcard", "cryptomus"]

    def test_edis_plans_of_a_location(self, run: Run) -> None:
        document = as_agreed(run("catalog", "edis", "--location", "122", "--json"), CATALOG)
        plan = next(plan for plan in document["plans"] if plan["id"] == "1707")
        assert plan["prices"] == {
            "monthly": "12.99",
            "quarterly": "38.97",
            "semiannually": "77.94",
            "annually": "142.89",
        }
        assert (plan["location"], plan["currency"], plan["vcpu"], plan["ram_mb"]) == ("122", "EUR", 1, 2048)
        assert "plan_type" not in plan
        consistent(document)

    def test_layerstack(self, run: Run) -> None:
        document = as_agreed(run("catalog", "layerstack", "--json"), CATALOG)
        assert document["locations"] == []
        plan = next(plan for plan in document["plans"] if plan["id"] == "101")
        assert (plan["plan_type"], plan["location"], plan["currency"]) == ("cloud_servers_standard", "HK", "USD")
        assert document["billing_cycles"] == ["monthly", "quarterly", "annually"]
        assert document["payment_methods"] == ["ccard"]
        consistent(document)

    def test_layerstack_without_a_catalogue(self, run: Run, catalog_file: Path) -> None:
        catalog_file.unlink()
        document = as_agreed(run("catalog", "layerstack", "--json"), CATALOG)
        assert (document["plans"], document["os_images"], document["add_ons"]) == ([], [], [])

    def test_a_price_that_is_not_known(self, run: Run, catalog_file: Path) -> None:
        catalog_file.write_text(
            '[[plan]]\nid = 1\nname = "A"\nplan_type = "cloud_servers_standard"\n'
            '[[add_on]]\nid = 2\ngroup = "Disk"\nname = "B"\n'
        )
        document = as_agreed(run("catalog", "layerstack", "--json"), CATALOG)
        assert document["plans"][0]["prices"] == {}
        assert [document["plans"][0][key] for key in ("vcpu", "ram_mb", "currency")] == [None, None, None]
        assert document["add_ons"] == [{"id": "2", "group": "Disk", "name": "B", "prices": None}]


def consistent(document: Any) -> None:
    """Check that every id that a plan names is described."""
    images = {image["id"] for image in document["os_images"]}
    add_ons = {(add_on["group"], add_on["id"]) for add_on in document["add_ons"]}
    for plan in document["plans"]:
        assert set(plan["os_images"]) <= images
        assert {(group, option) for group, options in plan["add_ons"].items() for option in options} <= add_ons


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "faults", "code"),
        [
            (("quote", "missing.toml"), [], 2),
            (("order", "missing.toml"), [], 2),
            (("order", "missing.toml", "--yes", "--max-total", "lots"), [], 2),
            (("orders", "show", "nothing"), [], 2),
            (("orders", "check", "nothing"), [], 2),
            (("orders", "settle", "nothing", "--ordered"), [], 2),
            (("catalog", "hetzner"), [], 2),
            (("catalog", "edis", "--location", "9"), [], 2),
            (("catalog", "edis"), ["wrong-password"], 1),
            (("catalog", "edis"), ["http-500:get/locations"], 1),
            (("catalog", "layerstack"), ["wrong-password"], 1),
        ],
    )
    def test_it_is_the_one_document(
        self, run: Run, sandbox: Sandbox, arguments: tuple[str, ...], faults: list[str], code: int
    ) -> None:
        sandbox.set_faults(faults)
        ran = run(*arguments, "--json")
        assert (ran.code, ran.err) == (code, "")
        as_agreed(ran, ERROR)

    def test_so_it_is_for_an_order_file_that_is_wrong(self, run: Run, write: Write) -> None:
        for command in (("quote",), ("order", "--yes")):
            ran = run(*command, write("edis", ("plan = 1707", "plan = 17077")), "--json")
            assert (ran.code, ran.err) == (2, "")
            assert "server[1].plan" in as_agreed(ran, ERROR)["error"]["message"]

    def test_and_where_nobody_can_be_asked(self, run: Run, write: Write) -> None:
        ran = run("order", write(), "--json")
        assert ran.code == 2
        assert "--yes" in as_agreed(ran, ERROR)["error"]["hint"]
        assert "17.99 EUR" in ran.err

    def test_without_json_it_is_one_line_of_words(self, run: Run) -> None:
        ran = run("quote", "missing.toml")
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("vps-tui: ")
        assert ran.err.count("\n") == 1
