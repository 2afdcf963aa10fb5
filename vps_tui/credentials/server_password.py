"""The root password of one server: what is to be sent, and what is being typed."""

from __future__ import annotations

from dataclasses import dataclass, field

from vps_tui.core.secret import Secret


@dataclass(frozen=True, slots=True)
class RootPassword:
    """Lives in memory only, beside the draft, which is written to disk."""

    given: Secret | None = field(default=None, repr=False)
    typed: Secret | None = field(default=None, repr=False)
    """One that stands in the field and has not been taken yet."""
