"""The questions as values: their rows, where they start, what is wrong with an answer and what an answer means."""

from __future__ import annotations

import inspect
from dataclasses import replace

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, Location, OsFamily, OsImage, Plan
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.server_change import ChangeKind, ChangesOffered, OwnedServer
from vps_tui.core.steps import Position, Step
from vps_tui.providers.registry import provider_info
from vps_tui.wizard.change_state import ChangeDraft
from vps_tui.wizard.questions import QUESTIONS, question_at
from vps_tui.wizard.questions.change_plan import NEW_PLAN
from vps_tui.wizard.questions.choices import Filter, ListQuestion, OptionsQuestion, TextQuestion
from vps_tui.wizard.questions.owned_servers import SUBSCRIPTION
from vps_tui.wizard.questions.plan import LOCATION, PLAN, TYPED, typed_ids, wrong_ids
from vps_tui.wizard.questions.server import ADD_ONS, NAME, OS_IMAGE, QUANTITY
from vps_tui.wizard.questions.startup_script import CHOSEN, NONE
from vps_tui.wizard.questions.startup_script import QUESTION as STARTUP_SCRIPT
from vps_tui.wizard.questions.terms import BILLING_CYCLE
from vps_tui.wizard.state import WizardState

LOCATIONS = (
    Location("107", "Austria, Graz", "at-grz", "Graz", in_stock=False),
    Location("215", "Austria, Vienna", "at-vie", "Vienna"),
    Location("122", "Germany", "de", "Frankfurt"),
    Location("212", "UK, London", "uk", "Docklands"),
)
IMAGES = tuple(
    OsImage(number, name, family)
    for number, name, family in (
        ("595", "Windows Server 2022", OsFamily.WINDOWS),
        ("346", "Debian 9 (64 bit)", OsFamily.LINUX),
        ("999", "alternative / manual installation via VNC", OsFamily.OTHER),
        ("700", "Debian 13 (64 bit)", OsFamily.LINUX),
        ("568", "Debian 10.2", OsFamily.LINUX),
        ("613", "Rocky Linux 9", OsFamily.LINUX),
    )
)
GROUPS = (
    AddOnGroup("ram", "Additional RAM", (AddOn("396", "+1GB", {BillingCycle.MONTHLY: Money.parse("5.00", "EUR")}),)),
    AddOnGroup("ip", "Addresses", (AddOn("9", "IPv4 address", None, max_value=3),)),
)


def plan(plan_id: str, name: str, price: str) -> Plan:
    return Plan(
        plan_id,
        name,
        1,
        2048,
        20,
        2,
        {BillingCycle.MONTHLY: Money.parse(price, "EUR")},
        IMAGES,
        GROUPS,
        location="Hong Kong",
    )


PLANS = (plan("1702", "KVM SMART", "7.99"), plan("1707", "KVM STARTER", "12.99"), plan("1963", "RUBY PLUS", "35.99"))
EDIS, STACK = provider_info("edis"), provider_info("layerstack")


def state(**server: object) -> WizardState:
    draft = Draft("edis", "122", servers=(ServerDraft(**server),))  # type: ignore[arg-type]
    return WizardState(draft, Position(Step.PLAN), info=EDIS, catalog=Catalog(PLANS), locations=LOCATIONS)


def found(question: ListQuestion, of: WizardState, text: str) -> list[str]:
    return [choice.id for choice in Filter(question.rows(of)).matching(text)]


@pytest.mark.parametrize("step", QUESTIONS)
def test_the_question_of_every_step_in_the_table_is_there(step: Step) -> None:
    question = question_at(step)
    assert isinstance(question, ListQuestion | TextQuestion | OptionsQuestion)
    assert question.help


@pytest.mark.parametrize(
    ("text", "location"),
    [("germany", "122"), ("frankfurt", "122"), ("at-vie", "215"), ("122", "122"), ("docklands", "212")],
)
def test_a_location_is_found_by_name_city_code_and_id(text: str, location: str) -> None:
    assert found(LOCATION, state(), text) == [location]


def test_a_location_that_is_sold_out_is_refused_and_not_started_on_though_it_was_ordered_last() -> None:
    graz, *others = LOCATION.rows(state())
    assert graz.refusal == "Austria, Graz is sold out. Choose a location that is in stock."
    assert [choice.refusal for choice in others] == ["", "", ""]
    nowhere = replace(state(), draft=Draft("edis"))
    assert LOCATION.chosen(nowhere) == ""
    assert LOCATION.chosen(state()) == "122"
    chosen = LOCATION.answer(nowhere, "215")
    assert chosen is not None
    assert (chosen.draft.location, chosen.location_name, chosen.catalog) == ("215", "Austria, Vienna", None)


