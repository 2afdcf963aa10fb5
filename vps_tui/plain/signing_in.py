"""Steps: which provider, and signing in with what is known of the credentials or is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vps_tui.core.errors import VpsTuiError
from vps_tui.plain import history
from vps_tui.plain.choice_steps import ask_list
from vps_tui.plain.moves import Move, Show
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.providers.info import ProviderInfo, SignInField
from vps_tui.wizard.questions import account, owned_servers
from vps_tui.wizard.questions.choices import Choice

KEEP = (Choice("no", ("no",)), Choice("yes", ("yes",)))


SERVERS: Final = "s"
"""What is typed at the first question for changing an existing server."""


async def ask_provider(ask: Prompter) -> Move:
    """Ask which provider to order from, or whose servers to change."""
    if ask.flow.history_only:
        return await history.ask_earlier(ask)
    if ask.state.changing is not None:
        return await _ask_whose_servers(ask)
    question = account.provider_question(ask.flow.backend)

    async def take(chosen: str) -> Move | None:
        if chosen == history.KEY:
            return await history.ask_earlier(ask)
        if chosen != SERVERS:
            return question.answer(ask.state, chosen)
        try:
            return await _ask_whose_servers(ask)
        except Back:
            return Show(ask.state)

    extra = {**(history.SHOWS if ask.flow.any_recorded else {}), SERVERS: "your servers"}
    return await ask_list(ask, question, extra=extra, take=take)


async def _ask_whose_servers(ask: Prompter) -> Move:
    """Ask at which provider the servers are that are to be changed."""
    question = replace(
        account.provider_question(ask.flow.backend),
        heading=account.provider_heading(owned_servers.begin(ask.state)),
        help=owned_servers.OWNED.help,
        priced=False,
    )

    async def take(chosen: str) -> Move | None:
        state = question.answer(ask.state, chosen)
        return owned_servers.begin(state) if state is not None else None

    return await ask_list(ask, question, take=take)


async def ask_sign_in(ask: Prompter) -> Move:
    """Try what commands and keyring give, then ask; what was refused is not tried again."""
    info = ask.state.info
    if info is None:
        raise RuntimeError("no provider is chosen")
    ask.introduce(account.sign_in_heading(info), account.SIGN_IN_HELP)
    problem, ask.flow.sign_in_problem = ask.flow.sign_in_problem, None
    if problem is not None:
        ask.say_error(problem)
    found = await ask.flow.backend.credentials(info)
    known: frozenset[str] = frozenset()
    if problem is None:
        known = account.known(found)
        ask.say(*account.problems(found))
        if len(known) == len(info.sign_in):
            ask.state = replace(ask.state, credentials_known=True)
            if await _try_sign_in(ask, info):
                return replace(ask.state, signed_in=True)
            known = frozenset()
    while True:
        typed = await _fields(ask, info, known)
        if await _try_sign_in(ask, info):
            await _keep(ask, info, typed)
            return replace(ask.state, signed_in=True)
        known = frozenset()


async def _fields(ask: Prompter, info: ProviderInfo, known: frozenset[str]) -> dict[str, str]:
    """Ask for every field that is not `known`; back goes from field to field. Returns what was typed."""
    fields = [field for field in info.sign_in if field.key not in known]
    typed: dict[str, str] = {}
    number = 0
    while number < len(fields):
        field = fields[number]
        try:
            value = await _field(ask, info, field)
        except Back:
            if number == 0:
                raise
            number -= 1
            continue
        typed[field.key] = value
        ask.state = account.with_typed(ask.state, field, value)
        number += 1
    return typed


async def _field(ask: Prompter, info: ProviderInfo, field: SignInField) -> str:
    without = f"Set {field.variable}, or name a command in config.toml: the README says how."
    known = ask.flow.backend.known_fields(info).get(field.key, "")
    while True:
        if field.secret:
            value = await ask.secret(field.label, without=without)
        else:
            usual = account.typed(ask.state, field) or known
            value = await ask.text(f"{field.label}, {account.field_help(field)}", default=usual)
        if value.strip():
            return value
        ask.say(account.EMPTY)


async def _try_sign_in(ask: Prompter, info: ProviderInfo) -> bool:
    """Try the credentials; what is wrong with them is said."""
    state = ask.state
    try:
        await ask.waited_for(account.trying(info), lambda: ask.flow.sign_in(state))
    except VpsTuiError as error:
        ask.say_error(error)
        return False
    return True


async def _keep(ask: Prompter, info: ProviderInfo, typed: Mapping[str, str]) -> None:
    """Offer to keep what was typed in the keyring, where there is one."""
    backend = ask.flow.backend
    if not typed or await backend.keyring_problem():
        return
    try:
        if await ask.choose(account.KEEP, KEEP, default="no") == "no":
            return
    except Back:
        return
    problem = await backend.keep(info, account.to_keep(typed))
    if problem:
        ask.say(account.not_kept(problem))
