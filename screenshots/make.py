"""Make the pictures in this folder from the sandbox: `python screenshots/make.py`.

Drives the wizard as a person would, once per provider and once through faults, and saves each step as SVG;
where `rsvg-convert` is at hand, as PNG too. Everything on them is made up.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.steps import Step
from vps_tui.services.backend import Backend
from vps_tui.services.live_backend import LiveBackend
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.tui.app import WizardApp
from vps_tui.tui.screens.modals import SettleScreen
from vps_tui.tui.screens.reading import ReadingStep
from vps_tui.tui.screens.receipt import ReceiptScreen
from vps_tui.tui.widgets.frame import Words

FOLDER = Path(__file__).parent
SIZE = (80, 24)
WIDE_SIZE = (120, 30)
PASSWORD = "made-up-Password-1"  # noqa: S105 - shown on a picture, used nowhere
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@box\n"


@dataclass(frozen=True, slots=True)
class Shot:
    """Keys to press, the step they lead to, and the picture's name; no name, no picture."""

    keys: Sequence[str]
    step: Step | str
    """A text stands for the screen on which it can be read, once nothing is asked for any more."""
    name: str = ""


EDIS = (
    Shot((), Step.PROVIDER, "provider"),
    Shot(("enter",), Step.LOCATION),
    Shot(("a", "u", "s"), Step.LOCATION, "edis-location"),
    Shot(("escape", *"germany", "enter"), Step.PLAN),
    Shot(("down", "down"), Step.PLAN, "edis-plan"),
    Shot(("enter",), Step.OS_IMAGE, "edis-os-image"),
    Shot(("enter", *"web1"), Step.NAME, "edis-hostname"),
    Shot(("enter", "right"), Step.ADD_ONS, "edis-add-ons"),
    Shot(("enter",), Step.SSH_KEY, "edis-ssh-key"),
    Shot(("enter",), Step.COST, "edis-cost"),
    Shot(("enter", *"yes"), Step.CONFIRM, "edis-confirm"),
    Shot(("enter",), Step.RECEIPT, "edis-receipt"),
)
LAYERSTACK = (
    Shot(("down", "enter"), Step.PLAN, "layerstack-plan"),
    Shot(("enter",), Step.OS_IMAGE, "layerstack-os-image"),
    Shot(("enter", *"web1"), Step.NAME, "layerstack-label"),
    Shot(("enter", "right"), Step.ADD_ONS, "layerstack-add-ons"),
    Shot(("enter",), Step.SSH_KEY, "layerstack-ssh-key"),
    Shot(("enter",), Step.ROOT_PASSWORD, "layerstack-root-password"),
    Shot(("enter",), Step.COST, "layerstack-cost"),
    Shot(("enter", *"yes"), Step.CONFIRM, "layerstack-confirm"),
    Shot(("enter",), Step.RECEIPT, "layerstack-receipt"),
)
FITS = (
    Shot((), Step.PROVIDER),
    Shot(("enter",), Step.LOCATION),
    Shot(("f8",), "at least?"),
    Shot((*"4G", "tab", *"40", "tab", *"2", "enter"), "cheapest first", "fits"),
)
SEVERAL = (
    Shot((), Step.PROVIDER),
    Shot(("enter",), Step.LOCATION),
    Shot((*"germany", "enter"), Step.PLAN),
    Shot(("enter",), Step.OS_IMAGE),
    Shot(("enter", *"web1"), Step.NAME),
    Shot(("enter",), Step.ADD_ONS),
    Shot(("enter",), Step.SSH_KEY),
    Shot(("enter",), Step.COST),
    Shot(("f7",), Step.SERVERS),
    Shot(("c",), "Copy web1"),
    Shot(("2", "enter"), "web3", "several"),
    Shot(("escape",), Step.COST),
    Shot(("enter", *"yes"), Step.CONFIRM),
    Shot(("enter",), Step.RECEIPT, "several-receipt"),
)
LATER = (
    Shot((), Step.PROVIDER),
    Shot(("f5",), "Newest first", "earlier-orders"),
    Shot(("enter",), "Order again", "earlier-order"),
    Shot(("escape", "escape"), Step.PROVIDER),
    Shot(("f6",), "servers", "servers"),
    Shot(("enter",), Step.CHANGE, "change"),
    Shot(("enter",), "11 plans", "change-plan"),
    Shot(("down", "down", "down", "enter"), Step.NEW_CYCLE),
    Shot(("enter",), Step.NEW_PAYMENT),
    Shot(("enter",), "the upgrade costs", "change-cost"),
    Shot(("escape", "escape", "escape", "escape"), Step.CHANGE),
    Shot(("down", "down", "enter"), Step.CANCEL_WHEN),
    Shot(("down", "enter"), Step.CHANGE_COST),
    Shot(("enter",), Step.CHANGE_CONFIRM, "cancel-confirm"),
)
FAILED_READ = (
    Shot((), Step.PROVIDER),
    Shot(("enter",), Step.LOCATION, "failed-read"),
)
SIGN_IN = (
    Shot((), Step.PROVIDER),
    Shot(("enter",), Step.SIGN_IN, "sign-in"),
)
WIDE = (
    Shot((), Step.PROVIDER),
    Shot(("enter",), Step.LOCATION),
    Shot((*"germany", "enter"), Step.PLAN),
    Shot(("enter",), Step.OS_IMAGE),
    Shot(("enter", *"web1"), Step.NAME),
    Shot(("enter", "right"), Step.ADD_ONS, "wide"),
)
WAY = tuple(Shot(shot.keys, shot.step) for shot in EDIS)
UNKNOWN = (*WAY[:-1], Shot(("enter",), Step.RECEIPT, "unknown-outcome"))
AFTER = (
    Shot((), Step.RECEIPT),
    Shot(("right", "enter"), Step.RECEIPT, "settle-by-hand"),
    Shot(("escape", "right", "enter"), Step.PROVIDER),
    *WAY[1:-2],
    Shot(("enter",), Step.REPEAT, "repeat"),
)


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    """Wait for a state of the program."""
    for _ in range(600):
        await pilot.pause(0.02)
        if holds():
            await pilot.pause()
            return
    raise TimeoutError("the wizard did not get there")


