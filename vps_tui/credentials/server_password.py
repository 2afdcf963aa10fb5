"""The root password of one server: what is to be sent, and what is being typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class RootPassword:
    """Lives in memory only, beside the draft, which is written to disk."""

    given: SecretStr | None = field(default=None, repr=False)
    typed: SecretStr | None = field(default=None, repr=False)
    """One that stands in the field and has not been taken yet."""
