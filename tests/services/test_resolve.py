"""An order file's ids looked up in what is offered: every mistake named with its key, nothing guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, Location, OsFamily, OsImage, Plan
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.errors import UsageError
from vps_tui.core.money import Money
from vps_tui.providers.edis.info import PROVIDER as EDIS
from vps_tui.providers.layerstack.info import PROVIDER as LAYERSTACK
from vps_tui.providers.models import Account, PaymentMethod
from vps_tui.services.resolve import Problem, Resolved, find_misplaced, look_up, refuse
from vps_tui.services.session import Terms
from vps_tui.wizard.start import of_resolved

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"
MONTHLY = BillingCycle.MONTHLY
PRICES = {MONTHLY: Money.parse("12.99", "EUR")}
IMAGES = (
    OsImage("208", "Debian 12", OsFamily.LINUX),
    OsImage("595", "Windows 2022 Server", OsFamily.WINDOWS),
    OsImage("92", "Manual installation", OsFamily.OTHER),
)
RAM = AddOnGroup("additional_ram", "Additional RAM", (AddOn("396", "+1GB", PRICES), AddOn("401", "+2GB", PRICES)))
DISK = AddOnGroup("Disk", "Disk", (AddOn("10", "10 GB of disk", PRICES, 5),))
PLAN = Plan("1707", "KVM STARTER", 1, 2048, 20, 2, PRICES, IMAGES, (RAM, DISK), plan_type="standard", location="HK")
CATALOG = Catalog((PLAN, replace(PLAN, id="1712", name="KVM BASIC")))
LOCATIONS = (Location("122", "Germany"), Location("107", "Austria, Graz", in_stock=False))
TERMS = Terms(Account("ops"), (MONTHLY,), (PaymentMethod("cryptomus", "Crypto"), PaymentMethod("paypal", "PayPal")))
SERVER = ServerDraft("web1", "1707", os="208", ssh_key=KEY)
DRAFT = Draft("edis", "122", payment_method="cryptomus", servers=(SERVER,))
STACK = Draft("layerstack", payment_method="paypal", servers=(SERVER,))
OPEN = replace(CATALOG, open=True)


def with_server(draft: Draft = DRAFT, **changes: object) -> Draft:
    return draft.with_server(replace(draft.server, **changes))  # type: ignore[arg-type]


def resolved(draft: Draft = DRAFT, catalog: Catalog = CATALOG) -> Resolved:
    if draft.provider == "layerstack":
        return look_up(LAYERSTACK, draft, (), catalog, TERMS)
    return look_up(EDIS, draft, LOCATIONS, catalog, TERMS)


def test_a_good_draft_gets_every_name() -> None:
    found = resolved(with_server(add_ons=(ChosenAddOn("additional_ram", "396"),)))
    assert (found.problems, found.in_stock) == ((), True)
    state = of_resolved(found)
    assert (state.location_name, state.server.plan_name, state.server.plan_type) == (
        "Germany",
        "KVM STARTER",
        "standard",
    )
    assert state.key_label == "ED25519 SHA256:8KGny1+QPfIf4kHpVT6xUSsUlbihYH4XbPCCIJkx/AI ops@box"
    assert (state.info, state.terms) == (EDIS, TERMS)
    quote = state.quote()
    assert quote is not None
    assert str(quote.due_now) == "25.98 EUR"


def test_a_sold_out_location_is_no_mistake_in_the_file() -> None:
    found = resolved(replace(DRAFT, location="107"))
    assert (found.problems, found.in_stock) == ((), False)


def test_a_plan_names_its_region_where_there_are_no_locations() -> None:
    assert of_resolved(resolved(STACK, OPEN)).place == "HK"


PROBLEMS = {
    "location": (
        replace(DRAFT, location="123"),
        "location",
        "there is no location 123. The nearest id is 122 (Germany).",
    ),
    "location like none": (replace(DRAFT, location="9"), "location", "there is no location 9."),
    "payment method": (
        replace(DRAFT, payment_method="cash"),
        "payment_method",
        "it must be one of: cryptomus, paypal.",
    ),
    "billing cycle": (
        replace(DRAFT, billing_cycle=BillingCycle.ANNUALLY),
        "billing_cycle",
        "it must be one of: monthly.",
    ),
    "plan": (
        with_server(plan="17077"),
        "server[1].plan",
        "no plan 17077 is sold there. The nearest id is 1707 (KVM STARTER).",
    ),
    "plan like none": (with_server(plan="9"), "server[1].plan", "no plan 9 is sold there."),
    "image": (
        with_server(os="209"),
        "server[1].os",
        "KVM STARTER does not come with the OS image 209. The nearest id is 208 (Debian 12).",
    ),
    "add-on": (
        with_server(add_ons=(ChosenAddOn("additional_ram", "397"),)),
        "server[1].additional_ram",
        "KVM STARTER does not come with 397. The nearest id is 396 (+1GB).",
    ),
    "add-on of another group": (
        with_server(add_ons=(ChosenAddOn("additional_ip", "396"),)),
        "server[1].additional_ip",
        "KVM STARTER does not come with 396.",
    ),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_each_mistake_has_its_key_and_the_nearest_id(case: str) -> None:
    draft, key, words = PROBLEMS[case]
    assert resolved(draft).problems == (Problem(key, words),)


@pytest.mark.parametrize("catalog", [CATALOG, OPEN])
def test_more_units_than_there_are(catalog: Catalog) -> None:
    draft = with_server(add_ons=(ChosenAddOn("", "10", 6),))
    at_most = Problem("server[1].addons", "of 10 GB of disk a server has 5 at most.")
    assert resolved(draft, catalog).problems == (at_most,)
    assert resolved(with_server(add_ons=(ChosenAddOn("", "10", 5),)), catalog).problems == ()


def test_the_second_server_is_named_as_such() -> None:
    draft = replace(DRAFT, servers=(SERVER, replace(SERVER, plan="9"), replace(SERVER, os="9")))
    assert [problem.key for problem in resolved(draft).problems] == ["server[2].plan", "server[3].os"]


def test_all_mistakes_are_told_at_once() -> None:
    draft = replace(with_server(os="9"), payment_method="cash", billing_cycle=BillingCycle.ANNUALLY)
    with pytest.raises(UsageError) as caught:
        refuse(resolved(draft).problems, "web.toml")
    said = caught.value.message
    assert said.startswith("web.toml: payment_method: ")
    assert "billing_cycle: " in said
    assert "server[1].os: " in said
    assert caught.value.hint
    refuse((), "web.toml")


def test_a_place_that_there_is_not_sells_nothing_and_is_asked_for_again() -> None:
    found = resolved(replace(with_server(plan="9"), location="9"), Catalog(()))
    assert [problem.key for problem in found.problems] == ["location"]
    assert (of_resolved(found).draft.location, of_resolved(found).catalog, of_resolved(found).server.plan) == (
        "",
        None,
        "",
    )


def test_hostile_ids_are_shown_as_text() -> None:
    hostile = "\x1b[2J\u202e9\n"
    for draft in (with_server(plan=hostile), with_server(os=hostile), replace(DRAFT, location=hostile)):
        (problem,) = resolved(draft).problems
        assert problem.words.isprintable()


def test_what_is_not_offered_is_left_out_so_that_it_is_asked_for_again() -> None:
    chosen = (ChosenAddOn("additional_ram", "397"), ChosenAddOn("additional_ram", "401"))
    server = of_resolved(resolved(with_server(os="9", add_ons=chosen))).server
    assert (server.os, server.add_ons) == ("", (ChosenAddOn("additional_ram", "401"),))
    assert of_resolved(resolved(with_server(plan="9"))).plan is None


class TestImagesThatTakeNoKey:
    @pytest.mark.parametrize("image", [image for image in IMAGES if image.family is not OsFamily.LINUX])
    def test_a_key_in_the_file_would_be_dropped(self, image: OsImage) -> None:
        found = resolved(with_server(os=image.id))
        assert find_misplaced(found) == (Problem("server[1].ssh_key", f"{image.name} takes no SSH key."),)

    def test_so_would_a_script(self) -> None:
        draft = with_server(STACK, os="595", ssh_key="", startup_script="echo")
        found = find_misplaced(resolved(draft, OPEN))
        assert found == (Problem("server[1].startup_script", "Windows 2022 Server runs no start-up script."),)

    def test_the_server_is_named(self) -> None:
        draft = replace(DRAFT, servers=(SERVER, replace(SERVER, os="595")))
        assert [problem.key for problem in find_misplaced(resolved(draft))] == ["server[2].ssh_key"]

    def test_without_a_key_nothing_is_wrong(self) -> None:
        assert find_misplaced(resolved(with_server(os="595", ssh_key=""))) == ()
        assert find_misplaced(resolved()) == ()

    def test_for_the_wizard_it_is_no_mistake(self) -> None:
        """It keeps the key while images are tried, and leaves it out of the order."""
        found = resolved(with_server(os="595"))
        assert found.problems == ()
        assert (of_resolved(found).server.ssh_key, of_resolved(found).to_order().server.ssh_key) == (KEY, "")


class TestOpenCatalogue:
    def test_ids_that_it_does_not_list_are_taken(self) -> None:
        typed = with_server(STACK, plan="999", os="77", plan_type="other", add_ons=(ChosenAddOn("", "55"),))
        found = resolved(typed, OPEN)
        assert found.problems == ()
        server = of_resolved(found).server
        assert (server.plan_name, server.plan_type, server.os) == ("plan 999", "other", "77")
        assert server.add_ons == (ChosenAddOn("", "55"),)
        quote = of_resolved(found).quote()
        assert quote is not None
        assert not quote.complete

    def test_a_listed_id_written_with_zeros_is_the_listed_one(self) -> None:
        found = resolved(with_server(STACK, plan="01707", os="0208"), OPEN)
        assert found.problems == ()
        server = of_resolved(found).server
        assert (server.plan, server.plan_name, server.os) == ("1707", "KVM STARTER", "208")
        unknown = resolved(with_server(STACK, plan="0999", os="077", plan_type="other"), OPEN)
        assert (unknown.draft.server.plan, unknown.draft.server.os) == ("999", "77")

    def test_one_without_any_entry_too(self) -> None:
        found = resolved(with_server(STACK, plan="999", os="77", plan_type="other"), Catalog((), open=True))
        assert found.problems == ()
        assert of_resolved(found).os_image == OsImage("77", "OS template 77", OsFamily.LINUX)

    def test_what_it_does_list_gets_its_names_and_prices(self) -> None:
        found = resolved(with_server(STACK, add_ons=(ChosenAddOn("", "10", 2),)), OPEN)
        assert of_resolved(found).server.add_ons == (ChosenAddOn("Disk", "10", 2),)
        quote = of_resolved(found).quote()
        assert quote is not None
        assert str(quote.due_now) == "38.97 EUR"
