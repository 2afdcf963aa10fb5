"""Everything that can go wrong and reach a person; the journal adds two of its own in `journal.errors`.

The outcome of a paid call is never an exception: it is one of the four values of `core.outcome`.
"""

from __future__ import annotations

from enum import StrEnum


class Consequence(StrEnum):
    """Whether money moved; the value is what a person reads."""

    NOTHING_ORDERED = "Nothing was ordered."
    NOTHING_CHANGED = "Nothing was changed."
    """About a server that the account has."""
    UNTOUCHED = "It stays as it is."
    ORDER_UNTOUCHED = "The order stands as it is."
    ORDER_PLACED = "The order was placed."
    ORDER_UNKNOWN = "It is not known whether this was ordered."


class VpsTuiError(Exception):
    """An error in words that a person can act on."""

    title = "Something went wrong"

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        title: str | None = None,
        money: Consequence = Consequence.NOTHING_ORDERED,
    ) -> None:
        super().__init__(message)
        self.message = message
        """What happened, one or two sentences."""
        self.hint = hint
        """What to do next; may be empty where the message says it."""
        self.money = money
        """Whether money moved."""
        if title is not None:
            self.title = title


class UsageError(VpsTuiError):
    """The command line, the configuration or a file given by the user is wrong."""

    title = "That cannot be run"


class InvalidValue(VpsTuiError):
    """A typed, pasted or chosen value cannot be used; the message never quotes it."""

    title = "That value cannot be used"


class ProviderError(VpsTuiError):
    """A provider could not be asked, or said no."""

    title = "The provider could not answer"


class Unreachable(ProviderError):
    """No connection came about, so nothing reached the provider."""

    title = "No connection"


class NoReply(ProviderError):
    """The connection came about, but no complete reply arrived."""

    title = "No answer"


class SignInRefused(ProviderError):
    """The provider does not accept the credentials."""

    title = "Sign-in refused"


class RequestRefused(ProviderError):
    """The provider understood the request and declined it."""

    title = "The provider declined"


class ProviderBroken(ProviderError):
    """The provider reports a failure of its own."""

    title = "The provider has a problem"


class ReadsOnly(ProviderError):
    """A quote or a dry run tried to send something that is not a read."""

    title = "Nothing is bought here"


class UnreadableReply(ProviderError):
    """A reply arrived that is not what the provider documents."""

    title = "The answer could not be read"
