"""Public keys that a person keeps on GitHub, GitLab or a site like them, at https://HOST/USER.keys."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vps_tui.core.errors import InvalidValue, ProviderError, RequestRefused, UnreadableReply
from vps_tui.core.ssh_key_list import MAX_TEXT, KeysInText, parse_public_keys
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.text import clean

if TYPE_CHECKING:
    from vps_tui.providers.key_site import Page

HOSTS: Final = ("github.com", "gitlab.com")
"""The sites that are offered without typing."""

VARIABLE: Final = "VPS_TUI_KEYS_URL"
"""Environment variable with the base address to ask in place of the site's own; https, or loopback."""

TIMEOUT_SECONDS: Final = 10.0
"""How long the whole answer may take."""

_NAME: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_-])?"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST: Final = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?"


def user_problem(user: str) -> str:
    """Say what keeps `user` from being a user name; empty for nothing."""
    if not user:
        return "Type the user name."
    if re.fullmatch(_NAME, user) is None or ".." in user:
        return "A user name has letters, digits, hyphens, dots and underscores only; type it alone."
    return ""


def host_problem(host: str) -> str:
    """Say what keeps `host` from being the name of a site; empty for nothing."""
    if not host:
        return "Type the name of the site, such as git.example.org."
    if re.fullmatch(_HOST, host) is None or len(host) > 253:
        return "Type the name of the site alone, such as git.example.org, without https:// and path."
    return ""


def address_asked(host: str, user: str) -> str:
    """Return the address that would be asked, to show it before it is."""
    return f"{_base(host)}/{user}.keys"


async def fetch_keys(host: str, user: str) -> KeysInText:
    """Return every public key of `user` at `host`, each named after them where it has no comment.

    Raises `InvalidValue` for a name, `UsageError` for an address in the environment, `ProviderError` for the rest.
    """
    problem = user_problem(user) or host_problem(host)
    if problem:
        raise InvalidValue(problem)
    page = await _page(host, user)
    host = answering(host)
    text = _keys_text(page, host)
    try:
        found = parse_public_keys(text)
    except InvalidValue as error:
        raise UnreadableReply(f"What {host} sent holds no usable public key: {error.message}") from None
    return replace(found, keys=tuple(_name(key.line, user, host) for key in found.keys))


async def _page(host: str, user: str) -> Page:
    from vps_tui.providers.key_site import Site

    site = Site(answering(host), _base(host), seconds=TIMEOUT_SECONDS)
    try:
        return await site.page(f"{user}.keys", limit=MAX_TEXT)
    finally:
        await site.aclose()


def answering(host: str) -> str:
    """Return the name of the site that is really asked for `host`: the environment may name another."""
    return clean(_base(host).partition("://")[2].partition("/")[0] or host)


def _base(host: str) -> str:
    return (os.environ.get(VARIABLE) or f"https://{host}").rstrip("/")


def _keys_text(page: Page, host: str) -> str:
    text = page.text.strip("\ufeff \t\r\n")
    if page.status == 404:
        raise RequestRefused(f"{host} knows no user of that name.", hint="Check the spelling.")
    if page.status == 429:
        raise RequestRefused(f"{host} asks for a pause (HTTP 429).", hint="Try again in some minutes.")
    if page.status != 200:
        raise ProviderError(f"{host} answered with HTTP {page.status}.", hint="Try again in a moment.")
    if text.startswith("<"):
        raise UnreadableReply(
            f"{host} sent a web page instead of keys.",
            hint="Some sites do that for a user they do not know: check the spelling, or paste the key.",
        )
    if not text:
        raise RequestRefused(f"The user has no public SSH key at {host}.", hint="Give a key in another way.")
    return text


def _name(line: str, user: str, host: str) -> PublicKey:
    """Return the key with the person as its comment where it has none, which is the rule on these sites."""
    key = parse_public_key(line)
    return key if key.comment else parse_public_key(f"{line} {clean(user)}@{clean(host)}")
