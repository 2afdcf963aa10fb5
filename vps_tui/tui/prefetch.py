"""The neighbouring steps made ready while the present one is read, so that Enter has little left to do."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.screen import Screen
from textual.timer import Timer

from vps_tui.core.errors import VpsTuiError
from vps_tui.core.steps import CHANGE_STEPS, Step
from vps_tui.providers.registry import all_providers
from vps_tui.tui.screens import MODULES, screen_for
from vps_tui.tui.screens.step import StepScreen
from vps_tui.wizard.questions import QUESTIONS
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.tui.terminal.lifecycle import LifecycleApp

LOAD_LATER = 1.0
"""Seconds without a key after which what the coming steps need is loaded; whoever is quicker has it loaded then."""

REST = 0.15
"""Seconds after a step has come onto the screen until its neighbours are made ready."""

LONG_REST = 0.6
"""The same after a key: whoever goes through a list is not to be slowed down at every row."""

PATIENCE = 0.05
"""Seconds that a step waits for what it reads before it is shown without."""

LATER = (
    "httpx",
    "pydantic",
    "cryptography.hazmat.primitives.serialization",
    "vps_tui.services.order_files",
    *MODULES,
    *dict.fromkeys(place.partition(":")[0] for place in QUESTIONS.values()),
)
"""What the steps after the first need; loaded in a thread while the first is read."""

_NOT_AHEAD = (Step.REPEAT, Step.RECEIPT, *CHANGE_STEPS)
"""Steps that are made of what only their answer's consequence tells; those about a server that one has read anew."""


class Prefetcher:
    """Keeps the next step and the one before ready, mounted and laid out but not shown.

    What is not wanted after all is thrown away.
    """

    def __init__(self, app: LifecycleApp) -> None:
        """Prepare nothing yet."""
        self._app = app
        self._ready: list[StepScreen] = []
        self._timer: Timer | None = None
        self._load_timer: Timer | None = None
        self._loading: threading.Thread | None = None
        self._loaded = False
        self._stopped = False
        self._busy = False

    def begin(self) -> None:
        """Load what comes later once the first screen has been there for a while."""
        self._load_timer = self._app.set_timer(LOAD_LATER, self.load)

    def defer(self) -> None:
        """Wait anew: keys are being pressed."""
        if self._load_timer is not None:
            self._load_timer.reset()
        self.schedule(LONG_REST)

    def load(self) -> None:
        """Load what comes later, in a thread; nothing happens the second time."""
        self._load_timer = None
        if self._loading is None and not self._stopped:
            self._loading = threading.Thread(target=self._load, daemon=True)
            self._loading.start()

    def schedule(self, rest: float = REST) -> None:
        """Make the neighbours of the present step ready after `rest` seconds, counted anew each time."""
        if self._timer is not None:
            self._timer.stop()
        if self._loaded and not self._stopped:
            self._timer = self._app.set_timer(rest, self._begin_preparing)

    async def take(self, state: WizardState) -> StepScreen:
        """Return a screen for the step of `state`: the one made ready if it suits, else a fresh one."""
        screen = next((one for one in self._ready if one.is_running and one.suits(state)), None)
        if screen is None:
            screen = screen_for(state)
            await self._app.mount_unseen(screen)
        else:
            self._ready.remove(screen)
            screen.adopt(state)
        reading = asyncio.create_task(screen.read_ahead())
        reading.add_done_callback(_seen)
        await asyncio.wait({reading}, timeout=PATIENCE)
        return screen

    def stop(self) -> None:
        """Make nothing ready any more; what is ready ends with the program."""
        self._stopped = True
        self._app.workers.cancel_group(self._app, "ahead")
        self._ready.clear()

    @property
    def _present(self) -> Screen[Any] | None:
        """The screen on the terminal; None when the program has ended meanwhile."""
        stack = self._app.screen_stack
        return stack[-1] if stack else None

    def _load(self) -> None:
        for module in (*LATER, *(module for info in all_providers() for module in info.modules)):
            if self._stopped:
                return
            import_module(module)
        self._loaded = True
        self._app.call_later(self.schedule, REST)

    def _begin_preparing(self) -> None:
        if self._busy:
            self.schedule()
        else:
            self._busy = True
            self._app.run_worker(self._prepare(), group="ahead", exit_on_error=True)

    async def _prepare(self) -> None:
        try:
            present = self._present
            if isinstance(present, StepScreen) and not (self._app.ordering or self._app.leaving):
                with suppress(VpsTuiError):
                    # What fails ahead of time fails again, aloud, when it is asked for.
                    await present.look_ahead()
                if self._app.screen_stack[-1:] == [present]:
                    await self._make_ready(present)
        finally:
            self._busy = False

    async def _make_ready(self, present: StepScreen) -> None:
        wanted = self._wanted(present)
        for screen in [one for one in self._ready if not any(map(one.suits, wanted))]:
            self._ready.remove(screen)
            await screen.remove()
        for state in wanted:
            if not any(one.suits(state) for one in self._ready):
                screen = screen_for(state)
                await self._app.mount_unseen(screen)
                self._ready.append(screen)
            if self._present is not present or self._stopped:
                # What is ready by now may still suit, or is thrown away the next time.
                return

    def _wanted(self, present: StepScreen) -> list[WizardState]:
        """Return the states that are one key away: after the likely answer, and before this question."""
        here = present.state.step
        if here in _NOT_AHEAD:
            return []
        near = (present.likely_next(), present.typed_state().back())
        return [state for state in near if state and state.step not in (here, *_NOT_AHEAD)]


def _seen(reading: asyncio.Task[None]) -> None:
    """Take note of a read that failed: the step asks once more, and tells it."""
    problem = None if reading.cancelled() else reading.exception()
    if problem is not None and not isinstance(problem, VpsTuiError):
        raise problem
