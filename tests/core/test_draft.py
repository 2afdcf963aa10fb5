"""A changed answer clears exactly what no longer holds, and keeps what is the person's own."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft

from .offers import IPS, LINUX, PLAN, RAM_4, SMALL_PLAN, WINDOWS

RAM = ChosenAddOn("additional_ram", RAM_4.id)
TWO_IPS = ChosenAddOn("additional_ip", IPS.id, 2)
KEY = "ssh-ed25519 AAAA ops@box"
WEB = ServerDraft("web1", PLAN.id, PLAN.name, LINUX.id, (RAM, TWO_IPS), KEY)
BARE = ServerDraft("db1", PLAN.id, PLAN.name, WINDOWS.id, without_key=True)
FULL = Draft(
    provider="edis",
    location="122",
    billing_cycle=BillingCycle.ANNUALLY,
    payment_method="cryptomus",
    apply_credit=False,
    currency="usd",
    servers=(WEB, BARE),
)


class TestProvider:
    def test_another_provider_keeps_names_and_keys_alone(self) -> None:
        assert FULL.with_provider("layerstack") == Draft(
            provider="layerstack",
            servers=(ServerDraft(name="web1", ssh_key=KEY), ServerDraft(name="db1", without_key=True)),
        )

    def test_the_same_provider_keeps_everything(self) -> None:
        assert FULL.with_provider("edis") == FULL


class TestLocation:
    def test_another_location_takes_the_plans_away_and_nothing_else(self) -> None:
        moved = FULL.with_location("7")
        assert moved == replace(FULL, location="7", servers=(replace(WEB, plan=""), replace(BARE, plan="")))
        assert moved.server.plan_name == PLAN.name

    def test_the_same_location_keeps_everything(self) -> None:
        assert FULL.with_location("122") == FULL


class TestPlan:
    def test_a_plan_that_offers_everything_chosen_changes_the_plan_alone(self) -> None:
        elsewhere = replace(PLAN, id="2000", name="KVM 2 large")
        assert WEB.with_plan(elsewhere) == replace(WEB, plan="2000", plan_name="KVM 2 large")

    def test_what_the_plan_does_not_offer_is_cleared(self) -> None:
        assert WEB.with_plan(SMALL_PLAN) == replace(
            WEB, plan=SMALL_PLAN.id, plan_name=SMALL_PLAN.name, add_ons=(TWO_IPS,)
        )
        assert BARE.with_plan(SMALL_PLAN) == replace(BARE, plan=SMALL_PLAN.id, plan_name=SMALL_PLAN.name, os="")


class TestAddOns:
    def test_a_group_holds_one(self) -> None:
        three = replace(TWO_IPS, value=3)
        changed = WEB.with_add_on("additional_ip", three)
        assert changed.add_ons == (RAM, three)
        assert changed.add_on("additional_ip") == three
        assert replace(changed, add_ons=WEB.add_ons) == WEB

    def test_nothing_leaves_the_group_out(self) -> None:
        emptied = WEB.with_add_on("additional_ram", None)
        assert emptied.add_ons == (TWO_IPS,)
        assert emptied.add_on("additional_ram") is None
        assert emptied.with_add_on("additional_ram", None) == emptied


def test_an_order_goes_by_its_first_server_and_each_can_be_replaced() -> None:
    assert FULL.server is WEB
    renamed = replace(BARE, name="db2")
    assert FULL.with_server(renamed, 1) == replace(FULL, servers=(WEB, renamed))
    assert FULL.with_server(renamed) == replace(FULL, servers=(renamed, BARE))


@pytest.mark.parametrize(("value", "field"), [(Draft(), "provider"), (ServerDraft(), "name"), (RAM, "id")])
def test_a_draft_is_replaced_and_never_edited(value: object, field: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(value, field, "other")
