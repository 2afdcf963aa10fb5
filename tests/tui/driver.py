"""The wizard in a terminal that exists in memory only: start it, walk through it, look at it."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.draft import Draft
from vps_tui.core.steps import Step
from vps_tui.journal import Journal
from vps_tui.sandbox.server import Recorded, Sandbox
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.tui.app import WizardApp
from vps_tui.tui.screens.dialog import Dialog
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.frame import PriceBar, PushButton, Words
from vps_tui.wizard.history import only_look
from vps_tui.wizard.state import WizardState

CHARACTERS = {
    "space": " ",
    "minus": "-",
    "plus": "+",
    "slash": "/",
    "equals_sign": "=",
    "full_stop": ".",
    "enter": "\r",
}
"""Keys with another name than the character they type."""
NAMES = {character: key for key, character in CHARACTERS.items()} | {"\n": "enter"}
SIZE = (80, 24)
PATIENCE = 10.0
"""Seconds until a state that does not come is a failure."""
STARTS = (
    Step.LOCATION,
    Step.PLAN,
    Step.OS_IMAGE,
    Step.NAME,
    Step.ADD_ONS,
    Step.SSH_KEY,
    Step.ROOT_PASSWORD,
    Step.COST,
)
"""Steps at which a test may begin: none after the cost, where it is found out what an order repeats."""
BY_HAND = 0.5
"""Seconds between two keys that fingers press."""
TURNS = 1000
"""Turns of the event loop after which something keeps itself busy, and is no longer waited for."""
AT_ONCE = 0.0
"""Seconds between the keys of a paste that the terminal does not mark."""


@asynccontextmanager
async def wizard(
    faults: Sequence[str] = (),
    ssh_folder: Path | None = None,
    *,
    folder: Path | None = None,
    keep: bool = False,
    saved: Draft | None = None,
    opens: Step | type[Dialog[Any]] | None = Step.PROVIDER,
    ahead: bool = False,
    looking: bool = False,
) -> AsyncIterator[Pilot[int]]:
    """Run the wizard in the sandbox at 80x24.

    `ssh_folder` is by default one that does not exist, `folder`, where the journal stands, a new one; with
    `keep` the sandbox's ledger stands there too. `saved` is what an order file holds. `opens` is what comes
    first, None for whatever it is. With `ahead` the neighbouring steps are made ready as in the program itself;
    most tests would only wait for that. With `looking` it begins with the earlier orders.
    """
    backend = SandboxBackend(folder or fresh_folder(), tuple(faults), forget=not keep)
    app = WizardApp(backend, ssh_folder or Path.home() / ".ssh", saved)
    app.ahead._stopped = not ahead
    if looking:
        only_look(app.flow)
    try:
        async with app.run_test(size=SIZE) as pilot:
            try:
                await wait_until(pilot, lambda: opens is None or shows(app, opens))
                yield pilot
                if app.return_value is None:
                    screen_lines(app)
            finally:
                await close(app)
    finally:
        backend.close()


def shows(app: WizardApp, what: Step | type[Dialog[Any]]) -> bool:
    """Tell whether that step, settled, or that dialog is on the screen."""
    if isinstance(what, Step):
        return settled(app) is what
    return isinstance(app.screen, what) and app.screen.focused is not None


def fresh_folder() -> Path:
    """Return a state folder that nothing has been recorded in, below the home that every test has of its own."""
    return Path(tempfile.mkdtemp(dir=Path.home()))


def wizard_of(pilot: Pilot[int]) -> WizardApp:
    """Return the app under the pilot, as what it is."""
    assert isinstance(pilot.app, WizardApp)
    return pilot.app


def step_screen(pilot: Pilot[int]) -> StepScreen:
    """Return the screen of the present step; fails while something lies over it."""
    screen = pilot.app.screen
    assert isinstance(screen, StepScreen), screen
    return screen


async def wait_until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Let the program run until `holds`; fails after `PATIENCE` seconds with what the screen shows then."""
    end = monotonic() + PATIENCE
    await drain(pilot)
    while not holds():
        if monotonic() > end:
            pytest.fail(f"The wizard did not get there. On its screen:\n{screen_text(pilot.app)}")
        await asyncio.sleep(0.01)
        await drain(pilot)
    await drain(pilot)


