"""An id that is typed is the number that is sent, on every way in."""

from __future__ import annotations

import pytest

from vps_tui.core.typed_ids import typed_id


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("102", "102"),
        ("0102", "102"),
        ("0", "0"),
        ("9" * 15, "9" * 15),
        *((text, "") for text in ("", "x", "1x", "-1", "1.0", " 102", "\u0661", "1" * 16)),
    ],
)
def test_it_is_a_number_without_leading_zeros(text: str, id_: str) -> None:
    assert typed_id(text) == id_


def test_what_is_listed_is_taken_as_it_is() -> None:
    assert typed_id("007", {"007"}) == "007"
    assert typed_id("vm-small", {"vm-small"}) == "vm-small"
