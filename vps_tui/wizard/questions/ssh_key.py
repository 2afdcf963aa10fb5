"""Question: which SSH key may log in, from this machine or pasted, read, fetched or made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vps_tui.core.ssh_key_list import KeysInText
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.core.text import clean
from vps_tui.ssh.agent import AgentKeys
from vps_tui.ssh.key_files import FoundKeys, describe_key
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.ssh.key_pair import NewPair

HELP = (
    "With an SSH key you log in without a password. Only the PUBLIC half goes to the server: the file that "
    "ends in .pub. If you have none, choose to make a new pair. The order carries one key for each server; add "
    "further ones later to ~/.ssh/authorized_keys on the server."
)
COLUMNS = (Column("KEY"), Column("COMMENT", flexible=True), Column("FROM"))
PASTE, FILE, WEB, PAIR, CHOSEN, NONE = "paste", "file", "web", "pair", "chosen", "none"


@dataclass(frozen=True, slots=True)
class KeysHere:
    """The keys found on this machine and in its agent."""

    found: FoundKeys = field(default_factory=FoundKeys)
    agent: AgentKeys = field(default_factory=AgentKeys)

    def offers(self) -> Iterator[tuple[PublicKey, str]]:
        """Yield each key once, with where it comes from."""
        held = {key.fingerprint for key in self.agent.keys}
        for found in self.found.keys:
            agent = ", agent" if found.key.fingerprint in held else ""
            yield found.key, f"~/.ssh/{found.path.name}{agent}"
        on_disk = {found.key.fingerprint for found in self.found.keys}
        yield from ((key, "agent") for key in self.agent.keys if key.fingerprint not in on_disk)

    def key(self, choice_id: str) -> PublicKey | None:
        """Return the key behind a choice, None where it is none of these."""
        return next((key for key, _ in self.offers() if key.line == choice_id), None)

    def left_out(self) -> list[str]:
        """Return what could not be used of what is here, at most three lines of it."""
        lines = [f"{path.name} is left out: {reason}" for path, reason in self.found.left_out]
        return (([self.agent.problem] if self.agent.problem else []) + lines)[:3]


def heading() -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    return "Which SSH key may log in?", "Public keys only. Compare the fingerprint with the one you know."


def choices(state: WizardState, here: KeysHere) -> list[Choice]:
    """Return the keys that are here, the one that was given, and the ways to others."""
    found = [
        Choice(key.line, (f"{key.kind} {key.bits}", key.comment, origin), search=key.fingerprint)
        for key, origin in here.offers()
    ]
    if state.server.ssh_key and here.key(state.server.ssh_key) is None:
        found.insert(0, Choice(CHOSEN, ("The key you gave", state.key_label, "")))
    return [
        *found,
        Choice(PASTE, ("Paste a key ...", "the line of a .pub file", "")),
        Choice(FILE, ("Read a file ...", "path of a .pub file", "")),
        Choice(WEB, ("From a site ...", "keys on GitHub or GitLab", "")),
        Choice(PAIR, ("Make a new pair ...", "made on this machine", "")),
        Choice(NONE, ("No SSH key", "log in with a password", "")),
    ]


def chosen(state: WizardState) -> str:
    """Return the id of what was chosen before, empty for nothing."""
    return NONE if state.server.without_key else state.server.ssh_key


def usual(state: WizardState, here: KeysHere) -> str:
    """Return the id of the last order's key where that is here, else of the only one that is; empty for neither."""
    keys = [key.line for key, _ in here.offers()]
    last = next((server.ssh_key for server in state.last_order.servers), "")
    return last if last in keys else keys[0] if len(keys) == 1 else ""


def details(key: PublicKey) -> str:
    """Return what a key is to be recognised by."""
    return f"{key.kind}, {key.bits} bits\n{key.fingerprint}"


def answer(state: WizardState, key: PublicKey) -> WizardState:
    """Return the state with `key`."""
    return state.with_server(replace(state.server, ssh_key=key.line, ssh_key_file=key.file, without_key=False))


def answer_none(state: WizardState) -> WizardState:
    """Return the state without a key, on purpose."""
    return state.with_server(replace(state.server, ssh_key="", ssh_key_file="", without_key=True))


PASTE_TITLE = "Paste the public key"
PASTE_HINT = "One line of a .pub file; wrapped lines are joined."
FILE_TITLE = "Read a public key from a file"
FILE_START = "~/.ssh/"
WEB_TITLE = "Public keys from GitHub, GitLab or a site like them"
WEB_HINT = "Anybody can read them there; nobody signs in."
OTHER_SITE = "another site"
SITE_EXAMPLE = "Such as git.example.org."
PAIR_TITLE = "Make a new key pair (ED25519)"
PASSPHRASE_HELP = "Asked for at every login; leave it empty for none."  # noqa: S105 - a sentence
MAKING = "Making the pair ..."
PICK_COLUMNS = (Column("KEY"), Column("FINGERPRINT", flexible=True))


def refuse_private(kind: str) -> str:
    """Return what is said about a private key of `kind` that was given; nothing of it is kept."""
    return f"That was a PRIVATE key ({kind}). It was not kept. Paste the line of the .pub file instead."


def pick_title(title: str, found: KeysInText) -> str:
    """Return the question which of several keys is meant."""
    count = len(found.keys)
    return f"{title}: {count} {'key' if count == 1 else 'keys'}. The server takes one."


def pick_choices(found: KeysInText) -> list[Choice]:
    """Return the keys by their fingerprints."""
    return [Choice(key.fingerprint, (f"{key.kind} {key.bits}", key.fingerprint)) for key in found.keys]


def pick(found: KeysInText, fingerprint: str) -> PublicKey | None:
    """Return the key with that fingerprint, None where there is none."""
    return next((key for key in found.keys if key.fingerprint == fingerprint), None)


def several(found: KeysInText) -> str:
    """Return that a text holds more than one key."""
    count = len(found.keys)
    return f"There is more than one key here: {'one usable key' if count == 1 else f'{count} keys'}."


def left_out(found: KeysInText) -> str:
    """Return in words what of a text cannot be used; empty for nothing."""
    if not found.left_out:
        return ""
    return f"{len(found.left_out)} left out: {found.left_out[0]}"


def fetching(address: str) -> str:
    """Return that `address` is being asked."""
    return f"Asking {address} ..."


def where_made(path: Path) -> str:
    """Return where the private half of a pair goes."""
    return f"The private half stays on this machine: {shown(path)}"


def use_made(pair: NewPair) -> tuple[str, str]:
    """Return the new key in words, and where it was written."""
    return describe_key(pair.key), f"Written: {shown(pair.path)}, and .pub beside it."


def shown(path: Path) -> str:
    """Return a path as people write it, with ~ for their home."""
    try:
        return f"~/{clean(str(path.relative_to(Path.home())))}"
    except (ValueError, RuntimeError):
        return clean(str(path))
