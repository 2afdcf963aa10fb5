"""The servers of one order: all of them, the lines of one, how many copies, and taking one away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vps_tui.core.steps import OF_A_SERVER, Step
from vps_tui.wizard import order_servers, summary
from vps_tui.wizard.questions.choices import Choice, Column, ListQuestion
from vps_tui.wizard.state import WizardState

COPIES_LABEL = "Copies"
LAST = "An order has at least one server."
FULL = "An order has no room for more servers."


def _heading(state: WizardState) -> tuple[str, str]:
    """Return the title, and what all servers of the order have in common."""
    info = state.info
    if info is not None and info.shares_name:
        return "The servers of this order", info.shared_name_note
    together = f"All of them stand in {state.location_name}: an order is for one location." if state.several else ""
    return "The servers of this order", together


def _columns(state: WizardState) -> tuple[Column, ...]:
    """Return the columns of the servers; that of the prices names the billing cycle."""
    return Column("SERVER"), Column("PLAN AND IMAGE", flexible=True), _price_column(state)


def _one_columns(state: WizardState) -> tuple[Column, ...]:
    """Return the columns of one server's lines."""
    return Column(""), Column("CHOSEN", flexible=True), _price_column(state)


def _price_column(state: WizardState) -> Column:
    every = state.draft.billing_cycle.every
    return Column(every.upper(), right=True, spoken=every)


def _rows(state: WizardState) -> list[Choice]:
    """Return the servers by their index: name, plan with image, what all of it costs."""
    rows = (summary.server_row(state, index) for index in range(len(state.draft.servers)))
    return [Choice(str(index), row) for index, row in enumerate(rows)]


def _one_heading(state: WizardState) -> tuple[str, str]:
    """Return which server it is, and what all of it costs."""
    label, _, amount = summary.server_row(state, state.server_index)
    quote = state.quote()
    every = quote.billing_cycle.every if quote else ""
    title = f"Server {state.server_index + 1} of {len(state.draft.servers)}: {label}"
    return title, f"{amount} {every}" if amount and every else ""


def _lines(state: WizardState) -> Iterator[Choice]:
    """Yield the answers about the present server, each with the step that changes it as its id."""
    if state.plan is None:
        yield Choice(Step.PLAN, ("Plan", "not chosen yet", ""))
    for line in summary.lines(state):
        if line.step in OF_A_SERVER:
            yield Choice(line.step, (line.label, line.value, line.amount))


SERVERS = ListQuestion(
    word="Servers",
    heading=_heading,
    help="All servers of one order are bought together, with one confirmation and one invoice. A copy has the plan, "
    "the image, the add-ons, the key, the script and the root password of its original; its name has the next "
    "number.",
    columns=_columns,
    rows=_rows,
    chosen=lambda state: str(state.server_index),
    answer=lambda state, index: replace(state, server_index=int(index)),
)
SERVER = ListQuestion(
    word="Line",
    heading=_one_heading,
    help="Every line is an answer; choosing one changes it, and you come back here with everything else kept.",
    columns=_one_columns,
    rows=lambda state: list(_lines(state)),
    chosen=lambda state: state.position.after or Step.PLAN,
    answer=lambda _state, _line: None,
)


def copies_title(state: WizardState) -> str:
    """Return the question for the number of copies of the present server."""
    return f"Copy {summary.server_row(state, state.server_index)[0]}"


def copies(state: WizardState, text: str) -> int | str:
    """Return the number of copies in `text`, or in a sentence what is wrong with it."""
    most = order_servers.most_copies(state)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if not 1 <= number <= most:
        return f"Type a number from 1 to {most}." if most > 1 else FULL if most < 1 else "There is room for 1 more."
    return number


def copies_made(state: WizardState, text: str) -> str:
    """Return in words what that number of copies would be called, empty where it is none."""
    number = copies(state, text)
    if isinstance(number, str):
        return ""
    names = order_servers.copy_names(state, state.server_index, number)
    if state.shares_name or not names[0]:
        return f"{number} more like it."
    return ", ".join(names) if number < 4 else f"{names[0]}, {names[1]} ... {names[-1]}"


def removal(state: WizardState) -> str:
    """Return the question whether the present server is to be taken out of the order."""
    label, value, _ = summary.server_row(state, state.server_index)
    return f"Take {label} ({value}) out of this order?" if value else f"Take {label} out of this order?"
