"""The kinds of question, each a value that any front end can ask: a list, a line of text, options by row."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from vps_tui.journal import Journal
    from vps_tui.services.session import Session
    from vps_tui.wizard.state import WizardState

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; the `flexible` one takes what room is left."""

    title: str
    right: bool = False
    flexible: bool = False
    spare: bool = False
    """It is left out where the flexible one would have too little room."""
    spoken: str = ""
    """What is said before the cell where no heading stands over it; empty where the cell says it itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: `id` comes back when it is chosen."""

    id: str
    cells: tuple[str, ...]
    refusal: str = ""
    """Why it cannot be chosen; empty when it can."""
    search: str = ""
    """Further text that the filter finds it by."""

    @property
    def text(self) -> str:
        """What the filter looks into."""
        return " ".join((*self.cells, self.search)).casefold()

    def matches(self, words: Sequence[str]) -> bool:
        """Tell whether every word occurs somewhere in the row."""
        return all(word in self.text for word in words)


class Filter:
    """Finds the rows that match what is typed; what it looks into is made once, when something is typed at all."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        """Look into `choices`."""
        self._choices = choices
        self._texts: list[str] = []

    def matching(self, typed: str) -> list[Choice]:
        """Return the rows in which every word of `typed` occurs, as `Choice.matches` tells."""
        words = typed.casefold().split()
        if not words:
            return list(self._choices)
        if not self._texts:
            self._texts = [choice.text for choice in self._choices]
        found = list(zip(self._choices, self._texts, strict=True))
        for word in words:
            found = [(choice, text) for choice, text in found if word in text]
        return [choice for choice, _ in found]


def spoken(choice: Choice, columns: Sequence[Column] = ()) -> str:
    """Return a row as one line to be read aloud; what stands in no cell is left out."""
    names = [column.spoken for column in columns] or [""] * len(choice.cells)
    cells = (cell.removesuffix(" ...") for cell in choice.cells)
    return ", ".join(f"{name} {cell}".strip() for name, cell in zip(names, cells, strict=False) if cell)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that a row of options can hold."""

    label: str
    price: str = ""


class Reader(Protocol):
    """The flow as questions see it: with what they read."""

    @property
    def journal(self) -> Journal:
        """The record of orders."""

    @property
    def open_session(self) -> Session | None:
        """The session with the present provider, if it is open."""

    async def session(self) -> Session:
        """Return the session with the chosen provider; raises `VpsTuiError`."""


@dataclass(frozen=True, slots=True)
class Fetch(Generic[Read]):
    """What a question reads before it can be asked."""

    waiting_for: str
    """What is being asked for, such as "its locations"."""
    read: Callable[[Reader, WizardState], Awaitable[Read]]
    """Raises `VpsTuiError`."""
    received: Callable[[WizardState, Read], WizardState]
    """Returns the state with what was read."""
    at_hand: Callable[[Reader, WizardState], Read | None] = lambda _reader, _state: None
    """Returns what `read` would, where it has been read already."""
    ahead: bool = False
    """Whether it may be read before somebody is at the question."""
    in_heading: bool = False
    """Whether the heading depends on what was read."""


Heading: TypeAlias = tuple[str, str]
"""A question, and a line that helps to answer it."""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """The row of a list whose id is typed."""

    id: str
    title: str
    label: str
    help: str
    usual: Callable[[WizardState], str]
    """The id to start with."""
    problem: Callable[[WizardState, str], str]
    """What is wrong with an id, empty for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """A question that is answered with one of several rows."""

    word: str
    """What is chosen, such as "Plan"."""
    heading: Heading | Callable[[WizardState], Heading]
    help: str
    columns: Sequence[Column] | Callable[[WizardState], Sequence[Column]]
    rows: Callable[[WizardState], Sequence[Choice]]
    answer: Callable[[WizardState, str], WizardState | None]
    """Returns the state with the row of that id; None for a row that leads elsewhere first."""
    chosen: Callable[[WizardState], str] = lambda _state: ""
    """The id of the row to start on: the earlier answer, or the usual one."""
    fetch: Fetch[Any] | None = None
    noun: str = ""
    """What the rows are, where there may be so many that they are filtered."""
    priced: bool = True
    """Whether the price of the order is shown with the question."""
    rows_priced: bool = False
    """Whether that price follows the highlighted row."""
    details: Callable[[WizardState, str], Sequence[str]] | None = None
    """What else is known of the row of that id."""
    notes: Callable[[WizardState], Sequence[str]] | None = None
    """What to know before choosing."""
    typed: TypedRow | None = None
    empty: str = ""
    """What is said where there are no rows, and no answer then."""

    def heading_in(self, state: WizardState) -> Heading:
        """Return the question and a line that helps to answer it."""
        return self.heading(state) if callable(self.heading) else self.heading

    def columns_in(self, state: WizardState) -> Sequence[Column]:
        """Return the columns."""
        return self.columns(state) if callable(self.columns) else self.columns

    def notes_in(self, state: WizardState) -> Sequence[str]:
        """Return what to know before choosing."""
        return self.notes(state) if self.notes is not None else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextQuestion:
    """A question that is answered with one line of text."""

    heading: Callable[[WizardState], Heading]
    help: str
    label: Callable[[WizardState], str]
    offered: Callable[[WizardState], str]
    """The text to start with."""
    problem: Callable[[WizardState, str], str]
    """What is wrong with a text, empty for nothing."""
    answer: Callable[[WizardState, str], WizardState]
    """Returns the state with a text that has no `problem`."""
    field_help: str = ""
    unfinished: Callable[[WizardState, str], str] | None = None
    """What is wrong with a text that somebody is still typing, where that is less than `problem`."""
    keep: Callable[[WizardState, str], WizardState] | None = None
    """Returns the state with the text as it is, good or not; where missing it is lost on the way back."""
    replaced: bool = False
    """Whether the first key replaces the text that it starts with."""
    priced: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """One row of options, and which of them is chosen now; the first is nothing."""

    key: str
    title: str
    options: tuple[Option, ...]
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsQuestion:
    """A question that is answered with one option for each of several rows."""

    heading: Callable[[WizardState], Heading]
    help: str
    groups: Callable[[WizardState], Sequence[Group]]
    answer: Callable[[WizardState, Group, int], WizardState]
    problem: Callable[[WizardState], str] = lambda _state: ""
    """Why there is no going on, empty where there is."""
    priced: bool = True
