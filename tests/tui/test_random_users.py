"""People who press anything, on a provider that does anything: what was bought and what the journal says agree.

Moderate by default; RANDOM_USERS is the number of people, RANDOM_USERS_SEED the first one's seed.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest
from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.journal import FILE_NAME, Journal, State
from vps_tui.tui.screens.dialog import Dialog

from .driver import drain, fresh_folder, sandbox_of, settled, type_text, wait_until, wizard, wizard_of
from .shortcut import DRAFTS, at_cost

PEOPLE = int(os.environ.get("RANDOM_USERS", "1"))
FIRST_SEED = int(os.environ.get("RANDOM_USERS_SEED", "20261122"))
ACTIONS = 50
"""What each of them does."""

KEYS = ("\n", "\n", "\n", " ", "\t", "y", "1", "w", "-")
NAMED = (
    "escape",
    "up",
    "down",
    "left",
    "right",
    "home",
    "end",
    "pagedown",
    "backspace",
    "shift+tab",
    "f1",
    "f2",
    "f5",
    "f6",
    "f6",
    "f7",
    "f8",
)
WORDS = ("yes\n", "yes\n", "again\n", "web1\n", "web2\n", "yes\nyes\n", "no\n", "there\n")
SIZES = ((80, 24), (40, 10), (120, 40), (20, 5), (80, 12))
FAULTS: tuple[tuple[str, ...], ...] = (
    (),
    (),
    ("reply-lost",),
    ("reset",),
    ("truncated",),
    ("not-json",),
    ("http-422",),
    ("http-503",),
    ("out-of-stock",),
    ("declined-card",),
    ("hostile-text",),
    ("ids-as-strings",),
    ("missing-fields",),
    ("price-moved",),
    ("http-500:get/services",),
    ("http-500:get/products*1",),
    ("http-500:get/locations*1",),
    ("wrong-password:get/account-balance*1",),
    ("slow-0.1",),
)


class Person:
    """One person with one state folder, who starts the wizard again whenever it has ended."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.random = Random(seed)
        self.folder = folder
        self.log: list[str] = []
        self.faults: tuple[str, ...] = ()
        self._stack = AsyncExitStack()
        self._pilot: Pilot[int] | None = None

    async def begin(self) -> None:
        """Start the wizard on the same folder."""
        await self.end()
        saved = self.random.choice((None, None, *DRAFTS.values()))
        self.log.append(f"start {saved.provider if saved else ''}")
        context = wizard(self.faults, folder=self.folder, keep=True, saved=saved, opens=None)
        self._pilot = await self._stack.enter_async_context(context)

    async def end(self) -> None:
        """Close the wizard as a closed window does."""
        await self._stack.aclose()
        self._pilot = None

    @property
    def pilot(self) -> Pilot[int]:
        """The wizard that is running."""
        assert self._pilot is not None
        return self._pilot

    async def act(self) -> None:
        """Do one thing."""
        actions: tuple[tuple[int, Callable[[], Awaitable[None]]], ...] = (
            (9, self._press),
            (5, self._type),
            (4, self._shortcut),
            (4, self._answer),
            (2, self._disturb),
            (2, self._resize),
            (1, self._click),
            (1, self.begin),
        )
        weights = [weight for weight, _ in actions]
        await self.random.choices([action for _, action in actions], weights)[0]()

    async def rest(self) -> None:
        """Wait until what was begun is over; start again if the wizard has ended."""
        app = wizard_of(self.pilot)
        await wait_until(self.pilot, lambda: not app.ordering or app.fault is not None)
        assert app.fault is None
        if app.return_value is not None:
            await self.begin()

    async def _press(self) -> None:
        if self.random.random() < 0.6:
            text = "".join(self.random.choice(KEYS) for _ in range(self.random.randint(1, 5)))
            self.log.append(f"keys {text!r}")
            await type_text(self.pilot, text, apart=self.random.choice((0.0, 0.03, 0.5)))
        else:
            key = self.random.choice((*NAMED, *NAMED, "ctrl+q"))
            self.log.append(f"key {key}")
            await self.pilot.press(key)
            await drain(self.pilot)

    async def _type(self) -> None:
        text = self.random.choice(WORDS)
        self.log.append(f"word {text!r}")
        await type_text(self.pilot, text, apart=self.random.choice((0.0, 0.5, 0.5)))

    async def _answer(self) -> None:
        """Do what the step asks for, if it asks for a word."""
        step = settled(self.pilot.app)
        text = {
            Step.CONFIRM: "yes\n",
            Step.REPEAT: "again\n",
            Step.CHANGE_CONFIRM: self.random.choice(("yes\n", f"{self._server}\n")),
            Step.CHANGE_REPEAT: "again\n",
        }.get(step or Step.COST, "\n")
        self.log.append(f"answer {text!r} on {step}")
        await type_text(self.pilot, text)

    @property
    def _server(self) -> str:
        """What the server is called that is being changed; empty for none."""
        changing = wizard_of(self.pilot).state.changing
        return changing.server.display_name if changing is not None and changing.server is not None else ""

    async def _shortcut(self) -> None:
        app = wizard_of(self.pilot)
        if app.state.outcome is not None or isinstance(app.screen, Dialog) or app.leaving or self.faults:
            return
        draft = self.random.choice((*DRAFTS.values(),))
        self.log.append(f"at the cost of {draft.provider}")
        await app.flow.drop_session()
        await at_cost(self.pilot, draft)

    async def _disturb(self) -> None:
        self.faults = self.random.choice(FAULTS)
        self.log.append(f"faults {self.faults}")
        backend = wizard_of(self.pilot).backend
        if getattr(backend, "_server", None) is not None:
            sandbox_of(self.pilot.app).set_faults(self.faults)

    async def _resize(self) -> None:
        size = self.random.choice(SIZES)
        self.log.append(f"size {size}")
        await self.pilot.resize_terminal(*size)
        await drain(self.pilot)

    async def _click(self) -> None:
        place = (self.random.randrange(20), self.random.randrange(5))
        self.log.append(f"click {place}")
        await self.pilot.click(offset=place, times=self.random.choice((1, 2)))
        await drain(self.pilot)


