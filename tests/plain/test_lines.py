"""Lines in and out over every kind of descriptor: terminals, pipes, files, and those that go away."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import termios
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.errors import UsageError
from vps_tui.plain.terminal_io import Left, Lines, wrap_lines


class Ends:
    """A pipe to read from, a pipe to write to, and the other ends of both."""

    def __init__(self) -> None:
        source, self.typing = os.pipe()
        self.shown, target = os.pipe()
        self.lines = Lines(source, target)
        self._open = {source, target, self.typing, self.shown}

    def close(self, *descriptors: int) -> None:
        for descriptor in descriptors or tuple(self._open):
            if descriptor in self._open:
                self._open.discard(descriptor)
                os.close(descriptor)


@pytest.fixture
def ends() -> Iterator[Ends]:
    both = Ends()
    yield both
    both.close()


def test_answers_come_line_by_line_however_they_are_sent(ends: Ends) -> None:
    async def talk() -> list[str]:
        os.write(ends.typing, b"one\ntwo\r\n th")
        first = [await ends.lines.ask("?"), await ends.lines.ask("?")]
        asyncio.get_running_loop().call_soon(os.write, ends.typing, b"ree \n")
        return [*first, await ends.lines.ask("?")]

    assert asyncio.run(talk()) == ["one", "two", "three"]
    assert os.read(ends.shown, 999) == b"? one\n? two\n? three\n"


@pytest.mark.parametrize("rest", [b"", b"yes"], ids=["nothing", "a line that breaks off"])
def test_the_end_leaves_and_a_line_that_breaks_off_is_no_answer(ends: Ends, rest: bytes) -> None:
    os.write(ends.typing, rest) if rest else None
    ends.close(ends.typing)
    with pytest.raises(Left):
        asyncio.run(ends.lines.ask("?"))


def test_other_work_goes_on_while_nobody_answers(ends: Ends) -> None:
    async def talk() -> str:
        asking = asyncio.create_task(ends.lines.ask("?"))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not asking.done()
        os.write(ends.typing, b"here\n")
        return await asking

    assert asyncio.run(talk()) == "here"


def test_waiting_can_be_given_up_and_loses_nothing(ends: Ends) -> None:
    async def talk() -> str:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ends.lines.ask("?"), 0.01)
        os.write(ends.typing, b"later\n")
        return await ends.lines.ask("?")

    assert asyncio.run(talk()) == "later"


@pytest.mark.parametrize("content", ["", "one\ntwo\n"])
def test_a_file_is_read_to_its_end(tmp_path: Path, content: str) -> None:
    file = tmp_path / "answers"
    file.write_text(content)
    source = os.open(file, os.O_RDONLY)
    target = os.open(os.devnull, os.O_WRONLY)

    async def talk() -> list[str]:
        lines, found = Lines(source, target), []
        try:
            while True:
                found.append(await lines.ask("?"))
        except Left:
            return found

    try:
        assert asyncio.run(talk()) == content.split()
    finally:
        os.close(source)
        os.close(target)


def test_where_nobody_reads_nothing_fails_and_the_next_question_leaves(ends: Ends) -> None:
    ends.close(ends.shown)
    os.write(ends.typing, b"yes\n")
    ends.lines.say("words " * 50)
    with pytest.raises(Left):
        asyncio.run(ends.lines.ask("?"))


def test_a_pipe_cannot_be_asked_for_a_word_that_must_be_typed(ends: Ends) -> None:
    with pytest.raises(UsageError) as raised:
        ends.lines.forget_typed("Do it otherwise.")
    assert (raised.value.title, raised.value.hint) == ("Nobody to ask", "Do it otherwise.")


def test_letters_that_the_terminal_lacks_are_replaced(ends: Ends) -> None:
    ends.lines._encoding = "ascii"
    ends.lines.say("Bogot\u00e1")
    os.write(ends.typing, "caf\u00e9\n".encode())
    assert asyncio.run(ends.lines.ask("\u20ac")).startswith("caf")
    assert os.read(ends.shown, 99).startswith(b"Bogot?\n? caf")


class Broken(Exception):
    """Something goes wrong while the echo is off."""


@pytest.mark.parametrize("ending", [Broken, KeyboardInterrupt, asyncio.CancelledError])
def test_the_echo_comes_back_whatever_happens(ending: type[BaseException]) -> None:
    master, slave = pty.openpty()
    try:
        before = termios.tcgetattr(slave)
        with pytest.raises(ending):
            fail_unseen(slave, ending)
        assert termios.tcgetattr(slave) == before
    finally:
        os.close(master)
        os.close(slave)


def test_the_rest_of_a_paste_is_forgotten_though_it_pauses() -> None:
    master, slave = pty.openpty()
    try:
        lines = Lines(slave, slave)
        os.write(master, b"first\n")
        later = threading.Timer(0.4, os.write, (master, b"second\n"))
        later.start()
        with lines.unseen():
            lines.forget_paste()
        later.join()
        os.write(master, b"mine\n")
        assert asyncio.run(lines.ask("?")) == "mine"
    finally:
        os.close(master)
        os.close(slave)


def test_the_echo_needs_no_terminal_any_more() -> None:
    master, slave = pty.openpty()
    with pytest.raises(Broken):
        fail_unseen(slave, Broken, master)
    os.close(slave)


def fail_unseen(slave: int, ending: type[BaseException], master: int | None = None) -> None:
    """Raise `ending` while the echo of `slave` is off, with the terminal gone by then if `master` is given."""
    with Lines(slave, slave).unseen():
        assert not termios.tcgetattr(slave)[3] & termios.ECHO
        if master is not None:
            os.close(master)
        raise ending


@given(st.text(st.characters(exclude_categories=[]), max_size=300))
def test_no_text_makes_a_terminal_do_anything(text: str) -> None:
    said = "\n".join(wrap_lines(text))
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]", said
    )


@pytest.mark.parametrize(("columns", "widest"), [("40", 39), ("200", 199), ("5", 20)])
def test_lines_fit_the_width_and_keep_their_indent(
    monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    parts = wrap_lines("  " + "seven " * 60)
    assert max(map(len, parts)) <= widest
    assert all(part.startswith("  seven") for part in parts)
    assert wrap_lines("") == [""]
    assert wrap_lines(f"SHA256:{'x' * 60}") == [f"SHA256:{'x' * 60}"], "What is copied is not broken."
