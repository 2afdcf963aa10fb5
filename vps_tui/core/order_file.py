"""Order files: a draft as TOML text, and back, strictly.

A complete order file says everything that an order needs. The kept draft has the same form, but may lack any
value: it is read with `partial`. Neither holds a secret, nor the plan's name, which the catalogue knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from vps_tui.core.billing_cycle import COMMON_CYCLES, BillingCycle
from vps_tui.core.draft import ChosenAddOn, Draft, ServerDraft
from vps_tui.core.errors import InvalidValue, UsageError
from vps_tui.core.order_keys import ANY_KEYS, COUNTED_SERVER, IS_CLOUD_INIT, OrderFileFormat, OrderKeys
from vps_tui.core.text import clean
from vps_tui.core.toml import Table, parse_toml, written_identifier

if TYPE_CHECKING:
    from vps_tui.core.startup_script import StartupScript

VERSION: Final = 1

MAX_QUANTITY: Final = 99
MAX_UNITS: Final = 9999
"""Most units of one add-on."""

_SERVER_KEYS: Final = COUNTED_SERVER | {"name", "plan", "os", "ssh_key", "ssh_key_file"}


@dataclass(frozen=True, slots=True)
class OrderFile:
    """What an order file says; the files that it points to are not read yet."""

    draft: Draft
    key_files: tuple[str, ...]
    """Path of a public key per server, as written; empty where the server has none."""
    script_files: tuple[str, ...]
    """Path of a start-up script per server, as written; empty where the server has none."""


def parse(text: str, *, name: str, known: OrderFileFormat, partial: bool = False) -> OrderFile:
    """Return what the order file called `name` says; raises `UsageError`, whose message begins with that name.

    With `partial` any value may be missing, and ids may be text. Whether the provider exists is not checked. Where
    `known` has no provider at all, every further key of a server is an add-on.
    """
    top = parse_toml(text, name)
    _check_version(top)
    optional = "" if partial else None
    provider = top.text("provider", optional)
    keys = known.keys_of(provider)
    draft = Draft(
        provider=provider,
        location=_location(top, keys, partial=partial),
        billing_cycle=_billing_cycle(top, keys, BillingCycle.MONTHLY if partial else None),
        payment_method=top.text("payment_method", optional),
        apply_credit=top.boolean("apply_credit", True) if "apply_credit" in keys.top else True,
        currency=top.text("currency", "") if "currency" in keys.top else "",
    )
    if not re.fullmatch("(?:[A-Za-z]{3})?", draft.currency):
        raise top.error("currency", 'must be a code of three letters, such as "usd"')
    entries = top.tables("server", required=not partial)
    top.finish(elsewhere=known.foreign_keys(provider), secrets=known.secrets_hint)
    read = [_server(entry, provider, known, partial=partial) for entry in entries] or [(ServerDraft(), "", "")]
    servers, key_files, script_files = zip(*read, strict=True)
    return OrderFile(replace(draft, servers=servers), key_files, script_files)


def dump(draft: Draft, known: OrderFileFormat) -> str:
    """Return `draft` as the text of an order file; what is still empty is left out.

    So is what orders with its provider do not have, and the plan's name. `parse` reads all the rest back as it
    was, with `partial` where something is missing.
    """
    import tomli_w

    keys = known.keys_of(draft.provider)
    foreign = (ANY_KEYS.all | known.foreign_keys(draft.provider).keys()) - keys.all
    top: dict[str, Any] = {
        "version": VERSION,
        "provider": clean(draft.provider) or None,
        "location": written_identifier(draft.location),
        "billing_cycle": draft.billing_cycle.value,
        "currency": clean(draft.currency) or None,
        "payment_method": clean(draft.payment_method) or None,
        "apply_credit": draft.apply_credit,
    }
    parts = [tomli_w.dumps(_without(top, foreign))]
    for server in draft.servers:
        entry = _without(_server_entry(server, keys), foreign)
        add_ons = entry.pop("addons", [])
        # The library writes a line end within a long string unchanged, but turns CRLF into LF there.
        lines = tomli_w.dumps(entry, multiline_strings="\r" not in server.startup_script)
        parts.append(f"[[server]]\n{lines}{_add_on_lines(add_ons)}")
    return "\n".join(parts)


def with_script(server: ServerDraft, script: StartupScript) -> ServerDraft:
    """Return `server` with `script`; raises `InvalidValue` where the file does not say what kind of script it is."""
    said = server.startup_script_is_cloud_init
    if script.for_cloud_init and not said:
        raise InvalidValue(script.warnings[0], hint=f"To send it nevertheless, add: {IS_CLOUD_INIT} = true")
    if said and not script.for_cloud_init:
        raise InvalidValue(
            f"It begins with #!, so it is not for cloud-init, which {IS_CLOUD_INIT} says.",
            hint=f"Leave {IS_CLOUD_INIT} out.",
        )
    return server.with_script(script.text, is_cloud_init=said, repairs=script.repairs)


def _check_version(top: Table) -> None:
    if "version" not in top:
        raise top.error("version", "is missing", hint=f"Add this as the first line: version = {VERSION}")
    version = top.whole("version")
    if version > VERSION:
        problem = f"the file was made by a newer version of vps-tui; this one reads version {VERSION}"
        raise top.error("version", problem, hint="Update vps-tui.")
    if version < VERSION:
        raise top.error("version", "there never was such a version", hint=f"Write: version = {VERSION}")


def _billing_cycle(top: Table, keys: OrderKeys, default: BillingCycle | None) -> BillingCycle:
    if keys.cycles:
        return BillingCycle(top.one_of("billing_cycle", keys.cycles, default))
    word = top.text("billing_cycle", default)
    try:
        return BillingCycle(word) if word else BillingCycle.MONTHLY
    except ValueError:
        return BillingCycle(top.one_of("billing_cycle", COMMON_CYCLES))


def _location(top: Table, keys: OrderKeys, *, partial: bool) -> str:
    if "location" not in keys.top:
        return ""
    default = None if "location" in keys.required and not partial else ""
    return top.identifier("location", default, may_be_text=partial or keys.text_ids)


def _server(table: Table, provider: str, known: OrderFileFormat, *, partial: bool) -> tuple[ServerDraft, str, str]:
    """Return one server, the path of its key and that of its script."""
    keys = known.keys_of(provider)
    if not known.keys:
        keys = replace(keys, add_ons=tuple(key for key in table if key not in _SERVER_KEYS))
    optional = "" if partial else None
    may_be_text = partial or keys.text_ids
    key, key_file = _key(table)
    type_default = None if "plan_type" in keys.required and not partial else ""
    server = ServerDraft(
        name=table.text("name", optional),
        plan=table.identifier("plan", optional, may_be_text=may_be_text),
        os=table.identifier("os", optional, may_be_text=may_be_text),
        add_ons=_add_ons(table, keys, known.secrets_hint, may_be_text=may_be_text),
        ssh_key=key,
        without_key=not key and not key_file and (not partial or "ssh_key" in table),
        plan_type=table.text("plan_type", type_default) if "plan_type" in keys.server else "",
        quantity=table.whole("quantity", 1, least=1, most=MAX_QUANTITY) if "quantity" in keys.server else 1,
    )
    script_file = ""
    if "startup_script" in keys.server:
        server, script_file = _script(table, server, partial=partial)
    table.finish(elsewhere=known.foreign_keys(provider), secrets=known.secrets_hint)
    return server, key_file, script_file


def _key(table: Table) -> tuple[str, str]:
    """Return the key as one OpenSSH line, or the path of its file."""
    from vps_tui.core.ssh_keys import parse_public_key

    text, file = _text_or_file(table, "ssh_key")
    try:
        return parse_public_key(text).line if text else "", file
    except InvalidValue as error:
        raise _refusal(table, "ssh_key", error) from None


def _script(table: Table, server: ServerDraft, *, partial: bool) -> tuple[ServerDraft, str]:
    """Return `server` with its start-up script, or with its kind and the path of its file.

    With `partial` the script stays as it is written: an earlier order was sent like that.
    """
    is_cloud_init = table.boolean(IS_CLOUD_INIT, False)
    text, file = _text_or_file(table, "startup_script")
    if is_cloud_init and not text and not file:
        raise table.error(IS_CLOUD_INIT, "there is no start-up script", hint="Leave it out.")
    server = server.with_script(text if partial else "", is_cloud_init=is_cloud_init)
    if partial or not text:
        return server, file
    from vps_tui.core.startup_script import parse_startup_script

    try:
        return with_script(server, parse_startup_script(text)), file
    except InvalidValue as error:
        raise _refusal(table, "startup_script", error) from None


def _text_or_file(table: Table, key: str) -> tuple[str, str]:
    """Return the text of `key` or the path under `key` with "_file" behind it; never both."""
    text, file = table.verbatim(key, ""), table.verbatim(f"{key}_file", "")
    if f"{key}_file" in table and not file.strip():
        raise table.error(f"{key}_file", "is empty", hint="Write the path of a file, or leave the key out.")
    if key in table and file:
        raise table.error(key, f"stands beside {key}_file", hint="Keep one of the two.")
    return text, file


def _refusal(table: Table, key: str, error: InvalidValue) -> UsageError:
    return table.error(key, error.message.removesuffix("."), hint=error.hint)


def _add_ons(table: Table, keys: OrderKeys, secrets_hint: str, *, may_be_text: bool) -> tuple[ChosenAddOn, ...]:
    """Return the add-ons in the order of the file, so that the same file always makes the same order."""
    named = [key for key in table if key in keys.add_ons]
    for key in keys.add_ons:
        table.identifier(key, "", may_be_text=may_be_text)
    found = [ChosenAddOn(key, table.identifier(key, "", may_be_text=may_be_text)) for key in named]
    if "addons" not in keys.server:
        return tuple(found)
    for entry in table.tables("addons"):
        chosen = ChosenAddOn(
            group=entry.text("group", ""),
            id=entry.identifier("id", may_be_text=may_be_text),
            value=entry.whole("value", 1, least=1, most=MAX_UNITS),
        )
        entry.finish(secrets=secrets_hint)
        if any(chosen.id == other.id and chosen.group == other.group for other in found):
            raise entry.error("id", "this add-on is there twice", hint="Give it once, with the number as value.")
        if chosen.group and any(chosen.group == other.group for other in found):
            raise entry.error("group", "a server has at most one add-on of a group")
        found.append(chosen)
    return tuple(found)


def _server_entry(server: ServerDraft, keys: OrderKeys) -> dict[str, Any]:
    listed = [
        {"id": written_identifier(chosen.id), "value": chosen.value, "group": clean(chosen.group) or None}
        for chosen in server.add_ons
    ]
    return {
        "name": clean(server.name) or None,
        "plan": written_identifier(server.plan),
        "plan_type": clean(server.plan_type) or None,
        "os": written_identifier(server.os),
        "quantity": server.quantity,
        "ssh_key": server.ssh_key or ("" if server.without_key else None),
        **{add_on.group: written_identifier(add_on.id) for add_on in server.add_ons if add_on.group in keys.add_ons},
        "startup_script": server.startup_script or None,
        IS_CLOUD_INIT: server.startup_script_is_cloud_init or None,
        "addons": [_without(add_on, ()) for add_on in listed] or None,
    }


def _add_on_lines(add_ons: list[dict[str, Any]]) -> str:
    import tomli_w

    if not add_ons:
        return ""
    lines = tomli_w.dumps({"addons": add_ons})
    if not lines.startswith("[["):
        return lines
    # The library gives an add-on that is too long for one line a header of its own, as if it stood at the top.
    return "".join(f"\n[[server.addons]]\n{tomli_w.dumps(add_on)}" for add_on in add_ons)


def _without(entry: Mapping[str, Any], foreign: Collection[str]) -> dict[str, Any]:
    """Return `entry` without what is not there and without the `foreign` keys."""
    return {key: value for key, value in entry.items() if value is not None and key not in foreign}
