"""Several servers in one order whose reply is lost: reading settles it only when every one of them is listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from vps_tui.sandbox.server import Sandbox

from .gate import Gate
from .program import PROVIDERS, Program, names

FILES = Path(__file__).parent.parent / "data" / "order-files"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("complete", [True, False])
def test_a_lost_reply(
    program: Program, gate: Gate, sandbox: Sandbox, tmp_path: Path, provider: str, *, complete: bool
) -> None:
    file = tmp_path / "several.toml"
    # The gate passes on one plan of EDIS's alone.
    file.write_text((FILES / f"{provider}-several.toml").read_text().replace("plan = 1717", "plan = 1707"))
    sandbox.set_faults(["reply-lost"] if complete else ["partial", "reply-lost"])
    lost = program.order(file)
    assert (lost.code, lost.document["outcome"], gate.paid) == (4, "unknown", 1)
    assert lost.document["servers"][0]["service_id"] is None
    sandbox.set_faults([])
    reference = lost.document["reference"]
    looked = program("--config", program.config(), "orders", "check", reference, "--json")
    (order,) = sandbox.ledger.orders()
    ids = [str(service) for service in order.service_ids]
    if complete:
        assert (looked.code, looked.document["outcome"]) == (0, "placed")
        assert looked.document["service_ids"] == ids
        assert looked.document["servers"] == [
            {"name": name, "service_id": service} for name, service in zip(order.labels, ids, strict=True)
        ]
    else:
        assert (looked.code, looked.document["outcome"]) == (4, "unknown")
        assert looked.document["found"] == "2 of 3 servers are listed."
        assert looked.document["service_ids"] == []
    # Nobody orders any of the three again by accident meanwhile.
    again = program.order(file)
    assert (again.code, gate.paid, len(names(sandbox))) == (1, 1, 3 if complete else 2)
