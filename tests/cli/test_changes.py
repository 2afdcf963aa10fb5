"""`servers`, `change` and `cancel`: documents, exit codes, what stops a change, and how it is looked at later."""

from __future__ import annotations

import re
from typing import Any

import pytest
from program.terminal import Terminal

from vps_tui.sandbox.server import EDIS_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend

from .conftest import Run, Write, journal
from .shapes import CHANGED, ENTRY, ORDERS, OWNED, SERVERS, differences

KVM = "kvm_112234_312845"
UPGRADE = ("change", "edis", KVM, "--plan", "6846", "--allow-unknown-price")
SWITCH = ("change", "layerstack", "db1", "--plan", "103")
ADD = ("change", "layerstack", "db1", "--add", "vm_backup=1", "--add", "china_route")
NOW = ("cancel", "edis", "312845", "--immediately")
LATER = ("cancel", "edis", KVM.upper(), "--at-end-of-period")
COMMANDS = {"upgrade": UPGRADE, "switch": SWITCH, "add_on": ADD, "cancel": NOW}
every = pytest.mark.parametrize("kind", COMMANDS)


def changed(sandbox: Sandbox) -> list[str]:
    """Return the kind of every change that the sandbox made."""
    return [change.kind for change in sandbox.ledger.changes()]


def paid_calls(sandbox: Sandbox) -> list[str]:
    """Return every request that is neither a read nor a question for a price."""
    reads = ("POST /kvm/v2/get/", "GET /api/cloudserver", "PUT /api/order/changeorder/total")
    lines = [f"{request.method} {request.path}" for request in sandbox.requests]
    return [line for line in lines if not line.startswith((*reads, "PUT /api/order/switch/total"))]


class TestServers:
    @pytest.mark.parametrize("provider", ["edis", "layerstack", ""])
    def test_as_a_document(self, run: Run, provider: str) -> None:
        ran = run("servers", *filter(None, [provider]), "--json")
        assert (ran.code, differences(ran.document, SERVERS)) == (0, [])
        listed = [server["provider"] for server in ran.document["servers"]]
        assert listed == {"edis": ["edis"] * 2, "layerstack": ["layerstack"]}.get(
            provider, ["edis", "edis", "layerstack"]
        )

    def test_in_words(self, run: Run) -> None:
        said = run("servers").out
        assert re.search(rf"312845 +{KVM} +KVM BASIC +Austria, Vienna +active +4\.99 EUR per month", said)
        assert re.search(r"8101 +db1 +S104-HK +HK", said)
        assert max(map(len, said.splitlines())) < 110

    def test_one_that_cannot_be_asked_keeps_no_other_back(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["http-500:cloudserver"])
        ran = run("servers", "--json")
        assert (ran.code, len(ran.document["servers"])) == (1, 2)
        assert ran.document["failed"][0]["provider"] == "layerstack"
        assert "LayerStack" in ran.err
        assert run("servers", "layerstack").code == 1

    def test_one_that_was_ordered_here_has_the_name_it_was_ordered_with(self, run: Run, write: Write) -> None:
        """EDIS Global's list has only ids of its own."""
        (service,) = run("order", write(), "--yes", "--json").document["service_ids"]
        listed = {server["id"]: server["name"] for server in run("servers", "edis", "--json").document["servers"]}
        assert listed == {"312845": None, "312846": None, service: "web1"}
        ran = run("cancel", "edis", "WEB1", "--immediately", "--dry-run", "--json")
        assert (ran.code, ran.document["change"]["server"]["id"]) == (0, service)

    def test_a_provider_that_there_is_not(self, run: Run) -> None:
        assert run("servers", "nowhere").code == 2


