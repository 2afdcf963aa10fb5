"""`order` without --yes on a terminal: only `yes`, typed after the question and sent with Enter, orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from program.terminal import Terminal

from vps_tui.sandbox.server import Sandbox

from .conftest import Run, Write, bought, journal, not_reads

pytestmark = pytest.mark.pty

QUESTION = "Type yes to order, then Enter:"
AGAIN = "Type again to order it once more all the same, then Enter:"

Ask = Callable[..., Terminal]
"""Runs `order` with these further arguments on a terminal; the order file is good."""


@pytest.fixture
def file(write: Write) -> Path:
    return write()


@pytest.fixture
def ask(file: Path) -> Iterator[Ask]:
    with ExitStack() as running:
        yield lambda *arguments: running.enter_context(Terminal(["order", str(file), *arguments]))


def test_it_shows_the_quote_and_then_asks(ask: Ask, sandbox: Sandbox) -> None:
    terminal = ask()
    terminal.wait_for("KVM STARTER", "17.99 EUR", "web1", "SHA256:8KGny1", QUESTION)
    assert not_reads(sandbox) == []
    terminal.send("yes\n")
    assert terminal.exit_code() == 0
    terminal.wait_for("Ordered.", "Recorded as")
    assert bought(sandbox) == 1


@pytest.mark.parametrize(
    "answer",
    ["y\n", "yes please\n", "\x04", "yes\x04\x04", "\x03"],
    ids=["y", "more", "end", "yes and end", "Ctrl+C"],
)
def test_anything_else_orders_nothing(ask: Ask, sandbox: Sandbox, answer: str) -> None:
    terminal = ask()
    terminal.wait_for(QUESTION)
    terminal.send(answer)
    assert terminal.exit_code() == 3
    assert (bought(sandbox), not_reads(sandbox), journal().entries()) == (0, [], ())
    assert b"Traceback" not in terminal.transcript


def test_what_was_typed_before_the_question_does_not_count(ask: Ask, sandbox: Sandbox) -> None:
    terminal = ask()
    terminal.send("yes\nyes\nyes\n")
    terminal.wait_for(QUESTION)
    terminal.settle()
    assert not terminal.ended
    terminal.send("no\n")
    assert terminal.exit_code() == 3
    assert bought(sandbox) == 0


class TestTheSameAgain:
    @pytest.fixture(autouse=True)
    def ordered(self, run: Run, file: Path) -> str:
        """Order the file once; returns its reference."""
        reference: str = run("order", file, "--yes", "--json").document["reference"]
        return reference

    def test_it_asks_for_another_word_first(self, ask: Ask, sandbox: Sandbox, ordered: str) -> None:
        terminal = ask()
        terminal.wait_for(ordered, AGAIN)
        terminal.send("again\n")
        terminal.wait_for(QUESTION)
        terminal.send("yes\n")
        assert terminal.exit_code() == 0
        assert bought(sandbox) == 2
        assert journal().entries()[0].again == ordered

    def test_yes_is_not_that_word(self, ask: Ask, sandbox: Sandbox) -> None:
        terminal = ask()
        terminal.wait_for(AGAIN)
        terminal.send("yes\n")
        assert terminal.exit_code() == 3
        assert bought(sandbox) == 1

    def test_the_second_question_wants_an_answer_of_its_own(self, ask: Ask, sandbox: Sandbox) -> None:
        terminal = ask()
        terminal.wait_for(AGAIN)
        terminal.send("again\n")
        terminal.wait_for(QUESTION)
        terminal.send("again\n")
        assert terminal.exit_code() == 3
        assert bought(sandbox) == 1

    def test_on_the_command_line_it_was_said_already(self, ask: Ask, sandbox: Sandbox, ordered: str) -> None:
        terminal = ask("--again", ordered)
        terminal.wait_for(QUESTION)
        assert AGAIN not in terminal.words
        terminal.send("yes\n")
        assert terminal.exit_code() == 0
        assert bought(sandbox) == 2


@pytest.mark.parametrize("options", [("--max-total", "1"), ("--dry-run",)])
def test_what_cannot_be_ordered_is_not_asked_about(ask: Ask, sandbox: Sandbox, options: tuple[str, ...]) -> None:
    terminal = ask(*options)
    assert terminal.exit_code() == (0 if "--dry-run" in options else 1)
    assert QUESTION not in terminal.words
    assert bought(sandbox) == 0


def test_without_a_terminal_nothing_is_asked(run: Run, file: Path, sandbox: Sandbox) -> None:
    ran = run("order", file)
    assert (ran.code, not_reads(sandbox)) == (2, [])
    assert "--yes" in ran.err
    assert "KVM STARTER" in ran.out
    assert QUESTION not in ran.out + ran.err
