"""Journals that are damaged, cut off, emptied, exchanged or gone: no order goes out twice, and there is a way on.

The ordinary run flips some bits and cuts at some lengths. For every bit and every length:

    JOURNAL_FLIPS=all python -m pytest tests/journal/test_damage.py
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.journal import FILE_NAME, Journal, JournalDamaged, JournalFailed, Repeated, State, database
from vps_tui.journal.repair import DOUBTFUL

from .child import purchase

ALL = os.environ.get("JOURNAL_FLIPS") == "all"
BIT_STEP, LENGTH_STEP = (1, 1) if ALL else (1009, 331)
COPY = "journal.copy"

WORDS = re.compile(
    r"The record of orders \S+ cannot be used: [a-z ,]+\. "
    r"(\d of \d (entry|entries) can still be read\.( Not known: [\w-]+ \(web\d\)\.)?|"
    r"Nothing that was recorded can be read\.)"
)
"""All that may be said: no text of a column, none of SQLite."""


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No power is cut here, so that thousands of journals need not be written down for good."""
    monkeypatch.setattr(database, "_PRAGMAS", (*database._PRAGMAS, "synchronous = OFF"))
    monkeypatch.setattr(os, "fsync", lambda _: None)


@dataclass(frozen=True)
class Recorded:
    """The files of a state folder after each write."""

    files: tuple[dict[str, bytes], ...]

    @property
    def last(self) -> dict[str, bytes]:
        return self.files[-1]

    @property
    def placed(self) -> dict[str, bytes]:
        """The files while only the first order, which was placed, was recorded."""
        return self.files[2]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Return what a journal consists of that has one placed order and one that is unknown."""
    folder = tmp_path_factory.mktemp("recorded") / "state"
    journal = Journal(folder / FILE_NAME)
    files: list[dict[str, bytes]] = []

    def note() -> None:
        files.append({name: (folder / name).read_bytes() for name in (FILE_NAME, COPY)})

    for name, outcome in (("web0", OutcomeKind.PLACED), ("web1", OutcomeKind.UNKNOWN)):
        reference = journal.prepare(purchase(name)).reference
        note()
        journal.begin_sending(reference, ("7",), None)
        note()
        journal.finish(reference, Outcome(outcome, "words", reply="<html>"))
        note()
    return Recorded(tuple(files))


@pytest.fixture
def lay(tmp_path: Path) -> Callable[[dict[str, bytes]], Journal]:
    """Return what puts files into an empty state folder in which orders were recorded."""

    def lay_down(files: dict[str, bytes]) -> Journal:
        folder = tmp_path / "state"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "sending").mkdir(parents=True)
        for each in (folder, folder / "sending"):
            each.chmod(0o700)
        for name, content in files.items():
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
        return Journal(folder / FILE_NAME)

    return lay_down


def check_words(error: JournalDamaged) -> None:
    assert WORDS.fullmatch(error.message), error.message
    assert "orders repair" in error.hint
    assert error.money == "Nothing was ordered."


def again(journal: Journal) -> str:
    """Order the unknown one again, and return what keeps it from being sent."""
    for call in (journal.recover, journal.unsettled, lambda: journal.repeats(purchase("web1"))):
        try:
            call()
        except JournalDamaged as error:
            check_words(error)
    try:
        entry = journal.prepare(purchase("web1"))
        journal.begin_sending(entry.reference, (), None)
    except Repeated:
        return "repeated"
    except JournalDamaged as error:
        check_words(error)
        return "damaged"
    raise AssertionError("sent a second time")


def repaired(journal: Journal, lost: int = 0) -> None:
    """Repair the journal: the unknown order is known of as before, and another one can be prepared."""
    done = journal.repair()
    assert (len(done.found.rows), done.found.lost) == (2 - lost, lost)
    assert done.kept
    assert {stat.S_IMODE(path.lstat().st_mode) for path in done.kept if stat.S_ISREG(path.lstat().st_mode)} <= {0o600}
    assert journal.problem() is None
    if lost < 2:
        assert [entry.purchase.servers[0][0] for entry in journal.unsettled()] == ["web1"]
        with pytest.raises(Repeated):
            journal.prepare(purchase("web1"))
    entry = journal.prepare(purchase("web9"))
    assert journal.begin_sending(entry.reference, (), None).state is State.SENDING
    assert journal.finish(entry.reference, Outcome(OutcomeKind.REFUSED)).state is State.REFUSED


def bits(content: bytes) -> Iterator[bytes]:
    """Yield `content` with one bit flipped, for bits all over it and for every bit of the state in the row."""
    at = content.index(b"unknown") * 8 if b"unknown" in content else 0
    for bit in sorted({*range(0, len(content) * 8, BIT_STEP), *range(at, at + 56)}):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bytes(flipped)


@pytest.mark.parametrize("name", [FILE_NAME, COPY])
def test_a_bit_flipped(recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], name: str) -> None:
    met = set()
    for content in bits(recorded.last[name]):
        journal = lay({**recorded.last, name: content})
        met.add(again(journal))
        if journal.problem():
            repaired(journal)
    assert met == ({"repeated", "damaged"} if name == FILE_NAME else {"repeated"})


def test_a_bit_flipped_in_each_place_of_a_reference(
    recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal]
) -> None:
    """In the row, and in the index by which rows are found; the second copy knows what it was."""
    content = recorded.last[FILE_NAME]
    reference = lay(recorded.last).unsettled()[0].reference.encode()
    places = [found.start() for found in re.finditer(reference, content)]
    assert len(places) >= 2
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 1
        journal = lay({**recorded.last, FILE_NAME: bytes(flipped)})
        with pytest.raises(JournalDamaged):
            journal.entries()
        assert again(journal) == "damaged"
        assert journal.salvaged().doubtful == frozenset()
        repaired(journal)


@pytest.mark.parametrize("word", [b"CHECK", b"NULL", b"account TEXT", b"seal"])
def test_a_high_bit_flipped_in_the_tables_own_text(
    recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], word: bytes
) -> None:
    """SQLite's message quotes it, and Python cannot decode that."""
    content = bytearray(recorded.last[FILE_NAME])
    content[content.index(word)] ^= 0x80
    journal = lay({**recorded.last, FILE_NAME: bytes(content)})
    assert again(journal) == "damaged"
    repaired(journal)


