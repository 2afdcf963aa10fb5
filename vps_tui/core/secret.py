"""A password, a key or a token, kept out of every text that is printed."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that `repr`, `str` and f-strings do not show: only `reveal` does."""

    _value: str = field(repr=False)

    def __str__(self) -> str:
        """Return stars, however long the secret is."""
        return "********"

    def __bool__(self) -> bool:
        """Tell whether there is any text at all."""
        return bool(self._value)

    def reveal(self) -> str:
        """Return the text itself, for the one place that sends or stores it."""
        return self._value


@dataclass(frozen=True, slots=True)
class RootPassword:
    """Lives in memory only, beside the draft, which is written to disk."""

    given: Secret | None = field(default=None, repr=False)
    typed: Secret | None = field(default=None, repr=False)
    """One that stands in the field and has not been taken yet."""