def check_books(folder: Path) -> None:
    """Compare what the sandbox has sold with what the journal says was bought."""
    from vps_tui.sandbox.ledger import Ledger

    journal = Journal(folder / FILE_NAME)
    if not (folder / "ledger.sqlite").exists():
        assert journal.entries() == ()
        return
    ledger = Ledger(folder / "ledger.sqlite")
    sold = {(order.provider, str(order.order_id)): order for order in ledger.orders()}
    changed = ledger.changes()
    ledger.close()
    entries = tuple(entry for entry in journal.entries() if entry.purchase.is_order)
    placed = [entry for entry in entries if entry.state is State.PLACED]
    doubtful = [entry for entry in entries if entry.state in (State.UNKNOWN, State.SENDING)]
    by_hand = [entry for entry in entries if entry.settled_by == "hand"]
    assert len(placed) - len(by_hand) <= len(sold) <= len(placed) + len(doubtful) + len(by_hand)
    for entry in placed:
        if entry.outcome.order_id and entry.settled_by == "reply":
            assert (entry.purchase.provider, entry.outcome.order_id) in sold
    numbers = [(entry.purchase.provider, entry.outcome.order_id) for entry in placed if entry.outcome.order_id]
    assert len(set(numbers)) == len(numbers)
    services = [service for entry in placed for service in entry.outcome.service_ids]
    assert len(set(services)) == len(services), "One server settles one order."
    assert all(entry.outcome.kind is not OutcomeKind.PLACED for entry in doubtful)
    changes = [entry for entry in journal.entries() if not entry.purchase.is_order]
    done = [entry for entry in changes if entry.state is State.PLACED and entry.settled_by != "hand"]
    open_or_by_hand = [entry for entry in changes if not entry.state.settled or entry.settled_by == "hand"]
    assert len(done) <= len(changed) <= len(done) + len(open_or_by_hand)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + PEOPLE))
async def test_whatever_somebody_does_the_books_agree(seed: int) -> None:
    person = Person(seed, fresh_folder())
    try:
        await person.begin()
        for _ in range(ACTIONS):
            await person.act()
            await person.rest()
            check_books(person.folder)
    except BaseException:
        print(f"seed {seed}", *person.log, sep="\n  ")  # noqa: T201
        raise
    finally:
        await person.end()
