"""The settings of `config.toml`; it holds no secret.

[defaults]      max_total = "50 EUR"
[network]       connect_timeout, read_timeout: seconds
[PROVIDER]      what signs in and is no secret, such as edis.email and layerstack.account
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vps_tui.core.ceiling import Ceiling
from vps_tui.core.text import clean
from vps_tui.core.toml_reading import Table, parse_toml
from vps_tui.errors import InvalidValue
from vps_tui.private_files import read_text
from vps_tui.providers.provider import ProviderInfo
from vps_tui.providers.registry import all_providers

FILE_NAME: Final = "config.toml"

MAX_BYTES: Final = 256 * 1024
MAX_TIMEOUT: Final = 600
"""Seconds."""

_SECRETS_HINT: Final = "Leave it out. Secrets go into the environment; the README lists the variables."


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration sets; None and absent entries leave it to the program."""

    max_total: Ceiling | None = None
    connect_timeout: float | None = None
    """Seconds."""
    read_timeout: float | None = None
    """Seconds."""
    sign_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Provider id to the values of its sign-in fields that are no secrets, by `SignInField.key`."""


def load_config(path: Path | None = None) -> Config:
    """Return the settings in the file at `path`, or in the usual one if there is one.

    Raises `UsageError` with file and key for whatever is not understood, and for a `path` that leads to no file.
    """
    if path is None:
        from vps_tui.folders import config_folder

        path = config_folder() / FILE_NAME
        if not os.path.lexists(path):
            return Config()
    top = parse_toml(read_text(path, limit=MAX_BYTES), clean(str(path)))
    sections = [(info, top.table(info.id)) for info in all_providers()]
    defaults, network = top.table("defaults"), top.table("network")
    top.finish(secrets=_SECRETS_HINT)
    config = Config(
        max_total=_ceiling(defaults),
        connect_timeout=network.seconds("connect_timeout", most=MAX_TIMEOUT),
        read_timeout=network.seconds("read_timeout", most=MAX_TIMEOUT),
        sign_in={info.id: _sign_in(table, info) for info, table in sections if list(table)},
    )
    defaults.finish(secrets=_SECRETS_HINT)
    network.finish(secrets=_SECRETS_HINT)
    return config


def _ceiling(defaults: Table) -> Ceiling | None:
    text = defaults.text("max_total", "")
    if "max_total" not in defaults:
        return None
    try:
        return Ceiling.parse(text)
    except InvalidValue as error:
        raise defaults.error("max_total", "is no amount", hint=error.hint) from None


def _sign_in(table: Table, info: ProviderInfo) -> dict[str, str]:
    """Return the sign-in values of one provider; a secret among them is refused with the place where it belongs."""
    for known in info.sign_in:
        if known.secret and known.key in table:
            raise table.error(
                known.key,
                "no secret may stand in this file",
                hint=f"Leave it out. The {known.label.lower()} goes into the environment as {known.variable}.",
            )
    found = {known.key: table.text(known.key, "") for known in info.sign_in if not known.secret}
    table.finish(secrets=_SECRETS_HINT)
    return {key: value for key, value in found.items() if value}
