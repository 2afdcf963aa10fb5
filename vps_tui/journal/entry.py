"""One line of the journal: what was to be bought, and the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from vps_tui.core.errors import UsageError
from vps_tui.core.nearest import nearest
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.server_change import ChangeKind
from vps_tui.core.text import clean

if TYPE_CHECKING:
    from vps_tui.core.login import Login

MAX_SHOWN_LENGTH = 8000
"""Characters of one text of an entry that are shown."""

_NOT_SHOWN: Final = frozenset({"order_file", "key_files"})
"""Fields that the program reads and never shows as they are."""

ORDER: Final = "order"
"""The kind of entry that buys servers."""

_ABOUT: Final = {
    ChangeKind.UPGRADE.value: "plan",
    ChangeKind.SWITCH.value: "plan",
    ChangeKind.CANCEL.value: "end",
}


class State(StrEnum):
    """How far an order has come; the value is what the journal keeps."""

    PREPARED = "prepared"
    """Written down; nothing has been sent."""
    SENDING = "sending"
    """From here on a request may be on its way."""
    PLACED = "placed"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"

    @property
    def outcome(self) -> OutcomeKind:
        match self:
            case State.PREPARED:
                return OutcomeKind.NOT_SENT
            case State.SENDING:
                return OutcomeKind.UNKNOWN
            case _:
                return OutcomeKind(self.value)

    @property
    def settled(self) -> bool:
        """Whether the outcome is known; such a state never changes again."""
        return self in (State.PLACED, State.REFUSED, State.NOT_SENT)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be bought, without any secret."""

    provider: str
    """The provider's id, such as "edis"."""
    account: str
    """The account's e-mail address or id."""
    digest: str
    """SHA-256 of the request without its secrets, as hexadecimal digits."""
    order_file: str
    """The order as the TOML text of an order file."""
    quote: Mapping[str, Any]
    """The quote as the JSON document that `--json` prints; amounts are text."""
    bought: tuple[tuple[str, str], ...]
    """Label and value: what is bought, in words."""
    servers: tuple[tuple[str, str], ...]
    """What makes two of them the same: name and plan id of each server that is ordered; of a change the server's id
    and each thing that is changed."""
    kind: str = ORDER
    """`ORDER`, or a value of `core.change.ChangeKind`."""
    change: Mapping[str, Any] = field(default_factory=dict)
    """Of a change, the document of `core.change_documents`; empty for an order."""
    key_files: tuple[str, ...] = ()
    """Of an order, the path that each server's public key was read from, empty where it is not known; never sent."""

    @property
    def is_order(self) -> bool:
        """Whether it buys servers, and does not change one that is there."""
        return self.kind == ORDER

    @property
    def noun(self) -> str:
        """What it is within a sentence: "order", "upgrade"."""
        return ORDER if self.is_order else ChangeKind(self.kind).noun

    @property
    def names(self) -> tuple[str, ...]:
        """What a person knows the servers by, each name once."""
        if self.is_order:
            return tuple(dict.fromkeys(name for name, _ in self.servers))
        server = self.change.get("server") or {}
        return (str(server.get("name") or server.get("kvm_id") or server.get("id") or ""),)

    def repeats(self, other: Purchase) -> bool:
        """Tell whether both buy one server of the same name and plan, or change one in the same way."""
        return self._of_one_account(other) and not self._identities().isdisjoint(other._identities())

    def touches(self, other: Purchase) -> bool:
        """Tell whether both give one server another plan, or both end it, in whatever way."""
        about = _ABOUT.get(self.kind)
        return about is not None and about == _ABOUT.get(other.kind) and self._of_one_server(other)

    def stands_in_the_way_of(self, other: Purchase) -> bool:
        """Tell whether `other` waits for the outcome of this: an upgrade may pay for a server that ends."""
        return {self.kind, other.kind} <= _ABOUT.keys() and self._of_one_server(other)

    def _of_one_server(self, other: Purchase) -> bool:
        ids = {name for name, _ in self._changed()}
        return self._of_one_account(other) and not ids.isdisjoint(name for name, _ in other._changed())

    def _of_one_account(self, other: Purchase) -> bool:
        return self.provider == other.provider and _fold(self.account) == _fold(other.account)

    def _identities(self) -> frozenset[tuple[str, str, str]]:
        return frozenset((self.kind, _fold(name), what) for name, what in self._changed())

    def _changed(self) -> tuple[tuple[str, str], ...]:
        """Return `servers`, and each once more by its subscription: some providers change by that alone."""
        subscription = str(self.change.get("subscription_id") or "").strip().lstrip("0")
        if not subscription:
            return self.servers
        return (*self.servers, *((f"subscription {subscription}", what) for _, what in self.servers))


