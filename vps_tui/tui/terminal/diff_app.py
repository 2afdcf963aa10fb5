"""An app that writes little to its terminal, and a sentence where the terminal is too small for its screens."""

from __future__ import annotations

import os
from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import COLOR_SYSTEMS
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.binding import Binding, BindingType
from textual.geometry import Size

from vps_tui.terminal.capabilities import abilities
from vps_tui.tui.ordered import OrderedApp
from vps_tui.tui.terminal.diff_painter import Painter, Piece, plain_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from textual.screen import Screen

PALETTE = "ansi-dark"
"""The theme that uses the colours of the terminal itself, whichever those are."""

_MANY_COLOURS = ("256", "truecolor")

SMALLEST = Size(60, 20)
"""Columns and lines that every screen fits into, the price and the keys included."""


class DiffApp(OrderedApp):
    """Paints by differences, and not at all below `SMALLEST`.

    Nothing that is typed or clicked there is taken: nobody may answer a question, or order, unseen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "repaint", show=False, priority=True, id="app.repaint"),
    ]

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.theme = PALETTE
        self.abilities = abilities(os.environ)
        self._painter = Painter(self.abilities, COLOR_SYSTEMS.get(self.console.color_system or ""))

    def choose_theme(self, name: str) -> None:
        """Use one of Textual's themes in place of the terminal's palette, where the terminal has the colours for it.

        With 16 of them the greys of a theme become one.
        """
        if name and self.abilities.colours and self.console.color_system in _MANY_COLOURS:
            self.theme = name

    @property
    def too_small(self) -> bool:
        """True while the terminal has no room for a screen."""
        return self.size.width < SMALLEST.width or self.size.height < SMALLEST.height

    async def leave_unseen(self) -> None:
        """Leave without the question that could not be seen."""
        raise NotImplementedError

    def forget_terminal(self) -> None:
        """Take nothing for granted that the terminal shows."""
        self._painter.forget()

    def action_repaint(self) -> None:
        """Write everything again: something else has written to the terminal."""
        self._painter.forget()
        self.refresh()

    async def on_event(self, event: events.Event) -> None:
        """Take input only where a question can be seen, and paint everything after the size has changed."""
        if isinstance(event, events.Resize):
            self._painter.forget()
            if event.size == self.size:
                self.refresh()
        if self.too_small and isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            if isinstance(event, events.Key) and event.key == "ctrl+q":
                await self.leave_unseen()
            return
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write the difference between what the terminal shows and what it should."""
        if (
            not isinstance(renderable, LayoutUpdate | ChopsUpdate)
            or self._batch_count
            or not self._running
            or self.is_headless
            or self._driver is None
        ):
            super()._display(screen, renderable)
            return
        size = self.size
        if not self.too_small and screen._compositor.size != size:  # noqa: SLF001 - what the frame was made for
            # The size has changed meanwhile: a frame for the new one follows.
            return
        if self.too_small:
            pieces = plain_lines(_sentence(size), size.height)
        elif isinstance(renderable, LayoutUpdate):
            pieces = dict(_whole(renderable))
        else:
            pieces = _parts(renderable)
        text = self._painter.paint(pieces, size)
        if text:
            x, y = size.clamp_offset(self.cursor_position)
            self._begin_update()
            self._driver.write(f"{text}\x1b[{y + 1};{x + 1}H")
            self._end_update()
            self._driver.flush()
        self.post_display_hook()


def _whole(update: LayoutUpdate) -> Iterator[tuple[int, list[Piece]]]:
    for y, strips in enumerate(update.strips, update.region.y):
        x, pieces = update.region.x, list[Piece]()
        for strip in strips:
            pieces.append((x, strip))
            x += strip.cell_length
        yield y, pieces


def _parts(update: ChopsUpdate) -> dict[int, list[Piece]]:
    """Return the spans of `update`; a strip that begins left of one is written from its beginning."""
    found: dict[int, list[Piece]] = {}
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= last and end > first:
                found.setdefault(y, []).append((x, strip.crop(0, min(end, last) - x)))
    return found


def _sentence(size: Size) -> list[str]:
    text = (
        f"This terminal is {size.width}x{size.height}; vps-tui needs {SMALLEST.width}x{SMALLEST.height}. "
        "Make it larger: everything is as you left it. Ctrl+Q leaves; vps-tui --plain needs no room."
    )
    return wrap(text, max(1, size.width))
