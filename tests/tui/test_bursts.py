"""Which keys are a paste: pure rules, with times in place of pauses."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.timer import Timer
from textual.widget import Widget

from vps_tui.tui.bursts import BURST_SECONDS, QUIET_SECONDS, REST_SECONDS, Burst, OneLine, Rest
from vps_tui.tui.widgets.quiet import QuietTimer

PAUSES = st.sampled_from(
    [0.0, 0.001, BURST_SECONDS - 0.001, BURST_SECONDS, 0.07, QUIET_SECONDS - 0.001, QUIET_SECONDS, 0.3, 0.4]
) | st.floats(0, 0.4)
SLOW, FAST = 0.1, 0.001


@given(st.lists(st.tuples(st.sampled_from("ab\n"), PAUSES, st.booleans()), max_size=30), st.booleans())
def test_text_leaves_in_the_order_in_which_it_came(keys: list[tuple[str, float, bool]], ends_held: bool) -> None:
    """The clock may be late: a quiet time is not always noticed before the next key."""
    burst, out, sent, time = Burst(), "", "", 0.0
    for text, pause, noticed in keys:
        if text == "\n" and ends_held:
            burst.line_end(text, time)
        else:
            out += burst.text(text, time)
        sent += text
        time += pause
        if pause >= QUIET_SECONDS and noticed:
            waiting, held = burst.end()
            out += waiting
            # Enter by hand is no text.
            sent = sent[: len(sent) - len(held)]
    waiting, held = burst.end()
    out += waiting
    sent = sent[: len(sent) - len(held)]
    assert out.replace("\n", "") == sent.replace("\n", "")
    if not ends_held:
        assert out == sent


@pytest.mark.parametrize(
    ("keys", "text", "pressed"),
    [
        ([("\n", 1.0)], "", "\n"),
        ([("a", SLOW), ("\n", 1.0)], "a", "\n"),
        ([("a", FAST), ("b", FAST), ("\n", 1.0)], "ab\n", ""),
        ([("a", FAST), ("b", QUIET_SECONDS - 0.01), ("\n", 1.0)], "ab\n", ""),
        ([("a", FAST), ("b", QUIET_SECONDS + 0.01), ("\n", 1.0)], "ab", "\n"),
        ([("\n", FAST), ("a", 1.0)], "\na", ""),
        ([("\n", QUIET_SECONDS - 0.01), ("a", 1.0)], "\na", ""),
        ([("\n", FAST), ("\n", FAST), ("a", 1.0)], "\n\na", ""),
        ([("a", 1.0), ("\n", SLOW), ("\n", 1.0)], "a", "\n"),
        ([("a", FAST), ("\t", FAST), ("b", 1.0)], "a\tb", ""),
        ([("\t", 1.0)], "", "\t"),
    ],
)
def test_enter_and_tab_are_pressed_by_hand_when_they_stand_alone(
    keys: list[tuple[str, float]], text: str, pressed: str
) -> None:
    burst, out, time = Burst(), "", 0.0
    for key, pause in keys:
        if key in "\n\t":
            burst.line_end(key, time)
        else:
            out += burst.text(key, time)
        time += pause
    waiting, held = burst.end()
    assert (out + waiting, held) == (text, pressed)


def test_what_waits_is_told() -> None:
    burst, told = Burst(), []
    for char, time in (("a", 0.0), ("b", FAST), ("c", 1.0)):
        told.append((burst.text(char, time), burst.is_open))
    burst.line_end("\n", 2)
    told.append(("", burst.is_open))
    burst.end()
    told.append(("", burst.is_open))
    assert told == [("a", False), ("", True), ("bc", False), ("", True), ("", False)]


def test_the_rest_of_a_paste_pauses_for_less_than_a_second() -> None:
    rest = Rest()
    assert not rest.holds(0)
    rest.begin(1)
    assert [rest.holds(1 + 0.4 * number) for number in range(1, 10)] == [True] * 9
    assert not rest.holds(1 + 0.4 * 9 + REST_SECONDS)
    rest.begin(10)
    rest.end()
    assert not rest.holds(10)


def test_letters_by_hand_are_taken_again_after_the_rest_of_several_lines() -> None:
    line, time = OneLine(), 0.0
    for char in "web1\nrest":
        line.ends_by_hand(time) if char == "\n" else line.takes(time)
        time += FAST
    assert [line.takes(time + number * 0.3) for number in range(6)] == [False] * 4 + [True] * 2


def line_of(text: str, apart: float) -> tuple[str, int, bool]:
    """Return what `text` leaves in a field of one line, how often it goes on by hand, and whether it may be over."""
    line, out, time, by_hand = OneLine(), "", 0.0, 0
    for char in text:
        if char == "\n":
            by_hand += line.ends_by_hand(time)
        elif line.takes(time):
            out += char
        time += apart
    return out, by_hand, line.may_be_over


@pytest.mark.parametrize(
    ("text", "apart", "left"),
    [
        ("web1\n", SLOW, ("web1", 1, False)),
        ("web1\n", FAST, ("web1", 0, True)),
        ("web1\n\n", FAST, ("web1", 0, True)),
        ("web1\nrm -rf\nx\n", FAST, ("web1", 0, False)),
        ("x\n\nweb1", FAST, ("x", 0, False)),
        ("\n", FAST, ("", 1, False)),
        ("a\nb\n", SLOW, ("ab", 2, False)),
    ],
)
def test_one_line_is_the_first_of_a_paste(text: str, apart: float, left: tuple[str, int, bool]) -> None:
    assert line_of(text, apart) == left


class HeldUp:
    """Stands for a widget whose program is held up: what is called later waits for `go_on`."""

    def __init__(self) -> None:
        self.app = self
        self.timers: list[Callable[[], None]] = []
        self._later: list[tuple[Callable[..., None], tuple[Any, ...]]] = []

    def set_timer(self, _seconds: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(callback)
        return cast("Timer", SimpleNamespace(stop=lambda: None))

    def call_later(self, callback: Callable[..., None], *arguments: Any) -> None:
        self._later.append((callback, arguments))

    def go_on(self) -> None:
        while self._later:
            callback, arguments = self._later.pop(0)
            callback(*arguments)


@pytest.mark.parametrize("stop", [QuietTimer.stop, lambda timer: timer.start(0.1)])
def test_a_time_that_ran_out_while_the_program_was_held_up_ends_nothing(stop: Callable[[QuietTimer], None]) -> None:
    widget, ends = HeldUp(), list[bool]()
    timer = QuietTimer(cast("Widget", widget), lambda: ends.append(True))
    timer.start(0.1)
    widget.timers[0]()
    stop(timer)
    widget.go_on()
    assert ends == []


def test_a_time_that_runs_out_ends_the_burst() -> None:
    widget, ends = HeldUp(), list[bool]()
    QuietTimer(cast("Widget", widget), lambda: ends.append(True)).start(0.1)
    widget.timers[0]()
    widget.go_on()
    assert ends == [True]
