"""The settings of `config.toml`; it holds no secret.

[defaults]                  max_total = "50 EUR", theme = "nord"
[network]                   connect_timeout, read_timeout: seconds
[PROVIDER]                  what signs in and is no secret, such as edis.email and layerstack.account, and commands
                            that print what is one: edis.password_command, layerstack.token_command
[profile.NAME.PROVIDER]     the same for another account; it stands in for the whole of [PROVIDER]
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vps_tui.core.errors import InvalidValue, UsageError
from vps_tui.core.money import SpendingLimit
from vps_tui.core.nearest import nearest
from vps_tui.core.text import clean
from vps_tui.core.toml import Table, parse_toml
from vps_tui.files.private import read_text
from vps_tui.files.safe_open import OTHERS
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import all_providers

FILE_NAME: Final = "config.toml"

MAX_BYTES: Final = 256 * 1024
MAX_TIMEOUT: Final = 600
"""Seconds."""

THEMES: Final = (
    "ansi-dark",
    "ansi-light",
    "atom-one-dark",
    "atom-one-light",
    "catppuccin-frappe",
    "catppuccin-latte",
    "catppuccin-macchiato",
    "catppuccin-mocha",
    "dracula",
    "flexoki",
    "gruvbox",
    "monokai",
    "nord",
    "rose-pine",
    "rose-pine-dawn",
    "rose-pine-moon",
    "solarized-dark",
    "solarized-light",
    "textual-dark",
    "textual-light",
    "tokyo-night",
)
"""Textual's own, the terminal's palette first; named here so that a wrong one is refused without loading Textual."""

_SECRETS_HINT: Final = (
    "Leave it out. Secrets go into the environment, or come from a command; the README lists the variables and keys."
)


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration sets; None and absent entries leave it to the program."""

    max_total: SpendingLimit | None = None
    theme: str = THEMES[0]
    """The wizard's colours, one of `THEMES`."""
    connect_timeout: float | None = None
    """Seconds."""
    read_timeout: float | None = None
    """Seconds."""
    sign_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Provider id to the values of its sign-in fields that are no secrets, by `SignInField.key`."""
    commands: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Provider id to the commands that print its secrets, program and arguments, by `SignInField.key`."""
    profile: str = ""
    """The profile that was chosen; empty for none."""

    @property
    def source(self) -> str:
        return f"{FILE_NAME}, profile {self.profile}" if self.profile else FILE_NAME


@dataclass(frozen=True, slots=True)
class _Section:
    """What one section says about one provider."""

    values: Mapping[str, str]
    commands: Mapping[str, tuple[str, ...]]


def load_config(path: Path | None = None, profile: str = "") -> Config:
    """Return the settings in the file at `path`, or in the usual one if there is one, as `profile` has them.

    Raises `UsageError` with file and key for whatever is not understood, for a `path` that leads to no file, for
    a file that others can read or another user owns, and for a profile that is not in it.
    """
    if path is None:
        from vps_tui.files.locations import config_folder

        path = config_folder() / FILE_NAME
        if not os.path.lexists(path):
            if profile:
                raise _no_profile(path, profile, ())
            return Config()
    top = parse_toml(read_text(path, limit=MAX_BYTES, closed_to=OTHERS), clean(str(path)))
    raw = _tables(top)
    defaults, network, named = top.table("defaults"), top.table("network"), top.table("profile")
    top.finish(secrets=_SECRETS_HINT)
    sections = _sections(raw)
    profiles = {name: _profile(named.table(name)) for name in named}
    if profile and profile not in profiles:
        raise _no_profile(path, profile, profiles)
    sections |= profiles.get(profile, {})
    config = Config(
        max_total=_ceiling(defaults),
        theme=defaults.one_of("theme", THEMES, THEMES[0]),
        connect_timeout=network.seconds("connect_timeout", most=MAX_TIMEOUT),
        read_timeout=network.seconds("read_timeout", most=MAX_TIMEOUT),
        sign_in={provider: section.values for provider, section in sections.items()},
        commands={provider: section.commands for provider, section in sections.items() if section.commands},
        profile=profile,
    )
    defaults.finish(secrets=_SECRETS_HINT)
    network.finish(secrets=_SECRETS_HINT)
    return config


def profile_names(path: Path) -> tuple[str, ...]:
    """Return the names of the profiles in the file at `path`, none without one; raises `UsageError`."""
    if not os.path.lexists(path):
        return ()
    return tuple(parse_toml(read_text(path, limit=MAX_BYTES, closed_to=OTHERS), clean(str(path))).table("profile"))


def _ceiling(defaults: Table) -> SpendingLimit | None:
    text = defaults.text("max_total", "")
    if "max_total" not in defaults:
        return None
    try:
        return SpendingLimit.parse(text)
    except InvalidValue as error:
        raise defaults.error("max_total", "is no amount", hint=error.hint) from None


def _no_profile(path: Path, profile: str, known: Iterable[str]) -> UsageError:
    names = list(known)
    near = nearest(profile.lower(), names)
    listed = f"There are: {clean(', '.join(names))}." if names else "There is none; the README shows how one looks."
    return UsageError(
        f"{clean(str(path))} has no profile {clean(profile, 60)!r}.", hint=f"Did you mean {near}?" if near else listed
    )


def _profile(table: Table) -> dict[str, _Section]:
    raw = _tables(table)
    table.finish(secrets=_SECRETS_HINT)
    return _sections(raw)


def _tables(table: Table) -> list[tuple[ProviderInfo, Table]]:
    return [(info, table.table(info.id)) for info in all_providers()]


def _sections(tables: Iterable[tuple[ProviderInfo, Table]]) -> dict[str, _Section]:
    return {info.id: _section(table, info) for info, table in tables if list(table)}


def _section(table: Table, info: ProviderInfo) -> _Section:
    """Return what one section says; a secret in it is refused with the place where it belongs."""
    for known in info.sign_in:
        if known.secret and known.key in table:
            raise table.error(
                known.key,
                "no secret may stand in this file",
                hint=f"Leave it out. The {known.label.lower()} goes into the environment as {known.variable}, or "
                f"comes from a command that prints it: {known.key}_command.",
            )
    values = {known.key: table.text(known.key, "") for known in info.sign_in if not known.secret}
    commands = {known.key: table.words(f"{known.key}_command") for known in info.sign_in if known.secret}
    table.finish(secrets=_SECRETS_HINT)
    return _Section(
        {key: value for key, value in values.items() if value},
        {key: command for key, command in commands.items() if command is not None},
    )