async def drain(pilot: Pilot[int]) -> None:
    """Let every message that is under way arrive, with those that it causes, and the screen be laid out.

    `Pilot.pause` asks every widget for an answer instead, which costs more than the test.
    """
    await run_dry()
    for _ in range(TURNS):
        pilot.app.screen._on_timer_update()
        if await run_dry() <= 1:
            return


async def run_dry() -> int:
    """Let the event loop run until it has nothing left to run; returns how many turns that took.

    What comes after it comes from a timer, a thread or the network.
    """
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    for turn in range(1, TURNS + 1):
        await asyncio.sleep(0)
        if not ready:
            return turn
    return TURNS


async def close(app: WizardApp) -> None:
    """Give up what the app still reads, and close its session."""
    app.workers.cancel_all()
    await run_dry()
    await app.flow.drop_session()


def settled(app: object) -> Step | None:
    """Return the step that is on the screen with nothing left to wait for, else None."""
    assert isinstance(app, WizardApp)
    screen = app.screen
    if not isinstance(screen, StepScreen) or not screen.is_mounted or screen.focused is None:
        return None
    if screen.state.position != app.state.position or (isinstance(screen, ReadingStep) and not screen.has_read):
        return None
    searching = any(worker.group == "keys" and not worker.is_finished for worker in app.workers)
    return None if searching else screen.state.step


async def arrive(pilot: Pilot[int], step: Step) -> None:
    """Wait until `step` is on the screen and settled, and draw it: no screen may fail to be."""
    await wait_until(pilot, lambda: settled(pilot.app) is step)
    screen_lines(pilot.app)


async def press(pilot: Pilot[int], *keys: str, to: Step | None = None) -> None:
    """Press `keys`, by Textual's names, by hand and one by one; with `to`, wait for that step afterwards."""
    app = wizard_of(pilot)
    moment = max(monotonic(), app._pace._last_key)
    for key in keys:
        moment += BY_HAND
        send(app, key, key if len(key) == 1 else CHARACTERS.get(key), moment)
        await drain(pilot)
    if to is not None:
        await arrive(pilot, to)


async def type_text(pilot: Pilot[int], text: str, *, apart: float = BY_HAND) -> None:
    """Send `text` as keys, a line end as Enter, all to the present screen.

    The keys say themselves that they are `apart` seconds apart, so the pace that the program sees does not
    depend on how busy the machine is.
    """
    app = wizard_of(pilot)
    moment = max(monotonic(), app._pace._last_key) + BY_HAND
    for char in text:
        send(app, NAMES.get(char, char), char, moment)
        moment += apart
    await drain(pilot)


def send(app: WizardApp, key: str, character: str | None, moment: float) -> None:
    """Hand a key to the program as its terminal does, pressed at `moment` of the monotonic clock."""
    assert app._driver is not None
    event = events.Key(key, character)
    event.time = moment
    event.set_sender(app)
    app._driver.send_message(event)


_walked: dict[tuple[object, ...], WizardState] = {}
"""Where the usual answers lead: what the first walk to each step came to."""


async def go_to(pilot: Pilot[int], step: Step, *, provider: str = "edis") -> None:
    """Stand at `step`, settled, with the usual answers before it.

    From the first question of an ordinary sandbox one is put there, as far as the cost, once a walk has shown what
    the answers come to; `walk_to` presses every key.
    """
    app = wizard_of(pilot)
    await wait_until(pilot, lambda: settled(app) is not None)
    place = starting_place(app, provider)
    if place is not None:
        state = _walked.get((*place, min(step, Step.COST, key=list(Step).index)))
        if state is not None:
            await app.show(state)
            await arrive(pilot, state.step)
    await walk_to(pilot, step, provider=provider, place=place)


async def walk_to(
    pilot: Pilot[int], step: Step, *, provider: str = "edis", place: tuple[object, ...] | None = None
) -> None:
    """Walk forward with the usual answers until `step` is on the screen and settled.

    What they come to is remembered for `place`.
    """
    app = wizard_of(pilot)
    for _ in range(len(Step)):
        await wait_until(pilot, lambda: settled(app) is not None)
        present = app.state.step
        if place is not None and present in STARTS:
            _walked.setdefault((*place, present), app.state)
        if present is step:
            return
        await give_usual_answer(pilot, present, provider)
        await wait_until(pilot, lambda left=present: settled(app) not in (None, left))  # type: ignore[misc]
    pytest.fail(f"No way forward leads to {step}.")


