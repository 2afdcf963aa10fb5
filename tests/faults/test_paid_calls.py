"""The outcome table through the whole program: one paid call, the right word, a journal that agrees, no secret.

Whatever the provider does to the paid call, an order that may exist is never called "not ordered", and
nothing more is sent for it until somebody says so.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from providers.loopback import sending
from providers.test_connections import certificate

from vps_tui.journal import Journal
from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .misbehaviours import CELLS, UNKNOWN, Misbehaviour, silent
from .program import DENIALS, EXIT, PROVIDERS, Program, Run, address, names, swept

both = pytest.mark.parametrize("provider", PROVIDERS)


def judge(run: Run, outcome: str, sandbox: Sandbox) -> str:
    """Check what a run said of an order that came to `outcome`; returns its reference."""
    assert (run.document["outcome"], run.code) == (outcome, EXIT[outcome]), run
    assert run.document["reference"]
    if outcome != "placed":
        assert re.search(r"\w+ \w+ \w+", run.document["message"]), run
    if names(sandbox):
        assert outcome in ("placed", UNKNOWN)
        assert not [words for words in DENIALS if words in run.said], run
    return str(run.document["reference"])


RUNS = [
    pytest.param(provider, case, reached, id=f"{name}, {provider}")
    for name, (case, reached) in CELLS.items()
    for provider in PROVIDERS
    # Whether an order was lost on the way or on the way back is no difference to who sent it; once is enough.
    if provider == "layerstack" or reached or len(case.reaches) == 1
]


@pytest.mark.parametrize(("provider", "case", "reached"), RUNS)
def test_cell(
    provider: str, case: Misbehaviour, reached: bool, program: Program, gate: Gate, sandbox: Sandbox
) -> None:
    """One paid call reached the server; outcome, exit code, words and journal are those of the table."""
    gate.act, gate.reaches = case.act, reached
    program.set_timeout(case.read_timeout)
    file = program.file(provider)
    run = program.order(file)
    reference = judge(run, case.outcome, sandbox)
    assert case.words in run.said
    assert gate.paid == 1
    assert names(sandbox) == (["web1"] if reached else [])
    assert {key: entry["outcome"] for key, entry in program.journal().items()} == {reference: case.outcome}
    assert swept(*program.printed) == {}


STOPPING = (
    "closed after the call, after",
    "answer cut at 75%",
    "HTML, after",
    "503 with a page",
    "307 to itself, after",
)


@both
@pytest.mark.parametrize("name", STOPPING)
def test_unknown_stands_in_the_way_until_told(
    provider: str, name: str, program: Program, gate: Gate, sandbox: Sandbox
) -> None:
    """The same order is stopped by the reference of the unknown one, and with `--again` sent exactly once more."""
    gate.act = CELLS[name][0].act
    file = program.file(provider)
    reference = judge(program.order(file), UNKNOWN, sandbox)
    gate.act = lambda paid: paid.send(paid.receive())
    for options in ((), ("--again", "1122-zzzz"), ("--allow-unknown-price",)):
        second = program.order(file, *options)
        assert (second.document["outcome"], second.code, gate.paid) == ("not_sent", 1, 1), second
        assert f"It is not known whether order {reference}" in second.document["message"]
        assert f"--again {reference}" in second.document["message"]
    told = program.order(file, "--again", reference.upper())
    assert (told.document["outcome"], told.code, gate.paid) == ("placed", 0, 2), told
    assert sorted(entry["outcome"] for entry in program.journal().values()) == ["placed", "unknown"]
    assert names(sandbox) == ["web1", "web1"]


@both
def test_another_server_is_not_in_the_way(provider: str, program: Program, gate: Gate) -> None:
    """Only the same name and plan is the same order."""
    gate.act = silent
    assert program.order(program.file(provider)).code == 4
    gate.act = lambda paid: paid.send(paid.receive())
    assert program.order(program.file(provider, "web2")).code == 0


@both
def test_unknown_is_found_by_looking(provider: str, program: Program, gate: Gate, sandbox: Sandbox) -> None:
    """`orders check` settles what the provider lists, and sends nothing but reads."""
    gate.act = silent
    reference = judge(program.order(program.file(provider)), UNKNOWN, sandbox)
    checked = program("orders", "check", reference, "--json")
    assert (checked.code, checked.document["sighting"], gate.paid) == (0, "found", 1), checked
    assert {entry["outcome"] for entry in program.journal().values()} == {"placed"}


@both
@pytest.mark.parametrize("when", ["the order", "the paid call"])
def test_no_connection_is_not_sent(
    provider: str, when: str, program: Program, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A port that is closed, at the start or by the time of the paid call: nothing has left, and it says so."""
    begin = Journal.begin_sending

    def closing(*args: Any) -> Any:
        entry = begin(*args)
        gate.stop_listening()
        return entry

    if when == "the order":
        gate.stop_listening()
    monkeypatch.setattr(Journal, "begin_sending", closing)
    run = program.order(program.file(provider))
    assert (run.document["outcome"], run.code, gate.paid) == ("not_sent", 1, 0), run
    assert "could not be reached" in run.said or "nothing reached" in run.said
    assert [entry["outcome"] for entry in program.journal().values()] == (["not_sent"] if "paid" in when else [])


@both
def test_no_tls_is_not_sent(
    provider: str, program: Program, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What answers the paid call is not the provider: its handshake fails before a byte of the order is out."""
    tls, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    begin = Journal.begin_sending
    with Gate(behind=int(sandbox.edis_url.rpartition(":")[2]), tls=tls) as gate:
        address(monkeypatch, gate.url)

        def spoiling(*args: Any) -> Any:
            gate.garbage = sending(b"HTTP/1.1 400 Bad Request\r\n\r\nThis is not TLS.")
            return begin(*args)

        assert program.order(program.file(provider)).code == 0
        monkeypatch.setattr(Journal, "begin_sending", spoiling)
        run = program.order(program.file(provider, "web2"))
    assert (run.document["outcome"], run.code) == ("not_sent", 1), run
    assert "nothing reached" in run.said
    assert names(sandbox) == ["web1"]
    assert sorted(entry["outcome"] for entry in program.journal().values()) == ["not_sent", "placed"]


SUBPROCESS = ("answer cut at 50%", "308 to itself")


@pytest.mark.parametrize("name", SUBPROCESS)
def test_real_process(name: str, program: Program, gate: Gate, sandbox: Sandbox) -> None:
    """As above, in a process of its own, which also keeps its standard error clean."""
    case, gate.reaches = CELLS[name]
    gate.act = case.act
    ended = subprocess.run(
        [sys.executable, "-m", "vps_tui", "order", program.file("edis"), "--yes", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    run = Run(ended.returncode, ended.stdout, ended.stderr)
    reference = judge(run, case.outcome, sandbox)
    assert (run.err, gate.paid) == ("", 1)
    assert {key: entry["outcome"] for key, entry in program.journal().items()} == {reference: case.outcome}
    assert swept(run.out, run.err) == {}
