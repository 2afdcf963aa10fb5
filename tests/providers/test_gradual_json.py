"""Reading JSON member by member gives what the standard library gives, or refuses what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.providers.incremental_json import loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.sampled_from([None, 1, "\t"]))
def test_reads_what_the_standard_library_wrote(value: Any, indent: int | str | None) -> None:
    assert loads(json.dumps(value, indent=indent)) == value


def test_numbers_with_a_point_stay_text() -> None:
    assert loads('{"a": {"b": [1.50, 2]}}') == {"a": {"b": ["1.50", 2]}}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[", "{}x", "[1,]", "[1 2]", '{"a"}', '{"a" 1}', "{1: 2}", '{"a": 1,}', '{"a": {"b": }}', "nope"],
)
def test_refuses_what_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        json.loads(text)
    with pytest.raises(ValueError, match=r"."):
        loads(text)