@pytest.mark.parametrize("name", [FILE_NAME, COPY])
def test_cut_off(recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], name: str) -> None:
    content = recorded.last[name]
    for length in {*range(0, len(content), LENGTH_STEP), len(content) - 1}:
        journal = lay({**recorded.last, name: content[:length]})
        met = again(journal)
        assert met == "damaged" or name == COPY
        if journal.problem():
            repaired(journal)


def foreign() -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE songs (title)")
        return bytes(db.serialize())


@pytest.mark.parametrize("name", [FILE_NAME, COPY])
@pytest.mark.parametrize("content", [b"", b"no database at all\n" * 300, foreign()], ids=["empty", "text", "foreign"])
def test_replaced(recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], name: str, content: bytes) -> None:
    journal = lay({**recorded.last, name: content})
    assert again(journal) == "damaged"
    assert {entry.outcome.kind.value for entry in journal.salvaged().entries()} == {"placed", "unknown"}
    repaired(journal)
    assert content in [path.read_bytes() for path in journal.path.parent.glob("journal.damaged-*")]


@pytest.mark.parametrize("name", [FILE_NAME, COPY])
@pytest.mark.parametrize("writes", range(5))
def test_an_older_one(recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], name: str, writes: int) -> None:
    """One write behind is what a process leaves that is killed between the two: that is made good."""
    journal = lay({**recorded.last, name: recorded.files[writes][name]})
    assert again(journal) == ("repeated" if writes == 4 else "damaged")
    if writes != 4:
        repaired(journal)
    assert [entry.state.value for entry in journal.unsettled()] == ["unknown"]


@pytest.mark.parametrize("name", [FILE_NAME, COPY])
def test_gone(recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], name: str) -> None:
    files = dict(recorded.last)
    del files[name]
    journal = lay(files)
    assert journal.exists
    for read in (journal.entries, journal.unsettled, journal.recover):
        with pytest.raises(JournalDamaged):
            read()
    assert again(journal) == "damaged"
    repaired(journal)


