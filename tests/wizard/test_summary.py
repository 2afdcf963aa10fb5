"""An order in the making in words: what it is, what is paid when and from where, and what has to be known."""

from __future__ import annotations

import re
import sys
import zoneinfo
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.catalog import AddOn, AddOnGroup, Catalog, OsFamily, OsImage, Plan
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.money import Money
from vps_tui.core.secret import RootPassword, Secret
from vps_tui.core.steps import Step
from vps_tui.providers.edis.info import PROVIDER as EDIS
from vps_tui.providers.layerstack.info import PROVIDER as LAYERSTACK
from vps_tui.providers.models import Account, PaymentMethod
from vps_tui.services.session import Terms
from vps_tui.ssh.key_files import label_of_line
from vps_tui.wizard import summary
from vps_tui.wizard.state import WizardState

MONTHLY, QUARTERLY, SEMIANNUALLY, ANNUALLY = COMMON_CYCLES
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"
GIVEN = RootPassword(Secret("Sesame-open-1"))
LABEL = "ED25519 SHA256:8KGny1+QPfIf4kHpVT6xUSsUlbihYH4XbPCCIJkx/AI ops@box"


def eur(amount: str) -> Money:
    return Money.parse(amount, "EUR")


RAM = AddOnGroup("additional_ram", "Additional RAM", (AddOn("396", "4 GB", {MONTHLY: eur("5.00")}),))
IPS = AddOnGroup("additional_ip", "Additional IPs", (AddOn("9", "IPv4", {MONTHLY: eur("3.00")}, 8),))
BOOST = AddOnGroup("boost", "Boost", (AddOn("77", "Disk boost", None),))
IMAGES = (OsImage("208", "Debian 12", OsFamily.LINUX), OsImage("595", "Windows 2022", OsFamily.WINDOWS))
PRICES = {MONTHLY: eur("12.99"), QUARTERLY: eur("38.97"), ANNUALLY: eur("142.89")}
PLAN = Plan("1707", "KVM 2", 2, 4096, 40, 4, PRICES, IMAGES, (RAM, IPS, BOOST), location="122")
SERVER = ServerDraft("web1", PLAN.id, PLAN.name, "208", ssh_key=KEY)
TERMS = Terms(Account("ops", eur("50.00")), (MONTHLY,), (PaymentMethod("cryptomus", "Cryptomus (crypto)"),))
STATE = WizardState(
    draft=Draft("edis", "122", payment_method="cryptomus", servers=(SERVER,)),
    info=EDIS,
    location_name="Germany",
    catalog=Catalog((PLAN, replace(PLAN, id="1708", name="KVM 3", add_on_groups=()))),
    terms=TERMS,
)
STACK = replace(STATE, draft=replace(STATE.draft, provider="layerstack"), info=LAYERSTACK)
DAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def on(state: WizardState = STATE, **changes: object) -> WizardState:
    return state.with_server(replace(state.server, **changes))  # type: ignore[arg-type]


def paid(cycle: BillingCycle, state: WizardState = STATE) -> WizardState:
    return replace(state, draft=replace(state.draft, billing_cycle=cycle))


def choosing(*cycles: BillingCycle) -> WizardState:
    return replace(STATE, terms=replace(TERMS, billing_cycles=cycles))


def owning(balance: Money | None, *, apply_credit: bool = True) -> WizardState:
    terms = replace(TERMS, account=Account("ops", balance))
    return replace(STATE, terms=terms, draft=replace(STATE.draft, apply_credit=apply_credit))


