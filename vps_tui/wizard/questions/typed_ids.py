"""Question: the ids of a plan and an OS image, from the provider's documentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from vps_tui.core.catalog import OsFamily
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.models import TypedIds
from vps_tui.wizard.questions.choices import Choice, Column

NOTE = "A plan given by its id has no price here; the provider charges its own."
WRONG = "That is none of them."
COLUMNS = (Column("KIND OF PLAN", flexible=True),)


@dataclass(frozen=True, slots=True)
class IdField:
    """One thing to type."""

    key: str
    label: str
    help_text: str
    usual: str = ""


FIELDS = (
    IdField("plan", "Plan id", "A number."),
    IdField("os", "OS image id", "A number, also called OS template id."),
    IdField("family", "System", "linux, windows or other.", OsFamily.LINUX.value),
    IdField("currency", "Currency", "For an account's first order, such as usd; else empty."),
)


def title(info: ProviderInfo) -> str:
    """Return the question."""
    return f"Ids from {info.name}'s documentation"


def choices(info: ProviderInfo) -> list[Choice]:
    """Return the kinds of plan."""
    return [Choice(word, (words,)) for word, words in info.plan_types]


def wrong(values: Mapping[str, str]) -> list[str]:
    """Return the keys of those `values` that cannot be what their field asks for."""
    found = [key for key in ("plan", "os") if not re.fullmatch("[0-9]{1,18}", values[key])]
    found += [] if values["family"] in set(OsFamily) else ["family"]
    found += [] if re.fullmatch("([a-z]{3})?", values["currency"]) else ["currency"]
    return found


def answer(values: Mapping[str, str], plan_type: str) -> TypedIds:
    """Return what was typed; nothing of it may be `wrong`."""
    return TypedIds(values["plan"], plan_type, values["os"], OsFamily(values["family"]), values["currency"])
