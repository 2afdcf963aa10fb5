"""`catalog` as a tool: what fits, where it costs least, the same plan beside itself, in words and as a document."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from vps_tui.sandbox.messages import form_fields
from vps_tui.sandbox.server import Sandbox

from .conftest import Ran, Run
from .shapes import CATALOG, OFFERS, differences


def offers(ran: Ran) -> list[dict[str, Any]]:
    """Return the offers of a document, which is checked against its shape."""
    assert (ran.code, ran.err) == (0, "")
    assert differences(ran.document, OFFERS) == []
    found: list[dict[str, Any]] = ran.document["offers"]
    return found


def asked(sandbox: Sandbox) -> list[str]:
    """Return the ids of the locations whose plans were asked for."""
    found = [request for request in sandbox.requests if request.route.endswith("get/products")]
    return [(form_fields(request) or {})["location_id"] for request in found]


class TestAllLocations:
    def test_the_cheapest_that_fit(self, run: Run, sandbox: Sandbox) -> None:
        found = offers(run("catalog", "edis", "--cheapest", "5", "--min-ram", "4G", "--json"))
        assert len(asked(sandbox)) == 48
        assert (found[0]["location"], found[0]["price"], found[0]["currency"]) == ("192", "4.99", "EUR")
        amounts = [Decimal(offer["price"]) for offer in found]
        assert amounts == sorted(amounts)
        assert len(found) == 5
        assert all(offer["ram_mb"] >= 4096 and offer["in_stock"] for offer in found)

    def test_the_document_keeps_every_key_of_the_contract(self, run: Run) -> None:
        document = run("catalog", "edis", "--cheapest", "--country", "us", "--json").document
        assert set(CATALOG) < set(document)
        assert len(document["locations"]) == 48
        (plan,), (offer,) = document["plans"], document["offers"]
        assert (plan["id"], plan["location"]) == (offer["plan"], offer["location"])
        assert {image["id"] for image in document["os_images"]} == set(plan["os_images"])
        assert plan["prices"][offer["billing_cycle"]] == offer["price"]
        assert document["left_out"] == {"sold_out": 12}

    def test_the_same_plan_in_several_places_with_its_difference(self, run: Run) -> None:
        found = offers(run("catalog", "edis", "--compare", "kvm  basic", "--country", "us", "--json"))
        assert {offer["plan_name"] for offer in found} == {"KVM BASIC"}
        assert {offer["location"] for offer in found} == {"93", "211", "219"}
        assert [offer["location"] for offer in found if not offer["in_stock"]] == ["211"]
        least = Decimal(found[0]["price"])
        assert [Decimal(offer["difference"]) for offer in found] == [
            Decimal(offer["price"]) - least for offer in found
        ]

    @pytest.mark.parametrize(
        ("country", "places"), [("gb", {"127", "212"}), ("us-mia", {"211"}), ("Germany", {"122"})]
    )
    def test_only_the_locations_of_a_country_are_read(
        self, run: Run, sandbox: Sandbox, country: str, places: set[str]
    ) -> None:
        found = offers(run("catalog", "edis", "--country", country, "--json"))
        assert set(asked(sandbox)) == places == {offer["location"] for offer in found}

    def test_what_is_sold_out_is_left_out_on_demand_and_counted(self, run: Run) -> None:
        document = run("catalog", "edis", "--country", "uk", "--in-stock", "--json").document
        assert {offer["location"] for offer in document["offers"]} == {"212"}
        assert document["left_out"] == {"sold_out": 12}

    def test_a_limit_is_per_month_of_the_chosen_cycle(self, run: Run) -> None:
        arguments = ("catalog", "edis", "--location", "122", "--max-price", "12.00 EUR", "--json")
        assert [offer["plan_name"] for offer in offers(run(*arguments))] == ["KVM SMART"]
        found = offers(run(*arguments, "--cycle", "annually"))
        assert [(offer["price"], offer["per_month"]) for offer in found] == [("87.89", "7.32"), ("142.89", "11.91")]

    def test_no_option_reads_no_plans(self, run: Run, sandbox: Sandbox) -> None:
        assert differences(run("catalog", "edis", "--json").document, CATALOG) == []
        assert asked(sandbox) == []


class TestTrouble:
    def test_one_location_fails(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["http-500:get/products*1"])
        document = run("catalog", "edis", "--country", "at", "--json").document
        (failed,) = document["failed"]
        assert differences(document, OFFERS) == []
        assert len({offer["location"] for offer in document["offers"]} | {failed["location"]}) == 3
        assert failed["location"] not in {offer["location"] for offer in document["offers"]}

    def test_and_is_named_at_the_end(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["http-500:get/products*1"])
        ran = run("catalog", "edis", "--compare", "KVM BASIC", "--country", "at")
        assert ran.code == 0
        assert re.search(r"^Not read: .+ \(\d+\)\. The provider has a problem: EDIS Global answered", ran.out, re.M)
        assert ran.out.splitlines()[-1].startswith("Not read: ")

    def test_all_fail(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["http-500:get/products"])
        ran = run("catalog", "edis", "--cheapest", "--json")
        assert (ran.code, ran.document["error"]["title"]) == (1, "The provider has a problem")

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("edis", "--min-ram", "lots"), "--min-ram"),
            (("edis", "--min-cores", "1.5"), "--min-cores"),
            (("edis", "--max-price", "cheap"), "--max-price"),
            (("edis", "--country", "atlantis"), "no location in the country"),
            (("edis", "--location", "122", "--all-locations"), "exclude"),
            (("edis", "--location", "122", "--compare", "KVM BASICS"), "KVM BASIC"),
            (("layerstack", "--location", "MARS"), "HK, LA, SG, TYO"),
            (("layerstack", "--cycle", "semiannually"), "monthly, quarterly, annually"),
        ],
    )
    def test_what_cannot_be_meant(self, run: Run, arguments: tuple[str, ...], words: str) -> None:
        ran = run("catalog", *arguments, "--json")
        error = ran.document["error"]
        assert ran.code == 2
        assert words in f"{error['message']} {error['hint']}"

    def test_nothing_fits(self, run: Run) -> None:
        ran = run("catalog", "edis", "--location", "122", "--min-ram", "1T")
        assert (ran.code, ran.out.splitlines()[0]) == (0, "Nothing fits.")
        assert offers(run("catalog", "edis", "--location", "122", "--min-ram", "1T", "--json")) == []


class TestLayerStack:
    def test_by_region_from_its_file_and_labelled_so(self, run: Run) -> None:
        ran = run("catalog", "layerstack", "--location", "hk", "--min-cores", "2", "--sort", "disk")
        assert "Prices: from layerstack-catalog.toml, not from LayerStack." in ran.out
        document = run("catalog", "layerstack", "--country", "japan", "--json").document
        assert {offer["location"] for offer in document["offers"]} == {"TYO"}
        assert "not from LayerStack" in document["source"]
        assert document["locations"] == []

    def test_one_plan_in_all_regions(self, run: Run) -> None:
        found = offers(run("catalog", "layerstack", "--compare", "S102", "--json"))
        assert {offer["plan_name"] for offer in found} >= {"S102-HK", "S102-SG"}

    def test_what_is_not_known_never_fits_in_silence(self, run: Run, catalog_file: Path) -> None:
        kind = 'plan_type = "cloud_servers_standard"\n'
        catalog_file.write_text(
            f'currency = "usd"\n[[plan]]\nid = 1\nname = "A"\n{kind}ram_mb = 4096\n'
            f'[[plan]]\nid = 2\nname = "B"\n{kind}ram_mb = 2048\nvcpu = 1\nprices = {{ monthly = "5.00" }}\n'
        )
        document = run("catalog", "layerstack", "--min-cores", "1", "--json").document
        assert [offer["plan"] for offer in document["offers"]] == ["2"]
        assert document["left_out"] == {"size_unknown": 1}
        ran = run("catalog", "layerstack", "--min-cores", "1")
        assert "Left out, a size that you ask for is not known: 1 plan." in ran.out
        cheapest = run("catalog", "layerstack", "--cheapest", "9", "--json").document
        assert ([offer["plan"] for offer in cheapest["offers"]], cheapest["left_out"]) == (
            ["2"],
            {"price_unknown": 1},
        )
        listed = offers(run("catalog", "layerstack", "--sort", "price", "--json"))
        assert [offer["price"] for offer in listed] == ["5.00", None]


class TestTables:
    @pytest.mark.parametrize("columns", [40, 80])
    @pytest.mark.parametrize(
        "arguments",
        [
            ("edis",),
            ("edis", "--location", "122"),
            ("edis", "--country", "at", "--min-ram", "8"),
            ("edis", "--country", "at", "--compare", "KVM BASIC PLUS", "--cycle", "annually"),
            ("layerstack", "--cycle", "quarterly"),
        ],
    )
    def test_they_fit_and_no_price_is_cut(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int, arguments: tuple[str, ...]
    ) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        ran = run("catalog", *arguments)
        monkeypatch.setenv("COLUMNS", "400")
        wide = run("catalog", *arguments)
        rows = ran.out.partition("\n\n")[0].splitlines()
        assert columns < 80 or max(map(len, rows)) <= columns
        if "PER" in rows[0]:
            whole = set(re.findall(r"\d+\.\d\d [A-Z]{3}", wide.out))
            for row in rows[1:]:
                found = re.findall(r"\d+\.\d\d [A-Z]{3}", row)
                assert found, row
                assert set(found) <= whole

    def test_in_ascii_where_the_locale_says_so(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LC_ALL", "C")
        monkeypatch.setenv("COLUMNS", "72")
        ran = run("catalog", "edis", "--country", "italy")
        assert ran.out.isascii()
        assert "~" in ran.out
        assert run("catalog", "edis").out.isascii(), "Bogota is among its cities."
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        assert not run("catalog", "edis").out.isascii()

    def test_what_is_sold_out_is_marked_where_nothing_cuts_it_off(self, run: Run) -> None:
        ran = run("catalog", "edis", "--compare", "KVM SMART", "--country", "gb")
        assert "sold out: Unit" in ran.out


@pytest.mark.pty
class TestOnATerminal:
    def test_it_says_how_far_it_has_come_and_takes_it_back(self, addresses: dict[str, str]) -> None:
        main, other = pty.openpty()
        with Sandbox(faults=["slow-0.02:get/products"]) as server:
            environ = {**os.environ, **addresses, "VPS_TUI_EDIS_URL": server.edis_url}
            command = [sys.executable, "-m", "vps_tui", "catalog", "edis", "--cheapest", "--json"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other, env=environ) as running:
                out, _ = running.communicate(timeout=30)
            os.close(other)
            said = _heard(main, b"48 of 48 locations", 5)
            assert running.returncode == 0
            assert b'"offers"' in out
            assert b"\x1b" not in said
            assert said.rstrip(b" \r").endswith(b"48 of 48 locations"), "It is gone when it is done."
            assert said.endswith(b"\r")
        os.close(main)

    def test_ctrl_c_leaves_at_once(self, addresses: dict[str, str]) -> None:
        main, other = pty.openpty()
        with Sandbox(faults=["hang:get/products"]) as server:
            environ = {**os.environ, **addresses, "VPS_TUI_EDIS_URL": server.edis_url}
            command = [sys.executable, "-m", "vps_tui", "catalog", "edis", "--all-locations"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other, env=environ) as running:
                _heard(main, b"0 of 48 locations", 20)
                begin = monotonic()
                running.send_signal(signal.SIGINT)
                running.communicate(timeout=10)
                assert monotonic() - begin < 1
            assert running.returncode == 3
        os.close(other)
        os.close(main)


def _heard(terminal: int, words: bytes, seconds: float) -> bytes:
    """Return what is written up to `words` and a little after; fails when they do not come."""
    heard, end = b"", monotonic() + seconds
    while words not in heard:
        if not select.select([terminal], [], [], max(0.0, end - monotonic()))[0]:
            pytest.fail(f"It did not say {words!r} but {heard!r}.")
        heard += os.read(terminal, 65536)
    with suppress(OSError):
        while select.select([terminal], [], [], 0)[0]:
            heard += os.read(terminal, 65536)
    return heard