@pytest.mark.parametrize(("text", "plan_id"), [("ruby plus", "1963"), ("1702", "1702"), ("12.99", "1707")])
def test_a_plan_is_found_by_name_id_and_price(text: str, plan_id: str) -> None:
    assert found(PLAN, state(), text) == [plan_id]


def test_plans_have_a_cell_for_each_column_and_the_cheapest_is_named() -> None:
    for of in (state(), replace(state(), info=STACK)):
        columns, rows = PLAN.columns_in(of), PLAN.rows(of)
        assert {len(row.cells) for row in rows if row.id != TYPED} == {len(columns)}
        assert ("REGION" in [column.title for column in columns]) == (of.info is STACK)
        assert (rows[-1].id == TYPED) == (of.info is STACK)
        assert [row.id for row in rows if row.cells[-1] == "cheapest"] == ["1702"]


def test_a_plan_of_another_place_starts_on_its_namesake_and_what_is_no_plan_is_no_answer() -> None:
    assert PLAN.chosen(state(plan_name="KVM STARTER")) == "1707"
    assert PLAN.chosen(state(plan="1963", plan_name="KVM STARTER")) == "1963"
    assert PLAN.answer(state(), TYPED) is None
    answered = PLAN.answer(state(), "1707")
    assert answered is not None
    assert (answered.server.plan, answered.server.plan_name) == ("1707", "KVM STARTER")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, []),
        ({"plan": "1x"}, ["plan"]),
        ({"os": "", "family": "bsd"}, ["os", "family"]),
        ({"currency": "euro"}, ["currency"]),
        ({"plan": "1" * 19}, ["plan"]),
    ],
)
def test_typed_ids_are_numbers_and_the_rest_known_words(values: dict[str, str], wrong: list[str]) -> None:
    given = {"plan": "102", "os": "7", "family": "linux", "currency": ""} | values
    assert wrong_ids(given) == wrong
    if not wrong:
        assert typed_ids(given, "vm").family is OsFamily.LINUX


def test_ids_are_taken_as_the_provider_writes_them() -> None:
    typed = typed_ids({"plan": "0102", "os": "007", "family": "linux", "currency": ""}, "vm")
    assert (typed.plan, typed.os) == ("102", "7")


def test_a_typed_id_of_a_change_is_the_listed_one_whatever_zeros_stand_before_it() -> None:
    server = OwnedServer(id="8101", provider="layerstack", plan="S104-HK", location="HK")
    plans = (plan("103", "S108-HK", "29.00"),)
    now = plan("102", "S104-HK", "15.00")
    offered = ChangesOffered(server, ChangeKind.SWITCH, plans, now, other_plans=True)
    at = replace(state(), info=STACK, changing=ChangeDraft(server=server, offered=offered))
    assert NEW_PLAN.typed is not None
    assert "already" in NEW_PLAN.typed.problem(at, "0102")
    assert NEW_PLAN.typed.problem(at, "0103") == ""
    answered = NEW_PLAN.answer(at, "0103")
    assert answered is not None
    assert answered.changing is not None
    assert (answered.changing.plan, answered.changing.plan_name) == ("103", "S108-HK")
    answered = SUBSCRIPTION.answer(at, " 04158 ")
    assert answered is not None
    assert answered.changing is not None
    assert answered.changing.subscription == "4158"


def test_images_begin_with_the_newest_linux_of_each_system_and_say_what_they_lack() -> None:
    of = state(plan="1707")
    assert [choice.id for choice in OS_IMAGE.rows(of)] == ["700", "568", "346", "613", "595", "999"]
    notes = {choice.id: choice.cells[1] for choice in OS_IMAGE.rows(of)}
    assert notes["346"] == "no updates since Jul 2022"
    assert (notes["595"], notes["999"]) == ("no SSH key", "you install it yourself")
    assert OS_IMAGE.chosen(of) == "700"
    assert OS_IMAGE.chosen(state(plan="1707", os="613")) == "613"
    assert found(OS_IMAGE, of, "rocky") == ["613"]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "Type a name"),
        ("web 1", "Leave out the space"),
        ("web_1", "Replace the underscore with a hyphen"),
        ("-web", "Remove the hyphen at the start"),
        ("web-", "Remove the hyphen at the end"),
        ("web.", "Remove the dot at the end"),
        ("10.0.0.1", "Add a letter to the last part"),
        ("w\u00e9b", "another script"),
        ("root@web1", "without a user in front"),
        ("a" * 64, "Shorten the name by 1"),
    ],
)
def test_a_wrong_name_is_told_what_to_do_and_kept(text: str, advice: str) -> None:
    assert advice in NAME.problem(state(), text)
    assert NAME.keep is not None
    assert NAME.offered(NAME.keep(state(), text)) == text


