"""Several processes and threads on one journal, some of which are killed."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Entry, Journal, Repeated, State, locks

from .child import PURCHASE, purchase
from .conftest import Start, said, tell

RACES = 30
KILLS = 7


def kill(process: subprocess.Popen[str]) -> None:
    """End `process` as nothing can prevent, and wait until it has gone."""
    process.kill()
    process.wait()


def test_what_a_killed_process_was_sending_is_unknown(journal: Journal, start: Start) -> None:
    process = start("hold", "sending")
    reference = said(process)
    assert journal.recover() == ()
    running = journal.entry(reference)
    assert (running.state, running.live, running.unsettled) == (State.SENDING, True, False)
    assert running.owner.endswith(f"process {process.pid}")
    kill(process)

    # Even before anybody has recovered it.
    (left,) = journal.unsettled()
    assert (left.state, left.live, left.outcome.kind) == (State.SENDING, False, OutcomeKind.UNKNOWN)
    (found,) = journal.recover()
    assert (found.reference, found.state, found.settled_by) == (reference, State.UNKNOWN, "interrupted")
    assert "ended while the order was being sent" in found.outcome.message
    assert found.before == ("7",)
    assert journal.unsettled() == (found,)
    assert journal.recover() == ()
    assert list(journal.path.parent.rglob("*.lock")) == []
    with pytest.raises(Repeated, match="not known"):
        journal.prepare(PURCHASE)


def test_what_a_killed_process_had_only_prepared_was_not_sent(journal: Journal, start: Start) -> None:
    process = start("hold", "prepared")
    reference = said(process)
    assert (journal.recover(), journal.entry(reference).state) == ((), State.PREPARED)
    kill(process)
    assert journal.recover() == ()
    found = journal.entry(reference)
    assert (found.state, found.settled_by) == (State.NOT_SENT, "interrupted")
    assert list(journal.path.parent.rglob("*.lock")) == []
    assert journal.prepare(PURCHASE).state is State.PREPARED


def test_what_was_written_stays_whenever_the_process_is_killed(journal: Journal, start: Start) -> None:
    for kills in range(KILLS):
        process = start("orders")
        steps = [said(process) for _ in range(1 + kills % 7)]
        process.kill()
        assert process.stdout
        steps += process.stdout.read().split("\n")[:-1]
        journal.recover()
        kept = {entry.reference: entry.state for entry in journal.entries()}
        for state, reference in (step.split() for step in steps):
            if state == "placed":
                assert kept[reference] is State.PLACED
            elif state == "sending":
                assert kept[reference] in (State.UNKNOWN, State.PLACED)
            else:
                assert reference in kept
        assert State.SENDING not in kept.values()
        assert State.PREPARED not in kept.values()


def test_a_file_of_an_order_that_was_never_written_down_is_removed(journal: Journal) -> None:
    mine = journal.prepare(PURCHASE)
    stray = journal.path.parent / "sending" / "1122-aaaa.lock"
    stray.touch()
    assert journal.recover() == ()
    assert [lock.stem for lock in stray.parent.iterdir()] == [mine.reference]


def test_what_another_process_sends_cannot_be_touched(journal: Journal, start: Start) -> None:
    process = start("hold", "sending")
    reference = said(process)
    before = journal.entry(reference)
    with pytest.raises(UsageError, match=f"being sent since .* by .*process {process.pid}"):
        journal.finish(reference, Outcome(OutcomeKind.NOT_SENT), settled_by="hand")
    with pytest.raises(Repeated, match=f"being sent since .* by .*process {process.pid}"):
        journal.prepare(PURCHASE, again=reference)
    assert journal.entry(reference) == before
    kill(process)
    assert journal.finish(reference, Outcome(OutcomeKind.NOT_SENT), settled_by="hand").state is State.NOT_SENT


def test_only_who_prepared_an_order_sends_it(journal: Journal, start: Start) -> None:
    process = start("hold", "prepared")
    reference = said(process)
    for alive in (True, False):
        with pytest.raises(Exception, match="another process prepared") as caught:
            journal.begin_sending(reference, None, None)
        assert type(caught.value).__name__ == "JournalFailed"
        assert journal.entry(reference).state is State.PREPARED
        if alive:
            kill(process)


def test_a_forked_child_keeps_nothing_alive(journal: Journal, start: Start) -> None:
    process = start("fork")
    reference = said(process)  # said by the child, which lives on
    assert journal.entry(reference).live
    kill(process)
    assert not journal.entry(reference).live
    assert [entry.reference for entry in journal.recover()] == [reference]
    tell(process)


def test_the_same_process_counts_as_alive_for_every_journal_of_its_own(journal: Journal, path: Path) -> None:
    other = Journal(path.parent / ".." / path.parent.name / path.name)
    mine = journal.prepare(PURCHASE)
    assert other.recover() == ()
    assert other.begin_sending(mine.reference, None, None).live
    assert other.recover() == ()
    with pytest.raises(Repeated, match="being sent since"):
        other.prepare(PURCHASE)
    assert other.finish(mine.reference, Outcome(OutcomeKind.REFUSED)).state is State.REFUSED
    assert not locks.holds(path.parent / "sending" / f"{mine.reference}.lock")


def test_a_lock_that_cannot_be_looked_at_counts_as_held(journal: Journal) -> None:
    reference = journal.prepare(PURCHASE).reference
    journal.begin_sending(reference, None, None)
    locks._forget()
    assert not journal.entry(reference).live
    lock = journal.path.parent / "sending" / f"{reference}.lock"
    lock.unlink()
    lock.symlink_to(journal.path)
    assert journal.entry(reference).live


def test_this_process_knows_its_own_locks_without_asking(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network file system the lock belongs to the process: asking would succeed, and then let go of it."""
    reference = journal.prepare(PURCHASE).reference
    monkeypatch.setattr("fcntl.flock", lambda *_: None)
    assert journal.entry(reference).live
    assert journal.recover() == ()
    assert journal.entry(reference).state is State.PREPARED