class TestDocuments:
    @every
    def test_a_change(self, run: Run, sandbox: Sandbox, kind: str) -> None:
        ran = run(*COMMANDS[kind], "--yes", "--json")
        document = ran.document
        assert (ran.code, differences(document, CHANGED), ran.err) == (0, [], "")
        assert (document["outcome"], document["kind"], changed(sandbox)) == ("placed", kind, [kind])
        assert document["change"]["kind"] == kind
        (entry,) = journal().entries()
        assert entry.reference == document["reference"]
        assert EDIS_ACCOUNT[1] not in ran.out

    def test_of_a_switch_the_price_is_what_was_charged(self, run: Run, sandbox: Sandbox) -> None:
        document = run(*SWITCH, "--yes", "--json").document
        (change,) = sandbox.ledger.changes()
        assert (document["total"], document["currency"]) == (f"{change.total:.2f}", "USD")
        assert document["date_from"] < document["date_to"]
        assert document["quote"]["complete"] is True

    def test_of_an_upgrade_it_is_an_estimate(self, run: Run) -> None:
        quote = run(*UPGRADE, "--yes", "--json").document["quote"]
        assert (quote["complete"], quote["estimate"], quote["upper_bound"]) == (False, True, "40.99")

    def test_of_a_cancellation_nothing(self, run: Run) -> None:
        document = run(*LATER, "--yes", "--json").document
        assert (document["total"], document["change"]["when"]) == ("0.00", "at-end-of-period")
        assert any("not refunded" in note for note in document["quote"]["notes"])

    @every
    def test_in_the_journal(self, run: Run, kind: str) -> None:
        reference = run(*COMMANDS[kind], "--yes", "--json").document["reference"]
        listed = run("orders", "--json").document
        assert differences(listed, ORDERS) == []
        assert (listed["orders"][0]["kind"], listed["orders"][0]["change"]["kind"]) == (kind, kind)
        shown = run("orders", "show", reference, "--json").document
        assert differences(shown, ENTRY | CHANGED | {"change": ENTRY["change?"]}) == []
        said = run("orders", "show", reference).out
        assert re.match("(Upgrade ordered|Switched|Added|Cancelled)\\.", said)
        row = run("orders").out.splitlines()[1]
        assert ("db1" if kind in ("switch", "add_on") else KVM) in row
        assert re.search("upgrade taken|switched|added|cancelled", row)


class TestOutcomes:
    @pytest.mark.parametrize(
        ("kind", "fault", "code", "outcome"),
        [
            ("upgrade", "http-422", 1, "refused"),
            ("add_on", "wrong-password", 1, "not_sent"),
            ("cancel", "reply-lost", 4, "unknown"),
            ("switch", "http-500", 4, "unknown"),
        ],
    )
    def test_exit_codes_are_those_of_an_order(
        self, run: Run, sandbox: Sandbox, kind: str, fault: str, code: int, outcome: str
    ) -> None:
        sandbox.set_faults([fault])
        ran = run(*COMMANDS[kind], "--yes", "--json")
        assert (ran.code, ran.document["outcome"]) == (code, outcome)
        assert differences(ran.document, CHANGED) == []

    def test_in_words(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["reply-lost"])
        said = run(*SWITCH, "--yes").out
        reference = journal().entries()[0].reference
        assert said.startswith("It is not known whether this was switched.")
        assert f"vps-tui orders check {reference}" in said
        assert "order it" not in said


