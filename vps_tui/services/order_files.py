"""Order files and the kept draft on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import InvalidValue, UsageError
from vps_tui.core.nearest import nearest
from vps_tui.core.order_file import OrderFile, with_script
from vps_tui.core.order_servers import name_clash
from vps_tui.core.text import clean
from vps_tui.files.private import failure, private_folder, read_script, read_text, write_private
from vps_tui.providers.order_file import dump, parse
from vps_tui.providers.registry import MODULES, provider_info
from vps_tui.ssh.key_files import read_key

if TYPE_CHECKING:
    from vps_tui.providers.info import ProviderInfo


MAX_BYTES: Final = 1024 * 1024
"""Largest order file in bytes; one with 16 of the longest scripts fits."""

DRAFT_NAME: Final = "draft.toml"
DAMAGED_NAME: Final = "draft.toml.damaged"


def load(path: Path) -> Draft:
    """Return the draft in the order file at `path`, with the key and script files that it names, from its own folder.

    Raises `UsageError`, which names the file and the key.
    """
    name = clean(str(path))
    file = _expand(path)
    order = parse(read_text(file, limit=MAX_BYTES), name=name)
    _check_provider(order.draft.provider, name)
    draft = _with_files(order, file.parent, name)
    info = provider_info(draft.provider)
    for number, server in enumerate(draft.servers, 1):
        if problem := info.name_problem(server.name):
            raise UsageError(
                f"{name}, server[{number}].name: this name cannot be used. {problem}", hint="Correct the file."
            )
    _check_names(draft, name, info)
    return draft


def save(path: Path, draft: Draft, *, replace: bool = False) -> None:
    """Write `draft` as an order file that only its owner may read; an existing one only with `replace`."""
    file = _expand(path)
    if not replace and os.path.lexists(file):
        raise UsageError(f"{clean(str(path))} exists already.", hint="Choose another name, or replace it.")
    write_private(file, dump(draft))


def keep_draft(folder: Path, draft: Draft) -> None:
    """Keep `draft`, complete or not, in the state folder for the next start; raises `UsageError`."""
    private_folder(folder)
    write_private(folder / DRAFT_NAME, dump(draft))


def kept_draft(folder: Path) -> Draft | None:
    """Return the draft kept in the state folder, None without one; an unusable one is put aside for inspection."""
    file = folder / DRAFT_NAME
    if not os.path.lexists(file):
        return None
    name = clean(str(file))
    try:
        order = parse(read_text(file, limit=MAX_BYTES, follow=False), name=name, partial=True)
        if order.draft.provider:
            _check_provider(order.draft.provider, name)
        draft = _with_files(order, folder, name)
        return replace(draft, servers=tuple(map(_repair, draft.servers)))
    except UsageError:
        try:
            file.replace(folder / DAMAGED_NAME)
        except OSError as error:
            raise failure(file, "cannot be used and cannot be put aside", error) from None
        return None


def forget_draft(folder: Path) -> None:
    """Remove the draft kept in the state folder, if there is one; raises `UsageError`."""
    file = folder / DRAFT_NAME
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise failure(file, "cannot be removed", error) from None


def _check_names(draft: Draft, name: str, info: ProviderInfo) -> None:
    """Refuse names that cannot stand beside each other in one order, with the key of the second one."""
    names = [server.name for server in draft.servers]
    for index in range(1, len(names)):
        other = name_clash(names[: index + 1], index, shared_name=info.shares_name)
        if other is None:
            continue
        key = f"{name}, server[{index + 1}].name"
        if info.shares_name:
            raise UsageError(
                f"{key}: it differs from server[{other + 1}].name. {info.shared_name_note}",
                hint="Write the same name for all, or an order file for each name.",
            )
        raise UsageError(
            f"{key}: server[{other + 1}] has this name already.", hint="Give every server of the order its own name."
        )


def _check_provider(provider: str, name: str) -> None:
    if provider not in MODULES:
        near = nearest(provider.lower(), MODULES)
        raise UsageError(
            f"{name}, provider: there is no such provider.",
            hint=f"Did you mean {near}?" if near else f"Use one of: {', '.join(MODULES)}.",
        )


def _with_files(order: OrderFile, folder: Path, name: str) -> Draft:
    """Return the draft with what the files hold that its servers point to."""
    servers: list[ServerDraft] = []
    paths = zip(order.draft.servers, order.key_files, order.script_files, strict=True)
    for number, (written, key_file, script_file) in enumerate(paths, 1):
        place, server = f"{name}, server[{number}]", written
        if key_file:
            server = _read_given(server, key_file, folder, f"{place}.ssh_key_file", _with_key)
        if script_file:
            server = _read_given(server, script_file, folder, f"{place}.startup_script_file", _with_script)
        servers.append(server)
    return replace(order.draft, servers=tuple(servers))


def _read_given(
    server: ServerDraft, path: str, folder: Path, place: str, give: Callable[[ServerDraft, Path], ServerDraft]
) -> ServerDraft:
    """Return `server` with what the file at `path` holds; raises `UsageError` with the place that names it."""
    try:
        return give(server, folder / _expand(Path(path)))
    except (InvalidValue, UsageError) as error:
        raise UsageError(f"{place}: {error.message}", hint=error.hint) from None


def _with_key(server: ServerDraft, path: Path) -> ServerDraft:
    key = read_key(path)
    return replace(server, ssh_key=key.line, ssh_key_file=key.file)


def _with_script(server: ServerDraft, path: Path) -> ServerDraft:
    return with_script(server, read_script(path))


def _repair(server: ServerDraft) -> ServerDraft:
    """Return a server of a kept draft with its script repaired; the wizard asks for one that cannot be used."""
    if not server.startup_script:
        return server
    from vps_tui.core.startup_script import parse_startup_script

    try:
        script = parse_startup_script(server.startup_script)
    except InvalidValue:
        return server
    is_cloud_init = script.for_cloud_init and server.startup_script_is_cloud_init
    return server.with_script(script.text, is_cloud_init=is_cloud_init, repairs=script.repairs)


def _expand(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:
        raise UsageError(
            f"{clean(str(path))}: there is no such home folder.", hint="Write the path without ~."
        ) from None