def test_an_unfinished_name_may_still_become_a_good_one() -> None:
    assert NAME.unfinished is not None
    assert [NAME.unfinished(state(), text) for text in ("", "web-", "web.", " ")] == ["", "", "", ""]
    assert "underscore" in NAME.unfinished(state(), "web-_")
    assert NAME.answer(state(), " Web1.Example.COM ").server.name == "web1.example.com"


def test_two_servers_of_one_order_cannot_share_a_name() -> None:
    of = replace(state(), draft=Draft("edis", servers=(ServerDraft("web1"), ServerDraft("web2"))))
    assert "Server 2 of this order is called that already" in NAME.problem(of, "WEB2")
    assert NAME.problem(of, "web1") == ""


@pytest.mark.parametrize("text", ["0", "x", "", "-1", "1.5", "\u0663", "99999999"])
def test_a_number_of_servers_is_one_that_can_be_had(text: str) -> None:
    of = replace(state(), info=STACK)
    assert QUANTITY.problem(of, text).startswith("Type a number from 1 to ")
    assert QUANTITY.problem(of, " 1 ") == ""
    assert QUANTITY.answer(of, " 2 ").server.quantity == 2


def test_add_ons_begin_with_nothing_and_are_priced_by_number() -> None:
    of = state(plan="1707", add_ons=(ChosenAddOn("ip", "9", 2),))
    ram, ip = ADD_ONS.groups(of)
    assert [(option.label, option.price) for option in ram.options] == [("none", ""), ("+1GB", "5.00 EUR per month")]
    assert [option.label for option in ip.options] == ["none", "IPv4 address", "2 x IPv4 address", "3 x IPv4 address"]
    assert ip.options[1].price == "price not known"
    assert (ram.index, ip.index) == (0, 2)
    more = ADD_ONS.answer(of, ram, 1)
    assert set(more.server.add_ons) == {ChosenAddOn("ram", "396", 1), ChosenAddOn("ip", "9", 2)}
    assert ADD_ONS.answer(more, ip, 0).server.add_ons == (ChosenAddOn("ram", "396", 1),)
    assert ADD_ONS.problem(of) == ""


def test_a_billing_cycle_is_kept_where_the_order_is() -> None:
    answered = BILLING_CYCLE.answer(state(), "annually")
    assert answered is not None
    assert answered.draft.billing_cycle == BillingCycle.ANNUALLY
    assert BILLING_CYCLE.chosen(answered) == "annually"


def test_the_price_follows_the_highlight_only_where_an_answer_costs_something_else() -> None:
    lists = {step: question_at(step) for step in QUESTIONS}
    following = {step for step, one in lists.items() if isinstance(one, ListQuestion) and one.rows_priced}
    assert following == {Step.PLAN, Step.BILLING_CYCLE}
    about_changes = {Step.OWNED, Step.CHANGE, Step.NEW_PLAN, Step.MORE_ADD_ONS, Step.CANCEL_WHEN}
    about_changes |= {Step.NEW_CYCLE, Step.NEW_PAYMENT, Step.SUBSCRIPTION}
    assert {step for step, one in lists.items() if not one.priced} == about_changes


def test_what_is_listed_of_an_account_is_read_only_when_somebody_is_there() -> None:
    fetches = {
        step: one.fetch for step in QUESTIONS if isinstance(one := question_at(step), ListQuestion) and one.fetch
    }
    assert {step for step, fetch in fetches.items() if fetch.ahead} == {Step.LOCATION, Step.PLAN}
    assert set(fetches) == {Step.LOCATION, Step.PLAN, Step.OWNED, Step.CHANGE}
    assert all(inspect.iscoroutinefunction(fetch.read) for fetch in fetches.values())


def test_a_script_given_before_goes_on_alone_only_where_it_needs_nothing() -> None:
    good, old = state(startup_script="#!/bin/bash\ntrue\n"), state(startup_script="#cloud-config\nruncmd: []\n")
    assert STARTUP_SCRIPT.answer(good, CHOSEN) is good
    assert old.script_problem
    assert STARTUP_SCRIPT.answer(old, CHOSEN) is None
    assert STARTUP_SCRIPT.chosen(old) == CHOSEN
    without = STARTUP_SCRIPT.answer(old, NONE)
    assert without is not None
    assert without.server.startup_script == ""
