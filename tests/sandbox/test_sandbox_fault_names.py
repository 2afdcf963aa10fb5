"""How faults are written, and what is said about a wrong one."""

from __future__ import annotations

import pytest

from vps_tui.sandbox.faults import FAULTS, OPERATIONS, Fault, parse


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_of_the_catalogue_can_be_parsed(name: str) -> None:
    text = name.replace("http-NNN", "http-404").replace("NNN", "302").replace("SECONDS", "1.5")
    assert parse(text).name in (name, name.rpartition("-")[0])


def test_every_part_of_a_fault_is_read() -> None:
    assert parse("http-404:get/products*2") == Fault("http", 404, 0.0, "get/products", 2)
    assert parse(" slow-0.5 ") == Fault("slow", 0, 0.5)
    assert parse("slow:/cloudserver/") == Fault("slow", 0, 3.0, "cloudserver")
    assert parse("reply-lost*3") == Fault("reply-lost", count=3)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("out-of-stok", "'out-of-stock'"),
        ("htp-500", "'http-500'"),
        ("http-NNN", "'http-NNN'"),
        ("http-200", "from 400 to 599"),
        ("http-600", "from 400 to 599"),
        ("redirect-304", "301, 302, 303, 307 or 308"),
        ("reset:get/product", "'get/products'"),
        ("declined-card:get/products", "add/order, order"),
        ("smaller-plans", "'smaller-plan'"),
        ("mixed-currency", "'mixed-currencies'"),
        ("other-image:add/order", "get/products"),
        ("reset*0", "whole number from 1"),
        ("reset*x", "whole number from 1"),
        ("", "NAME:OPERATION"),
        ("reset:", "NAME:OPERATION"),
    ],
)
def test_a_wrong_fault_is_refused_with_a_way_out(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        parse(text)
    assert hint in str(refused.value)


def test_every_operation_can_be_named() -> None:
    assert {parse(f"slow:{operation}").operation for operation in OPERATIONS} == OPERATIONS