def text(app: WizardApp) -> str:
    """Return what is on the screen as plain text."""
    strips = app.screen._compositor.render_strips()  # noqa: SLF001 - what is drawn
    return "\n".join(strip.text.replace("\xa0", " ") for strip in strips)


def settled(app: WizardApp, step: Step | str) -> bool:
    """Tell whether `step` is on the screen with nothing left to wait for."""
    if not isinstance(step, Step):
        return step in text(app)
    if isinstance(app.screen, SettleScreen):
        return True
    screen = app.screen
    if app.state.step is not step or not screen.is_mounted or getattr(screen, "state", None) is None:
        return False
    if isinstance(screen, ReadingStep):
        return screen.has_read
    if isinstance(screen, ReceiptScreen) and app.state.outcome is not None:
        if app.state.outcome.kind is OutcomeKind.PLACED:
            return "root@" in text(app)
        return "Not listed" in screen.query_one("#notice", Words).text
    return step is not Step.SSH_KEY or bool(screen.query_one("#details", Words).text)


async def play(*runs: Sequence[Shot], faults: tuple[str, ...] = ()) -> None:
    """Press the keys of each run, in one home folder, and save the pictures."""
    with tempfile.TemporaryDirectory() as home:
        keys = Path(home) / ".ssh"
        keys.mkdir()
        (keys / "id_ed25519.pub").write_text(PUBLIC_KEY)
        for shots in runs:
            size = WIDE_SIZE if shots is WIDE else SIZE
            await play_once(WizardApp(_backend(shots, Path(home), faults), keys), shots, size)


def _backend(shots: Sequence[Shot], home: Path, faults: tuple[str, ...]) -> Backend:
    """Return the sandbox, which knows everybody; a provider asks who one is, and nothing is sent to it."""
    return LiveBackend({}, home, home) if shots is SIGN_IN else SandboxBackend(home, faults, forget=True)


async def play_once(app: WizardApp, shots: Sequence[Shot], size: tuple[int, int]) -> None:
    """Press the keys of `shots` in one run of the wizard."""
    with patch("vps_tui.core.root_password.generate", return_value=PASSWORD):
        async with app.run_test(size=size) as pilot:
            for shot in shots:
                await press(pilot, app, shot)
            await app.flow.drop_session()
    app.backend.close()


async def press(pilot: Pilot[int], app: WizardApp, shot: Shot) -> None:
    """Press the keys of one shot and save its picture."""
    for key in shot.keys:
        await pilot.press(key)
        await pilot.pause(0.03)
    await until(pilot, lambda: settled(app, shot.step))
    if shot.name:
        path = FOLDER / f"{shot.name}.svg"
        svg = app.export_screenshot(title="vps-tui")
        path.write_text(svg.replace("<svg ", '<svg xml:space="preserve" ', 1), encoding="utf-8")
        print(path.name)  # noqa: T201


async def main() -> None:
    """Make every picture."""
    await play(EDIS)
    await play(LAYERSTACK)
    await play(FITS)
    await play(SEVERAL, LATER)
    await play(FAILED_READ, faults=("http-503:get/locations",))
    await play(UNKNOWN, AFTER, faults=("http-503:add/order",))
    await play(SIGN_IN)
    await play(WIDE)


def convert() -> None:
    """Make a PNG of every SVG, and one moving picture of an order, where there are programs for it."""
    converter, animator = shutil.which("rsvg-convert"), shutil.which("convert")
    if converter is None:
        return
    for svg in sorted(FOLDER.glob("*.svg")):
        subprocess.run([converter, "-w", "1000", "-o", svg.with_suffix(".png"), svg], check=True)  # noqa: S603
    if animator is not None:
        frames = [FOLDER / f"{shot.name}.png" for shot in EDIS if shot.name]
        options = ("-resize", "800x", "-colors", "32", "-layers", "optimize")
        subprocess.run([animator, "-delay", "200", "-loop", "0", *frames, *options, FOLDER / "tour.gif"], check=True)  # noqa: S603


if __name__ == "__main__":
    asyncio.run(main())
    convert()
