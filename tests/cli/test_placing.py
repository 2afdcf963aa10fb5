"""`order FILE --yes`: what is ordered, what stops an order, and with which exit code."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from vps_tui.core.money import SpendingLimit
from vps_tui.files.locations import state_folder
from vps_tui.sandbox.server import Sandbox

from .conftest import EDIS, KEY, STACK, Run, Write, bought, configure, journal, not_reads, parsed

PASSWORD = "VPS_TUI_SERVER_PASSWORD"
both = pytest.mark.parametrize("provider", ["edis", "layerstack"])


class TestExitCodes:
    @both
    @pytest.mark.parametrize(
        ("faults", "code", "words"),
        [
            ([], 0, "Ordered."),
            (["http-422"], 1, "Not ordered: the provider declined."),
            (["http-400"], 1, "Not ordered: the provider declined."),
            (["wrong-password"], 1, "Not ordered: nothing was sent."),
            (["reply-lost"], 4, "It is not known whether this was ordered."),
            (["http-500"], 4, "It is not known whether this was ordered."),
        ],
    )
    def test_of_each_outcome(
        self, run: Run, write: Write, sandbox: Sandbox, provider: str, faults: list[str], code: int, words: str
    ) -> None:
        sandbox.set_faults(faults)
        ran = run("order", write(provider), "--yes")
        assert ran.code == code
        assert ran.out.startswith(words)
        assert ran.err == ""

    def test_a_failed_order_that_has_a_number_is_not_known_and_not_bought_again(
        self, run: Run, write: Write, sandbox: Sandbox
    ) -> None:
        """EDIS answers so where a location is sold out; the order is there, and so may be its invoice."""
        sandbox.set_faults(["out-of-stock"])
        ran = run("order", write(), "--yes")
        (failed,) = sandbox.ledger.failed_orders()
        assert ran.code == 4
        assert f"order {failed.order_id}" in ran.out
        assert "sold out" in ran.out
        again = run("order", write(), "--yes")
        assert (again.code, len(sandbox.ledger.failed_orders())) == (1, 1)
        reference = journal().entries()[0].reference
        assert reference in again.out + again.err
        checked = run("orders", "check", reference)
        assert checked.code == 4
        assert f"order {failed.order_id}" in checked.out
        settled = run("orders", "settle", reference, "--not-ordered")
        assert (settled.code, run("order", write(), "--yes").code) == (0, 4)
        assert len(sandbox.ledger.failed_orders()) == 2

    def test_the_reference_and_the_next_command_are_told(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        placed = run("order", write(), "--yes")
        (entry,) = journal().entries()
        assert f"vps-tui orders show {entry.reference}" in placed.out
        assert f"order {entry.outcome.order_id}" in placed.out
        sandbox.set_faults(["reply-lost"])
        lost = run("order", write("edis", ("web1", "web2")), "--yes")
        assert f"vps-tui orders check {journal().entries()[0].reference}" in lost.out

    def test_an_unpaid_invoice_is_said(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        assert "NOT paid" not in run("order", write(), "--yes").out
        sandbox.set_faults(["insufficient-credit"])
        ran = run("order", write("edis", ("web1", "web2")), "--yes")
        assert (ran.code, "The invoice is NOT paid yet." in ran.out) == (0, True)

    def test_a_journal_that_cannot_be_kept_orders_nothing(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        path = state_folder() / "journal.sqlite"
        path.write_bytes(b"no database at all, but long enough to be read as one" * 40)
        path.chmod(0o600)
        ran = run("order", write(), "--yes")
        assert (ran.code, bought(sandbox)) == (1, 0)
        assert "record" in ran.out

    @pytest.mark.parametrize(
        ("provider", "changes", "key"),
        [
            ("edis", ("location = 122", "location = 123"), "location"),
            ("edis", ("plan = 1707", "plan = 1"), "server[1].plan"),
            ("edis", ("os = 208", "os = 1"), "server[1].os"),
            ("edis", ("additional_ip = 9", "additional_ip = 396"), "server[1].additional_ip"),
            ("edis", ("cryptomus", "ccard"), "payment_method"),
            ("edis", ("os = 208", "os = 595"), "server[1].ssh_key"),
            ("edis", ("plan = 1707", "plann = 1707"), "plann"),
            ("layerstack", ("os = 12", "os = 31"), "server[1].ssh_key"),
            ("layerstack", ("value = 1", "value = 77"), "server[1].addons"),
            ("layerstack", ("ccard", "paypal"), "payment_method"),
        ],
    )
    @pytest.mark.parametrize("command", [("order", "--yes")])
    def test_a_file_that_is_wrong(
        self,
        run: Run,
        write: Write,
        sandbox: Sandbox,
        command: tuple[str, ...],
        provider: str,
        changes: tuple[str, str],
        key: str,
    ) -> None:
        file = write(provider, changes)
        ran = run(*command, file)
        assert (ran.code, ran.out) == (2, "")
        assert str(file) in ran.err
        assert key in ran.err
        assert not_reads(sandbox) == []

    @pytest.mark.parametrize("missing", ["VPS_TUI_EDIS_EMAIL", "VPS_TUI_EDIS_PASSWORD"])
    def test_missing_credentials_are_named(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        monkeypatch.delenv(missing)
        ran = run("order", write(), "--yes")
        assert (ran.code, ran.out) == (2, "")
        assert missing in ran.err

    def test_a_sold_out_location(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        sold_out = run("catalog", "edis", "--location", "107", "--json").document["plans"][0]
        file = write(
            "edis",
            ("location = 122", "location = 107"),
            ("plan = 1707", f"plan = {sold_out['id']}"),
        )
        ran = run("order", file, "--yes")
        assert (ran.code, bought(sandbox), journal().entries()) == (1, 0, ())
        assert "sold out" in ran.out


class TestCeiling:
    @pytest.mark.parametrize("most", ["17.98", "17.98 EUR", "1000 USD"])
    def test_above_it_nothing_is_ordered(self, run: Run, write: Write, sandbox: Sandbox, most: str) -> None:
        ran = run("order", write(), "--yes", "--max-total", most)
        assert (ran.code, not_reads(sandbox)) == (1, [])
        assert str(SpendingLimit.parse(most)) in ran.out

    @pytest.mark.parametrize("most", ["17.99", "17.99 EUR", "18eur"])
    def test_up_to_it_it_is(self, run: Run, write: Write, most: str) -> None:
        assert run("order", write(), "--yes", "--max-total", most).code == 0

    @pytest.mark.parametrize("most", ["lots", "-1", "17,99", ""])
    def test_an_amount_that_is_none(self, run: Run, write: Write, sandbox: Sandbox, most: str) -> None:
        assert run("order", write(), "--yes", f"--max-total={most}").code == 2
        assert sandbox.requests == []

    def test_the_configurations_holds_unless_the_command_line_says_otherwise(
        self, run: Run, write: Write, sandbox: Sandbox
    ) -> None:
        configure('[defaults]\nmax_total = "10 EUR"\n')
        ran = run("order", write(), "--yes")
        assert (ran.code, not_reads(sandbox)) == (1, [])
        assert "10.00 EUR" in ran.out
        assert run("order", write(), "--yes", "--max-total", "18").code == 0


class TestUnknownPrice:
    def test_it_is_not_ordered_unless_that_is_said(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        file = write("layerstack", ("plan = 101", "plan = 999"))
        ran = run("order", file, "--yes")
        assert (ran.code, not_reads(sandbox)) == (1, [])
        assert "--allow-unknown-price" in ran.out

    def test_without_any_catalogue(self, run: Run, write: Write, sandbox: Sandbox, catalog_file: Path) -> None:
        catalog_file.unlink()
        file = write("layerstack")
        assert run("quote", file).code == 0
        assert run("order", file, "--yes").code == 1
        assert not_reads(sandbox) == []
        assert run("order", file, "--yes", "--allow-unknown-price").code == 0
        (cart,) = parsed(sandbox, "/api/order/add-to-cart")
        assert (cart["plan_id"], cart["plan_type"], cart["os_template_id"]) == (101, "cloud_servers_standard", 12)
        assert cart["addons"] == [{"id": 6, "additional_value": 1}]
        assert base64.b64decode(cart["custom_ssh_key"]).decode() == KEY
        (entry,) = journal().entries()
        assert entry.purchase.quote["due_now"] is None

    def test_an_unknown_price_passes_no_ceiling(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        file = write("layerstack", ("plan = 101", "plan = 999"))
        ran = run("order", file, "--yes", "--allow-unknown-price", "--max-total", "1000")
        assert (ran.code, not_reads(sandbox)) == (1, [])


class TestRepeating:
    def test_a_script_that_runs_twice_orders_once(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        first = run("order", write(), "--yes", "--json").document
        ran = run("order", write(), "--yes")
        assert (ran.code, bought(sandbox)) == (1, 1)
        assert f"--again {first['reference']}" in ran.out

    def test_an_unknown_one_stands_in_the_way_until_it_is_settled(
        self, run: Run, write: Write, sandbox: Sandbox
    ) -> None:
        sandbox.set_faults(["reset"])
        lost = run("order", write(), "--yes", "--json").document
        sandbox.set_faults([])
        ran = run("order", write(), "--yes")
        assert (ran.code, bought(sandbox)) == (1, 0)
        assert f"orders check {lost['reference']}" in ran.out
        assert run("orders", "settle", lost["reference"], "--not-ordered").code == 0
        assert run("order", write(), "--yes").code == 0

    def test_the_wrong_reference_does_not_count(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        run("order", write(), "--yes")
        assert run("order", write(), "--yes", "--again", "0101-aaaa").code == 1
        assert bought(sandbox) == 1

    def test_another_server_is_no_repetition(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        run("order", write(), "--yes")
        assert run("order", write("edis", ("web1", "web2")), "--yes").code == 0
        assert bought(sandbox) == 2


class TestRootPassword:
    NO_KEY = (f'ssh_key = "{KEY}"\n', "")

    def test_without_one_and_without_a_key_nobody_could_log_in(
        self, run: Run, write: Write, sandbox: Sandbox
    ) -> None:
        ran = run("order", write("layerstack", self.NO_KEY), "--yes")
        assert (ran.code, not_reads(sandbox)) == (2, [])
        assert PASSWORD in ran.err

    def test_a_random_one_is_said_to_be_kept_by_nobody(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        ran = run("order", write("layerstack"), "--yes")
        assert "random root password that nobody keeps" in ran.out
        (cart,) = parsed(sandbox, "/api/order/add-to-cart")
        assert len(cart["password"]) >= 12
        assert cart["password"] not in ran.out + ran.err

    @pytest.mark.parametrize("given", ["", "Sesame-open-1"])
    def test_it_counts_as_set(self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
        monkeypatch.setenv(PASSWORD, given)
        assert re.search(r"Root password +set, not shown", run("order", write("layerstack"), "--dry-run").out)
        run("order", write("layerstack"), "--yes")
        assert dict(journal().entries()[0].purchase.bought)["Root password"] == "set, not shown"

    def test_the_given_one_is_sent_and_shown_nowhere(
        self, run: Run, write: Write, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PASSWORD, "Sesame-open-1")
        ran = run("order", write("layerstack", self.NO_KEY), "--yes")
        assert ran.code == 0
        assert "nobody keeps" not in ran.out
        (cart,) = parsed(sandbox, "/api/order/add-to-cart")
        assert cart["password"] == "Sesame-open-1"
        assert "Sesame" not in ran.out + ran.err
        kept = [path for path in state_folder().rglob("*") if path.is_file()]
        assert kept
        assert all(b"Sesame" not in path.read_bytes() for path in kept)

    @pytest.mark.parametrize("password", ["short", "x" * 8, "with\nbreak-A1"])
    def test_one_that_cannot_be_used(
        self, run: Run, write: Write, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, password: str
    ) -> None:
        monkeypatch.setenv(PASSWORD, password)
        ran = run("order", write("layerstack"), "--yes")
        assert (ran.code, not_reads(sandbox)) == (2, [])
        assert PASSWORD in ran.err
        assert password not in ran.err

    def test_edis_has_none(self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(PASSWORD, "short")
        ran = run("order", write(), "--yes")
        assert (ran.code, "password" in ran.out) == (0, False)


def test_the_files_of_the_tests_are_good() -> None:
    assert STACK.count("[[server]]") == EDIS.count("[[server]]") == 1


class TestCurrencies:
    """Amounts that cannot be added up are shown each by itself, and the sum is not known."""

    @pytest.mark.parametrize(
        ("fault", "said", "reason"),
        [
            ("mixed-currencies", "Prices are in EUR and USD", "The prices are in EUR and USD"),
            ("no-currency", "The price of KVM STARTER is not known", "Not every price is known"),
        ],
    )
    def test_no_sum_is_shown_or_ordered_by_accident(
        self, run: Run, write: Write, sandbox: Sandbox, fault: str, said: str, reason: str
    ) -> None:
        sandbox.set_faults([fault])
        file = write()
        quoted = run("quote", file)
        assert quoted.code == 0
        assert said in quoted.out
        assert "not known here" in quoted.out
        assert "17.99" not in quoted.out
        document = run("quote", file, "--json").document
        assert (document["complete"], document["due_now"], document["recurring"]) == (False, None, None)
        assert any(note.startswith(said) for note in document["notes"])
        refused = run("order", file, "--yes")
        assert refused.code == 1
        assert f"{reason}, so it is not known what would be charged." in refused.out
        limited = run("order", file, "--yes", "--allow-unknown-price", "--max-total", "500")
        assert limited.code == 1
        assert "is not known, and at most 500.00 is allowed." in limited.out
        assert "Raise" not in limited.out
        assert bought(sandbox) == 0
        placed = run("order", file, "--yes", "--allow-unknown-price", "--json")
        assert (placed.code, placed.document["outcome"]) == (0, "placed")

    def test_a_mixed_quote_says_the_currency_of_each_line(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        sandbox.set_faults(["mixed-currencies"])
        document = run("quote", write(), "--json").document
        assert document["currency"] == ""
        assert [(line["amount"], line["currency"]) for line in document["lines"]] == [
            ("12.99", "EUR"),
            ("5.00", "USD"),
        ]

    def test_layerstack_in_another_currency_than_its_catalogue(self, run: Run, write: Write) -> None:
        ran = run("quote", write("layerstack", ('currency = "usd"', 'currency = "eur"')))
        assert ran.code == 0
        assert "The order names EUR as its currency, but the prices here are in USD" in ran.out


class TestNamesAndTerms:
    def test_a_new_name_is_said_in_words_and_in_json(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        sandbox.set_faults(["renamed-plan"])
        ran = run("order", write(), "--yes", "--json")
        assert (ran.code, ran.document["outcome"]) == (0, "placed")
        assert ran.document["message"] == "Plan name: KVM STARTER when you confirmed, KVM STARTER II now."
        reference = ran.document["reference"]
        assert "KVM STARTER II now" in run("orders", "show", reference).out

    @pytest.mark.parametrize("fault", ["smaller-plan", "other-image", "terms-withdrawn"])
    def test_another_offer_under_the_same_price_is_not_bought(
        self, run: Run, write: Write, sandbox: Sandbox, fault: str
    ) -> None:
        sandbox.set_faults([fault])
        ran = run("order", write(), "--yes")
        assert (ran.code, bought(sandbox)) == (1, 0)
        assert "when you confirmed" in ran.out
