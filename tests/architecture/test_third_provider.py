"""A further provider is one package, one line in the registry, and one for its stand-in in the sandbox."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import manual
import pytest
from plain.dialogue import fresh_folder, talk

from vps_tui.cli import main
from vps_tui.core.billing_cycle import BillingCycle
from vps_tui.core.errors import UsageError
from vps_tui.core.steps import Step
from vps_tui.journal import FILE_NAME, Journal
from vps_tui.providers import registry
from vps_tui.providers.models import Account
from vps_tui.sandbox import stand_ins
from vps_tui.sandbox.messages import Call, Recorded, Reply
from vps_tui.services.live_backend import LiveBackend
from vps_tui.services.sandbox_backend import SandboxBackend
from vps_tui.wizard.state import WizardState

from .toy_servers.client import ToyClient
from .toy_servers.info import PROVIDER as TOY
from .toy_servers.stand_in import ToyStandIn

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"
ORDER = f"""version = 1
provider = "toy"
location = "north-1"
billing_cycle = "biennially"
payment_method = "cash"

[[server]]
name = "web1"
plan = "nano"
os = "debian-13"
ssh_key = "{KEY}"
snapshots = "daily"
"""


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add it as a real one is added: an entry for the package, and one for the stand-in."""
    package = f"{__package__}.toy_servers"
    monkeypatch.setitem(registry.MODULES, "toy", package)
    monkeypatch.setitem(stand_ins.MODULES, "toy", f"{package}.stand_in")


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[Recorded]:
    """Record what asks the stand-in to order."""
    found: list[Recorded] = []
    answer = ToyStandIn.answer

    def recorded(self: ToyStandIn, call: Call) -> Reply:
        found.extend([call.request] if call.operation == "order" else [])
        return answer(self, call)

    monkeypatch.setattr(ToyStandIn, "answer", recorded)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "web1.toml").write_text(ORDER)
    return tmp_path / "web1.toml"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Run a command in the sandbox; return its exit code and what it said."""
    capsys.readouterr()
    try:
        code = main.main(["--sandbox", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 0
    out, err = capsys.readouterr()
    return code, out or err


def test_the_registry_describes_it() -> None:
    assert registry.provider_info("toy") is TOY
    assert [info.id for info in registry.all_providers()] == ["edis", "layerstack", "toy"]


def test_an_unknown_one_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        registry.provider_info("nowhere")
    assert caught.value.hint == "Use one of: edis, layerstack, toy."


def test_a_module_without_a_description_is_a_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.MODULES, "toy", "broken_toys")
    monkeypatch.setitem(sys.modules, "broken_toys.info", ModuleType("broken_toys.info"))
    with pytest.raises(AttributeError):
        registry.provider_info("toy")
    sys.modules["broken_toys.info"].PROVIDER = "toy"  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match="is not a ProviderInfo"):
        registry.provider_info("toy")


def test_the_help_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "order from EDIS Global or LayerStack or Toy Servers" in run(capsys, "--help")[1]
    said = run(capsys, "catalog", "--help")[1]
    assert "vps-tui catalog toy --location north-1" in said
    assert "edis or layerstack or toy" in said
    assert "biennially" in said


def test_the_manual_page_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    # The page's text is made once a process, perhaps before this provider was there.
    for module in ("text", "page"):
        monkeypatch.delattr(manual, module, raising=False)
        monkeypatch.delitem(sys.modules, f"manual.{module}", raising=False)
    made: str = import_module("manual.page").page()
    assert "VPS_TUI_TOY_PIN" in made.replace("\\", "")


async def test_the_live_backend_offers_and_opens_it(tmp_path: Path) -> None:
    backend = LiveBackend({"VPS_TUI_TOY_USER": "ann", "VPS_TUI_TOY_PIN": "1234"}, tmp_path, tmp_path)
    assert TOY in backend.providers()
    assert backend.credentials_known(TOY)
    assert backend.known_fields(TOY) == {"user": "ann"}
    session = await backend.open(TOY, {"pin": "9999"})
    assert await session.account() == Account("ann")
    client = session.provider
    assert isinstance(client, ToyClient)
    assert client.connection.urls == {"api": "https://toy.example"}
    assert client.connection.credentials["pin"].reveal() == "9999"
    assert client.connection.catalog_file is None
    await session.aclose()


async def test_its_address_can_be_set_and_its_credentials_are_wanted(tmp_path: Path) -> None:
    backend = LiveBackend({"VPS_TUI_TOY_URL": "http://127.0.0.1:1", "VPS_TUI_TOY_USER": "ann"}, tmp_path, tmp_path)
    assert not backend.credentials_known(TOY)
    with pytest.raises(UsageError):
        await backend.open(TOY, {})
    await (await backend.open(TOY, {"pin": "1"})).aclose()


def test_the_catalogue_in_the_sandbox(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "catalog", "toy", "--location", "north-1", "--json")
    found = json.loads(said)
    assert code == 0
    assert [place["id"] for place in found["locations"]] == ["north-1", "south-2"]
    assert found["plans"][0]["prices"] == {"monthly": "3.00", "biennially": "60.00"}
    assert found["billing_cycles"] == ["monthly", "biennially"]
    code, said = run(capsys, "catalog", "toy", "--location", "north-1")
    assert code == 0
    assert "EVERY 24 MONTHS" in said


def test_the_cheapest_by_its_own_billing_cycle(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "catalog", "toy", "--cheapest", "--cycle", "biennially", "--json")
    assert code == 0
    (offer,) = json.loads(said)["offers"]
    assert (offer["price"], offer["per_month"], offer["billing_cycle"]) == ("60.00", "2.50", "biennially")


def test_a_quote(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    code, said = run(capsys, "quote", file, "--json")
    quote = json.loads(said)
    assert code == 0
    assert (quote["billing_cycle"], quote["recurring"], quote["per_month"]) == ("biennially", "80.00", "3.33")
    assert quote["complete"] is True
    assert "every 24 months" in run(capsys, "quote", file)[1]


def test_an_order_carries_the_journals_reference(
    capsys: pytest.CaptureFixture[str], file: Path, orders: list[Recorded]
) -> None:
    code, said = run(capsys, "order", file, "--yes", "--json")
    order = json.loads(said)
    assert (code, order["outcome"], order["order_id"]) == (0, "placed", "ord-17001")
    (request,) = orders
    assert request.headers["Idempotency-Key"] == order["reference"]
    body = json.loads(request.body)
    assert (body["place"], body["months"], body["items"][0]["snapshots"]) == ("north-1", 24, "daily")
    shown = json.loads(run(capsys, "orders", "--json")[1])["orders"][0]
    assert (shown["provider"], shown["total"]) == ("toy", "80.00")
    assert run(capsys, "orders", "show", order["reference"])[0] == 0


def test_an_order_that_got_lost_is_looked_for(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    code, said = run(capsys, "--fault", "reply-lost", "order", file, "--yes", "--json")
    assert (code, json.loads(said)["outcome"]) == (4, "unknown")
    checked = run(capsys, "orders", "check", json.loads(said)["reference"], "--json")
    assert (checked[0], json.loads(checked[1])["sighting"]) == (4, "not yet")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('snapshots = "daily"', "additional_ip = 9", "only an order with edis has this key, not one with toy"),
        ('location = "north-1"\n', "", "location: is missing"),
        ('"biennially"', '"quarterly"', "must be one of: monthly, biennially"),
        ('snapshots = "daily"', 'pin = "1"', "VPS_TUI_TOY_PIN"),
    ],
)
def test_its_order_file_is_read_strictly(
    capsys: pytest.CaptureFixture[str], file: Path, old: str, new: str, words: str
) -> None:
    file.write_text(ORDER.replace(old, new))
    code, said = run(capsys, "quote", file)
    assert code == 2
    assert words in said


@pytest.mark.parametrize(
    "arguments",
    [("servers", "toy"), ("change", "toy", "web1", "--plan", "nano"), ("cancel", "toy", "x", "--immediately")],
)
def test_without_a_call_that_changes_servers_it_says_so(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    code, said = run(capsys, *arguments)
    assert code == 2
    assert "Toy Servers has no call that lists or changes servers" in said


async def test_the_sandbox_says_for_whom_it_does_not_stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(stand_ins.MODULES, "toy")
    backend = SandboxBackend(fresh_folder(), forget=True)
    assert TOY not in backend.providers()
    with pytest.raises(UsageError, match="does not stand in for Toy Servers"):
        await backend.open(TOY, {})


def test_an_order_in_lines(orders: list[Recorded]) -> None:
    """Provider, place, plan, system, name, add-ons, SSH key, cost with another billing cycle, confirmation."""
    folder = fresh_folder()
    backend = SandboxBackend(folder)
    spoken = talk(backend, "toy", "far north", "nano", "debian", "web1", "", "5", "billing", "biennially", "", "yes")
    assert Journal(folder / FILE_NAME).entries(), spoken.text
    (entry,) = Journal(folder / FILE_NAME).entries()
    assert spoken.flow is not None
    assert entry.outcome.order_id == "ord-17001", spoken.text
    assert orders[0].headers["Idempotency-Key"] == entry.reference


def test_the_wizard_walks_its_steps() -> None:
    state = WizardState().with_provider(TOY, credentials_known=True).forward()
    assert state.step is Step.LOCATION
    assert state.draft.provider == "toy"


@pytest.mark.parametrize(
    "word", ["monthly", "quarterly", "semiannually", "annually", "biennially", "18-monthly", "hourly"]
)
def test_a_billing_cycle_is_its_word(word: str) -> None:
    cycle = BillingCycle(word)
    assert (cycle, cycle.value, json.dumps(cycle)) == (word, word, f'"{word}"')
    assert not cycle.months or BillingCycle.of_months(cycle.months) == cycle


@pytest.mark.parametrize(
    "word", ["", "fortnightly", "1-monthly", "024-monthly", "24-monthly", "121-monthly", "Monthly"]
)
def test_another_word_is_none(word: str) -> None:
    with pytest.raises(ValueError, match="billing cycle"):
        BillingCycle(word)
