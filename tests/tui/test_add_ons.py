"""Step add-ons: changed in place, priced at once, kept."""

from __future__ import annotations

from vps_tui.core.draft import ChosenAddOn
from vps_tui.core.steps import Step
from vps_tui.tui.widgets.option_rows import OptionRows

from .driver import drain, go_to, press, price, screen_lines, screen_text, wizard, wizard_of

RAM = ChosenAddOn("additional_ram", "396", 1)
ADDRESS = ChosenAddOn("additional_ip", "9", 1)


def row(lines: list[str], title: str) -> str:
    return next(line for line in lines if title in line)


async def test_left_and_right_change_the_row_and_the_price_with_it_and_stop_at_the_ends() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ADD_ONS)
        assert isinstance(pilot.app.focused, OptionRows)
        assert "10.49 EUR per month" in price(pilot)
        await press(pilot, "left")
        assert "none" in row(screen_lines(pilot.app), "Additional RAM")
        await press(pilot, "right")
        assert "+1GB" in row(screen_lines(pilot.app), "Additional RAM")
        assert "5.00 EUR per month" in row(screen_lines(pilot.app), "Additional RAM")
        assert "15.49 EUR per month" in price(pilot)
        await press(pilot, "right")
        assert "20.49 EUR per month" in price(pilot)
        await press(pilot, "home")
        assert "10.49 EUR per month" in price(pilot)


async def test_a_click_on_the_arrows_changes_the_clicked_row_and_a_click_beside_them_only_highlights_it() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ADD_ONS)
        line = row(screen_lines(pilot.app), "Additional IPv4")
        rows = pilot.app.screen.query_one(OptionRows)
        y = screen_lines(pilot.app).index(line) - rows.region.y
        await pilot.click(OptionRows, offset=(line.rindex(">") - rows.region.x, y))
        await drain(pilot)
        assert "1 IP" in row(screen_lines(pilot.app), "Additional IPv4")
        assert "15.49 EUR per month" in price(pilot)
        await pilot.click(OptionRows, offset=(5, y - 1))
        await drain(pilot)
        assert "none" in row(screen_lines(pilot.app), "Additional vCPU")
        assert "> Additional vCPU" in screen_text(pilot.app)
        line = row(screen_lines(pilot.app), "Additional IPv4")
        await pilot.click(OptionRows, offset=(line.index("<") - rows.region.x, y))
        await drain(pilot)
        assert "none" in row(screen_lines(pilot.app), "Additional IPv4")
        assert "10.49 EUR per month" in price(pilot)


async def test_add_ons_are_kept_when_going_on_and_coming_back_and_when_going_back_unfinished() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ADD_ONS)
        await press(pilot, "right", "enter", to=Step.SSH_KEY)
        assert wizard_of(pilot).state.server.add_ons == (RAM,)
        await press(pilot, "escape", to=Step.ADD_ONS)
        assert "+1GB" in row(screen_lines(pilot.app), "Additional RAM")
        await press(pilot, "down", "down", "right", "escape", to=Step.NAME)
        assert "20.49 EUR per month" in price(pilot)
        await press(pilot, "enter", to=Step.ADD_ONS)
        assert set(wizard_of(pilot).state.server.add_ons) == {RAM, ADDRESS}


async def test_layerstack_sells_some_add_ons_in_numbers() -> None:
    async with wizard() as pilot:
        await go_to(pilot, Step.ADD_ONS, provider="layerstack")
        await press(pilot, "down", "down", "down", "right", "right", "right")
        assert "3 x IPv4 address" in row(screen_lines(pilot.app), "Addresses")
        assert "9.00 USD per month" in row(screen_lines(pilot.app), "Addresses")
        assert "17.00 USD per month" in price(pilot)
