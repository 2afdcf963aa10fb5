"""Any question that is a value: one of a list, one line of text, options by row; and the lists with more to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from vps_tui.core.steps import Step
from vps_tui.core.text import clean
from vps_tui.plain.moves import Move
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.requirements import FIT, WHAT_FITS, ask_what_fits
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import TypedIds
from vps_tui.services.resolve import Resolved
from vps_tui.wizard.questions import plan, question_at, requirements, saved_order
from vps_tui.wizard.questions.choices import (
    Choice,
    Fetch,
    ListQuestion,
    OptionsQuestion,
    TextQuestion,
    TypedRow,
)
from vps_tui.wizard.state import WizardState

NOTHING_MORE: Final[Mapping[str, str]] = MappingProxyType({})

Take: TypeAlias = Callable[[str], Awaitable[Move | None]]
"""Answers with a row or an extra key; None has the list asked again."""


async def ask_question(ask: Prompter) -> Move:
    """Ask the question of the present step."""
    question = question_at(ask.state.step)
    if isinstance(question, TextQuestion):
        return await ask_text(ask, question)
    if isinstance(question, OptionsQuestion):
        return await ask_options(ask, question)
    return await ask_list(ask, question)


async def ask_list(
    ask: Prompter,
    question: ListQuestion,
    *,
    extra: Mapping[str, str] = NOTHING_MORE,
    take: Take | None = None,
    enter: str = "",
) -> Move:
    """Ask `question`, with `extra` keys; `take` replaces its answer where there is more to it.

    With `enter`, the words for what Enter alone does, the earlier answer is not taken by it.
    """
    fetch = question.fetch
    if fetch is None or not fetch.in_heading:
        ask.introduce(question.heading_in(ask.state), question.help, priced=question.priced)
    if fetch is not None:
        await _read(ask, fetch)
        if fetch.in_heading:
            ask.introduce(question.heading_in(ask.state), question.help, priced=question.priced)
    ask.say(*question.notes_in(ask.state))
    take = take or partial(_take, ask, question)
    while True:
        rows, columns = question.rows(ask.state), question.columns_in(ask.state)
        if not rows and question.empty:
            ask.say(question.empty)
            await ask.enter("goes back")
            raise Back
        default = "" if enter else question.chosen(ask.state)
        chosen = await ask.choose(question.word, rows, columns, default=default, extra=extra, enter=enter)
        answer = await take(chosen)
        if answer is not None:
            return answer


async def _read(ask: Prompter, fetch: Fetch[Any]) -> None:
    state = ask.state

    async def read() -> Any:
        found = fetch.at_hand(ask.flow, state)
        return await fetch.read(ask.flow, state) if found is None else found

    found = await ask.read(fetch.waiting_for, read)
    ask.state = fetch.received(ask.state, found)


async def _take(ask: Prompter, question: ListQuestion, choice_id: str) -> WizardState | None:
    if question.typed is not None and choice_id == question.typed.id:
        try:
            choice_id = await _typed_id(ask, question.typed)
        except Back:
            return None
    return question.answer(ask.state, choice_id)


async def _typed_id(ask: Prompter, row: TypedRow) -> str:
    ask.say(row.title)
    while True:
        text = await ask.text(row.label, default=row.usual(ask.state), help_text=row.help)
        problem = row.problem(ask.state, text)
        if not problem:
            return text
        ask.say(problem)


async def ask_text(ask: Prompter, question: TextQuestion) -> Move:
    """Ask `question` until its answer can be used."""
    ask.introduce(question.heading(ask.state), question.help, priced=question.priced)
    # What explains the whole question is its help, not said at every prompt.
    help_text = question.field_help if question.field_help != question.help else ""
    while True:
        text = await ask.text(question.label(ask.state), default=question.offered(ask.state), help_text=help_text)
        problem = question.problem(ask.state, text)
        if not problem:
            return question.answer(ask.state, text)
        if question.keep is not None:
            ask.state = question.keep(ask.state, clean(text))
        ask.say(problem)


async def ask_options(ask: Prompter, question: OptionsQuestion) -> Move:
    """Ask for each row of `question` which option to take; back goes from row to row."""
    ask.introduce(question.heading(ask.state), question.help, priced=question.priced)
    number = 0
    while True:
        groups = question.groups(ask.state)
        if number == len(groups):
            problem = question.problem(ask.state)
            if not problem:
                return ask.state
            ask.say(problem)
            number = 0
        group = groups[number]
        rows = [Choice(str(index), (option.label, option.price)) for index, option in enumerate(group.options)]
        ask.say(f"{group.title}:")
        try:
            chosen = await ask.choose(group.title, rows, default=str(group.index), first=0)
        except Back:
            if number == 0:
                raise
            number -= 1
            continue
        ask.state = question.answer(ask.state, group, int(chosen))
        if question.priced:
            ask.say_price(ask.state)
        number += 1


async def ask_saved_order(ask: Prompter) -> Move:
    """Look up what a saved order's ids stand for; only what is no longer offered is something to read."""
    ask.introduce(saved_order.heading(ask.state), saved_order.HELP, priced=False)
    state = ask.state

    async def fetch() -> Resolved:
        return await saved_order.fetch(await ask.flow.session(), state)

    found = await ask.read(saved_order.WAITING_FOR, fetch)
    ask.state, lines = saved_order.received(state, found)
    if lines:
        ask.say(*lines)
        await ask.enter("goes on")
    return ask.state


async def ask_location(ask: Prompter) -> Move:
    """Ask where the server should stand, or what it must have at least."""
    question = cast("ListQuestion", question_at(Step.LOCATION))
    return await ask_list(ask, question, extra=WHAT_FITS, take=partial(_take_fitting, ask, question))


async def ask_plan(ask: Prompter) -> Move:
    """Ask which size of server, or what it must have at least."""
    question = cast("ListQuestion", question_at(Step.PLAN))

    async def take(chosen: str) -> Move | None:
        return await (_typed_plan(ask) if chosen == plan.TYPED else _take_fitting(ask, question, chosen))

    return await ask_list(ask, question, extra=WHAT_FITS, take=take)


async def _take_fitting(ask: Prompter, question: ListQuestion, chosen: str) -> Move | None:
    if chosen != FIT:
        return question.answer(ask.state, chosen)
    state = ask.state
    look = partial(requirements.look, ask.flow, state)
    return await ask_what_fits(ask, look, everywhere=state.step is Step.LOCATION)


async def _typed_plan(ask: Prompter) -> Move | None:
    """Return the state with typed ids; None when none were given after all."""
    info = ask.state.info
    if info is None:
        return None
    try:
        typed = await _ask_ids(ask, info)
    except Back:
        return None
    problem = await ask.flow.remember(typed)
    if problem:
        ask.say(problem)
    return plan.answer_typed(ask.state, typed)


async def _ask_ids(ask: Prompter, info: ProviderInfo) -> TypedIds:
    ask.say(plan.ids_title(info), plan.IDS_NOTE)
    values: dict[str, str] = {}
    for field in plan.ID_FIELDS:
        while True:
            typed = await ask.text(field.label, default=field.usual, help_text=field.help_text)
            values[field.key] = typed.lower()
            unset = {one.key: one.usual for one in plan.ID_FIELDS}
            if field.key not in plan.wrong_ids(unset | values):
                break
            ask.say(plan.WRONG_ID)
    kind = await ask.choose("Kind of plan", plan.plan_kinds(info), plan.KIND_COLUMNS)
    return plan.typed_ids(values, kind)
