"""`doctor`: what this machine, its files and its credentials look like to the program, and what to mend."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from vps_tui.cli.commands import doctor_checks
from vps_tui.cli.commands.doctor_checks import Check, State
from vps_tui.cli.commands.output import document, say, table
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.text import clean
from vps_tui.credentials.sources import Credential
from vps_tui.providers.info import ProviderInfo
from vps_tui.services.backend import Backend

_COLUMN: Final = 48
"""Characters of the right column: with the left one they fit into 80."""

LIMIT = 60.0
"""Seconds for one provider's answer, tries included."""


def run_doctor(
    backend: Backend | None,
    failure: VpsTuiError | None,
    environ: Mapping[str, str],
    config: Path | None,
    *,
    as_json: bool,
) -> int:
    """Print what was found; returns 0 when all is well, else 1.

    `backend` is None where it could not be made; `failure` says why, and the rest is looked at all the same.
    """
    broken = [_of_error("configuration", failure)] if failure is not None else []
    providers = asyncio.run(_providers(backend)) if backend is not None else []
    live = backend is not None and not backend.sandbox
    sections = {
        "providers": [finding for one in providers for finding in one.findings],
        "configuration": broken,
        "files": doctor_checks.files(backend.folder if backend else None, config),
        "terminal": doctor_checks.terminal(environ),
        "network": doctor_checks.network(environ, backend.providers() if backend and live else ()),
        "keyring": doctor_checks.keyring(),
        "versions": doctor_checks.versions(),
    }
    well = all(finding.state is not State.PROBLEM for findings in sections.values() for finding in findings)
    if as_json:
        entries: dict[str, Any] = {name: [_entry(one) for one in found] for name, found in sections.items()}
        document({"ok": well, **entries, "providers": [_document(one) for one in providers]})
    else:
        say(*_lines(sections), "All is well." if well else "Something is to be mended: see the lines marked !!")
    return 0 if well else 1


@dataclass(frozen=True, slots=True)
class _Examined:
    """What was found about one provider."""

    info: ProviderInfo
    known: Mapping[str, Credential]
    findings: tuple[Check, ...]
    accepted: bool | None = None
    """Whether it accepts the credentials; None where that was not tried."""


async def _providers(backend: Backend) -> list[_Examined]:
    return await asyncio.gather(*(_provider(backend, info) for info in backend.providers()))


async def _provider(backend: Backend, info: ProviderInfo) -> _Examined:
    """Return where each credential of one provider is from, and whether the provider accepts them."""
    known = await backend.credentials(info)
    findings = [_credential(info, one) for one in known.values()]
    missing = [one.field for one in known.values() if one.value is None]
    if not missing:
        tried = await _sign_in(backend, info)
        return _Examined(info, known, (*findings, tried), tried.state is State.OK)
    if not any(finding.state is State.PROBLEM for finding in findings):
        variables = " and ".join(field.variable for field in missing)
        findings.append(
            Check(
                f"{info.name} sign-in",
                "not tried: the wizard asks for what is missing",
                State.NOTE,
                f"To be asked no more, set {variables}. {' '.join(info.sign_in_help)}",
            )
        )
    return _Examined(info, known, tuple(findings))


def _credential(info: ProviderInfo, one: Credential) -> Check:
    name = f"{info.name} {one.field.label.lower()}"
    if one.value is not None:
        return Check(name, f"from {one.source}")
    if one.problems:
        hint = f"Mend that, or set {one.field.variable}."
        return Check(name, " ".join(one.problems), State.PROBLEM, hint)
    return Check(name, "not set", State.NOTE)


async def _sign_in(backend: Backend, info: ProviderInfo) -> Check:
    """Return whether the provider accepts the credentials, by one read."""
    name = f"{info.name} sign-in"
    try:
        async with asyncio.timeout(LIMIT):
            session = await backend.open(info, {}, read_only=True)
            try:
                await session.account()
            finally:
                await session.aclose()
    except VpsTuiError as error:
        return _of_error(name, error)
    except TimeoutError:
        return Check(name, f"no answer within {LIMIT:g} s", State.PROBLEM, "Check the network, then try again.")
    return Check(name, "accepted")


def _of_error(name: str, error: VpsTuiError) -> Check:
    return Check(name, f"{error.title}: {error.message}", State.PROBLEM, error.hint)


def _lines(sections: Mapping[str, Iterable[Check]]) -> list[str]:
    lines = []
    for name, findings in sections.items():
        rows: list[tuple[str, str]] = []
        for one in findings:
            texts = (clean(one.message, 400), f"-> {clean(one.hint, 400)}" if one.hint else "")
            lines_of = [line for text in texts for line in _wrap(text)]
            rows += zip((f"{one.state.mark} {one.name}", *[""] * len(lines_of)), lines_of, strict=False)
        if rows:
            lines += [name.capitalize(), *table(rows, "  "), ""]
    return lines


def _wrap(text: str) -> list[str]:
    """Return `text` in lines of the right column; a command to be copied stays in one."""
    if text.startswith("-> Run: "):
        return [text]
    return wrap(text, _COLUMN, break_on_hyphens=False, break_long_words=False)


def _document(one: _Examined) -> dict[str, Any]:
    credentials = [{"field": key, "source": found.source or None} for key, found in one.known.items()]
    return {
        "provider": one.info.id,
        "accepted": one.accepted,
        "credentials": credentials,
        "findings": [_entry(finding) for finding in one.findings],
    }


def _entry(one: Check) -> dict[str, Any]:
    return {
        "name": one.name,
        "state": one.state.value,
        "message": clean(one.message, 400),
        "hint": clean(one.hint, 400),
    }
