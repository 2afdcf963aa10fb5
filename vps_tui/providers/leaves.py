"""The single values of a JSON document, each with the keys that lead to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

WRAPPERS = frozenset(
    {
        "data", "result", "results", "response", "payload", "body", "attributes", "details", "detail", "info",
        "meta", "content", "value", "output", "return", "reply", "answer",
    }
)  # fmt: skip
"""Keys that name no thing of their own, as they are after `plain`."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value; an empty object or list counts as null."""

    keys: tuple[str, ...]
    """From the outermost to the nearest, as they came; places in lists are left out."""
    value: Any

    @property
    def key(self) -> str:
        """The nearest key, `plain`; empty for a value that has none."""
        return plain(self.keys[-1]) if self.keys else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The keys that name a thing, `plain`, from the nearest to the outermost."""
        names = (plain(key) for key in reversed(self.keys))
        return tuple(name for name in names if name and name not in WRAPPERS and not name.isdigit())


def leaves(document: Any) -> Iterator[Leaf]:
    """Yield the values in `document` in their order, however deep they are."""
    left: list[tuple[tuple[str, ...], Any]] = [((), document)]
    while left:
        keys, value = left.pop()
        if isinstance(value, dict) and value:
            left.extend(((*keys, str(key)), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list) and value:
            left.extend((keys, inner) for inner in reversed(value))
        else:
            yield Leaf(keys, None if value in ({}, []) else value)


@lru_cache(4096)
def plain(key: str) -> str:
    """Return `key` in one spelling: `order_id`, `orderId` and `Order-ID` are one key."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", key).casefold()))
