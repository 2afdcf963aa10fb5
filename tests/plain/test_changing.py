"""The servers one has in lines: the same questions, the same words to type, the same four outcomes."""

from __future__ import annotations

from vps_tui.journal import State
from vps_tui.services.sandbox_backend import SandboxBackend

from .dialogue import After, fresh_folder, sandbox, talk

CALLS = ("/add/upgrade", "/cancel/product", "/order/changeorder", "/order/switch/4158")
MACHINE = "kvm_112234_312845"


def change_calls(backend: SandboxBackend) -> int:
    assert backend._server is not None
    return sum(request.route.endswith(CALLS) for request in backend._server.requests)


def test_an_upgrade() -> None:
    backend = sandbox()
    spoken = talk(backend, "s", "1", "1", "1", "advanced plus", "", "", "", "yes")
    assert "4.99 EUR per month, next due 2026-" in spoken.words
    assert "35.99 EUR, difference +31.00 EUR" in spoken.words
    assert "reckoned here, the invoice decides" in spoken.words
    assert "Type yes to change it, then Enter [b back" in spoken.words
    assert f"{MACHINE}: Upgrade ordered." in spoken.words
    assert (spoken.code, change_calls(backend)) == (0, 1)
    (entry,) = spoken.flow.journal.entries()
    assert (entry.purchase.kind, entry.state) == ("upgrade", State.PLACED)


def test_a_cancellation_wants_the_name_and_not_yes() -> None:
    backend = sandbox()
    spoken = talk(
        backend, "s", "1", "1", "3", "2", "", "yes", "b", "b", "1", "", After("Its name or id", MACHINE), "s"
    )
    assert (
        "Nothing was changed. Type kvm_112234_312845 or 312845 in full to cancel it, or b to go back." in spoken.words
    )
    assert "Its data is deleted 6 days after termination" in spoken.words
    assert "Cancelled" in spoken.words
    assert spoken.words.count("Which of your servers at EDIS Global?") == 2
    assert change_calls(backend) == 1
    assert spoken.code == 0
    assert spoken.words.endswith(f"orders show {spoken.flow.journal.entries()[0].reference}")
    (entry,) = spoken.flow.journal.entries()
    assert entry.purchase.change["when"] == "at-end-of-period"


def test_the_question_whose_servers_is_gone_back_from() -> None:
    spoken = talk(sandbox(), "s", "b", "1")
    assert spoken.words.count("Where do you want to order a server?") == 2
    assert spoken.words.count("At which provider are your servers?") == 1
    assert "Where should the server stand?" in spoken.words


def test_an_add_on_by_a_typed_subscription() -> None:
    backend = sandbox(None, "missing-fields")
    spoken = talk(backend, "s", "2", "1", "2", "", "", "", "1", "", "", "x", "4158", "", "yes")
    assert "choose at least one unit of something" in spoken.words
    assert "A subscription id is a whole number" in spoken.words
    assert "both included" in spoken.words
    assert "db1: Added." in spoken.words
    assert (spoken.code, change_calls(backend)) == (0, 1)


def test_an_unknown_change_opens_the_next_start_and_is_settled_by_hand() -> None:
    folder = fresh_folder()
    first = talk(sandbox(folder, "reply-lost"), "s", "1", "1", "3", "1", "", "312845")
    assert first.code == 4
    backend = sandbox(folder)
    spoken = talk(backend, "h", "2")
    assert "It is not known whether this was cancelled" in spoken.words
    assert "2. It was made" in spoken.words
    assert (spoken.code, change_calls(backend)) == (0, 0)
    (entry,) = spoken.flow.journal.entries()
    assert (entry.state, entry.settled_by) == (State.PLACED, "hand")


def test_what_cannot_be_had_goes_back_from_its_price() -> None:
    backend = sandbox(None, "unavailable")
    spoken = talk(backend, "s", "2", "1", "1", "S108", "", "")
    assert "LayerStack says that this change is not available. Nothing was changed." in spoken.words
    assert spoken.words.count("Subscription id of db1") == 2
    assert spoken.words.endswith("Nothing was changed.")
    assert (spoken.code, change_calls(backend)) == (3, 0)
