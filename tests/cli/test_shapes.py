"""What compares documents with the contract notices each way in which one can be otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from .shapes import AMOUNT, ERROR, PRICES, QUOTE, differences

GOOD: dict[str, Any] = {
    "provider": "edis",
    "currency": "EUR",
    "billing_cycle": "monthly",
    "complete": True,
    "lines": [{"label": "KVM", "amount": "12.99", "kind": "recurring"}],
    "due_now": "12.99",
    "recurring": None,
    "per_month": "12.99",
    "servers": [{"name": "web1", "plan": "KVM", "os": "Debian", "ssh_key_fingerprint": None}],
    "notes": ["a note"],
}


def test_a_good_one_passes() -> None:
    assert differences(GOOD, QUOTE) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"total": "1.00"}, "document.total"),
        ({"complete": "true"}, "document.complete"),
        ({"complete": 1}, "document.complete"),
        ({"due_now": 12.99}, "document.due_now"),
        ({"due_now": "12,99"}, "document.due_now"),
        ({"lines": [{"label": "KVM", "amount": "12.99"}]}, "document.lines[0].kind"),
        ({"lines": {}}, "document.lines"),
        ({"notes": [""]}, "document.notes[0]"),
        ({"notes": ["two\nlines"]}, "document.notes[0]"),
        ({"servers": [[]]}, "document.servers[0]"),
        ({"billing_cycle": "weekly"}, "document.billing_cycle"),
    ],
)
def test_each_difference_is_placed(change: dict[str, Any], place: str) -> None:
    (found,) = differences(GOOD | change, QUOTE)
    assert found.startswith(f"{place} ")


def test_a_missing_key_is_one() -> None:
    assert differences({"error": {"title": "x", "message": "y"}}, ERROR) == ["document.error.hint is missing"]
    assert differences({}, PRICES) == []
    assert differences({"weekly": "1.00"}, PRICES) == ["document.weekly is not in the contract"]
    assert differences({"Disk": ["1.00", "x"]}, {"*": [AMOUNT]}) == ["document.Disk[1] is 'x'"]
