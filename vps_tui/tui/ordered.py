"""An app whose keys act in the order in which they were pressed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol, runtime_checkable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

STUCK_SECONDS = 0.5
"""After that a widget that handles no messages is not waited for."""


@runtime_checkable
class Flushing(Protocol):
    """A field in which text may wait."""

    def flush(self) -> None:
        """Put the text that waits into the field."""


class OrderedApp(App[int]):
    """Lets no key overtake another.

    Textual hands letters to the focused widget, but runs Backspace, Tab or Escape in the app: later, when the key
    has come back from the widget, or earlier, when it has priority. Letters that follow in the same read were typed
    before the Backspace took one away, or into the field that Tab was to leave.
    """

    async def on_event(self, event: events.Event) -> None:
        """Handle keys and pastes one after the other."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._on_pressed(event)
            return
        if isinstance(event, events.Paste) and not event.is_forwarded:
            await self._find_focus()
        await super().on_event(event)

    async def _on_pressed(self, event: events.Key) -> None:
        self.app_focus = True
        if event.is_printable:
            await self._find_focus()
        target = self.focused or self.screen
        if not target.check_consume_key(event.key, event.character):
            await self._act(event, target)
        elif not await self._check_bindings(event.key, priority=True):
            target._forward_event(event)  # noqa: SLF001 - as Textual does
            if event.key == "enter":
                await _wait_for_submit(target)

    async def _act(self, event: events.Key, target: Widget) -> None:
        """Run what `event` is bound to, once `target` has taken everything that was typed before."""
        await _catch_up(target)
        if isinstance(target, Flushing):
            target.flush()
        if not await self._check_bindings(event.key, priority=True):
            await self._check_bindings(event.key)

    async def _find_focus(self) -> None:
        """Let a screen that was just opened focus its first field: text must not be lost meanwhile."""
        if self.focused is None:
            await _catch_up(self.screen)


async def _wait_for_submit(field: Widget) -> None:
    """Wait until the screen has read what was submitted, before later text changes it."""
    for node in field.ancestors_with_self:
        if isinstance(node, Widget):
            await _catch_up(node)
        if isinstance(node, Screen):
            return


async def _catch_up(pump: MessagePump) -> None:
    """Wait until `pump` has handled the messages that it has got so far."""
    done = asyncio.Event()
    if pump.call_later(done.set):
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), STUCK_SECONDS)