def starting_place(app: WizardApp, provider: str) -> tuple[object, ...] | None:
    """Return what the state after the usual answers depends on; None where anything about the wizard is unusual."""
    backend = app.backend
    untouched = isinstance(backend, SandboxBackend) and backend._server is None and not backend._faults
    if (
        not untouched
        or not app.ahead._stopped
        or app.state != WizardState()
        or app.flow.any_recorded
        or "SSH_AUTH_SOCK" in os.environ
    ):
        return None
    keys = sorted((path.name, path.read_bytes()) for path in app.ssh_folder.glob("*") if path.is_file())
    return provider, type(app), tuple(keys)


async def give_usual_answer(pilot: Pilot[int], step: Step, provider: str) -> None:
    """Answer the present step as most people would."""
    if step is Step.PROVIDER:
        await highlight(pilot, provider)
    elif step is Step.NAME and not pilot.app.screen.query_one(Input).value:
        await type_text(pilot, "web1")
    elif step is Step.SSH_KEY and highlighted(pilot) == "paste":
        await highlight(pilot, "none")
    elif step is Step.CONFIRM:
        await type_text(pilot, "yes\n")
        return
    await press(pilot, "enter")


def choices(pilot: Pilot[int]) -> ChoiceList:
    """Return the list on the screen."""
    return pilot.app.screen.query_one(ChoiceList)


def highlighted(pilot: Pilot[int]) -> str:
    """Return the id of the highlighted row, empty for none."""
    choice = choices(pilot).highlighted
    return choice.id if choice else ""


async def highlight(pilot: Pilot[int], choice_id: str) -> None:
    """Move the highlight of the list to a row with the arrow keys."""
    rows = [choice.id for choice in choices(pilot)._shown]
    by = rows.index(choice_id) - rows.index(highlighted(pilot))
    choices(pilot).focus()
    await press(pilot, *(["down"] * by if by > 0 else ["up"] * -by))
    assert highlighted(pilot) == choice_id


async def choose(pilot: Pilot[int], choice_id: str, *, to: Step | None = None) -> None:
    """Highlight a row of the list and press Enter."""
    await highlight(pilot, choice_id)
    await press(pilot, "enter", to=to)


def screen_lines(app: object) -> list[str]:
    """Return the lines of the terminal as plain text, each as wide as the terminal."""
    assert isinstance(app, WizardApp)
    return [strip.text for strip in app.screen._compositor.render_strips()]


def screen_text(app: object) -> str:
    """Return what is on the terminal as plain text."""
    return "\n".join(screen_lines(app))


def said(app: object) -> str:
    """Return what is on the terminal on one line, without frames, so that a wrapped sentence can be found in it."""
    return " ".join("".join(f"{line} " for line in screen_lines(app)).replace("\u2502", " ").split())


def words(pilot: Pilot[int], selector: str) -> str:
    """Return the text of one `Words`, such as "#complaint"."""
    return pilot.app.screen.query_one(selector, Words).text


def price(pilot: Pilot[int]) -> str:
    """Return what the price bar says."""
    return pilot.app.screen.query_one(PriceBar).text


def button(pilot: Pilot[int], name: str) -> PushButton:
    """Return one button, such as "continue"."""
    return pilot.app.screen.query_one(f"#{name}", PushButton)


def journal_of(pilot: Pilot[int]) -> Journal:
    """Return the journal of the app under the pilot."""
    return wizard_of(pilot).journal


async def ended(pilot: Pilot[int]) -> int:
    """Wait until the program has ended; returns its exit code."""
    await wait_until(pilot, lambda: pilot.app.return_value is not None)
    assert pilot.app.return_value is not None
    return pilot.app.return_value


def sandbox_of(app: object) -> Sandbox:
    """Return the sandbox's server; fails before a provider was chosen."""
    assert isinstance(app, WizardApp)
    assert isinstance(app.backend, SandboxBackend)
    assert app.backend._server is not None
    return app.backend._server


def requests_to(app: object, route: str) -> list[Recorded]:
    """Return the requests whose path ends in `route`, such as "get/products"."""
    return [request for request in sandbox_of(app).requests if request.route.endswith(f"/{route}")]


def paid_calls(app: object) -> list[Recorded]:
    """Return the requests that buy something: EDIS's add/order and LayerStack's POST /order."""
    assert isinstance(app, WizardApp)
    if isinstance(app.backend, SandboxBackend) and app.backend._server is None:
        return []
    posts = [request for request in requests_to(app, "order") if request.method == "POST"]
    return [request for request in posts if request.route.endswith(("/add/order", "/api/order"))]