@pytest.mark.parametrize("files", [{}, {FILE_NAME: b""}], ids=["gone", "empty"])
def test_both_gone_in_a_folder_that_had_orders(
    lay: Callable[[dict[str, bytes]], Journal], files: dict[str, bytes]
) -> None:
    journal = lay(files)
    with pytest.raises(JournalDamaged, match="orders were recorded in it"):
        journal.prepare(purchase("web1"))
    journal.repair()
    assert journal.prepare(purchase("web1")).state is State.PREPARED


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("elsewhere"), os.mkfifo])
@pytest.mark.parametrize("name", [FILE_NAME, COPY])
def test_something_that_is_no_file(
    recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], make: Callable[[Path], None], name: str
) -> None:
    journal = lay({each: content for each, content in recorded.last.items() if each != name})
    make(journal.path.with_name(name))
    with pytest.raises(JournalFailed):
        journal.prepare(purchase("web1"))
    if name == COPY:
        repaired(journal)


def test_a_row_taken_out_or_hidden_is_missed(recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal]) -> None:
    for statement in (
        "DELETE FROM orders WHERE state = 'unknown'",
        "UPDATE orders SET state = 'refused' WHERE state = 'unknown'",
        "UPDATE orders SET again = X'00'",
        "DELETE FROM seal",
        "UPDATE seal SET writes = writes + 1",
    ):
        journal = lay(recorded.last)
        with closing(sqlite3.connect(journal.path, isolation_level=None)) as db:
            db.execute(statement)
        assert again(journal) == "damaged", statement
        repaired(journal)


def test_without_its_second_copy_a_damaged_row_is_unknown(
    recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal]
) -> None:
    journal = lay({FILE_NAME: recorded.last[FILE_NAME]})
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as db:
        db.execute("UPDATE orders SET state = 'refused' WHERE state = 'unknown'")
        db.execute("UPDATE orders SET owner = X'00' WHERE state = 'placed'")
    done = journal.repair()
    assert (len(done.found.rows), len(done.found.doubtful), done.found.lost) == (1, 1, 1)
    (entry,) = journal.unsettled()
    assert (entry.state, entry.outcome.message, entry.purchase.names) == (State.UNKNOWN, DOUBTFUL, ("web1",))


def test_with_a_line_of_the_second_copy_lost_what_was_prepared_is_unknown(
    recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal]
) -> None:
    """It may have been sent: the line that is lost may have said so."""
    lines = recorded.files[4][COPY].splitlines(keepends=True)
    sent = next(number for number, line in enumerate(lines) if b'"state":"sending"' in line and b"web1" in line)
    lines[sent] = b"x" + lines[sent][1:]
    journal = lay({FILE_NAME: b"", COPY: b"".join(lines)})
    done = journal.repair()
    assert len(done.found.doubtful) == 1
    with pytest.raises(Repeated, match="not known"):
        journal.prepare(purchase("web1"))


def test_a_repair_that_is_cut_short_loses_nothing(
    recorded: Recorded, lay: Callable[[dict[str, bytes]], Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    moves = {name: getattr(Path, name) for name in ("rename", "replace")}
    left = 0

    def moving(name: str) -> Callable[[Path, Path], Path]:
        def move(old: Path, new: Path) -> Path:
            nonlocal left
            left -= old.name.startswith("journal")
            if left < 0:
                raise OSError(5, "stopped here")
            done: Path = moves[name](old, new)
            return done

        return move

    for stop in range(4):
        # Of an older journal, whose rows are whole and yet not the last ones.
        journal = lay({**recorded.last, FILE_NAME: recorded.files[3][FILE_NAME]})
        left = stop
        with monkeypatch.context() as patch:
            for name in moves:
                patch.setattr(Path, name, moving(name))
            try:
                journal.repair()
            except JournalFailed:
                assert stop < 3
        if stop < 3:
            assert again(journal) == "damaged"
            repaired(journal)
        assert again(journal) == "repeated"


def test_nothing_is_repaired_while_an_order_is_sent(journal: Journal, path: Path) -> None:
    reference = journal.prepare(purchase("web1")).reference
    journal.begin_sending(reference, (), None)
    path.write_bytes(b"")
    with pytest.raises(JournalFailed, match=f"{reference} is being sent right now"):
        journal.repair()
    assert path.read_bytes() == b""
