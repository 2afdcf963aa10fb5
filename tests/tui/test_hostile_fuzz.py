"""Random hostile catalogues, error bodies and settings through every screen: what is drawn is text and nothing else.

The ordinary run takes a few; for more: `VPS_TUI_HOSTILE=10000 python -m pytest tests/tui/test_hostile_fuzz.py`.
"""

from __future__ import annotations

import os
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from providers.loopback import LoopbackServer, answering, by_path
from textual.pilot import Pilot

from vps_tui.core.steps import ChangeAction, Step
from vps_tui.services.live_backend import LiveBackend
from vps_tui.tui.app import WizardApp

from .driver import SIZE, go_to, press, screen_lines, settled, type_text, wait_until, wizard_of
from .test_hostile_text import OBEYED

RUNS = int(os.environ.get("VPS_TUI_HOSTILE", "2"))
WAY = (Step.LOCATION, Step.PLAN, Step.OS_IMAGE, Step.NAME, Step.ADD_ONS, Step.SSH_KEY, Step.COST, Step.CONFIRM)
PIECES = (
    *(chr(number) for number in (*range(32), *range(0x7F, 0xA0))),
    *"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u061c",
    *("\ud800", "\udfff", "\x1b[2J", "\x1b[31m", "\x1b]0;title\x07", "\x1b]8;;http://x\x07", "\x1b]52;c;AAAA\x07"),
    *("\x9b2J", "\x90q\x9c", "\x1b[?1049l", "\r", "\n", "\t", "\x00", "[", "]", "[/]", "[bold]x", "a [/] b", "[red]"),
    *("[type=x, v={'a[0]'}]", "[@click=app.quit]q[/]", "$(reboot)", "%s", "{}", "\\", "'", '"'),
    *(
        "\u65e5\u672c\u8a9e",
        "\U0001f469\u200d\U0001f467",
        "e\u0301\u0301",
        "\uff57\uff49\uff44\uff45",
        "x" * 5000,
        "",
    ),
)
PAID = ("/add/order", "/add/upgrade", "/cancel/product")
ENVIRONMENT = {"VPS_TUI_EDIS_EMAIL": "you@example.test", "VPS_TUI_EDIS_PASSWORD": "fuzz-password"}


def text(dice: random.Random) -> str:
    """Return a few hostile pieces."""
    return "".join(dice.choices(PIECES, k=dice.randint(1, 6)))


def bodies(dice: random.Random) -> dict[str, Any]:
    """Return every reply of EDIS, documented in shape and hostile in every text."""

    def price() -> dict[str, Any]:
        return {"monthly": {"amount": f"{dice.randint(0, 99)}.99", "currency": dice.choice(["EUR", "EUR", "eur"])}}

    def options(count: int) -> dict[str, Any]:
        return {
            str(number): {"id": number, "description": text(dice), "price": price()} for number in range(1, count + 1)
        }

    groups = {"operating system": options(3), "additional ram": options(2), text(dice): options(1)}
    plans = {
        f"{number}{text(dice)}": {
            "id": number,
            "description": {"ram": {"size": 1024, "unit": dice.choice(["MByte", text(dice)])}, "price": price()},
            "addons": groups,
        }
        for number in (7, 8)
    }
    places = {
        f"{number}{text(dice)}": {"id": number, "headline": text(dice), "name": text(dice), "country": text(dice)}
        for number in (1, 2)
    }
    words: dict[str, object] = {key: text(dice) for key in ("kvm_id", "status", "plan", "paymentmethod")}
    words["location"] = next(iter(places.values()))["name"]
    price_now = {"amount": "4.99", "currency": "EUR", "billingcycle": dice.choice(["monthly", text(dice)])}
    owned = {"service_id": 5, "price": price_now, "key_date": dice.choice(["2026-12-14", text(dice)]), **words}
    success = {"status": "success"}
    return {
        "/kvm/v2/get/locations": {"locations": places, **success},
        "/kvm/v2/get/products": {"products": plans, **success},
        "/kvm/v2/get/billingcycles": {"billingcycle": ["monthly", text(dice)], **success},
        "/kvm/v2/get/paymentmethods": {"paymentmethods": [text(dice), "paypal"], **success},
        "/kvm/v2/get/account-balance": {"balance": {"amount": "20.00", "currency": "EUR"}, **success},
        "/kvm/v2/get/services": {"services": [owned], **success},
    }


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """A generator that the test's own name seeds, so that a failure can be had again."""
    return random.Random(request.node.name)


