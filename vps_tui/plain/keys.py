"""Step: the SSH key, chosen from those at hand or given in another way."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from vps_tui.core.errors import InvalidValue, VpsTuiError
from vps_tui.core.ssh_key_list import KeysInText, parse_public_keys
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.plain.moves import Move
from vps_tui.plain.prompter import Back, Prompter
from vps_tui.plain.terminal_io import Left
from vps_tui.ssh.agent import VARIABLE, AgentKeys, agent_keys
from vps_tui.ssh.key_files import describe_key, find_keys, read_keys
from vps_tui.ssh.key_pair import make_pair, next_path, passphrase_problem
from vps_tui.ssh.key_sites import HOSTS, address_asked, answering, fetch_keys, host_problem, user_problem
from vps_tui.wizard.questions import ssh_key
from vps_tui.wizard.questions.choices import Choice
from vps_tui.wizard.questions.ssh_key import CHOSEN, FILE, NONE, PAIR, PASTE, WEB, KeysHere


async def ask_ssh_key(ask: Prompter) -> Move:
    """Ask which key may log in; every key is named by its fingerprint before it can be chosen."""
    ask.introduce(ssh_key.heading(), ssh_key.HELP)
    while True:
        here = await _search(ask)
        ask.say(*here.left_out())
        rows = [_tell(choice, here) for choice in ssh_key.choices(ask.state, here)]
        chosen = await ask.choose("SSH key", rows, default=_default(ask, here))
        key = here.key(chosen)
        if chosen == NONE:
            ask.say(ask.state.info.key_optional_help if ask.state.info else "")
            return ssh_key.answer_none(ask.state)
        if chosen == CHOSEN:
            return ask.state
        try:
            return ssh_key.answer(ask.state, key or await _WAYS[chosen](ask))
        except Back:
            continue


async def _search(ask: Prompter) -> KeysHere:
    address = os.environ.get(VARIABLE, "")
    found = await asyncio.to_thread(find_keys, ask.ssh_folder)
    agent = await asyncio.to_thread(agent_keys, address) if address else AgentKeys()
    return KeysHere(found, agent)


def _tell(choice: Choice, here: KeysHere) -> Choice:
    """Return the row of a key with its fingerprint and what there is to know about it."""
    key = here.key(choice.id)
    if key is None:
        return choice
    return Choice(choice.id, (*choice.cells, key.fingerprint, key.warning), choice.refusal, choice.search)


def _default(ask: Prompter, here: KeysHere) -> str:
    """Return what was chosen before, or what would be."""
    return _present(ask, here) or ssh_key.usual(ask.state, here)


def _present(ask: Prompter, here: KeysHere) -> str:
    chosen = ssh_key.chosen(ask.state)
    return CHOSEN if chosen and chosen != NONE and here.key(chosen) is None else chosen


async def _paste(ask: Prompter) -> PublicKey:
    while True:
        text = await _take_pasted(ask)
        try:
            return await _confirm(ask, parse_public_keys(text), "Keys in what you pasted")
        except InvalidValue as error:
            ask.say(f"{error.message} {error.hint}")


async def _take_pasted(ask: Prompter) -> str:
    """Return the lines up to an empty one, unseen: what if it is a private key.

    An empty line inside a paste is not the last: what is behind it would be shown, and answer the next question.
    """
    text = ""
    with ask.lines.unseen():
        ask.say(
            f"{ssh_key.PASTE_TITLE}. {ssh_key.PASTE_HINT}",
            "It is not shown here. Press Enter after it, and once more to end it; :b alone goes back.",
        )
        while True:
            line = await ask.lines.line()
            if line is None or line.strip() == ":q":
                raise Left
            if line.strip() == ":b":
                raise Back
            if not line.strip() and text and not ask.lines.goes_on():
                return text
            text += line if line.strip() else ""
            kind = is_private_key(text)
            if kind is not None:
                ask.lines.forget_paste()
                ask.say(ssh_key.refuse_private(kind))
                text = ""


async def _file(ask: Prompter) -> PublicKey:
    ask.say(ssh_key.FILE_TITLE)
    while True:
        path = Path(await ask.text("Path", help_text=f"Such as {ssh_key.FILE_START}id_ed25519.pub."))
        try:
            return await _confirm(ask, await asyncio.to_thread(read_keys, path), "Keys in that file")
        except InvalidValue as error:
            ask.say(f"{error.message} {error.hint}")


async def _web(ask: Prompter) -> PublicKey:
    ask.say(ssh_key.WEB_TITLE, ssh_key.WEB_HINT)
    sites = [Choice(site, (site,)) for site in (*HOSTS, ssh_key.OTHER_SITE)]
    host = await ask.choose("Site", sites, default=HOSTS[0])
    if host == ssh_key.OTHER_SITE:
        host = await _good(ask, "Its name", host_problem, ssh_key.SITE_EXAMPLE)
        host = host.lower()
    while True:
        user = (await _good(ask, "User name", lambda text: user_problem(text.removeprefix("@")))).removeprefix("@")
        words = ssh_key.fetching(address_asked(host, user))
        try:
            found = await ask.waited_for(words, lambda user=user: fetch_keys(host, user))  # type: ignore[misc]
        except VpsTuiError as error:
            ask.say(f"{error.message} {error.hint}")
        else:
            return await _pick(ask, found, f"{user} at {answering(host)}")


async def _good(ask: Prompter, label: str, problem_of: Callable[[str], str], help_text: str = "") -> str:
    while True:
        text = await ask.text(label, help_text=help_text)
        problem = problem_of(text)
        if not problem:
            return text
        ask.say(problem)


async def _pair(ask: Prompter) -> PublicKey:
    ask.say(ssh_key.PAIR_TITLE, ssh_key.where_made(next_path(ask.ssh_folder)), ssh_key.PASSPHRASE_HELP)
    without = "Make the pair with ssh-keygen, or run vps-tui on a terminal."
    while True:
        first = await ask.secret("Passphrase", without=without)
        second = await ask.secret("Once more", without=without)
        problem = passphrase_problem(first, second)
        if problem:
            ask.say(problem)
            continue
        try:
            pair = await ask.waited_for(
                ssh_key.MAKING,
                lambda words=first: asyncio.to_thread(make_pair, ask.ssh_folder, words),  # type: ignore[misc]
            )
        except VpsTuiError as error:
            ask.say(f"{error.message} {error.hint}")
            continue
        key, where = ssh_key.use_made(pair)
        ask.say(*key.split("\n"), where)
        await ask.enter("uses this key")
        return pair.key


async def _confirm(ask: Prompter, found: KeysInText, title: str) -> PublicKey:
    """Return the one key of a text once its fingerprint has been seen, or the one that is chosen of several."""
    key = found.single
    if key is None:
        ask.say(ssh_key.several(found))
        return await _pick(ask, found, title)
    ask.say(*describe_key(key).split("\n"), *filter(None, [key.warning]))
    await ask.enter("uses this key")
    return key


async def _pick(ask: Prompter, found: KeysInText, title: str) -> PublicKey:
    """Return the key that is chosen by its fingerprint; none is taken unseen."""
    ask.say(ssh_key.pick_title(title, found), *filter(None, [ssh_key.left_out(found)]))
    chosen = await ask.choose("Key", ssh_key.pick_choices(found), ssh_key.PICK_COLUMNS)
    key = ssh_key.pick(found, chosen)
    if key is None:
        raise RuntimeError("a key was chosen that is not there")
    if key.warning:
        ask.say(key.warning)
    return key


_WAYS: dict[str, Callable[[Prompter], Awaitable[PublicKey]]] = {PASTE: _paste, FILE: _file, WEB: _web, PAIR: _pair}
