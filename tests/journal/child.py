"""What other processes do with a journal, as a script with a command and a path; and what the tests buy."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import Journal, Purchase
from vps_tui.journal.seals import Seal
from vps_tui.journal.second_copy import SecondCopy

PURCHASE = Purchase(
    provider="edis",
    account="Ops@example.com",
    digest="ab" * 32,
    order_file='version = 1\nprovider = "edis"\n',
    quote={"currency": "EUR", "complete": True, "lines": [{"label": "KVM", "amount": "12.99"}]},
    bought=(("Plan", "KVM Basic"), ("Location", "Wien, Österreich")),
    servers=(("web1", "1707"),),
)


def purchase(name: str = "web1", plan: str = "1707") -> Purchase:
    """Return a purchase of one server."""
    return replace(PURCHASE, servers=((name, plan),))


def say(*words: object, sep: str = " ") -> None:
    sys.stdout.write(sep.join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def hear() -> str:
    """Wait for a line; empty when the test has gone."""
    return sys.stdin.readline().strip()


def attempt(name: str, call: Callable[[], object]) -> None:
    """Say on one line what comes of `call`."""
    try:
        call()
    except VpsTuiError as error:
        say(name, type(error).__name__, error.title, error.message, error.money, sep="|")
    else:
        say(name, "done", sep="|")


def hold(journal: Journal, state: str) -> None:
    """Bring an order to `state` and keep it there until told to go on."""
    reference = journal.prepare(purchase()).reference
    if state == "sending":
        journal.begin_sending(reference, ("7",), None)
    say(reference)
    hear()


def fork(journal: Journal) -> None:
    """Send an order and leave a forked child behind that outlives this process."""
    reference = journal.prepare(purchase()).reference
    journal.begin_sending(reference, None, None)
    if os.fork() == 0:
        say(reference)
        hear()
        os._exit(0)
    os.wait()


def orders(journal: Journal) -> None:
    """Place one order after the other, and tell of each step when it is done, until killed."""
    for number in count():
        reference = journal.prepare(purchase(f"web{os.getpid()}-{number}")).reference
        say("prepared", reference)
        journal.begin_sending(reference, None, None)
        say("sending", reference)
        journal.finish(reference, Outcome(OutcomeKind.PLACED))
        say("placed", reference)


def race(journal: Journal) -> None:
    """Order the server that each line names, as soon as the next line says so, and tell who was first."""
    while name := hear():
        reference = journal.prepare(purchase(name)).reference
        say("ready")
        hear()
        try:
            journal.begin_sending(reference, None, None)
        except VpsTuiError as error:
            say(type(error).__name__, reference, error.message)
        else:
            say("sending", reference)
            hear()
            journal.finish(reference, Outcome(OutcomeKind.REFUSED))
            say("finished")


def killed(journal: Journal, write: str) -> None:
    """Place an order, and be killed with the write of that number in the second copy alone."""
    append, writes = SecondCopy.append, count(1)

    def dying(copy: SecondCopy, rows: Iterable[dict[str, Any]], seal: Seal) -> None:
        append(copy, rows, seal)
        if next(writes) == int(write):
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(SecondCopy, "append", dying)  # noqa: B010 - mypy lets nobody assign to a method
    reference = journal.prepare(purchase()).reference
    journal.begin_sending(reference, None, None)
    say("sent")
    journal.finish(reference, Outcome(OutcomeKind.PLACED, order_id="5"))


def limited(journal: Journal) -> None:
    """Try each write while no file may grow beyond nothing, and again after that."""
    nothing, normal = (0, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_FSIZE, nothing)
    attempt("make", lambda: journal.prepare(purchase()))
    resource.setrlimit(resource.RLIMIT_FSIZE, normal)
    tried(
        journal,
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, nothing),
        after=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, normal),
    )


def full(journal: Journal) -> None:
    """Try each write on a file system that has no room left, and again when there is."""
    filler = journal.path.parent / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            for size in (4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    pass

    tried(journal, before=fill, after=filler.unlink)


def frozen(journal: Journal) -> None:
    """Try each write while the folder is mounted read-only, and again when it is not."""
    folder = journal.path.parent
    # Over the folder, because what is open there for writing keeps it from becoming read-only itself.
    tried(
        journal,
        before=lambda: shell(f"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'"),
        after=lambda: shell(f"umount '{folder}'"),
    )


def shell(command: str) -> None:
    assert os.system(command) == 0


def tried(journal: Journal, before: Callable[[], object], after: Callable[[], object]) -> None:
    """Try prepare, begin_sending and finish between `before` and `after`, and say what stands after each."""
    first = journal.prepare(purchase("first")).reference
    before()
    attempt("prepare", lambda: journal.prepare(purchase("second")))
    attempt("begin", lambda: journal.begin_sending(first, (), None))
    after()
    say("states", *(entry.state.value for entry in journal.entries()), sep="|")
    journal.begin_sending(first, (), None)
    before()
    attempt("finish", lambda: journal.finish(first, Outcome(OutcomeKind.PLACED, order_id="5")))
    say("read", journal.entry(first).state.value, journal.entry(first).live, sep="|")
    after()
    attempt("finish", lambda: journal.finish(first, Outcome(OutcomeKind.PLACED, order_id="5")))
    say("read", journal.entry(first).state.value, sep="|")


def nobody(journal: Journal) -> None:
    """Try to write as a user who may only read: for root, who may do all, as one without any rights."""
    # What that user may not be able to load.
    import pwd  # noqa: F401
    import secrets  # noqa: F401
    import sqlite3  # noqa: F401

    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    attempt("prepare", lambda: journal.prepare(purchase()))


def main() -> None:
    command, path, *rest = sys.argv[1:]
    journal = Journal(Path(path))
    commands: dict[str, Callable[..., None]] = {
        "hold": hold,
        "fork": fork,
        "orders": orders,
        "race": race,
        "killed": killed,
        "limited": limited,
        "full": full,
        "frozen": frozen,
        "nobody": nobody,
    }
    commands[command](journal, *rest)


if __name__ == "__main__":
    main()
