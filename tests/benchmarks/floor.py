"""The floor: about the least that a useful Textual program can be. Ctrl+Q ends it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label, ListItem, ListView


class Floor(App[None]):
    """One list of twelve items."""

    def compose(self) -> ComposeResult:
        """Lay it out; the list, as the only thing that can be focused, has the focus."""
        yield ListView(*(ListItem(Label(f"Item {number}")) for number in range(1, 13)))


if __name__ == "__main__":
    Floor().run()
