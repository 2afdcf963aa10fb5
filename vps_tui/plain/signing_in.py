"""Step: sign in with what is known, and ask for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vps_tui.core.errors import VpsTuiError
from vps_tui.plain.moves import Move
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.providers.info import ProviderInfo, SignInField
from vps_tui.wizard.questions import sign_in
from vps_tui.wizard.questions.choices import Choice

KEEP = (Choice("no", ("no",)), Choice("yes", ("yes",)))


async def ask_sign_in(ask: Prompter) -> Move:
    """Try what commands and keyring give, then ask; what was refused is not tried again."""
    info = ask.state.info
    if info is None:
        raise RuntimeError("no provider is chosen")
    ask.introduce(sign_in.heading(info), sign_in.HELP)
    problem, ask.flow.sign_in_problem = ask.flow.sign_in_problem, None
    if problem is not None:
        ask.say_error(problem)
    found = await ask.flow.backend.credentials(info)
    known: frozenset[str] = frozenset()
    if problem is None:
        known = sign_in.known(found)
        ask.say(*sign_in.problems(found))
        if len(known) == len(info.sign_in):
            ask.state = replace(ask.state, credentials_known=True)
            if await _accepted(ask, info):
                return replace(ask.state, signed_in=True)
            known = frozenset()
    while True:
        typed = await _fields(ask, info, known)
        if await _accepted(ask, info):
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
        ask.state = sign_in.with_typed(ask.state, field, value)
        number += 1
    return typed


async def _field(ask: Prompter, info: ProviderInfo, field: SignInField) -> str:
    without = f"Set {field.variable}, or name a command in config.toml: the README says how."
    known = ask.flow.backend.known_fields(info).get(field.key, "")
    while True:
        if field.secret:
            value = await ask.secret(field.label, without=without)
        else:
            usual = sign_in.typed(ask.state, field) or known
            value = await ask.text(f"{field.label}, {sign_in.field_help(field)}", default=usual)
        if value.strip():
            return value
        ask.say(sign_in.EMPTY)


async def _accepted(ask: Prompter, info: ProviderInfo) -> bool:
    """Try the credentials; what is wrong with them is said."""
    state = ask.state
    try:
        await ask.waited_for(sign_in.trying(info), lambda: ask.flow.sign_in(state))
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
        if await ask.choose(sign_in.KEEP, KEEP, default="no") == "no":
            return
    except Back:
        return
    problem = await backend.keep(info, sign_in.to_keep(typed))
    if problem:
        ask.say(sign_in.not_kept(problem))
