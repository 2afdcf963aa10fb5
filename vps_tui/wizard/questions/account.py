"""Questions: which provider, and the credentials for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from vps_tui.core.secret import Secret
from vps_tui.providers.info import ProviderInfo, SignInField
from vps_tui.services.backend import Backend
from vps_tui.wizard.questions.choices import Choice, Column, ListQuestion
from vps_tui.wizard.state import WizardState

if TYPE_CHECKING:
    from vps_tui.credentials.sources import Credential

EARLIER = "Earlier orders"
"""The words for looking at what was ordered before; offered where there is something to look at."""
OWNED = "Your servers"
"""The words for changing an existing server."""


def provider_question(backend: Backend) -> ListQuestion:
    """Return the question which of the providers of `backend` is meant."""

    def answer(state: WizardState, choice_id: str) -> WizardState:
        info = next(info for info in backend.providers() if info.id == choice_id)
        # Whether a server is ordered or changed there is another question.
        known = backend.credentials_known(info)
        return replace(state.with_provider(info, credentials_known=known), changing=state.changing)

    return ListQuestion(
        word="Provider",
        heading=provider_heading,
        help="vps-tui orders a server from one of these providers, in your own account with them. "
        "You are asked for everything step by step, see the whole price, and nothing is bought "
        "until you type yes at the end.",
        columns=(Column("PROVIDER"), Column("WHAT THEY OFFER", flexible=True)),
        rows=lambda _state: [Choice(info.id, (info.name, info.summary)) for info in backend.providers()],
        chosen=_chosen_provider,
        answer=answer,
    )


def provider_heading(state: WizardState) -> tuple[str, str]:
    """Return the question; for an order, or for changing a server."""
    if state.changing is not None:
        return "At which provider are your servers?", "Nothing is changed before you confirm it at the end."
    return "Where do you want to order a server?", "Nothing is bought before you type yes at the end."


def _chosen_provider(state: WizardState) -> str:
    """Return the provider that was chosen before, else the one last ordered from; empty for none."""
    return state.info.id if state.info else next((entry.purchase.provider for entry in state.latest), "")


SIGN_IN_HELP = (
    "The credentials stay in this program's memory and are sent to the provider only. To be asked no more, "
    "set the environment variables that the README names, name a command in config.toml that prints the "
    "secret (password_command, token_command), or keep them in the keyring: pip install 'vps-tui[keyring]'."
)
KEEP = "Keep in the keyring"
EMPTY = "Fill this in."


def sign_in_heading(info: ProviderInfo) -> tuple[str, str]:
    """Return the question and how to come by the credentials."""
    return f"Sign in to {info.name}", " ".join(info.sign_in_help)


def field_help(field: SignInField) -> str:
    """Return what helps to fill in `field`."""
    return f"such as {field.example}" if field.example else "not shown while you type"


def typed(state: WizardState, field: SignInField) -> str:
    """Return what was typed into `field` before, secrets in the clear."""
    return state.typed_text(_key(field))


def with_typed(state: WizardState, field: SignInField, value: str) -> WizardState:
    """Return the state with `value` typed into `field`."""
    return state.with_typed(_key(field), Secret(value) if field.secret else value)


def known(found: Mapping[str, Credential]) -> frozenset[str]:
    """Return the keys of the fields that need not be typed: a source has given them."""
    return frozenset(key for key, one in found.items() if one.value is not None)


def problems(found: Mapping[str, Credential]) -> list[str]:
    """Return what is wrong with the sources, each once."""
    return list(dict.fromkeys(problem for one in found.values() for problem in one.problems))


def trying(info: ProviderInfo) -> str:
    """Return that the credentials are being tried."""
    return f"Asking {info.name} whether it accepts them ..."


def not_kept(problem: str) -> str:
    """Return that signing in went well and keeping did not."""
    return f"Signed in, but they could not be kept. {problem}"


def to_keep(values: Mapping[str, str]) -> dict[str, Secret]:
    """Return what was typed, by field, for the keyring."""
    return {key: Secret(value) for key, value in values.items() if value}


def _key(field: SignInField) -> str:
    return f"sign-in {field.key}"


def typed_values(state: WizardState) -> dict[str, str | Secret]:
    """Return what has been typed to sign in with the provider of `state`, by `SignInField.key`."""
    unsaved = dict(state.unsaved_text)
    return {field.key: unsaved.get(_key(field), "") for field in (state.info.sign_in if state.info else ())}
