"""`servers [PROVIDER]`: the servers of an account, as the provider lists them."""

from __future__ import annotations

import asyncio
import os
import sys

from vps_tui.cli.commands.output import aside, document, say, table
from vps_tui.core import change_words
from vps_tui.core.change_documents import server_document
from vps_tui.core.errors import VpsTuiError
from vps_tui.core.server_change import OwnedListing, OwnedServer
from vps_tui.journal import FILE_NAME, Journal
from vps_tui.providers.info import ProviderInfo
from vps_tui.providers.registry import provider_info
from vps_tui.services.backend import Backend
from vps_tui.services.change_task import owned_by_name

HEADS = ("ID", "SERVER", "PLAN", "LOCATION", "STATE", "PRICE", "NEXT DUE")


def show_servers(backend: Backend, provider_id: str, *, as_json: bool) -> int:
    """Print the servers of one provider, or of every one that can be signed in to; returns the exit code.

    Asked of all, one that cannot be asked is named and does not keep the others' servers back.
    """
    known = [info for info in backend.providers() if backend.credentials_known(info)]
    asked = [provider_info(provider_id)] if provider_id else known
    found: list[OwnedServer] = []
    failed: list[tuple[ProviderInfo, VpsTuiError]] = []
    for info in asked:
        try:
            found += asyncio.run(_read(backend, info)).servers
        except VpsTuiError as error:
            if provider_id or len(asked) == 1:
                raise
            failed.append((info, error))
    if as_json:
        names = [{"provider": info.id, "message": problem.message} for info, problem in failed]
        servers = [{"provider": server.provider, **server_document(server)} for server in found]
        document({"servers": servers} | ({"failed": names} if failed else {}))
    else:
        _say_servers(found, asked, [info for info, _ in failed])
    for info, problem in failed:
        aside(f"vps-tui: {info.name}: {problem.title}. {problem.message} {problem.hint}".rstrip())
    return 1 if failed else 0


async def _read(backend: Backend, info: ProviderInfo) -> OwnedListing:
    session = await backend.open(info, {}, read_only=True)
    try:
        return await owned_by_name(session, Journal(backend.folder / FILE_NAME))
    finally:
        await session.aclose()


def _say_servers(found: list[OwnedServer], asked: list[ProviderInfo], failed: list[ProviderInfo]) -> None:
    for info in asked:
        if info in failed:
            say(info.name, "  could not be asked: what one has there is not known")
            continue
        own = [change_words.server_row(server) for server in found if server.provider == info.id]
        say(info.name, *(_lines(own) if own else ["  no servers"]))
    if not asked:
        say("No provider is set up to sign in to: see vps-tui doctor.")


def _lines(rows: list[tuple[str, ...]]) -> list[str]:
    """Return `rows` as a table; on a terminal that it does not fit, each server on two lines instead."""
    lines = _table(rows)
    if not sys.stdout.isatty() or max(map(len, lines)) < os.get_terminal_size(sys.stdout.fileno()).columns:
        return lines
    pairs = []
    for row in rows:
        due = f"next due {row[6]}" if row[6] else ""
        below = "  ".join(filter(None, (row[3], row[5], due)))
        pairs.append((_table([(*row[:3], "", row[4], "", "")])[1], below))
    return [line for first, second in pairs for line in (first, f"      {second}".rstrip()) if line.strip()]


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    """Return `rows` under their heads, without the columns that are empty."""
    kept = [column for column in range(len(HEADS)) if any(row[column] for row in rows)]
    return table(([row[column] for column in kept] for row in (HEADS, *rows)), "  ")
