"""Question: the credentials for one provider."""

from __future__ import annotations

from collections.abc import Mapping

from vps_tui.core.secret import Secret
from vps_tui.credentials.sources import Credential
from vps_tui.providers.info import ProviderInfo, SignInField
from vps_tui.wizard.state import WizardState

HELP = (
    "The credentials stay in this program's memory and are sent to the provider only. To be asked no more, "
    "set the environment variables that the README names, name a command in config.toml that prints the "
    "secret (password_command, token_command), or keep them in the keyring: pip install 'vps-tui[keyring]'."
)
KEEP = "Keep in the keyring"
EMPTY = "Fill this in."


def heading(info: ProviderInfo) -> tuple[str, str]:
    """Return the question and how to come by the credentials."""
    return f"Sign in to {info.name}", " ".join(info.sign_in_help)


def field_help(field: SignInField) -> str:
    """Return what helps to fill in `field`."""
    return f"such as {field.example}" if field.example else "not shown while you type"


def typed(state: WizardState, field: SignInField) -> str:
    """Return what was typed into `field` before, secrets in the clear."""
    key = _key(field)
    return state.secret_text(key) if field.secret else state.typed_text(key)


def with_typed(state: WizardState, field: SignInField, value: str) -> WizardState:
    """Return the state with `value` typed into `field`."""
    return state.with_secret(_key(field), Secret(value)) if field.secret else state.with_typed(_key(field), value)


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
    values: dict[str, str | Secret] = {}
    for known in state.info.sign_in if state.info else ():
        key = f"sign-in {known.key}"
        values[known.key] = (state.secret(key) or "") if known.secret else state.typed_text(key)
    return values
