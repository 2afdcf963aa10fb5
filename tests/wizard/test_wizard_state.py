"""The wizard's state: what is known decides the steps, a change clears what it must, and back loses nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from vps_tui.core.billing_cycle import BillingCycle as Cycle
from vps_tui.core.catalog import AddOnGroup, Catalog, OsFamily, OsImage, Plan
from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.core.steps import CHANGE_STEPS, SIDE_STEPS, Position, Step
from vps_tui.journal import Entry, Purchase, State
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import Account
from vps_tui.services.session import Terms
from vps_tui.wizard.start import of_entry, of_saved
from vps_tui.wizard.state import WizardState

PRICES = {Cycle.MONTHLY: Money.parse("12.99", "EUR")}
LINUX, WINDOWS = OsImage("1", "Debian", OsFamily.LINUX), OsImage("2", "Windows", OsFamily.WINDOWS)
EMPTY_DISK = OsImage("3", "Manual installation", OsFamily.OTHER)
GROUPS = (AddOnGroup("additional_ram", "RAM", ()),)
PLAN = Plan("10", "KVM 2", 2, 4096, 40, 4, PRICES, (LINUX, WINDOWS, EMPTY_DISK), GROUPS)
PLAIN_PLAN = replace(PLAN, id="11", add_on_groups=())
CATALOG = Catalog((PLAN, PLAIN_PLAN))
KEY = "ssh-ed25519 AAAA ops@box"
SERVER = ServerDraft("web1", PLAN.id, PLAN.name, LINUX.id, ssh_key=KEY)


def info(provider_id: str, *, has_locations: bool = True, needs_root_password: bool = False) -> ProviderInfo:
    return ProviderInfo(
        id=provider_id,
        name=provider_id.title(),
        summary="",
        sign_in=(),
        sign_in_help=(),
        urls={},
        connect=lambda _: pytest.fail("nothing is connected here"),
        name_word="Name",
        name_help="",
        name_problem=lambda name: None if name else "Type a name.",
        has_locations=has_locations,
        needs_root_password=needs_root_password,
    )


EDIS, STACK = info("edis"), info("layerstack", has_locations=False, needs_root_password=True)
FULL = WizardState(
    draft=Draft("edis", "122", servers=(SERVER,)),
    position=Position(Step.COST),
    info=EDIS,
    signed_in=True,
    location_name="Vienna",
    catalog=CATALOG,
    terms=Terms(Account("ops"), (Cycle.MONTHLY,), ()),
    root_passwords=(RootPassword(Secret("Sesame-open-1")),),
    unsaved_text=(("name", "web"),),
)


SELDOM = {Step.SAVED_ORDER, Step.REPEAT}
"""Steps of a saved order and of one that was made before."""
ENTRY = Entry(
    reference="1122-aaaa",
    purchase=Purchase("edis", "ops", "0" * 64, "", {}, (), (("web1", PLAN.id),)),
    state=State.UNKNOWN,
    created=datetime(2026, 11, 22, tzinfo=UTC),
    owner="ops@box, process 1",
    sent=None,
    finished=None,
    outcome=Outcome(OutcomeKind.UNKNOWN),
    before=None,
    server_time=None,
    settled_by="",
    again="",
)


def on(**changes: str | bool) -> WizardState:
    """Return the full state with its server changed."""
    return FULL.with_server(replace(FULL.server, **changes))  # type: ignore[arg-type]


class TestFacts:
    def test_at_the_start_nothing_is_answered(self) -> None:
        facts = WizardState().facts
        answers = {field.name for field in fields(facts) if field.name.startswith("has_")} - {"has_locations"}
        assert {name for name in answers if getattr(facts, name)} == set()
        assert not facts.signed_in
        assert facts.has_locations
        assert facts.offers_add_ons
        assert facts.takes_ssh_key

    def test_in_the_full_state_everything_is(self) -> None:
        facts = replace(FULL, outcome=Outcome(OutcomeKind.PLACED)).facts
        assert all(getattr(facts, field.name) for field in fields(facts) if field.name.startswith("has_"))

    @pytest.mark.parametrize(
        ("changed", "fact"),
        [
            (replace(FULL, info=None), "has_provider"),
            (replace(FULL, signed_in=False), "signed_in"),
            (replace(FULL, draft=replace(FULL.draft, location="")), "has_location"),
            (replace(FULL, info=STACK), "has_locations"),
            (replace(FULL, catalog=None), "has_plan"),
            (on(plan="999"), "has_plan"),
            (replace(FULL, catalog=None), "has_os_image"),
            (on(os="999"), "has_os_image"),
            (on(name=""), "has_name"),
            (on(ssh_key=""), "has_ssh_key"),
            (on(os=WINDOWS.id), "takes_ssh_key"),
            (on(os=EMPTY_DISK.id), "takes_ssh_key"),
            (on(plan=PLAIN_PLAN.id), "offers_add_ons"),
            (replace(FULL, root_passwords=()), "has_root_password"),
            (FULL, "needs_root_password"),
            (FULL, "has_outcome"),
            (FULL, "credentials_known"),
        ],
    )
    def test_what_makes_one_false(self, changed: WizardState, fact: str) -> None:
        assert getattr(changed.facts, fact) is False

    def test_known_credentials_sign_in(self) -> None:
        facts = replace(FULL, signed_in=False, credentials_known=True).facts
        assert facts.signed_in
        assert facts.credentials_known

    def test_going_without_a_key_is_an_answer(self) -> None:
        assert on(ssh_key="", without_key=True).facts.has_ssh_key

    def test_a_provider_may_want_a_root_password(self) -> None:
        assert replace(FULL, info=STACK).facts.needs_root_password


class TestChanges:
    def test_another_provider_keeps_the_name_and_the_key_alone(self) -> None:
        assert FULL.with_provider(STACK, credentials_known=True) == WizardState(
            draft=Draft("layerstack", servers=(ServerDraft("web1", ssh_key=KEY),)),
            position=FULL.position,
            info=STACK,
            credentials_known=True,
        )

    def test_the_same_provider_keeps_everything(self) -> None:
        assert FULL.with_provider(EDIS, credentials_known=False) == FULL

    def test_another_location_takes_the_plan_and_the_catalogue(self) -> None:
        moved = FULL.with_location("7", "Zurich")
        assert moved == replace(FULL, draft=FULL.draft.with_location("7"), location_name="Zurich", catalog=None)
        assert moved.plan is None
        assert moved.server.plan_name == PLAN.name
        assert FULL.with_location("122", "Vienna") == FULL

    def test_unfinished_text_is_kept_by_field(self) -> None:
        state = FULL.with_typed("filter", "deb").with_typed("name", "web2")
        assert [state.typed_text(key) for key in ("name", "filter", "other")] == ["web2", "deb", ""]
        assert FULL.typed_text("name") == "web"
        back = state.back()
        assert back is not None
        assert back.unsaved_text == state.unsaved_text

    def test_secrets_are_not_in_its_text_form(self) -> None:
        state = FULL.with_typed("sign-in password", "hunter22-secret")
        assert "hunter22" not in repr(state)
        assert "Sesame" not in repr(state)


class TestOrder:
    def test_a_key_goes_only_to_images_that_take_one(self) -> None:
        assert FULL.to_order().server.ssh_key == KEY
        for image in (WINDOWS, EMPTY_DISK):
            assert on(os=image.id).to_order().server == replace(SERVER, os=image.id, ssh_key="")

    def test_choosing_linux_again_brings_the_key_back(self) -> None:
        windows = on(os=WINDOWS.id)
        assert windows.with_server(replace(windows.server, os=LINUX.id)).to_order().server.ssh_key == KEY

    def test_it_is_in_the_currency_that_was_quoted_or_chosen(self) -> None:
        assert FULL.to_order() == replace(FULL.draft, currency="EUR")
        dollars = replace(FULL, draft=replace(FULL.draft, currency="usd"))
        assert dollars.to_order() == dollars.draft

    def test_it_is_priced_from_the_plan_on(self) -> None:
        quote = FULL.quote()
        assert quote is not None
        assert str(quote.due_now) == "12.99 EUR"
        assert replace(FULL, catalog=None).quote() is None
        assert on(plan="").quote() is None


class TestMoving:
    def test_forward_and_back_change_the_position_alone(self) -> None:
        state = replace(FULL, position=Position(Step.NAME))
        assert state.forward() == replace(state, position=Position(Step.ADD_ONS))
        assert state.back() == replace(state, position=Position(Step.OS_IMAGE))
        assert state.jump(Step.PLAN) == replace(state, position=Position(Step.PLAN, Step.PLAN))

    def test_before_the_first_step_there_is_nothing(self) -> None:
        assert WizardState().back() is None

    @pytest.mark.parametrize(
        ("state", "skipped"),
        [
            (FULL, {Step.ROOT_PASSWORD, *SELDOM}),
            (replace(FULL, credentials_known=True), {Step.SIGN_IN, Step.ROOT_PASSWORD, *SELDOM}),
            (on(os=WINDOWS.id), {Step.SSH_KEY, Step.ROOT_PASSWORD, *SELDOM}),
            (on(plan=PLAIN_PLAN.id), {Step.ADD_ONS, Step.ROOT_PASSWORD, *SELDOM}),
            (replace(FULL, info=STACK), {Step.LOCATION, *SELDOM}),
            (replace(FULL, unresolved=True), {Step.ROOT_PASSWORD, Step.REPEAT}),
            (replace(FULL, repeated=(ENTRY,)), {Step.ROOT_PASSWORD, Step.SAVED_ORDER}),
        ],
    )
    def test_the_whole_way(self, state: WizardState, skipped: set[Step]) -> None:
        ahead = replace(state, position=Position())
        visited = [ahead.step]
        while ahead.step is not Step.RECEIPT:
            ahead = ahead.forward()
            visited.append(ahead.step)
        side = {*SIDE_STEPS, *CHANGE_STEPS}
        assert set(Step) - set(visited) == skipped | side

    def test_a_saved_order_is_looked_up_before_its_cost(self) -> None:
        known = of_saved(FULL.draft, EDIS, credentials_known=True)
        assert (known.step, known.draft, known.info) == (Step.SAVED_ORDER, FULL.draft, EDIS)
        looked_up = replace(FULL, position=known.position, credentials_known=True)
        assert looked_up.forward().position == Position(Step.COST)
        asked = of_saved(FULL.draft, EDIS, credentials_known=False)
        assert asked.step is Step.SIGN_IN
        assert replace(asked, signed_in=True).forward().step is Step.SAVED_ORDER

    def test_an_order_that_was_sent_begins_at_its_receipt_and_a_sign_in_leads_back_there(self) -> None:
        state = of_entry(ENTRY, FULL.draft, EDIS, credentials_known=False)
        assert (state.step, state.entry, state.outcome) == (Step.RECEIPT, ENTRY, ENTRY.outcome)
        there = state.jump(Step.SIGN_IN)
        assert there.step is Step.SIGN_IN
        assert there.back() == state
        signed = replace(there, signed_in=True).forward()
        assert (signed.position, signed.entry) == (Position(Step.RECEIPT), ENTRY)

    def test_the_cost_is_reached_by_way_of_what_is_missing_by_now(self) -> None:
        """After an order was stopped because its plan is gone, there is no price to show."""
        assert FULL.jump(Step.COST).position == Position(Step.COST)
        gone = replace(FULL, catalog=Catalog((PLAIN_PLAN,))).jump(Step.COST)
        assert gone.position == Position(Step.PLAN, revising=Step.COST)

    def test_a_new_location_asks_for_a_plan_and_comes_back_to_the_cost(self) -> None:
        moved = FULL.jump(Step.LOCATION).with_location("7", "Zurich").forward()
        assert moved.position == Position(Step.PLAN, revising=Step.LOCATION)
        there = replace(moved, catalog=Catalog((replace(PLAN, id="70"),)))
        chosen = there.catalog and there.catalog.plan("70")
        assert chosen
        assert there.with_server(there.server.with_plan(chosen)).forward().position == Position(Step.COST)

    def test_one_answer_to_both_comes_back_to_the_cost_at_once(self) -> None:
        """As finding what fits gives it."""
        moved = FULL.jump(Step.LOCATION).with_location("7", "Zurich")
        there = replace(moved, catalog=Catalog((replace(PLAN, id="70"),)))
        chosen = there.catalog and there.catalog.plan("70")
        assert chosen
        both = there.with_server(there.server.with_plan(chosen)).standing_at(Step.PLAN)
        assert both.forward().position == Position(Step.COST)
