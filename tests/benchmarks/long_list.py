"""The program's own list alone on a screen: `python long_list.py ROWS`. Ctrl+Q ends it."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult

from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.wizard.questions.choices import Choice, Column


class LongList(App[None]):
    """A list of as many rows as asked for."""

    def compose(self) -> ComposeResult:
        """Lay it out."""
        columns = (Column("PLAN", flexible=True), Column("RAM", right=True), Column("PRICE", right=True))
        yield ChoiceList(columns, [_row(number) for number in range(int(sys.argv[1]))])


def _row(number: int) -> Choice:
    return Choice(str(number), (f"S{number:05d}-HK", f"{number % 64 + 1} GB", f"{number % 400}.90 EUR"))


if __name__ == "__main__":
    LongList().run()
