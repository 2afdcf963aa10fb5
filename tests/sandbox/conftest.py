"""A fresh sandbox for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vps_tui.sandbox.server import Sandbox

from .calls import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in memory that delivers at once; fails the test on a mistake of its own."""
    with Sandbox(delivery_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def call(sandbox: Sandbox) -> Iterator[Caller]:
    """A client of `sandbox`."""
    caller = Caller(sandbox)
    yield caller
    caller.http.close()
