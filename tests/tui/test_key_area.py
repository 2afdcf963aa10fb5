"""Giving a key by paste, marked by the terminal or not; a private key is never kept or drawn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from vps_tui.core.steps import Step
from vps_tui.tui.screens.key_dialogs import KeyPasteScreen
from vps_tui.tui.screens.ssh_key import SshKeyScreen
from vps_tui.tui.widgets.key_area import KeyArea

from .conftest import MadeKey
from .driver import (
    AT_ONCE,
    arrive,
    choose,
    drain,
    go_to,
    press,
    screen_text,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)

PIECE = 12
"""Characters of a private key of which not even one run may be seen."""


@asynccontextmanager
async def paste_screen() -> AsyncIterator[Pilot[int]]:
    async with wizard() as pilot:
        await go_to(pilot, Step.SSH_KEY)
        await choose(pilot, "paste")
        assert isinstance(pilot.app.focused, KeyArea)
        yield pilot


def area(pilot: Pilot[int]) -> KeyArea:
    return pilot.app.screen.query_one(KeyArea)


def wrapped(text: str, width: int = 30) -> str:
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


async def press_enter(pilot: Pilot[int]) -> None:
    """Press it by hand: whether more follows it is known a moment later."""
    await press(pilot, "enter")
    await wait_until(pilot, lambda: not area(pilot).is_waiting)


async def give(pilot: Pilot[int], text: str, way: str) -> None:
    if way == "marked":
        area(pilot).post_message(Paste(text))
        await drain(pilot)
    else:
        await type_text(pilot, text, apart=AT_ONCE)


def pieces(private: str) -> set[str]:
    secret = "".join(line for line in private.splitlines() if not line.startswith("-"))
    return {secret[start : start + PIECE] for start in range(len(secret) - PIECE + 1)}


def seen_of(private: str, pilot: Pilot[int]) -> list[str]:
    # Spaces and line ends go, so that a wrapped key is found too; the frame of the field as well.
    texts = [screen_text(pilot.app), *(found.text for found in pilot.app.screen.query(KeyArea))]
    flat = ["".join(char for char in text if char.isalnum() or char in "+/=") for text in texts]
    return [piece for piece in pieces(private) if any(piece in text for text in flat)]


@pytest.mark.parametrize("way", ["marked", "keys"])
async def test_a_wrapped_key_is_put_together_and_enter_by_hand_uses_it(made_key: MadeKey, way: str) -> None:
    async with paste_screen() as pilot:
        await give(pilot, wrapped(made_key.public.line), way)
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        assert isinstance(pilot.app.screen, KeyPasteScreen), "an Enter of the paste itself used the key"
        await press(pilot, "enter", to=Step.COST)
        assert wizard_of(pilot).state.server.ssh_key == made_key.public.line
        assert made_key.public.fingerprint[:20] in screen_text(pilot.app)


async def test_a_line_end_at_the_end_of_an_unmarked_paste_does_not_use_the_key(made_key: MadeKey) -> None:
    async with paste_screen() as pilot:
        await give(pilot, f"{made_key.public.line}\n", "keys")
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        assert isinstance(pilot.app.screen, KeyPasteScreen)
        assert wizard_of(pilot).state.server.ssh_key == ""


async def test_enter_by_hand_on_no_key_or_a_broken_one_uses_nothing_and_says_why(made_key: MadeKey) -> None:
    async with paste_screen() as pilot:
        await press_enter(pilot)
        assert isinstance(pilot.app.screen, KeyPasteScreen)
        await give(pilot, made_key.public.line[:50], "marked")
        assert words(pilot, "#verdict") != ""
        assert made_key.public.fingerprint not in words(pilot, "#verdict")
        await press_enter(pilot)
        await pilot.click("#use")
        await drain(pilot)
        assert isinstance(pilot.app.screen, KeyPasteScreen)
        assert wizard_of(pilot).state.server.ssh_key == ""


@pytest.mark.parametrize("part", ["whole", "without its header", "after a good key", "with a public key after it"])
@pytest.mark.parametrize("way", ["marked", "keys"])
async def test_a_private_key_is_refused_by_name_and_no_piece_of_it_is_kept_or_drawn(
    made_key: MadeKey, way: str, part: str
) -> None:
    text = {
        "whole": made_key.private,
        "without its header": made_key.private.partition("\n")[2],
        "after a good key": f"{made_key.public.line}\n{made_key.private}",
        "with a public key after it": f"{made_key.private}{made_key.public.line}\n",
    }[part]
    async with paste_screen() as pilot:
        seen: list[str] = []
        await give(pilot, text, way)

        def refused() -> bool:
            seen.extend(seen_of(made_key.private, pilot))
            return "PRIVATE key" in words(pilot, "#verdict")

        await wait_until(pilot, refused)
        await wait_until(pilot, lambda: not area(pilot).is_waiting)
        seen.extend(seen_of(made_key.private, pilot))
        assert seen == []
        assert area(pilot).text == ""
        assert "PRIVATE key (OpenSSH)" in screen_text(pilot.app)
        await press(pilot, "ctrl+z")
        assert area(pilot).text == ""
        await press_enter(pilot)
        assert isinstance(pilot.app.screen, KeyPasteScreen)
        assert wizard_of(pilot).state.server.ssh_key == ""


async def test_a_private_key_typed_by_hand_is_refused_as_soon_as_it_is_recognised(made_key: MadeKey) -> None:
    async with paste_screen() as pilot:
        await type_text(pilot, made_key.private.splitlines()[0].rstrip("-"))
        await wait_until(pilot, lambda: "PRIVATE key" in words(pilot, "#verdict"))
        assert area(pilot).text == ""


async def test_a_good_key_after_a_refused_one_is_taken(made_key: MadeKey) -> None:
    async with paste_screen() as pilot:
        await give(pilot, made_key.private, "keys")
        await wait_until(pilot, lambda: "PRIVATE key" in words(pilot, "#verdict"))
        await give(pilot, made_key.public.line, "marked")
        await wait_until(pilot, lambda: made_key.public.fingerprint in words(pilot, "#verdict"))
        await pilot.click("#use")
        await arrive(pilot, Step.COST)
        assert wizard_of(pilot).state.server.ssh_key == made_key.public.line


async def test_escape_gives_no_key_and_comes_back_to_the_list(made_key: MadeKey) -> None:
    async with paste_screen() as pilot:
        await give(pilot, made_key.public.line, "marked")
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SshKeyScreen)
        assert wizard_of(pilot).state.server.ssh_key == ""
