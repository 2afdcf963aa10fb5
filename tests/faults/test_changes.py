"""What was quoted is not what is sold any more, or costs more than it may: nothing is sent, and it says why."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from providers.loopback import Answer, Request, http_reply, sending

from vps_tui.files.locations import config_folder
from vps_tui.journal import Journal
from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .program import PROVIDERS, Program, Run

both = pytest.mark.parametrize("provider", PROVIDERS)

Change = Callable[[Any], None]


def from_the_second_on(gate: Gate, path: str, change: Change) -> None:
    """Change the JSON that answers `path`, but for the first time it is asked for."""
    passing, seen = gate.route, [0]

    def route(request: Request) -> Answer:
        if request.path != path:
            return passing(request)
        seen[0] += 1
        if seen[0] == 1:
            return passing(request)
        body = json.loads(gate.passed_on(request).partition(b"\r\n\r\n")[2])
        change(body)
        return sending(http_reply(200, body))

    gate.route = route


def label_of(body: Any) -> str:
    """Return under which label get/products lists the plan that the order files name."""
    return next(str(label) for label, plan in body["products"].items() if str(plan.get("id")) == "1707")


def stopped(run: Run, gate: Gate, *words: str) -> None:
    """Check that nothing was sent, and that the message says these."""
    assert (run.code, run.document["outcome"], gate.paid) == (1, "not_sent", 0), run
    for word in words:
        assert word in run.document["message"], run


def test_price_moved(program: Program, gate: Gate, sandbox: Sandbox) -> None:
    """Old and new price stand side by side."""
    sandbox.set_faults(["price-moved"])
    run = program.order(program.file("edis"))
    stopped(run, gate, "The price has changed", f"{run.document['quote']['recurring']} EUR")
    later = program("--config", program.config(), "quote", program.file("edis"), "--json").document["recurring"]
    assert later != run.document["quote"]["recurring"]
    assert f"{later} EUR per month now" in run.document["message"]
    assert [entry["outcome"] for entry in program.journal().values()] == ["not_sent"]


def test_price_of_the_catalogue_file_moved(
    program: Program, gate: Gate, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    """LayerStack's prices stand in a file, which somebody may mend in the same moment."""
    path, prepare = config_folder() / "layerstack-catalog.toml", Journal.prepare

    def mending(*arguments: Any, **options: Any) -> Any:
        path.write_text(path.read_text().replace('monthly = "8.00"', 'monthly = "8.01"'))
        return prepare(*arguments, **options)

    monkeypatch.setattr(Journal, "prepare", mending)
    stopped(program.order(program.file("layerstack")), gate, "8.00 USD", "8.01 USD")
    assert sandbox.ledger.cart("XX-55501234") == {}


@pytest.mark.parametrize(
    ("written", "mended", "said"),
    [
        ("ram_mb = 2048", "ram_mb = 1024", "RAM: 2048 MB when you confirmed, 1024 MB now."),
        ('region = "HK"', 'region = "SG"', "Region: HK when you confirmed, SG now."),
        ('name = "Debian 12', 'name = "Debian 13', "when you confirmed, Debian 13"),
    ],
)
def test_catalogue_file_describes_another_server(
    program: Program, gate: Gate, monkeypatch: pytest.MonkeyPatch, written: str, mended: str, said: str
) -> None:
    """The ids and the price are what they were."""
    path, prepare = config_folder() / "layerstack-catalog.toml", Journal.prepare
    assert written in path.read_text()

    def mending(*arguments: Any, **options: Any) -> Any:
        path.write_text(path.read_text().replace(written, mended))
        return prepare(*arguments, **options)

    monkeypatch.setattr(Journal, "prepare", mending)
    stopped(program.order(program.file("layerstack")), gate, said)


def test_plan_gone(program: Program, gate: Gate) -> None:
    """It was sold when it was quoted."""

    def change(body: Any) -> None:
        del body["products"][label_of(body)]

    from_the_second_on(gate, "/kvm/v2/get/products", change)
    stopped(program.order(program.file("edis")), gate, "plan is no longer sold")


def test_os_image_gone(program: Program, gate: Gate) -> None:
    """The plan is there without it."""

    def change(body: Any) -> None:
        groups = body["products"][label_of(body)]["addons"].values()
        assert sum(group.pop("208", None) is not None for group in groups) == 1

    from_the_second_on(gate, "/kvm/v2/get/products", change)
    stopped(program.order(program.file("edis")), gate, "OS image is no longer offered")


def test_location_sold_out(program: Program, gate: Gate) -> None:
    """It was in stock when it was quoted."""

    def change(body: Any) -> None:
        found = [place for place in body["locations"].values() if str(place["id"]) == "122"]
        assert found
        for place in found:
            place["out_of_stock"] = True

    from_the_second_on(gate, "/kvm/v2/get/locations", change)
    stopped(program.order(program.file("edis")), gate, "sold out since you chose it")


def test_price_that_cannot_be_read_once_more(program: Program, gate: Gate) -> None:
    """Not knowing is not the same as unchanged."""
    from_the_second_on(gate, "/kvm/v2/get/products", lambda body: body.update(status="error", message="No."))
    stopped(program.order(program.file("edis")), gate, "could not be looked at once more")


@both
@pytest.mark.parametrize(
    ("most", "code"), [("7.99", 1), ("0", 1), ("1000 GBP", 1), ("100", 0), ("nonsense", 2), ("-1", 2)]
)
def test_max_total(provider: str, most: str, code: int, program: Program, gate: Gate) -> None:
    """An order above it is not sent; an amount that cannot be compared is no permission."""
    run = program.order(program.file(provider), f"--max-total={most}")
    assert (run.code, gate.paid) == (code, 1 if code == 0 else 0), run
    if code == 1:
        stopped(run, gate, "--max-total")


@both
def test_ceiling_of_the_configuration(provider: str, program: Program, gate: Gate) -> None:
    """It holds where the command line sets none."""
    path = program.config()
    path.write_text('[defaults]\nmax_total = "5.00"\n')
    stopped(program.order(program.file(provider)), gate, "at most 5.00 is allowed")
    assert program.order(program.file(provider), "--max-total", "50").code == 0


def test_unknown_price(program: Program, gate: Gate) -> None:
    """Without a catalogue nobody knows what LayerStack will charge: that must be said to be all right."""
    (config_folder() / "layerstack-catalog.toml").unlink()
    file = program.file("layerstack")
    stopped(program.order(file), gate, "Not every price is known", "--allow-unknown-price")
    stopped(program.order(file, "--allow-unknown-price", "--max-total", "500"), gate, "is not known")
    run = program.order(file, "--allow-unknown-price")
    assert (run.code, run.document["outcome"], gate.paid) == (0, "placed", 1), run
