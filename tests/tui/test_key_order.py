"""Every key acts on what was there when it was pressed: on the right text, in the right field, in the right order."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from vps_tui.tui.bursts import REST_SECONDS
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.key_dialogs import KeyPasteScreen
from vps_tui.tui.screens.script_give import ScriptTextScreen
from vps_tui.tui.terminal.diff_app import DiffApp
from vps_tui.tui.widgets.field import Field, LineInput
from vps_tui.tui.widgets.frame import PushButton
from vps_tui.tui.widgets.key_area import KeyArea
from vps_tui.tui.widgets.paste_area import PasteArea
from vps_tui.tui.widgets.script_area import ScriptArea

from .conftest import MadeKey
from .driver import AT_ONCE, BY_HAND, CHARACTERS, NAMES, drain, wait_until, words

MOVES = {"left": -1, "right": 1, "home": -1000, "end": 1000}
PAUSES = (0.0, 0.001, 0.029, 0.031, 0.1, 0.149, 0.151, 0.4)
SEQUENCES = 8

KINDS: dict[str, Callable[[], Widget]] = {"key": KeyArea, "script": ScriptArea, "line": lambda: Field("Name")}


Kind = TypeVar("Kind")


class Bare(DiffApp):
    """Fields without a wizard around them; `clock` is the time of the next key."""

    AUTO_FOCUS = "Input, TextArea"

    def __init__(self, *fields: Widget) -> None:
        super().__init__()
        self._fields = fields
        self.submitted = 0
        self.clock = 1000.0

    def compose(self) -> Iterable[Widget]:
        yield from self._fields
        yield PushButton("Continue")

    def on_input_submitted(self) -> None:
        self.submitted += 1

    def on_key_area_submitted(self) -> None:
        self.submitted += 1

    def press(self, keys: Sequence[str], apart: float = BY_HAND) -> None:
        """Send keys by their names or characters."""
        for key in keys:
            name = NAMES.get(key, "tab" if key == "\t" else key)
            event = events.Key(name, CHARACTERS.get(name, key if len(key) == 1 else None))
            event.time = self.clock
            event.set_sender(self)
            assert self._driver is not None
            self._driver.send_message(event)
            self.clock += apart

    def field(self, kind: type[Kind]) -> Kind:
        """The focused field, as what it is."""
        found = self.focused
        assert isinstance(found, kind)
        return found


@asynccontextmanager
async def bare(*fields: Widget) -> AsyncIterator[tuple[Pilot[int], Bare]]:
    app = Bare(*fields)
    async with app.run_test(size=(80, 24)) as pilot:
        await drain(pilot)
        yield pilot, app


def held(field: object) -> str:
    assert isinstance(field, PasteArea | LineInput)
    return field.text if isinstance(field, PasteArea) else field.value


def drawn_by(app: Bare) -> str:
    return "".join(segment.text for strip in app.screen._compositor.render_strips() for segment in strip)


class Model:
    """What a field should hold."""

    def __init__(self) -> None:
        self.text, self.cursor = "", 0

    def press(self, key: str) -> None:
        if key in MOVES:
            self.cursor = max(0, min(self.cursor + MOVES[key], len(self.text)))
        elif key == "backspace":
            self.text = self.text[: max(0, self.cursor - 1)] + self.text[self.cursor :]
            self.cursor = max(0, self.cursor - 1)
        elif key == "delete":
            self.text = self.text[: self.cursor] + self.text[self.cursor + 1 :]
        else:
            self.text = self.text[: self.cursor] + key + self.text[self.cursor :]
            self.cursor += 1


@pytest.mark.parametrize("kind", KINDS)
async def test_letters_and_other_keys_at_any_pace_act_in_the_order_in_which_they_came(kind: str) -> None:
    chance = random.Random(kind)
    async with bare(KINDS[kind]()) as (pilot, app):
        for _ in range(SEQUENCES):
            model, pressed = Model(), []
            for _ in range(chance.randint(5, 40)):
                key = chance.choice(["a", "b", "7", "-", "x", *MOVES, "backspace", "delete"])
                pressed.append(key)
                model.press(key)
                app.press([key], chance.choice(PAUSES))
            app.press(["end"])
            await drain(pilot)
            assert held(app.focused) == model.text, pressed
            app.press(["backspace"] * len(model.text))
            await drain(pilot)
            assert held(app.focused) == ""


async def test_letters_behind_tab_go_into_the_next_field() -> None:
    """As the programs do that type a name and a password for somebody."""
    async with bare(Field("Name"), Field("Password", "generated", replaced=True)) as (pilot, app):
        app.press("anna\tpass", AT_ONCE)
        await drain(pilot)
        assert [field.value for field in app.query(Field)] == ["anna", "pass"]


async def test_enter_submits_what_was_there_when_it_was_pressed() -> None:
    """Keys that were pressed while the program was busy are handled in one go."""
    seen: list[str] = []

    class Listening(Bare):
        def on_input_submitted(self) -> None:
            seen.append(held(self.focused))

    app = Listening(Field("Name"))
    async with app.run_test(size=(80, 24)) as pilot:
        await drain(pilot)
        app.press("web1\nx")
        await drain(pilot)
    assert seen == ["web1"]


@asynccontextmanager
async def dialog(screen: Dialog[Any]) -> AsyncIterator[tuple[Pilot[int], Bare, list[Any]]]:
    """Open `screen`; yields with it what it closes with."""
    results: list[Any] = []
    async with bare() as (pilot, app):
        app.push_screen(screen, results.append)
        await wait_until(pilot, lambda: isinstance(app.focused, PasteArea))
        yield pilot, app, results


async def test_a_button_uses_no_key_but_the_one_that_was_judged_on_the_screen(made_key: MadeKey) -> None:
    line, screen = made_key.public.line, KeyPasteScreen()
    async with dialog(screen) as (pilot, app, results):
        app.press(line, AT_ONCE)
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        app.press("-laptop", AT_ONCE)
        await drain(pilot)
        assert app.field(KeyArea).is_waiting
        screen.use()
        await drain(pilot)
        assert results == []
        assert f"{made_key.public.comment}-laptop" in words(pilot, "#verdict")
        screen.use()
        await drain(pilot)
        assert [key.line for key in results] == [f"{line}-laptop"]


async def test_a_field_that_was_emptied_keeps_no_verdict(made_key: MadeKey) -> None:
    async with dialog(KeyPasteScreen()) as (pilot, app, _):
        app.press(made_key.public.line, AT_ONCE)
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        app.press(["backspace"] * len(made_key.public.line))
        await drain(pilot)
        assert words(pilot, "#verdict") == ""


async def test_f2_uses_no_script_but_the_one_that_was_judged_on_the_screen() -> None:
    async with dialog(ScriptTextScreen("")) as (pilot, app, results):
        app.press("#!/bin/sh\nls", AT_ONCE)
        await wait_until(pilot, lambda: "12 bytes" in words(pilot, "#verdict"))
        app.press([*" /root", "f2"], AT_ONCE)
        await drain(pilot)
        assert results == []
        assert "18 bytes" in words(pilot, "#verdict")
        app.press(["f2"])
        await drain(pilot)
        assert [given.script.text for given in results] == ["#!/bin/sh\nls /root"]


@pytest.mark.parametrize("event", [events.Key("s", "s"), events.Paste("s")])
async def test_text_behind_a_screen_that_is_opening_is_not_lost(event: events.Event) -> None:
    async with bare() as (pilot, app):
        app.push_screen(KeyPasteScreen())
        await app.on_event(event)
        await drain(pilot)
        assert held(app.focused) == "s"


async def test_backspace_ends_the_rest_of_a_paste_that_is_dropped() -> None:
    async with bare(Field("Name")) as (pilot, app):
        app.press("web7\nrm -rf\n", AT_ONCE)
        app.press(["backspace", "8"])
        await drain(pilot)
        assert held(app.focused) == "web8"


async def test_escape_is_no_part_of_a_paste() -> None:
    async with dialog(KeyPasteScreen()) as (pilot, app, results):
        app.press([*"ssh-", "escape"], AT_ONCE)
        await drain(pilot)
        assert results == [None]


async def test_tab_by_hand_leaves_the_field_for_a_key_and_is_text_in_a_script() -> None:
    async with bare(KeyArea()) as (pilot, app):
        app.press("\t")
        await wait_until(pilot, lambda: isinstance(app.focused, PushButton))
    async with bare(ScriptArea()) as (pilot, app):
        app.press("a\t")
        await drain(pilot)
        assert held(app.focused) == "a\t"
        app.press(["shift+tab"])
        await drain(pilot)
        assert isinstance(app.focused, PushButton)


@pytest.mark.parametrize("text", ["web7\nrm -rf\n", "web7\nrm -rf", "web7\n\n\nx"])
async def test_several_lines_as_fast_as_a_paste_leave_the_first_and_go_nowhere(text: str) -> None:
    async with bare(Field("Name")) as (pilot, app):
        app.press(text, AT_ONCE)
        await drain(pilot)
        assert (held(app.focused), app.submitted) == ("web7", 0)
        app.clock += REST_SECONDS
        app.press("8\n")
        await drain(pilot)
        assert (held(app.focused), app.submitted) == ("web78", 1)


async def test_one_line_as_fast_as_a_paste_goes_on_with_its_line_end() -> None:
    async with bare(Field("Name")) as (pilot, app):
        app.press("web7\n", AT_ONCE)
        await wait_until(pilot, lambda: app.submitted == 1)
        assert held(app.focused) == "web7"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_paste_takes_the_place_of_what_is_selected(kind: str) -> None:
    async with bare(KINDS[kind]()) as (pilot, app):
        app.press("generated")
        await drain(pilot)
        field = app.focused
        assert isinstance(field, PasteArea | LineInput)
        field.select_all() if isinstance(field, PasteArea) else field.action_select_all()
        field.post_message(events.Paste("mine"))
        await drain(pilot)
        assert held(field) == "mine"


async def test_a_token_of_four_hundred_characters_stays_whole() -> None:
    async with bare(Field("Token", secret=True)) as (pilot, app):
        app.press("t" * 400, AT_ONCE)
        await drain(pilot)
        assert held(app.focused) == "t" * 400


@pytest.mark.parametrize("kind", [KeyArea, ScriptArea])
@pytest.mark.parametrize("piece", [3, 10_000])
async def test_a_private_key_in_pieces_is_neither_kept_nor_drawn(
    made_key: MadeKey, kind: type[KeyArea] | type[ScriptArea], piece: int
) -> None:
    private = made_key.private.replace("\n", "") if kind is KeyArea else made_key.private
    secret = made_key.private.splitlines()[2]
    async with bare(kind()) as (pilot, app):
        drawn = ""
        for start in range(0, len(private), piece):
            app.press(private[start : start + piece], AT_ONCE)
            app.clock += 0.4
            await drain(pilot)
            drawn += drawn_by(app)
        app.field(kind).flush()
        await drain(pilot)
        seen = drawn + held(app.focused) + drawn_by(app)
        assert not any(secret[start : start + 8] in seen for start in range(len(secret) - 8))