@dataclass(frozen=True, slots=True)
class Entry:
    """One order of the journal as it stood when it was read."""

    reference: str
    """Short, sayable and unique, such as "1122-k7qf"."""
    purchase: Purchase
    state: State
    created: datetime
    owner: str
    """Who prepared it, such as "ops@box, process 123"."""
    sent: datetime | None
    """From when on a request may have left; None where none has."""
    finished: datetime | None
    """When the outcome was written down last; None before."""
    outcome: Outcome
    before: tuple[str, ...] | None
    """Ids of the servers that the account had before the order; None where they could not be read."""
    server_time: datetime | None
    """The provider's own clock just before the order; None where it is not known."""
    settled_by: str
    """"reply", "interrupted", "reading" or "hand"; empty before there is an outcome."""
    again: str
    """References, separated by commas, of earlier orders that this one knowingly repeats; usually empty."""
    logins: tuple[Login, ...] = ()
    """Where its servers answered when they were last looked after."""
    live: bool = False
    """Whether a living process, this one included, is preparing or sending it."""
    program: str = "vps-tui"
    """How a command about it begins: the sandbox keeps a journal of its own."""

    @property
    def check_command(self) -> str:
        """What looks for it at the provider."""
        return f"{self.program} orders check {self.reference}"

    @property
    def unsettled(self) -> bool:
        """Whether somebody must find out its outcome."""
        return self.state is State.UNKNOWN or (self.state is State.SENDING and not self.live)

    def printable(self) -> Entry:
        """Return the entry safe for a terminal: other programs can write to the file, too."""
        safe: Entry = _printable_fields(self)
        return safe


def _fold(text: str) -> str:
    return text.strip().casefold()


def _printable_fields(value: Any) -> Any:
    """Return a dataclass, a document or a list with every text in it, however deep, safe for a terminal."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable_fields(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_printable_fields, value))
    if is_dataclass(value) and not isinstance(value, type):
        shown = (each.name for each in fields(value) if each.name not in _NOT_SHOWN)
        return replace(value, **{name: _printable_fields(getattr(value, name)) for name in shown})
    return value


def printable(text: str) -> str:
    """Return `text` safe for a terminal, on one line."""
    return text if text.isprintable() else clean(text, MAX_SHOWN_LENGTH)


_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: none of them is taken for another when read or heard."""


_MISREAD = str.maketrans("ilo", "110")


def new_reference(now: datetime) -> str:
    """Return a random reference for an order of the day `now`, such as "1122-k7qf"."""
    import secrets

    return f"{now:%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(4))


def _normalize(text: str) -> str:
    return text.strip().lower().translate(_MISREAD)


def split_references(text: str) -> tuple[str, ...]:
    """Return the references in `text`, which separates them by commas."""
    return tuple(name for name in (_normalize(part) for part in text.split(",")) if name)


def find_reference(text: str, known: Iterable[str]) -> str:
    """Return the one of `known` that `text` names or begins; raises `UsageError` naming the nearest."""
    wanted, references = _normalize(text), sorted(known)
    if wanted in references:
        return wanted
    found = [reference for reference in references if wanted and reference.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    shown = clean(text)
    if found:
        raise UsageError(f'"{shown}" begins several references.', hint=f"Say which: {', '.join(found[:10])}.")
    if not references:
        raise UsageError(f'There is no order "{shown}": no order has been recorded yet.')
    near = nearest(wanted, references, likeness=0.0)
    raise UsageError(f'There is no order "{shown}".', hint=f"The nearest reference is {near}.")
