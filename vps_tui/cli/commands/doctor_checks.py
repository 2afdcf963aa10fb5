"""What the program finds around it: terminal, files, network, keyring, versions. Nothing is changed."""

from __future__ import annotations

import locale
import os
import platform
import ssl
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from vps_tui import __version__
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.text import clean
from vps_tui.credentials.config import FILE_NAME
from vps_tui.files.locations import config_folder, state_folder
from vps_tui.files.private import reach_problem
from vps_tui.files.safe_open import OTHERS, WRITERS
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import all_providers

LEAST_SIZE: Final = (80, 24)
_RECORDS: Final = ("journal.sqlite", "journal.copy", "draft.toml", "ledger.sqlite")


class State(StrEnum):
    """How something that was looked at is."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing, nothing to mend."""
    PROBLEM = "problem"

    @property
    def mark(self) -> str:
        """The same at the beginning of a line."""
        return {State.OK: "ok", State.NOTE: "--", State.PROBLEM: "!!"}[self]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; never holds a secret."""

    name: str
    message: str
    state: State = State.OK
    hint: str = ""
    """What to do; empty where there is nothing to be done."""


def terminal(environ: Mapping[str, str]) -> list[Check]:
    """Return what kind of terminal this is and what it can show."""
    kind = environ.get("TERM", "")
    usable = kind not in ("", "dumb")
    findings = [
        Check("TERM", clean(kind, 40))
        if usable
        else Check(
            "TERM",
            clean(kind) or "not set",
            State.NOTE,
            "The wizard asks in lines here; it has screens where TERM is set.",
        ),
        Check("Colours", _colours(environ, kind if usable else "")),
        _size(),
        _encoding(),
    ]
    inside = {"tmux": "TMUX", "screen": "STY", "ssh": "SSH_CONNECTION"}
    found = [name for name, variable in inside.items() if environ.get(variable)]
    findings.append(Check("Inside", ", ".join(found) or "none of tmux, screen, ssh"))
    return findings


def _colours(environ: Mapping[str, str], kind: str) -> str:
    if environ.get("NO_COLOR"):
        return "none: NO_COLOR is set"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "all, by COLORTERM"
    number = 0
    if kind:
        # Some builds of Python have no curses, and some systems no description of the terminal.
        with suppress(ImportError):
            import curses

            with suppress(curses.error):
                curses.setupterm(kind, 1)
                number = max(0, curses.tigetnum("colors"))
    return str(number) if number else "not known"


def _size() -> Check:
    for descriptor in (1, 2, 0):
        with suppress(OSError):
            columns, lines = os.get_terminal_size(descriptor)
            words = f"{columns} columns, {lines} lines"
            if columns >= LEAST_SIZE[0] and lines >= LEAST_SIZE[1]:
                return Check("Size", words)
            return Check("Size", words, State.NOTE, "From 80 columns and 24 lines on nothing has to be scrolled.")
    return Check("Size", "no terminal here", State.NOTE)


def _encoding() -> Check:
    found = locale.nl_langinfo(locale.CODESET)
    if found.upper().replace("-", "") == "UTF8":
        return Check("Characters", "UTF-8")
    return Check(
        "Characters", clean(found, 40), State.NOTE, "Lines and names may look wrong: set LANG to a UTF-8 locale."
    )


def files(folder: Path | None, config: Path | None) -> list[Check]:
    """Return where the files are and whether anybody else can reach them.

    `folder` is where the program records, None for the usual place; `config` the configuration that was named.
    """
    settings = config_folder()
    findings = [
        _file("Configuration", config or settings / FILE_NAME, OTHERS),
        *(
            _file(f"{info.name} catalogue", settings / info.catalog_file, WRITERS)
            for info in all_providers()
            if info.catalog_file
        ),
    ]
    try:
        records = folder or state_folder()
    except VpsTuiError as error:
        return [*findings, Check("Records", error.message, State.PROBLEM, error.hint)]
    findings.append(_file("Records", records, WRITERS))
    findings += _journal(records)
    return [*findings, *(_file(name, records / name, OTHERS) for name in _RECORDS if os.path.lexists(records / name))]


def _journal(folder: Path) -> list[Check]:
    """Return whether the record of orders is whole; nothing where nothing was recorded."""
    from vps_tui.journal import FILE_NAME as JOURNAL
    from vps_tui.journal import Journal

    journal = Journal(folder / JOURNAL)
    try:
        if not journal.exists:
            return []
        number = len(journal.entries())
    except VpsTuiError as error:
        return [Check("Record of orders", error.message, State.PROBLEM, error.hint)]
    return [Check("Record of orders", f"whole ({number} {'entry' if number == 1 else 'entries'})")]


def _file(name: str, path: Path, bits: int) -> Check:
    shown = clean(str(path))
    try:
        found = path.stat()
    except FileNotFoundError:
        return Check(name, f"{shown} (none)")
    except OSError as error:
        return Check(name, f"{shown} {clean(error.strerror or 'cannot be looked at')}", State.PROBLEM, "See ls -l.")
    problem = reach_problem(path, found, bits)
    if problem is not None:
        return Check(name, problem.message, State.PROBLEM, problem.hint)
    return Check(name, f"{shown} (mode {stat.S_IMODE(found.st_mode):04o})")


def network(environ: Mapping[str, str], providers: Iterable[ProviderInfo]) -> list[Check]:
    """Return whom TLS trusts and which way leads to each provider; a proxy's password is left out."""
    findings = [_trust(environ)]
    proxies = getproxies()
    for info in providers:
        for variable, usual in info.urls.values():
            address = _host(environ.get(variable) or usual)
            proxy = proxies.get("https") or proxies.get("all") or ""
            direct = not proxy or is_loopback(address) or bool(proxy_bypass(address))
            way = "directly" if direct else f"by the proxy {_host(proxy)}"
            set_by = f", set by {variable}" if environ.get(variable) else ""
            findings.append(Check(info.name, f"{address} {way}{set_by}"))
    return findings


