"""Question: which SSH key may log in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.agent import AgentKeys
from vps_tui.ssh.key_files import FoundKeys
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

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
    last = next((server.ssh_key for server in state.usual.servers), "")
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