def test_two_who_look_at_once_do_not_take_each_other_for_the_holder(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    assert locks.take(lock)
    locks._forget()
    barrier = Barrier(4)

    def look(_: int) -> bool:
        barrier.wait(10)
        return any(locks.alive(lock) for _ in range(300))

    with ThreadPoolExecutor(4) as pool:
        assert not any(pool.map(look, range(4)))


def test_two_processes_never_send_the_same_order(journal: Journal, start: Start) -> None:
    processes = (start("race"), start("race"))
    won = set()
    for number in range(RACES):
        for process in processes:
            tell(process, f"web{number}")
        assert [said(process) for process in processes] == ["ready", "ready"]
        for process in processes:
            tell(process)
        answers = {process.pid: said(process) for process in processes}
        assert sorted(answer.split()[0] for answer in answers.values()) == ["Repeated", "sending"]
        winner = next(process for process in processes if answers[process.pid].startswith("sending"))
        refusal = next(answer for answer in answers.values() if answer.startswith("Repeated"))
        assert f"process {winner.pid}" in refusal
        sending = [entry for entry in journal.entries() if entry.state is State.SENDING]
        assert [entry.reference for entry in sending] == [answers[winner.pid].split()[1]]
        tell(winner)
        assert said(winner) == "finished"
        won.add(winner.pid)
    states = [entry.state for entry in journal.entries()]
    assert (states.count(State.REFUSED), states.count(State.NOT_SENT)) == (RACES, RACES)


def test_two_threads_never_send_the_same_order(journal: Journal) -> None:
    threads = 4
    barrier = Barrier(threads)

    def order(number: int) -> Entry | Repeated:
        reference = journal.prepare(purchase(f"web{number}")).reference
        barrier.wait(10)
        try:
            return journal.begin_sending(reference, None, None)
        except Repeated as error:
            return error

    with ThreadPoolExecutor(threads) as pool:
        for number in range(RACES):
            results = list(pool.map(order, [number] * threads))
            (winner,) = [result for result in results if isinstance(result, Entry)]
            assert journal.finish(winner.reference, Outcome(OutcomeKind.REFUSED)).state is State.REFUSED


def test_many_threads_may_make_the_journal_at_once(journal: Journal) -> None:
    threads = 8
    barrier = Barrier(threads)

    def order(number: int) -> str:
        barrier.wait(10)
        entry = journal.prepare(purchase(f"web{number}"))
        journal.begin_sending(entry.reference, None, None)
        return journal.finish(entry.reference, Outcome(OutcomeKind.PLACED)).reference

    with ThreadPoolExecutor(threads) as pool:
        references = set(pool.map(order, range(threads)))
    assert {entry.reference for entry in journal.entries() if entry.state is State.PLACED} == references
    assert len(references) == threads
