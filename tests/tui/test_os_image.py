"""Step OS image: a usual answer to start on, and Windows without an SSH key."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs

from vps_tui.core.steps import Step

from .driver import (
    arrive,
    choices,
    choose,
    go_to,
    highlight,
    highlighted,
    paid_calls,
    press,
    screen_text,
    type_text,
    wizard,
    wizard_of,
)

WINDOWS = "595"


async def test_an_image_is_found_by_name_and_id_and_kept_when_coming_back() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.OS_IMAGE)
        assert highlighted(pilot) == "700"
        await press(pilot, *"701")
        assert [choice.id for choice in choices(pilot)._shown] == ["701"]
        await press(pilot, "escape", *"rocky", "enter", to=Step.NAME)
        assert wizard_of(pilot).state.server.os == "613"
        await press(pilot, "escape", to=Step.OS_IMAGE)
        assert highlighted(pilot) == "613"


async def test_windows_skips_the_ssh_key_in_both_directions() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.OS_IMAGE)
        await highlight(pilot, WINDOWS)
        assert "no SSH key" in screen_text(pilot.app)
        await press(pilot, "enter", to=Step.NAME)
        assert " SSH key " not in screen_text(pilot.app)
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "enter", to=Step.COST)
        await press(pilot, "escape", to=Step.ADD_ONS)


async def test_a_key_chosen_for_linux_is_not_sent_with_windows_and_there_again_for_linux(ssh_folder: Path) -> None:
    async with wizard(ssh_folder=ssh_folder) as pilot:
        await go_to(pilot, Step.COST)
        key = wizard_of(pilot).state.server.ssh_key
        assert key.startswith("ssh-ed25519 ")
        await choose(pilot, "os-image", to=Step.OS_IMAGE)
        await choose(pilot, WINDOWS, to=Step.COST)
        assert "SSH key " not in screen_text(pilot.app).split("What it costs")[1]
        assert wizard_of(pilot).state.server.ssh_key == key
        await go_to(pilot, Step.CONFIRM)
        await type_text(pilot, "yes\n")
        await arrive(pilot, Step.RECEIPT)
        (request,) = paid_calls(pilot.app)
        order = json.loads(parse_qs(request.body.decode())["order"][0])
        (item,) = order["item"]
        assert item["os"] == int(WINDOWS)
        assert not item.get("ssh_pubkey")
        assert key.split()[1] not in request.body.decode()
