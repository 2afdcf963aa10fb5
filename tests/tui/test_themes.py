"""By default the terminal's own colours; another theme by choice, where the terminal has the colours for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.style import Style

from vps_tui.core.steps import Step
from vps_tui.credentials.config import THEMES
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.tui.app import WizardApp
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.terminal.diff_app import PALETTE

from .driver import drain, fresh_folder, go_to, type_text, wizard


def reversed_text(app: object) -> str:
    """Return what is drawn in reverse: the focused row, the focused button, the cursor."""
    assert isinstance(app, WizardApp)
    lines = app.screen._compositor.render_strips()
    return "".join(text for line in lines[3:] for text, style, _ in line if style and style.reverse)


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm-256color"}, "nord"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "nord"),
        ({"TERM": "linux"}, PALETTE),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, PALETTE),
        ({"TERM": "vt100", "COLORTERM": "truecolor"}, PALETTE),
    ],
)
def test_a_theme_needs_its_colours(environ: dict[str, str], theme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    app = WizardApp(SandboxBackend(fresh_folder(), forget=True), Path.home())
    assert app.theme == PALETTE
    app.choose_theme("")
    assert app.theme == PALETTE
    app.choose_theme("nord")
    assert app.theme == theme


async def test_focus_and_cursor_are_seen_in_every_kind_of_theme() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.NAME)
        await type_text(pilot, "web1")
        for name in THEMES[::4]:
            pilot.app.theme = name
            await drain(pilot)
            assert reversed_text(pilot.app) == " ", name
        await pilot.press("tab")
        for name in ("ansi-light", "nord", "solarized-light"):
            pilot.app.theme = name
            await drain(pilot)
            assert reversed_text(pilot.app) == "[ Back ]", name


async def test_the_palette_sets_no_background() -> None:
    """Black or white would be wrong on half of all terminals."""
    async with wizard() as pilot:
        for step in (Step.PROVIDER, Step.PLAN, Step.NAME, Step.COST, Step.CONFIRM):
            await go_to(pilot, step)
            assert isinstance(pilot.app.screen, StepScreen)
            lines = pilot.app.screen._compositor.render_strips()
            styles = {style or Style() for line in lines for _, style, _ in line}
            assert {style.bgcolor for style in styles if style.bgcolor and not style.bgcolor.is_default} == set()