def _trust(environ: Mapping[str, str]) -> Check:
    paths = ssl.get_default_verify_paths()
    for variable in (paths.openssl_cafile_env, paths.openssl_capath_env):
        given = environ.get(variable, "")
        if given and not os.access(given, os.R_OK):
            return Check(
                "TLS trust",
                f"{variable} names {clean(given)}, which cannot be read",
                State.PROBLEM,
                f"Correct {variable}, or unset it: without it no provider can be trusted.",
            )
    place = paths.cafile or paths.capath
    if not place:
        return Check(
            "TLS trust",
            "the system has no trusted certificates",
            State.PROBLEM,
            "Install ca-certificates, or set SSL_CERT_FILE.",
        )
    try:
        number = len(ssl.create_default_context().get_ca_certs())
    except (ssl.SSLError, OSError):
        return Check("TLS trust", f"{clean(place)} holds no certificates that can be read", State.PROBLEM)
    return Check("TLS trust", f"{clean(place)} ({number} certificates loaded)")


def is_loopback(address: str) -> bool:
    """Tell whether host and port are on this machine: no proxy is asked for those."""
    return address.partition(":")[0] in ("localhost", "127.0.0.1") or address.startswith("::1")


def _host(address: str) -> str:
    """Return host and port of an address, without a user name and password that may stand in it."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        port = f":{parts.port}" if parts.port else ""
        return clean(f"{parts.hostname or '(not an address)'}{port}", 100)
    except ValueError:
        return "(not an address)"


def keyring() -> list[Check]:
    """Return whether a keyring works; asks it, for at most its limit."""
    from vps_tui.credentials.keyring import Keyring

    ring = Keyring()
    if not ring.installed:
        return [Check("Keyring", "not installed", State.OK, "Only if you want one: pip install 'vps-tui[keyring]'")]
    ring.read(())
    if ring.problem:
        return [Check("Keyring", ring.problem, State.NOTE, "Everything works without it.")]
    return [Check("Keyring", "works")]


def versions() -> list[Check]:
    """Return the versions that a bug report should name."""
    try:
        textual = metadata.version("textual")
    except metadata.PackageNotFoundError:
        return [Check("Textual", "not installed", State.PROBLEM, "Install vps-tui again.")]
    return [
        Check("vps-tui", __version__),
        Check("Python", platform.python_version()),
        Check("Textual", textual),
        Check("System", clean(platform.platform(), 80)),
    ]
