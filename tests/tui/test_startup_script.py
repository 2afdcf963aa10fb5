"""Side step start-up script: from a file or typed, checked, on the cost screen and in the request."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path

import pytest
from core.script_texts import GOOD, REFUSED_FILES, REPAIRED
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input

from vps_tui.core.draft import ServerDraft
from vps_tui.core.startup_script import MAX_BYTES
from vps_tui.core.steps import Step
from vps_tui.tui.screens.script_give import CloudInitScreen, ScriptFileScreen, ScriptTextScreen
from vps_tui.tui.widgets.script_area import ScriptArea
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import script_name, script_name_key

from .conftest import MadeKey
from .driver import (
    choices,
    choose,
    drain,
    go_to,
    highlight,
    highlighted,
    press,
    requests_to,
    screen_text,
    settled,
    step_screen,
    type_text,
    wait_until,
    wizard,
    wizard_of,
    words,
)
from .shortcut import STACK

SCRIPT = "#!/bin/bash\napt-get update\n"


def script_of(pilot: Pilot[int]) -> str:
    return wizard_of(pilot).state.server.startup_script


def line_on_cost(pilot: Pilot[int]) -> str:
    return next(choice.cells[1] for choice in choices(pilot)._choices if choice.id == Step.START_UP_SCRIPT)


async def script_step(pilot: Pilot[int]) -> None:
    await go_to(pilot, Step.COST, provider="layerstack")
    await choose(pilot, Step.START_UP_SCRIPT, to=Step.START_UP_SCRIPT)


async def give_file(pilot: Pilot[int], path: Path) -> None:
    await choose(pilot, "file")
    pilot.app.screen.query_one(Input).value = ""
    await type_text(pilot, f"{path}\n")


async def paste(pilot: Pilot[int], text: str) -> None:
    pilot.app.screen.query_one(ScriptArea).post_message(Paste(text))
    await drain(pilot)


async def test_edis_has_none() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.COST)
        assert Step.START_UP_SCRIPT not in {choice.id for choice in choices(pilot)._choices}


async def test_windows_has_none() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.OS_IMAGE, provider="layerstack")
        await type_text(pilot, "Windows Server 2022")
        await press(pilot, "enter", to=Step.NAME)
        await go_to(pilot, Step.COST)
        assert Step.START_UP_SCRIPT not in {choice.id for choice in choices(pilot)._choices}


async def test_a_file_is_shown_with_the_first_enter_used_with_the_second_and_sent(tmp_path: Path) -> None:
    file = tmp_path / "first-boot.sh"
    file.write_bytes(b"\xef\xbb\xbf" + SCRIPT.replace("\n", "\r\n").encode())
    async with wizard() as pilot:
        await go_to(pilot, Step.COST, provider="layerstack")
        assert line_on_cost(pilot) == "none"
        await choose(pilot, Step.START_UP_SCRIPT, to=Step.START_UP_SCRIPT)
        await give_file(pilot, file)
        await wait_until(pilot, lambda: "27 bytes, #!/bin/bash" in words(pilot, "#verdict"))
        assert "byte order mark" in words(pilot, "#verdict")
        assert "Windows line ends" in words(pilot, "#verdict")
        assert script_of(pilot) == ""
        await press(pilot, "enter", to=Step.COST)
        assert script_of(pilot) == SCRIPT
        assert line_on_cost(pilot) == "first-boot.sh, 27 bytes, #!/bin/bash"
        await press(pilot, "enter", to=Step.CONFIRM)
        assert "first-boot.sh, 27 bytes, #!/bin/bash" in screen_text(pilot.app)
        await type_text(pilot, "yes\n")
        await wait_until(pilot, lambda: settled(pilot.app) is Step.RECEIPT)
        carts = requests_to(pilot.app, "add-to-cart")
        sent = [json.loads(request.body)["custom_script"] for request in carts]
        assert [b64decode(script).decode() for script in sent] == [SCRIPT]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"apt-get update\n", "what runs the script"),
        (b"#!/bin/sh\n\x1b]0;owned\x07", "Line 2 holds a control character"),
        (b"#!/bin/sh\n\xff", "not text in UTF-8"),
        (b"#!/bin/sh\n" + b"x" * MAX_BYTES, "longer than 64 KB"),
        (None, "No such file"),
    ],
)
async def test_a_file_that_no_server_would_run_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "x.sh").write_bytes(content)
    async with wizard() as pilot:
        await script_step(pilot)
        await give_file(pilot, tmp_path / "x.sh")
        await wait_until(pilot, lambda: said in words(pilot, "#verdict"))
        await press(pilot, "enter")
        await wait_until(pilot, lambda: said in words(pilot, "#verdict"))
        assert type(pilot.app.screen) is ScriptFileScreen
        assert "owned" not in screen_text(pilot.app)
        await press(pilot, "escape", "escape", to=Step.COST)
        assert script_of(pilot) == ""


async def test_a_private_key_as_a_script_is_refused_and_not_drawn(tmp_path: Path, made_key: MadeKey) -> None:
    (tmp_path / "id").write_text(made_key.private)
    piece = made_key.private.splitlines()[2][:12]
    async with wizard() as pilot:
        await script_step(pilot)
        await give_file(pilot, tmp_path / "id")
        await wait_until(pilot, lambda: "PRIVATE key (OpenSSH)" in words(pilot, "#verdict"))
        assert piece not in screen_text(pilot.app)
        await press(pilot, "escape")
        await choose(pilot, "text")
        await paste(pilot, made_key.private)
        assert "PRIVATE key (OpenSSH)" in words(pilot, "#verdict")
        assert pilot.app.screen.query_one(ScriptArea).text == ""
        assert piece not in screen_text(pilot.app)


async def test_one_is_typed_line_by_line_and_used_with_f2() -> None:
    async with wizard() as pilot:
        await script_step(pilot)
        await choose(pilot, "text")
        await press(pilot, "f2")
        assert type(pilot.app.screen) is ScriptTextScreen, "nothing is no script"
        await type_text(pilot, "echo")
        assert "what runs the script" in words(pilot, "#verdict")
        await press(pilot, "f2", "home")
        assert type(pilot.app.screen) is ScriptTextScreen
        await type_text(pilot, "#!/bin/sh\n")
        assert words(pilot, "#verdict").startswith("14 bytes, #!/bin/sh")
        await press(pilot, "f2", to=Step.COST)
        assert script_of(pilot) == "#!/bin/sh\necho"
        assert line_on_cost(pilot) == "14 bytes, #!/bin/sh"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
async def test_a_paste_has_the_line_ends_of_linux(ends: str) -> None:
    async with wizard() as pilot:
        await script_step(pilot)
        await choose(pilot, "text")
        await paste(pilot, "\ufeff" + SCRIPT.replace("\n", ends))
        assert "byte order mark" in words(pilot, "#verdict")
        assert ("Windows line ends" in words(pilot, "#verdict")) == (ends == "\r\n")
        await pilot.click("#use")
        await wait_until(pilot, lambda: settled(pilot.app) is Step.COST)
        assert script_of(pilot) == SCRIPT


@pytest.mark.parametrize("bad", ["\x1b[31mred", "a\x00b", "\u202eevil", "\x9b31m", "x" * (MAX_BYTES + 1)])
async def test_a_paste_that_no_script_may_hold_is_not_drawn(bad: str) -> None:
    async with wizard() as pilot:
        await script_step(pilot)
        await choose(pilot, "text")
        await paste(pilot, "#!/bin/sh\n")
        await paste(pilot, bad)
        assert "Nothing of it was taken" in words(pilot, "#verdict")
        assert pilot.app.screen.query_one(ScriptArea).text == "#!/bin/sh\n"
        assert bad[:40] not in screen_text(pilot.app)


async def test_it_is_changed_and_taken_back_in_place(tmp_path: Path) -> None:
    (tmp_path / "first-boot.sh").write_text(SCRIPT)
    async with wizard() as pilot:
        await script_step(pilot)
        await give_file(pilot, tmp_path / "first-boot.sh")
        await wait_until(pilot, lambda: "27 bytes" in words(pilot, "#verdict"))
        await press(pilot, "enter", to=Step.COST)
        await choose(pilot, Step.START_UP_SCRIPT, to=Step.START_UP_SCRIPT)
        assert highlighted(pilot) == "chosen"
        assert "apt-get update" in words(pilot, "#details")
        await press(pilot, "enter", to=Step.COST)
        assert script_of(pilot) == SCRIPT
        await choose(pilot, Step.START_UP_SCRIPT, to=Step.START_UP_SCRIPT)
        await choose(pilot, "text")
        assert pilot.app.screen.query_one(ScriptArea).text == SCRIPT
        await paste(pilot, "#!/bin/sh\n")
        await press(pilot, "f2", to=Step.COST)
        assert script_of(pilot) == f"#!/bin/sh\n{SCRIPT}"
        assert line_on_cost(pilot) == "37 bytes, #!/bin/sh", "the name is that of another script"
        await choose(pilot, Step.START_UP_SCRIPT, to=Step.START_UP_SCRIPT)
        await press(pilot, "escape", to=Step.COST)
        assert script_of(pilot) != ""
        await choose(pilot, Step.START_UP_SCRIPT, to=Step.START_UP_SCRIPT)
        await choose(pilot, "none", to=Step.COST)
        assert (script_of(pilot), line_on_cost(pilot)) == ("", "none")


def test_the_name_of_a_file_is_that_of_its_script_alone() -> None:
    state = WizardState().with_typed(script_name_key(SCRIPT), "first-boot.sh")
    for script, name in ((SCRIPT, "first-boot.sh"), (f"{SCRIPT}#", ""), ("", "")):
        assert script_name(state.with_server(ServerDraft(startup_script=script))) == name


async def test_a_script_is_not_ordered_with_an_image_that_runs_none(tmp_path: Path) -> None:
    (tmp_path / "first-boot.sh").write_text(SCRIPT)
    async with wizard() as pilot:
        await script_step(pilot)
        await give_file(pilot, tmp_path / "first-boot.sh")
        await wait_until(pilot, lambda: "27 bytes" in words(pilot, "#verdict"))
        await press(pilot, "enter", to=Step.COST)
        assert wizard_of(pilot).state.to_order().server.startup_script == SCRIPT
        await choose(pilot, Step.OS_IMAGE, to=Step.OS_IMAGE)
        await type_text(pilot, "Windows Server 2022")
        await press(pilot, "enter", to=Step.COST)
        assert wizard_of(pilot).state.to_order().server.startup_script == ""
        await highlight(pilot, Step.OS_IMAGE)
        assert "Start-up script" not in screen_text(pilot.app)
        assert step_screen(pilot).state.server.startup_script == SCRIPT, "it is kept while images are tried"


async def test_a_file_has_the_verdict_of_an_order_file(tmp_path: Path) -> None:
    async with wizard() as pilot:
        await script_step(pilot)
        for name in ("batch", "relative interpreter", "two options", "right to left", "latin-1", "empty"):
            content, said = REFUSED_FILES[name]
            (tmp_path / name).write_bytes(content)
            await give_file(pilot, tmp_path / name)
            await wait_until(pilot, lambda said=said: said in words(pilot, "#verdict"))  # type: ignore[misc]
            await press(pilot, "escape")
        (tmp_path / "good").write_bytes(REPAIRED["all of windows"][0])
        await give_file(pilot, tmp_path / "good")
        await wait_until(pilot, lambda: "Windows line ends" in words(pilot, "#verdict"))
        await press(pilot, "enter", to=Step.COST)
        assert script_of(pilot) == GOOD
        assert "byte order mark" in words(pilot, "#notes")


async def test_what_only_cloud_init_reads_is_used_only_after_a_yes(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("#cloud-config\nruncmd: [ls]\n")
    async with wizard() as pilot:
        await script_step(pilot)
        for way in ("enter", "escape"):
            await give_file(pilot, tmp_path / "x")
            await wait_until(pilot, lambda: "documents that a script is run" in words(pilot, "#verdict"))
            await press(pilot, "enter")
            await wait_until(pilot, lambda: type(pilot.app.screen) is CloudInitScreen)
            await press(pilot, way)
            await wait_until(pilot, lambda: settled(pilot.app) is Step.START_UP_SCRIPT)
            assert script_of(pilot) == ""
        await give_file(pilot, tmp_path / "x")
        await wait_until(pilot, lambda: "cloud-init" in words(pilot, "#verdict"))
        await press(pilot, "enter")
        await wait_until(pilot, lambda: type(pilot.app.screen) is CloudInitScreen)
        await pilot.click("#accept")
        await wait_until(pilot, lambda: settled(pilot.app) is Step.COST)
        assert wizard_of(pilot).state.server.startup_script_is_cloud_init
        assert "cloud-init" in words(pilot, "#notes")


@pytest.mark.parametrize(("script", "said"), [("echo hi", "what runs the script"), ("#cloud-config\n", "cloud-init")])
async def test_a_kept_script_that_cannot_be_used_is_asked_for_before_the_cost(script: str, said: str) -> None:
    draft = STACK.with_server(STACK.server.with_script(script))
    async with wizard(saved=draft, opens=None) as pilot:
        await wait_until(pilot, lambda: settled(pilot.app) is Step.ROOT_PASSWORD)
        await press(pilot, "enter", to=Step.START_UP_SCRIPT)
        assert said in words(pilot, "#details")
        await press(pilot, "escape", to=Step.COST)
        await press(pilot, "enter", to=Step.START_UP_SCRIPT)
        await choose(pilot, "chosen")
        if script == "echo hi":
            await wait_until(pilot, lambda: said in words(pilot, "#complaint"))
            assert settled(pilot.app) is Step.START_UP_SCRIPT
        else:
            await wait_until(pilot, lambda: type(pilot.app.screen) is CloudInitScreen)
            await pilot.click("#accept")
            await wait_until(pilot, lambda: settled(pilot.app) is Step.COST)
            assert wizard_of(pilot).state.script_problem == ""
