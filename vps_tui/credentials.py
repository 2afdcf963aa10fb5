"""Where credentials come from when nobody has to be asked."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from vps_tui.providers.provider import ProviderInfo


def from_environment(info: ProviderInfo, environ: Mapping[str, str]) -> dict[str, SecretStr]:
    """Return what the environment holds for `info`, by `SignInField.key`; unset and empty ones are left out."""
    return {field.key: SecretStr(environ[field.variable]) for field in info.sign_in if environ.get(field.variable)}


def complete(info: ProviderInfo, credentials: Mapping[str, SecretStr]) -> bool:
    """Tell whether nothing is missing to sign in."""
    return all(field.key in credentials for field in info.sign_in)