class TestStops:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("change", "edis", KVM, "--plan", "6846"), "The price is an estimate"),
            ((*UPGRADE, "--max-total", "40.98 EUR"), "40.99 EUR, but at most 40.98 EUR"),
            ((*SWITCH, "--max-total", "0.01"), "What is charged now is"),
            ((*SWITCH, "--max-total", "500 EUR"), "cannot be compared"),
        ],
    )
    def test_a_price_stops_it(self, run: Run, sandbox: Sandbox, arguments: tuple[str, ...], words: str) -> None:
        ran = run(*arguments, "--yes")
        assert (ran.code, changed(sandbox), paid_calls(sandbox)) == (1, [], [])
        assert words in ran.out
        assert journal().entries() == ()

    @pytest.mark.parametrize(("fault", "words"), [("unavailable", "not available"), ("inapplicable", "china_route")])
    def test_what_the_provider_would_not_do_stops_it(
        self, run: Run, sandbox: Sandbox, fault: str, words: str
    ) -> None:
        sandbox.set_faults([fault])
        ran = run(*ADD, "--yes")
        assert (ran.code, paid_calls(sandbox)) == (1, [])
        assert words in ran.out

    @every
    def test_a_dry_run_sends_reads_alone_and_records_nothing(self, run: Run, sandbox: Sandbox, kind: str) -> None:
        ran = run(*COMMANDS[kind], "--dry-run")
        assert (ran.code, paid_calls(sandbox), journal().entries()) == (0, [], ())
        assert "Dry run: nothing was sent." in ran.out
        assert EDIS_ACCOUNT[1] not in ran.out
        assert differences(run(*COMMANDS[kind], "--dry-run", "--json").document, CHANGED) == []

    def test_it_is_priced_where_only_reads_can_be_sent(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        opened: list[bool] = []
        opening = LiveBackend.open

        async def noted(*arguments: Any, read_only: bool = False) -> Any:
            opened.append(read_only)
            return await opening(*arguments, read_only=read_only)

        monkeypatch.setattr(LiveBackend, "open", noted)
        run(*NOW, "--dry-run")
        assert opened == [True]
        run(*NOW, "--yes")
        assert opened == [True, True, False]

    @every
    def test_away_from_a_terminal_nobody_is_asked(self, run: Run, sandbox: Sandbox, kind: str) -> None:
        ran = run(*COMMANDS[kind])
        assert (ran.code, paid_calls(sandbox)) == (2, [])
        assert "--yes" in ran.err

    def test_the_same_once_more_is_stopped_by_its_reference(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["reply-lost*1"])
        reference = run(*NOW, "--yes", "--json").document["reference"]
        with sandbox.ledger._transaction() as db:
            db.execute("UPDATE services SET state = 'active'")
        for options in ((), ("--again", "1122-zzzz")):
            ran = run(*NOW, "--yes", *options)
            assert (ran.code, len(paid_calls(sandbox))) == (1, 1)
            assert f"--again {reference}" in ran.out
        # The other way to end it waits as well.
        assert run(*LATER, "--yes").code == 1
        assert run(*NOW, "--yes", "--again", reference).code == 0

    def test_a_typed_subscription_that_is_listed_with_another_server_is_warned_of(self, run: Run) -> None:
        ran = run(*SWITCH, "--subscription", "4159", "--dry-run")
        assert ran.code == 1, "the sandbox knows no such subscription"
        ran = run("change", "layerstack", "db1", "--plan", "0103", "--subscription", "04158", "--dry-run")
        assert (ran.code, "CAREFUL" in ran.out) == (0, False)
        listed = run("change", "layerstack", "db1", "--plan", "103", "--subscription", "4158", "--dry-run")
        assert ran.out == listed.out

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("change", "edis", "web9", "--plan", "1"), "no such server"),
            (("change", "edis", KVM, "--plan", "1707"), "There is no such plan"),
            (("change", "edis", KVM, "--plan", "6842"), "KVM BASIC is the plan that the server has already"),
            (("change", "edis", KVM, "--plan", "6846", "--billing-cycle", "weekly"), "weekly"),
            (("change", "edis", KVM, "--plan", "6846", "--payment-method", "cash"), "cash"),
            (("change", "edis", KVM, "--plan", "6846", "--subscription", "1"), "subscription"),
            (("change", "edis", KVM, "--add", "vm_backup=1"), "add-ons"),
            (("change", "layerstack", "db1", "--add", "vm_bakup=1"), "Did you mean vm_backup?"),
            (("change", "layerstack", "db1", "--add", "vm_backup=0"), "whole number"),
            (("change", "layerstack", "db1", "--add", "vm_backup=x"), "whole number"),
            (("change", "layerstack", "db1", "--add", "vm_backup=1", "--add", "vm_backup=1"), "twice"),
            (("change", "layerstack", "db1", "--plan", "gold"), "There is no such plan"),
            (("change", "layerstack", "db1", "--plan", "0102"), "is the plan that the server has already"),
            (("change", "layerstack", "db1", "--plan", "103", "--billing-cycle", "monthly"), "billing cycle"),
            (("change", "layerstack", "db1", "--plan", "103", "--subscription", "x"), "whole number"),
            (("cancel", "layerstack", "db1", "--immediately"), "LayerPanel"),
        ],
    )
    def test_what_cannot_be_asked_for(
        self, run: Run, sandbox: Sandbox, arguments: tuple[str, ...], words: str
    ) -> None:
        ran = run(*arguments, "--yes")
        assert (ran.code, ran.out, paid_calls(sandbox)) == (2, "", [])
        assert words in ran.err

    def test_without_a_subscription_id_it_is_asked_for(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["missing-fields"])
        ran = run(*SWITCH, "--yes")
        assert (ran.code, "--subscription ID" in ran.err) == (2, True)
        assert run(*SWITCH, "--subscription", "4158", "--yes").code == 0


