"""Closed, full, broken and read-only streams: the exit code tells the outcome, and nothing is said in tracebacks.

By default every command meets a full standard output, and `order` every state; `STREAMS=all` has all meet all.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from program import warm
from program.terminal import Terminal

from vps_tui.journal import Entry
from vps_tui.sandbox.server import Sandbox
from vps_tui.services.live_backend import LiveBackend

from .conftest import Run, Write, bought, journal
from .test_watching import later

LIMIT = 30.0
"""Seconds until a program that does not end fails the test."""

FULL = ">/dev/full"
ALL_CLOSED = "<&- >&- 2>&-"
GONE = ">&$GONE"
"""To a pipe whose other end is closed."""

STATES = (
    *("<&-", ">&-", "2>&-", ">&- 2>&-", ALL_CLOSED),
    *(FULL, "2>/dev/full", ">/dev/full 2>&1", ">/dev/full 2>&-"),
    *(GONE, "2>&$GONE", ">&$GONE 2>&1"),
    *("1</dev/null", "2</dev/null", "0>/dev/null 1</dev/null 2</dev/null"),
)
PIPES = ("| head -c 0", "| head -c 1", "2>&1 | head -n 1", "| true")
"""Readers that leave sooner or later: whether the whole output reaches them is a matter of chance."""


@dataclass(frozen=True, slots=True)
class Case:
    """A command as it is typed, {} standing for what it is about, and what it comes to."""

    line: str
    code: int = 0
    faults: tuple[str, ...] = ()
    before: str = ""
    """The fault with which the order that the command looks at was made; "placed" where with none."""

    @property
    def tells_outcome(self) -> bool:
        """Whether the exit code is an order's, also where nothing could be printed."""
        return bool(self.before or "--yes" in self.line)

    @property
    def recorded(self) -> bool:
        """Whether there is an outcome with a record to speak of; `watch` is about what comes after it."""
        return self.tells_outcome and "watch" not in self.line and "--max-total" not in self.line

    def __str__(self) -> str:
        return " ".join(filter(None, (self.line, *self.faults, self.before)))


NOT_TAKEN = "http-503:add/order"
REFUSED = ("http-422:add/order",)
LOST = ("reply-lost",)

ORDER = Case("order {} --yes")
USUAL = (
    Case("order {} --yes --json", 4, LOST),
    Case("order {} --yes", 1, REFUSED),
    Case("change layerstack db1 --plan 103 --yes --json"),
    Case("cancel edis 312845 --immediately --yes"),
    Case("orders show {} --json", 4, before=NOT_TAKEN),
    Case("orders check {}", 4, before=NOT_TAKEN),
    Case("orders settle {} --not-ordered", before=NOT_TAKEN),
    Case("watch {} --json", before="placed"),
    *(
        Case("quote {}"),
        Case("order {} --dry-run --json"),
        Case("order {}", 2),
        Case("cancel edis 312845 --immediately --dry-run"),
    ),
    *(Case("orders"), Case("orders show nothing --json", 2), Case("catalog edis"), Case("servers"), Case("doctor")),
    *(Case("completion bash"), Case("man"), Case("--version"), Case("--help"), Case("nonsense --json", 2)),
    *(Case("", 3), Case("orders browse"), Case("servers browse", 3)),
)
"""Every command once."""
MORE = (
    Case("order {} --yes --json"),
    Case("order {} --yes", 4, LOST),
    Case("order {} --yes --json --max-total 1", 1),
    Case("change edis 312845 --plan 6846 --allow-unknown-price --yes"),
    Case("cancel edis 312845 --at-end-of-period --yes --json"),
    Case("orders show {}", before="placed"),
    Case("orders check {} --json", before="placed"),
    Case("orders settle {} --ordered --json", before=NOT_TAKEN),
    Case("watch {}", 4, before=NOT_TAKEN),
    *(Case("quote {} --json"), Case("quote no-such-file", 2), Case("order {} --dry-run"), Case("order {} --json", 2)),
    *(Case("change layerstack db1 --plan 103", 2), Case("change layerstack db1 --plan 103 --dry-run --json")),
    *(Case("cancel edis 312845 --immediately", 2), Case("orders --json"), Case("orders show nothing", 2)),
    *(Case("catalog layerstack --json"), Case("catalog edis --location 122"), Case("catalog edis --cheapest 3")),
    *(Case("catalog edis --all-locations --json"), Case("catalog nowhere", 2), Case("servers edis --json")),
    *(Case("doctor --json"), Case("completion zsh"), Case("completion fish"), Case("--sandbox --version")),
    *(Case("order --help"), Case("--nonsense", 2), Case("--plain", 3)),
)