@pytest.fixture
def server(dice: random.Random) -> Iterator[LoopbackServer]:
    """A provider whose every text is hostile, order answers included."""
    replies = by_path(bodies(dice))
    status = dice.choice([200, 200, 400, 401, 422, 500])
    order = {
        "status": dice.choice(["error", "failed", text(dice)]),
        "message": text(dice),
        "errors": [text(dice), text(dice)],
        "hint": text(dice),
        "orderid": dice.choice([None, text(dice), 5]),
    }

    def route(request: Any) -> Any:
        return answering(status, order) if request.path.endswith(PAID) else replies(request)

    with LoopbackServer(route) as running:
        yield running


def check_harmless(pilot: Pilot[int]) -> None:
    """Check that nothing drawn is obeyed by a terminal, that no link came about, and that the program is well."""
    for line in screen_lines(pilot.app):
        assert not {unicodedata.category(char) for char in line} & OBEYED, repr(line)
    for strip in pilot.app.screen._compositor.render_strips():
        assert not [segment for segment in strip if segment.style and segment.style.meta.get("@click")]
    assert wizard_of(pilot).fault is None


@pytest.mark.parametrize("run", range(RUNS))
async def test_a_hostile_provider_from_start_to_receipt(run: int, server: LoopbackServer, tmp_path: Path) -> None:
    backend = LiveBackend({**ENVIRONMENT, "VPS_TUI_EDIS_URL": server.url}, tmp_path / "config", tmp_path / "state")
    app = WizardApp(backend, tmp_path / "no-keys")
    async with app.run_test(size=SIZE) as pilot:
        for step in WAY:
            await go_to(pilot, step)
            check_harmless(pilot)
        await type_text(pilot, "yes\n")
        await wait_until(pilot, lambda: settled(app) is Step.RECEIPT and not app.ordering)
        check_harmless(pilot)
        for line in app.flow.last_words():
            assert not {unicodedata.category(char) for char in line} & OBEYED, repr(line)
        await app.flow.drop_session()


@pytest.mark.parametrize("run", range(RUNS))
async def test_a_hostile_provider_from_its_servers_to_the_receipt_of_a_change(
    run: int, server: LoopbackServer, tmp_path: Path
) -> None:
    """Where a hostile location is not found again there is no other plan to be had: then the server is cancelled."""
    backend = LiveBackend({**ENVIRONMENT, "VPS_TUI_EDIS_URL": server.url}, tmp_path / "config", tmp_path / "state")
    app = WizardApp(backend, tmp_path / "no-keys")
    async with app.run_test(size=SIZE) as pilot:
        await go_to(pilot, Step.PROVIDER)
        await press(pilot, "f6", to=Step.OWNED)
        for _ in range(8):
            check_harmless(pilot)
            step = app.state.step
            if step is Step.CHANGE_CONFIRM:
                break
            await press(pilot, "enter")
            await wait_until(pilot, lambda left=step: settled(app) not in (None, left))  # type: ignore[misc]
        cancels = app.state.changing is not None and app.state.changing.action is ChangeAction.CANCEL
        await type_text(pilot, "5\n" if cancels else "yes\n")
        await wait_until(pilot, lambda: settled(app) is Step.CHANGE_RECEIPT and not app.ordering)
        check_harmless(pilot)
        for line in app.flow.last_words():
            assert not {unicodedata.category(char) for char in line} & OBEYED, repr(line)
        await app.flow.drop_session()