class TestLater:
    @every
    def test_looking_settles_what_the_list_shows(self, run: Run, sandbox: Sandbox, kind: str) -> None:
        sandbox.set_faults(["reply-lost*1"])
        reference = run(*COMMANDS[kind], "--yes", "--json").document["reference"]
        ran = run("orders", "check", reference, "--json")
        shows = kind != "add_on"
        assert (ran.code, ran.document["outcome"]) == ((0, "placed") if shows else (4, "unknown"))
        assert differences(ran.document, CHANGED | {"sighting": str, "found": str}) == []
        assert len(paid_calls(sandbox)) == 1

    def test_what_it_does_not_show_is_settled_by_hand(self, run: Run, sandbox: Sandbox) -> None:
        sandbox.set_faults(["reply-lost*1"])
        reference = run(*LATER, "--yes", "--json").document["reference"]
        said = run("orders", "check", reference).out
        assert "looks like any other there" in said
        assert f"vps-tui orders settle {reference} --taken" in said
        assert "It is not known what became of" in run("orders").out
        ran = run("orders", "settle", reference, "--not-taken")
        assert (ran.code, "You found no such cancellation" in ran.out) == (0, True)
        settled: Any = run("orders", "settle", reference, "--taken")
        assert settled.code == 2
        assert f"What became of cancellation {reference} is known" in settled.err


@pytest.mark.pty
class TestAsking:
    def test_a_change_is_confirmed_by_yes(self, sandbox: Sandbox) -> None:
        with Terminal(["change", "edis", KVM, "--plan", "6846"]) as terminal:
            terminal.wait_for("KVM PREMIUM", "about", "at most 40.99 EUR", "Type yes to make the change")
            assert paid_calls(sandbox) == []
            terminal.send("yes\n")
            assert terminal.exit_code() == 0
            terminal.wait_for("Upgrade ordered.")
        assert changed(sandbox) == ["upgrade"]

    @pytest.mark.parametrize(("answer", "code"), [("yes\n", 3), (f"{KVM}\n", 0)])
    def test_a_cancellation_by_the_servers_own_name(self, sandbox: Sandbox, answer: str, code: int) -> None:
        with Terminal(["cancel", "edis", "312845", "--immediately"]) as terminal:
            terminal.wait_for("deleted 6 days after", "not refunded", f"Type {KVM} to cancel this server")
            terminal.send(answer)
            assert terminal.exit_code() == code
        assert changed(sandbox) == (["cancel"] if code == 0 else [])


def test_every_owned_server_is_of_the_shape() -> None:
    assert differences(dict.fromkeys(OWNED) | {"id": "1"}, OWNED) == []


def test_a_server_is_not_ended_while_its_upgrade_may_still_be_made(run: Run, sandbox: Sandbox) -> None:
    sandbox.set_faults(["reply-lost:add/upgrade"])
    assert run(*UPGRADE, "--yes").code == 4
    (entry,) = journal().entries()
    ran = run("cancel", "edis", KVM, "--immediately", "--yes")
    assert (ran.code, changed(sandbox)) == (1, ["upgrade"])
    assert entry.reference in ran.out
    assert run("cancel", "edis", KVM, "--immediately", "--yes", "--again", entry.reference).code == 0


def test_what_may_have_been_added_already_is_said_before_why_it_cannot_be_had(run: Run, sandbox: Sandbox) -> None:
    """The provider says of what it has just added that it cannot be had: that alone would hide the first one."""
    sandbox.set_faults(["reply-lost:order/changeorder"])
    assert run(*ADD, "--yes").code == 4
    sandbox.set_faults(["inapplicable"])
    (entry,) = journal().entries()
    assert entry.reference in run(*ADD, "--yes").out