def chosen() -> Iterator[tuple[Case, str]]:
    """Yield what meets what."""
    if os.environ.get("STREAMS") == "all":
        yield from product((ORDER, *USUAL, *MORE), (*STATES, *PIPES))
    else:
        yield from ((ORDER, state) for state in STATES)
        yield from ((case, FULL) for case in USUAL)
        yield from ((Case("quote {} --json"), GONE), (Case("orders browse"), GONE))


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox whose servers answer at once."""
    with Sandbox(delivery_seconds=0, ssh_delay_seconds=0) as running:
        monkeypatch.setenv("VPS_TUI_SSH_PORT", str(running.ssh_port))
        yield running
    assert running.failures == []


@pytest.fixture
def gone() -> Iterator[int]:
    """The end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


Shell = Callable[..., subprocess.CompletedProcess[str]]
"""Runs the program in bash with redirections."""


@pytest.fixture
def shell(gone: int) -> Shell:
    """Run the program as a shell does, away from any terminal."""
    program = f"'{sys.executable}' -m vps_tui"

    def run(line: str, state: str) -> subprocess.CompletedProcess[str]:
        if state in (FULL, GONE) and sys.platform == "linux":
            return fork(line, gone if state == GONE else None)
        command = f"{program} {line} {state}; exit ${{PIPESTATUS[0]}}"
        return subprocess.run(
            ["bash", "-c", command],
            env={**os.environ, "GONE": str(gone)},
            pass_fds=(gone,),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            start_new_session=True,
        )

    return run


def fork(line: str, gone: int | None) -> subprocess.CompletedProcess[str]:
    """Run the program in a fork of one that is loaded, its output going to `gone` or to a full device.

    Such streams are found out when they are written to, unlike those that are closed when the interpreter starts.
    """
    with TemporaryFile() as said, Path("/dev/full").open("wb") as full, Path(os.devnull).open("rb") as nothing:
        streams = nothing.fileno(), full.fileno() if gone is None else gone, said.fileno()
        process = warm.start(shlex.split(line), os.environ, streams)
        try:
            code = process.wait(LIMIT)
        finally:
            process.kill()
        said.seek(0)
        return subprocess.CompletedProcess(line, code, "", said.read().decode())


def prepared(case: Case, run: Run, write: Write, sandbox: Sandbox) -> str:
    """Return the command line of `case`, its order file written or its order made."""
    subject = str(write())
    if case.before:
        if case.before != "placed":
            sandbox.set_faults([case.before])
        subject = run("order", subject, "--yes", "--json").document["reference"]
    sandbox.set_faults(case.faults)
    return case.line.format(subject)


def code_of(case: Case, state: str) -> set[int]:
    """Return the exit codes that `case` may end with."""
    unseen = state.startswith(">") or "1<" in state or ALL_CLOSED in state
    left = state.startswith(GONE)
    asked = case.line in ("", "--plain", "servers browse", "orders browse")
    if asked and unseen:
        # The questions cannot be shown; that a reader has left is leaving.
        return {case.code} if left else {1 if case.code == 3 else case.code}
    if case.tells_outcome or case.code:
        return {case.code}
    return {0, 1} if "|" in state else {1 if unseen else 0}