class TestWhatIsBought:
    def test_every_answer_in_the_order_of_the_steps(self) -> None:
        state = on(add_ons=(ChosenAddOn("additional_ram", "396"), ChosenAddOn("additional_ip", "9", 2)))
        assert [(line.label, line.value, line.amount, line.step) for line in summary.lines(state)] == [
            ("Location", "Germany", "", Step.LOCATION),
            ("Plan", "KVM 2 (2 vCPU, 4 GB RAM, 40 GB, 4 TB)", "12.99 EUR", Step.PLAN),
            ("Additional RAM", "4 GB", "5.00 EUR", Step.ADD_ONS),
            ("Additional IPs", "2 x IPv4", "6.00 EUR", Step.ADD_ONS),
            ("OS image", "Debian 12", "", Step.OS_IMAGE),
            ("Hostname", "web1", "", Step.NAME),
            ("SSH key", LABEL, "", Step.SSH_KEY),
        ]

    def test_add_ons_are_one_line_of_the_pairs(self) -> None:
        state = on(add_ons=(ChosenAddOn("additional_ram", "396"), ChosenAddOn("additional_ip", "9", 2)))
        labels = [label for label, _ in summary.pairs(state)]
        assert labels == ["Location", "Plan", "Add-ons", "OS image", "Hostname", "SSH key"]
        assert dict(summary.pairs(state))["Add-ons"] == "Additional RAM: 4 GB, Additional IPs: 2 x IPv4"
        assert "Add-ons" not in dict(summary.pairs(STATE))

    @pytest.mark.parametrize(
        ("state", "label", "value"),
        [
            (on(ssh_key="", without_key=True), "SSH key", "none"),
            (replace(STATE, draft=replace(STATE.draft, payment_method="cryptomus")), "SSH key", LABEL),
            (STACK, "Root password", "not set yet"),
            (
                replace(STACK, root_passwords=(GIVEN,)),
                "Root password",
                "set, not shown",
            ),
            (STACK, "Label", "web1"),
        ],
    )
    def test_one_answer(self, state: WizardState, label: str, value: str) -> None:
        assert dict(summary.pairs(state))[label] == value

    def test_what_does_not_apply_is_left_out(self) -> None:
        assert "SSH key" not in dict(summary.pairs(on(os="595")))
        assert "Location" not in dict(summary.pairs(STACK))
        assert "Root password" not in dict(summary.pairs(STATE))

    def test_no_add_ons_and_none_to_be_had(self) -> None:
        assert ("Add-ons", "none") in [(line.label, line.value) for line in summary.lines(STATE)]
        assert "Add-ons" not in [line.label for line in summary.lines(on(plan="1708"))]

    def test_unknown_prices_and_estimates_are_called_so(self) -> None:
        boost = [line.amount for line in summary.lines(on(add_ons=(ChosenAddOn("boost", "77"),)))]
        assert "not known" in boost
        ram = paid(QUARTERLY, on(add_ons=(ChosenAddOn("additional_ram", "396"),)))
        assert "about 15.00 EUR" in [line.amount for line in summary.lines(ram)]
        assert "not known" in [line.amount for line in summary.lines(paid(SEMIANNUALLY))]

    def test_two_servers_each_under_its_number(self) -> None:
        second = replace(SERVER, name="desk1", os="595", ssh_key="")
        state = replace(STATE, draft=replace(STATE.draft, servers=(SERVER, second)))
        bought = summary.bought(state)
        assert bought == [
            ("Location", "Germany"),
            ("1. web1", f"KVM 2 (2 vCPU, 4 GB RAM, 40 GB, 4 TB), Debian 12, SSH key {LABEL}"),
            ("2. desk1", "KVM 2 (2 vCPU, 4 GB RAM, 40 GB, 4 TB), Windows 2022"),
        ]

    def test_several_of_one_kind_are_counted(self) -> None:
        lines = {line.label: line for line in summary.lines(on(quantity=2))}
        assert lines["Plan"].value.startswith("2 x KVM 2")
        assert lines["Plan"].amount == str(STATE.plan.prices[MONTHLY] * 2 if STATE.plan else "")

    def test_the_root_password_stands_nowhere(self) -> None:
        state = replace(STACK, root_passwords=(GIVEN,))
        assert "Sesame" not in repr([summary.bought(state), summary.pairs(state), list(summary.lines(state))])

    @pytest.mark.parametrize(
        ("plan", "words"),
        [
            (PLAN, "2 vCPU, 4 GB RAM, 40 GB, 4 TB"),
            (replace(PLAN, ram_mb=512, disk_gb=None), "2 vCPU, 512 MB RAM, 4 TB"),
            (Plan("9", "plan 9", None, None, None, None, {}), ""),
        ],
    )
    def test_size(self, plan: Plan, words: str) -> None:
        assert summary.size(plan) == words

    @pytest.mark.parametrize(("megabytes", "words"), [(None, "?"), (0, "?"), (1024, "1 GB"), (1536, "1536 MB")])
    def test_memory(self, megabytes: int | None, words: str) -> None:
        assert summary.ram(megabytes) == words

    def test_a_key_in_words(self) -> None:
        assert label_of_line(KEY) == LABEL
        assert label_of_line("") == ""

    def test_how_it_is_paid(self) -> None:
        assert summary.payment_method(STATE) == "Cryptomus (crypto)"
        assert summary.payment_method(replace(STATE, terms=None)) == "not chosen"
        other = replace(STATE, draft=replace(STATE.draft, payment_method="cash"))
        assert summary.payment_method(other) == "not chosen"


