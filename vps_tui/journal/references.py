"""The names of orders: short enough to be said on the telephone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from vps_tui.core.errors import UsageError
from vps_tui.core.nearest import nearest
from vps_tui.core.text import clean

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's: none of them is taken for another when read or heard."""
_MISREAD = str.maketrans("ilo", "110")


def new_reference(now: datetime) -> str:
    """Return a random reference for an order of the day `now`, such as "1122-k7qf"."""
    import secrets

    return f"{now:%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(4))


def normal(text: str) -> str:
    """Return `text` as a reference would be written."""
    return text.strip().lower().translate(_MISREAD)


def listed(text: str) -> tuple[str, ...]:
    """Return the references in `text`, which separates them by commas."""
    return tuple(name for name in (normal(part) for part in text.split(",")) if name)


def matching(text: str, known: Iterable[str]) -> str:
    """Return the one of `known` that `text` names or begins; raises `UsageError` naming the nearest."""
    wanted, references = normal(text), sorted(known)
    if wanted in references:
        return wanted
    found = [reference for reference in references if wanted and reference.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    shown = clean(text)
    if found:
        raise UsageError(f'"{shown}" begins several references.', hint=f"Say which: {', '.join(found[:10])}.")
    if not references:
        raise UsageError(f'There is no order "{shown}": no order has been recorded yet.')
    near = nearest(wanted, references, likeness=0.0)
    raise UsageError(f'There is no order "{shown}".', hint=f"The nearest reference is {near}.")