@pytest.mark.parametrize(("case", "state"), chosen(), ids=str)
def test_every_command_with_every_stream(
    case: Case, state: str, run: Run, write: Write, sandbox: Sandbox, shell: Shell
) -> None:
    line = prepared(case, run, write, sandbox)
    earlier = outcomes()
    done = shell(line, state)
    said = done.stdout + done.stderr
    assert done.returncode in code_of(case, state), done
    for words in ("Traceback", "Exception ignored", "fault of its own", "Errno", "BrokenPipe"):
        assert words not in said, done
    assert list(Path.home().rglob("crash-*.txt")) == []
    agrees_with_the_journal(case, done.returncode, earlier, sandbox)
    if state in (FULL, ">&-", "1</dev/null"):
        assert "Standard output cannot be written" in done.stderr or done.returncode == 2
    if state in (FULL, ">&-", GONE) and case.recorded:
        assert journal().entries()[0].reference in done.stderr
    if state == GONE and not case.tells_outcome and case.code == 0:
        assert said == ""


def outcomes() -> tuple[Entry, ...]:
    """Return the entries without where servers answer, which a watch may note whatever its exit code is."""
    return tuple(replace(entry, logins=()) for entry in journal().entries())


def agrees_with_the_journal(case: Case, code: int, earlier: tuple[Entry, ...], sandbox: Sandbox) -> None:
    """Check that what is recorded is what the exit code says, and that the provider has what was placed."""
    recorded = [entry for entry in outcomes() if entry not in earlier]
    if "--yes" in case.line:
        kinds = [entry.outcome.kind.exit_code for entry in recorded]
        assert kinds == ([] if "--max-total" in case.line else [code])
        taken = bought(sandbox) + len(sandbox.ledger.changes())
        assert taken == (1 if code in (0, 4) else 0)
    elif "settle" in case.line:
        assert [entry.unsettled for entry in recorded] == [False]
    else:
        assert recorded == []
        assert bought(sandbox) == (case.before == "placed")


def test_a_watch_that_nobody_reads_ends(run: Run, write: Write, sandbox: Sandbox, shell: Shell) -> None:
    """As every program at the head of a pipe does, and long before the servers are there."""
    reference = run("order", write(), "--yes", "--json").document["reference"]
    later(sandbox)
    done = shell(f"watch {reference} --timeout 60", GONE)
    assert (done.returncode, done.stderr) == (1, "")


class TestAsking:
    """`order` without --yes on a terminal, one of whose streams is not that terminal."""

    @pytest.mark.parametrize("state", [FULL, "2>&-", "2>/dev/full", ">&-"])
    def test_what_cannot_be_seen_is_not_confirmed(self, write: Write, sandbox: Sandbox, state: str) -> None:
        with Terminal(["order", str(write())], redirect=state) as terminal:
            assert terminal.exit_code() == 1
        assert bought(sandbox) == 0
        assert b"Traceback" not in terminal.transcript
        if not state.startswith("2"):
            assert b"The question cannot be shown: Standard output cannot be written" in terminal.transcript

    def test_a_terminal_that_goes_away_while_it_asks_orders_nothing(self, write: Write, sandbox: Sandbox) -> None:
        with Terminal(["order", str(write())]) as terminal:
            terminal.wait_for("Type yes to order, then Enter:")
            assert terminal.hang_up() == 3
        assert (bought(sandbox), journal().entries()) == (0, ())


def test_a_late_ctrl_c_does_not_change_the_exit_code(
    run: Run, write: Write, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes when the outcome has been printed and the program only tidies up."""

    def stopped(_backend: LiveBackend) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LiveBackend, "close", stopped)
    ran = run("order", write(), "--yes", "--json")
    assert (ran.code, ran.document["outcome"], ran.err) == (0, "placed", "")
    assert bought(sandbox) == 1