class TestMoney:
    @pytest.mark.parametrize(
        ("state", "now"),
        [
            (STATE, "12.99 EUR for 1 month, from account credit (37.01 EUR remain)"),
            (owning(eur("12.99")), "12.99 EUR for 1 month, from account credit (0.00 EUR remain)"),
            (owning(eur("12.98")), "12.99 EUR for 1 month; account credit (12.98 EUR) does not cover it"),
            (owning(eur("0.00")), "12.99 EUR for 1 month"),
            (owning(None), "12.99 EUR for 1 month"),
            (owning(Money.parse("50.00", "USD")), "12.99 EUR for 1 month"),
            (owning(eur("50.00"), apply_credit=False), "12.99 EUR for 1 month"),
            (paid(ANNUALLY, owning(None)), "142.89 EUR for 12 months"),
            (paid(SEMIANNUALLY), "not known here; the provider charges its own list price"),
        ],
    )
    def test_what_is_due_now_and_from_where(self, state: WizardState, now: str) -> None:
        assert dict(summary.money_pairs(state, DAY))["Now"] == now

    @pytest.mark.parametrize(
        ("state", "then"),
        [
            (STATE, "12.99 EUR per month, next on 22 Dec 2026"),
            (paid(QUARTERLY), "38.97 EUR every 3 months, next on 22 Feb 2027"),
            (paid(ANNUALLY), "142.89 EUR per year, next on 22 Nov 2027"),
            (paid(SEMIANNUALLY), "not known here"),
        ],
    )
    def test_what_is_due_then_and_when(self, state: WizardState, then: str) -> None:
        assert dict(summary.money_pairs(state, DAY))["Then"] == then

    @pytest.mark.parametrize(
        ("now", "day"),
        [
            (datetime(2026, 11, 30, 22, 30, tzinfo=UTC), "on 30 Dec 2026"),
            (datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "on 1 Jan 2027"),
            (datetime(2026, 7, 31, 21, 30, tzinfo=UTC), "on 31 Aug 2026"),
            (datetime(2026, 7, 31, 22, 30, tzinfo=UTC), "on 1 Sep 2026"),
            (datetime(2026, 12, 1, 8, 30, tzinfo=timezone(timedelta(hours=9))), "on 1 Jan 2027"),
        ],
    )
    def test_a_renewal_goes_by_the_providers_calendar(self, now: datetime, day: str) -> None:
        """In Vienna a day begins one hour before it does in UTC, and two in summer."""
        assert dict(summary.money_pairs(STATE, now))["Then"].endswith(f"next {day}")

    def test_without_the_providers_zone_it_is_about(self) -> None:
        state = replace(STATE, info=replace(EDIS, time_zone=""))
        now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
        assert dict(summary.money_pairs(state, now))["Then"].endswith("next about 30 Dec 2026")
        assert LAYERSTACK.time_zone == ""

    def test_so_it_is_on_a_machine_without_a_table_of_zones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "tzdata", None)
        zoneinfo.reset_tzpath(to=())
        zoneinfo.ZoneInfo.clear_cache()
        try:
            then = dict(summary.money_pairs(STATE, DAY))["Then"]
        finally:
            zoneinfo.reset_tzpath()
            zoneinfo.ZoneInfo.clear_cache()
        assert then.endswith("next about 22 Dec 2026")

    def test_a_month_that_is_too_short(self) -> None:
        quote = STATE.quote()
        assert quote is not None
        assert summary.renewals(quote, date(2026, 1, 31)).endswith("next on 28 Feb 2026")

    def test_an_estimate_says_so_everywhere(self) -> None:
        state = paid(QUARTERLY, on(choosing(*COMMON_CYCLES), add_ons=(ChosenAddOn("additional_ram", "396"),)))
        pairs = dict(summary.money_pairs(state, DAY))
        assert all(pairs[label].startswith("about ") for label in ("Now", "Then"))

    def test_cycles_are_compared_by_the_month_where_there_are_several(self) -> None:
        several = paid(ANNUALLY, choosing(*COMMON_CYCLES))
        compared = dict(summary.money_pairs(several, DAY))["Per month"]
        assert re.findall(r"[0-9]+\.[0-9]{2}", compared) == ["12.99", "12.99", "11.91"]
        assert "EUR" in compared
        assert "Per month" not in dict(summary.money_pairs(STATE, DAY))
        assert "Per month" not in dict(summary.money_pairs(choosing(MONTHLY, SEMIANNUALLY), DAY))

    def test_before_there_is_a_plan_there_is_no_money(self) -> None:
        assert summary.money_pairs(WizardState(), DAY) == []

    def test_credit_is_counted_exactly(self) -> None:
        quote = STATE.quote()
        assert quote is not None
        left = summary.credit_after(owning(eur("12.98")), quote)
        assert left is not None
        assert left.amount == Decimal("-0.01")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class TestNotes:
    @pytest.mark.parametrize(
        "moment",
        [
            at("2026-11-21T23:00:00+00:00"),
            at("2026-11-22T04:14:59.999999+00:00"),
            at("2026-11-22T00:00:00+01:00"),
            at("2026-11-22T05:14:59+01:00"),
            at("2026-11-21T18:00:00-05:00"),
            at("2026-11-22T13:14:59+09:00"),
            at("2026-11-22T04:44:59+05:30"),
            at("2026-07-01T23:00:00+00:00"),
            datetime(2026, 11, 22, 11, 0, tzinfo=timezone(timedelta(hours=11))),
        ],
    )
    def test_while_edis_bills_it_is_said(self, moment: datetime) -> None:
        (note,) = [note for note in summary.notes(STATE, moment) if "billing run" in note]
        assert "00:00 to 05:15 CET" in note

    @pytest.mark.parametrize(
        "moment",
        [
            at("2026-11-21T22:59:59.999999+00:00"),
            at("2026-11-22T04:15:00+00:00"),
            at("2026-11-22T05:15:00+01:00"),
            at("2026-11-21T23:59:59+01:00"),
            at("2026-11-21T17:59:59-05:00"),
            at("2026-11-22T13:15:00+09:00"),
            at("2026-07-01T22:00:00+00:00"),
            at("2026-11-22T00:00:00-05:00"),
        ],
    )
    def test_outside_it_nothing_is(self, moment: datetime) -> None:
        assert [note for note in summary.notes(STATE, moment) if "billing run" in note] == []

    def test_the_other_provider_has_no_such_window(self) -> None:
        night = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
        assert "billing run" not in " ".join(summary.notes(STACK, night))
        assert LAYERSTACK.billing_note in summary.notes(STACK, night)

    def test_credit_that_is_not_to_be_used(self) -> None:
        noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
        assert EDIS.unused_credit_note in summary.notes(owning(None, apply_credit=False), noon)
        assert EDIS.unused_credit_note not in summary.notes(STATE, noon)

    def test_before_there_is_a_price_there_is_nothing_to_note(self) -> None:
        assert summary.notes(WizardState(), datetime(2026, 11, 22, tzinfo=UTC)) == []


def test_a_system_without_security_updates_is_named_among_the_notes_once() -> None:
    old = replace(PLAN, os_images=(OsImage("346", "Debian 9 (Stretch) 64Bit", OsFamily.LINUX), *IMAGES))
    state = replace(on(os="346"), catalog=Catalog((old,)))
    twice = replace(state, draft=replace(state.draft, servers=(state.server, replace(state.server, name="web2"))))
    words = "Debian 9 (Stretch) 64Bit has had no security updates since Jul 2022: better take a newer system."
    assert summary.notes(twice, datetime(2026, 11, 22, tzinfo=UTC)).count(words) == 1
    assert not any("security" in note for note in summary.notes(STATE, datetime(2026, 11, 22, tzinfo=UTC)))
