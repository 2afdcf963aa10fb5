"""`orders`: what is listed, what a look at the provider says and changes, and what a person can settle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vps_tui.journal import Journal
from vps_tui.journal.database import transaction
from vps_tui.sandbox.server import Sandbox

from .conftest import Run, Write, journal


@pytest.fixture
def lost(run: Run, write: Write, sandbox: Sandbox) -> str:
    """The reference of an order that was taken, its reply lost."""
    sandbox.set_faults(["reply-lost"])
    reference: str = run("order", write(), "--yes", "--json").document["reference"]
    sandbox.set_faults([])
    return reference


@pytest.fixture
def gone(run: Run, write: Write, sandbox: Sandbox) -> str:
    """The reference of an order that never arrived, for all that anybody knows."""
    sandbox.set_faults(["reset"])
    reference: str = run("order", write(), "--yes", "--json").document["reference"]
    sandbox.set_faults([])
    return reference


class TestList:
    def test_before_the_first_order(self, run: Run) -> None:
        ran = run("orders")
        assert (ran.code, ran.out) == (0, "Nothing has been ordered from here yet.\n")

    def test_a_row_for_each_and_what_is_open_pointed_out(self, run: Run, write: Write, gone: str) -> None:
        run("order", write("layerstack", ("web1", "shop")), "--yes")
        heads, stack, edis, note = run("orders").out.splitlines()
        assert heads.split() == ["REFERENCE", "TIME", "OUTCOME", "PROVIDER", "DUE", "AT", "ONCE", "SERVER", "ORDER"]
        assert all(word in stack for word in ("ordered", "layerstack", "10.00 USD", "shop", "52001"))
        assert all(word in edis for word in (gone, "NOT KNOWN", "edis", "17.99 EUR", "web1"))
        assert f"vps-tui orders check {gone}" in note


class TestShow:
    @pytest.mark.parametrize(
        ("faults", "code"), [([], 0), (["http-422"], 1), (["out-of-stock"], 4), (["reply-lost"], 4)]
    )
    def test_it_is_told_in_full_with_the_exit_code_of_its_outcome(
        self, run: Run, write: Write, sandbox: Sandbox, faults: list[str], code: int
    ) -> None:
        sandbox.set_faults(faults)
        reference = run("order", write(), "--yes", "--json").document["reference"]
        ran = run("orders", "show", reference)
        assert ran.code == code
        for words in (reference, "KVM STARTER", "web1", "17.99 EUR", "EDIS Global", "sandbox@example.test", "Sent"):
            assert words in ran.out

    def test_the_beginning_of_a_reference_is_enough(self, run: Run, lost: str) -> None:
        assert run("orders", "show", lost[:-1]).code == 4

    def test_the_nearest_one_is_named(self, run: Run, lost: str) -> None:
        ran = run("orders", "show", f"{lost}x")
        assert (ran.code, ran.out) == (2, "")
        assert lost in ran.err


class TestCheck:
    def test_found_it_is_settled(self, run: Run, lost: str) -> None:
        ran = run("orders", "check", lost)
        assert ran.code == 0
        assert ran.out.startswith(f"{lost}: It is there: the order was taken.")
        assert "Ordered." in ran.out
        (entry,) = journal().entries()
        assert (entry.unsettled, entry.settled_by) == (False, "reading")

    def test_not_yet_listed_it_stays_unknown(self, run: Run, gone: str) -> None:
        ran = run("orders", "check", gone)
        assert ran.code == 4
        assert "says nothing so far" in ran.out
        assert f"orders settle {gone} --not-ordered" in ran.out
        assert journal().entries()[0].unsettled

    def test_long_not_listed_it_is_still_for_a_person_to_settle(
        self, run: Run, gone: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The order is made an hour old, for the provider's clock cannot be moved on."""
        earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        with transaction(journal().path, write=True) as db:
            db.execute("UPDATE orders SET created = ?, sent = ?, server_time = ?", (earlier,) * 3)
        ran = run("orders", "check", gone)
        assert ran.code == 4
        assert "most likely it was not taken" in ran.out
        assert "the provider's panel" in ran.out
        assert journal().entries()[0].unsettled

    def test_it_can_be_waited_for_no_longer_than_was_said(self, run: Run, gone: str, sandbox: Sandbox) -> None:
        """Less than the pause between two looks is one look."""
        asked = len(sandbox.requests)
        assert run("orders", "check", gone, "--wait", "0.1").code == 4
        looks = [one for one in sandbox.requests[asked:] if one.route.endswith("get/services")]
        assert len(looks) == 1

    def test_two_alike_are_unclear(self, run: Run, write: Write, sandbox: Sandbox, gone: str) -> None:
        sandbox.set_faults(["reply-lost"])
        second = run("order", write("edis", ("web1", "web2")), "--yes", "--json").document["reference"]
        sandbox.set_faults([])
        for reference, other in ((gone, second), (second, gone)):
            ran = run("orders", "check", reference)
            assert ran.code == 4
            assert f"It could belong to order {other}" in ran.out
            assert "KVM STARTER" in ran.out
        assert run("orders", "settle", gone, "--not-ordered").code == 0
        assert run("orders", "check", second).code == 0

    def test_a_settled_one_keeps_its_outcome(self, run: Run, lost: str) -> None:
        run("orders", "settle", lost, "--not-ordered")
        ran = run("orders", "check", lost)
        assert ran.code == 1
        assert "Not ordered" in ran.out
        assert journal().entries()[0].settled_by == "hand"

    def test_a_provider_that_does_not_answer_changes_nothing(self, run: Run, sandbox: Sandbox, lost: str) -> None:
        sandbox.set_faults(["http-500:get/services"])
        ran = run("orders", "check", lost)
        assert (ran.code, ran.out) == (1, "")
        assert journal().entries()[0].unsettled

    def test_with_another_account_nothing_is_looked_for(
        self, run: Run, sandbox: Sandbox, lost: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VPS_TUI_EDIS_EMAIL", "other@example.test")
        asked = len(sandbox.requests)
        ran = run("orders", "check", lost)
        assert (ran.code, ran.out, len(sandbox.requests)) == (2, "", asked)
        assert "sandbox@example.test" in ran.err
        assert journal().entries()[0].unsettled


class TestSettle:
    @pytest.mark.parametrize(("answer", "shown"), [("--ordered", 0), ("--not-ordered", 1)])
    def test_a_person_decides(self, run: Run, gone: str, answer: str, shown: int) -> None:
        ran = run("orders", "settle", gone, answer, "--order-id", "240001")
        assert ran.code == 0
        assert "the EDIS Global client area" in ran.out
        assert "240001" in ran.out
        (entry,) = journal().entries()
        assert (entry.unsettled, entry.settled_by, entry.outcome.order_id) == (False, "hand", "240001")
        assert run("orders", "show", gone).code == shown

    def test_once_and_never_what_is_known(self, run: Run, gone: str) -> None:
        run("orders", "settle", gone, "--ordered")
        ran = run("orders", "settle", gone, "--not-ordered")
        assert (ran.code, ran.out) == (2, "")
        assert "Nothing to settle" in ran.err
        assert journal().entries()[0].outcome.kind == "placed"

    @pytest.mark.parametrize("answers", [(), ("--ordered", "--not-ordered")])
    def test_it_must_be_said_and_only_once(self, run: Run, gone: str, answers: tuple[str, ...]) -> None:
        ran = run("orders", "settle", gone, *answers)
        assert (ran.code, ran.out) == (2, "")
        assert "usage:" in ran.err
        assert journal().entries()[0].unsettled


def test_what_a_dead_process_left_is_unknown_in_every_answer(run: Run, gone: str) -> None:
    own: Journal = journal()
    with transaction(own.path, write=True) as db:
        db.execute("UPDATE orders SET state = 'sending', finished = NULL")
    assert run("orders", "--json").document["orders"][0]["outcome"] == "unknown"
    assert run("orders", "show", gone).code == 4
    assert own.entries()[0].settled_by == "interrupted"
