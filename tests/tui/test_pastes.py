"""Whatever a paste holds besides text, no field takes it or draws it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from vps_tui.core.steps import Step
from vps_tui.tui.terminal.paste_filter import END, START, Pastes

from .driver import choices, choose, drain, go_to, screen_text, wizard, wizard_of
from .test_snapshots import KEY

HARMFUL = "\x1b]0;x\x07\x1b[31m\x07\x00\x9b1m\u202e\x7f"
"""A title, a colour, a bell, nothing, a colour in one byte, a turn of the direction, a deletion."""


async def paste(pilot: Pilot[int], text: str) -> None:
    """Hand a paste to the program as a terminal does that brackets it."""
    driver = wizard_of(pilot)._driver
    assert driver is not None
    event = events.Paste(text)
    event.set_sender(pilot.app)
    driver.send_message(event)
    await drain(pilot)


def check_drawn(pilot: Pilot[int]) -> None:
    assert screen_text(pilot.app).replace("\n", "").isprintable()


@pytest.mark.parametrize("line", [f"web1{HARMFUL}", f"\n\n  web1{HARMFUL}\nweb2", "web1\r\n", "\x1b[1mweb1\x1b[0m"])
async def test_a_line_takes_the_text_of_the_first_line(line: str) -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await paste(pilot, line)
        value = pilot.app.screen.query_one(Input).value
        assert value.isprintable()
        assert value.startswith("web1")
        check_drawn(pilot)


async def test_a_filter_takes_what_can_be_printed() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.LOCATION)
        await paste(pilot, "\x1b[31mgerm\x07any\n")
        assert choices(pilot).filter_text == "germany"
        check_drawn(pilot)


async def test_a_key_keeps_its_text() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, "paste")
        await drain(pilot)
        await paste(pilot, f"\x1b[31m{KEY[:40]}\x07\r\n{KEY[40:]}\x1b[0m\r\n")
        area = pilot.app.screen.query_one(TextArea)
        assert "".join(area.text.split("\n")) == KEY
        assert "ED25519, 256 bits" in screen_text(pilot.app)
        check_drawn(pilot)


@given(st.text(st.sampled_from("ab\x1b[201~ \r")), st.integers(1, 9), st.sampled_from(["", "x", "\x1b", "\x1b[A"]))
def test_a_paste_comes_whole_in_whatever_pieces_it_is_read(pasted: str, piece: int, before: str) -> None:
    text = pasted.replace(END, "")
    stream = f"{before}{START}{text}{END}y"
    pastes, parser = Pastes(), XTermParser()
    messages = []
    for start in range(0, len(stream), piece):
        hidden = pastes.hide(stream[start : start + piece])
        messages += list(pastes.restore(parser.feed(hidden))) if hidden else []
    assert [message.text for message in messages if isinstance(message, events.Paste)] == [text]
    assert [message.key for message in messages if isinstance(message, events.Key)][-1:] == ["y"]


@pytest.mark.parametrize("keys", ["\x1b", "\x1b[", "\x1b[A", "a\x1bOP", "\x1b[2;1R"])
def test_keys_are_not_held_back(keys: str) -> None:
    assert Pastes().hide(keys) == keys
