"""A further provider is one entry in the registry: everything else works with it unchanged."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from vps_tui.core import pricing
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.catalog import Catalog, Location
from vps_tui.core.draft import Draft
from vps_tui.core.errors import UsageError
from vps_tui.core.outcome import Outcome, OutcomeKind
from vps_tui.core.pricing import Quote
from vps_tui.core.steps import Step
from vps_tui.providers import registry
from vps_tui.providers.delivery import Awaited, Delivery, of_listing
from vps_tui.providers.info import ProviderInfo, SignInField
from vps_tui.providers.models import Account, Connection, Listing, PaymentMethod, TypedIds
from vps_tui.providers.paid_call import Prepared
from vps_tui.providers.protocol import PaidCall, Provider
from vps_tui.services.live_backend import LiveBackend
from vps_tui.wizard.state import WizardState


class ToyClient:
    """A provider that sells one thing in one place."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.closed = False

    async def account(self) -> Account:
        return Account(self.connection.credentials["user"].reveal())

    async def locations(self) -> tuple[Location, ...]:
        return (Location("1", "Here"),)

    async def catalog(self, location: str) -> Catalog:
        return Catalog((), f"at {location}")

    async def remember(self, typed: TypedIds) -> None:
        raise AssertionError("nobody is asked for ids")

    async def billing_cycles(self) -> tuple[BillingCycle, ...]:
        return (BillingCycle.MONTHLY,)

    async def payment_methods(self) -> tuple[PaymentMethod, ...]:
        return (PaymentMethod("cash", "Cash"),)

    async def quote(self, draft: Draft, catalog: Catalog) -> Quote:
        return pricing.quote(draft, catalog)

    @property
    def account_name(self) -> str:
        return self.connection.credentials["user"].reveal()

    def request_text(self, draft: Draft) -> str:
        return draft.server.name

    async def prepare(self, draft: Draft, root_passwords: tuple[object, ...] = ()) -> PaidCall:
        async def send(_reference: str) -> Outcome:
            return Outcome(OutcomeKind.PLACED, order_id=draft.provider)

        return Prepared(send)

    async def find(self, draft: Draft) -> Listing:
        return Listing()

    async def deliveries(self, awaited: Awaited) -> tuple[Delivery, ...]:
        return of_listing(awaited, (), "Toy Servers", "the toy box")

    async def aclose(self) -> None:
        self.closed = True


CONNECTED: list[ToyClient] = []


def connect(connection: Connection) -> Provider:
    CONNECTED.append(ToyClient(connection))
    return CONNECTED[-1]


TOY = ProviderInfo(
    id="toy",
    name="Toy Servers",
    summary="Servers to play with.",
    sign_in=(
        SignInField("user", "User", "VPS_TUI_TOY_USER", secret=False),
        SignInField("pin", "PIN", "VPS_TUI_TOY_PIN", secret=True),
    ),
    sign_in_help=("Ask a child.",),
    urls={"api": ("VPS_TUI_TOY_URL", "https://toy.example")},
    connect=connect,
    name_word="Name",
    name_help="Anything.",
    name_problem=lambda _: None,
    has_locations=False,
)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the toy provider as a real one is added: a module, and one entry."""
    module = ModuleType("toy_servers")
    module.PROVIDER = TOY  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "toy_servers", module)
    monkeypatch.setitem(registry.MODULES, "toy", "toy_servers")
    CONNECTED.clear()


def test_the_registry_describes_it() -> None:
    assert registry.provider_info("toy") is TOY
    assert [info.id for info in registry.all_providers()] == ["edis", "layerstack", "toy"]


def test_an_unknown_one_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        registry.provider_info("nowhere")
    assert caught.value.hint == "Use one of: edis, layerstack, toy."


def test_a_module_without_a_description_is_a_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "toy_servers", ModuleType("toy_servers"))
    with pytest.raises(AttributeError):
        registry.provider_info("toy")
    sys.modules["toy_servers"].PROVIDER = "toy"  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="is not a ProviderInfo"):
        registry.provider_info("toy")


async def test_the_live_backend_offers_and_opens_it(tmp_path: Path) -> None:
    backend = LiveBackend({"VPS_TUI_TOY_USER": "ann", "VPS_TUI_TOY_PIN": "1234"}, tmp_path, tmp_path)
    assert TOY in backend.providers()
    assert backend.credentials_known(TOY)
    assert backend.known_fields(TOY) == {"user": "ann"}
    session = await backend.open(TOY, {"pin": "9999"})
    session.begin()
    assert (await session.terms()).account == Account("ann")
    call = await session.prepare(Draft("toy"), ())
    assert not isinstance(call, Outcome)
    assert (await call.send()).order_id == "toy"
    await session.aclose()
    (client,) = CONNECTED
    assert client.closed
    assert client.connection.urls == {"api": "https://toy.example"}
    assert client.connection.credentials["pin"].reveal() == "9999"


async def test_without_a_call_that_changes_servers_it_says_so(tmp_path: Path) -> None:
    """It need not know that there is such a thing."""
    backend = LiveBackend({"VPS_TUI_TOY_USER": "ann", "VPS_TUI_TOY_PIN": "1234"}, tmp_path, tmp_path)
    session = await backend.open(TOY, {})
    with pytest.raises(UsageError, match="Toy Servers has no call that lists or changes servers") as caught:
        await session.owned()
    assert caught.value.money == "Nothing was changed."
    await session.aclose()


async def test_its_address_can_be_set_and_its_credentials_are_wanted(tmp_path: Path) -> None:
    backend = LiveBackend({"VPS_TUI_TOY_URL": "http://127.0.0.1:1", "VPS_TUI_TOY_USER": "ann"}, tmp_path, tmp_path)
    assert not backend.credentials_known(TOY)
    with pytest.raises(UsageError):
        await backend.open(TOY, {})
    await (await backend.open(TOY, {"pin": "1"})).aclose()
    assert CONNECTED[0].connection.urls == {"api": "http://127.0.0.1:1"}


def test_the_wizard_walks_its_steps() -> None:
    state = WizardState().with_provider(TOY, credentials_known=True).forward()
    assert state.step is Step.PLAN
    assert state.draft.provider == "toy"
