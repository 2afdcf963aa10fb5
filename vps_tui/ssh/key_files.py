"""Public keys on this machine's disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_key_list import MAX_TEXT, KeysInText, parse_public_keys
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.files.private import read_given

MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A usable public key and the file that it stands in."""

    path: Path
    key: PublicKey


@dataclass(frozen=True, slots=True)
class FoundKeys:
    """What a folder holds: usable keys, and files that looked like one with the reason why they are not."""

    keys: tuple[FoundKey, ...] = ()
    left_out: tuple[tuple[Path, str], ...] = ()


def find_keys(folder: Path) -> FoundKeys:
    """Return the public keys in `folder`/*.pub, ed25519 first; reads files, so call it off the event loop."""
    keys: list[FoundKey] = []
    left_out: list[tuple[Path, str]] = []
    try:
        paths = sorted(path for path in folder.glob("*.pub") if path.is_file())
    except OSError:
        return FoundKeys()
    for path in paths:
        try:
            keys.append(FoundKey(path, read_key(path)))
        except InvalidValue as error:
            left_out.append((path, error.message))
    keys.sort(key=lambda found: (found.key.kind != "ED25519", found.path.name))
    return FoundKeys(tuple(keys), tuple(left_out))


def read_key(path: Path) -> PublicKey:
    """Return the public key in the file at `path`; raises `InvalidValue`, also for a file that cannot be read."""
    return replace(parse_public_key(_public_text(path, MAX_BYTES)), file=_absolute(path))


def read_keys(path: Path) -> KeysInText:
    """Return every public key in the file at `path`, an authorized_keys file included; raises `InvalidValue`."""
    found = parse_public_keys(_public_text(path, MAX_TEXT + 1))
    return replace(found, keys=tuple(replace(key, file=_absolute(path)) for key in found.keys))


def _absolute(path: Path) -> str:
    return str(path.expanduser().absolute())


def _public_text(path: Path, limit: int) -> str:
    text = read_given(path, limit).decode("utf-8", "replace")
    private = is_private_key(text)
    if private:
        raise InvalidValue(
            f"The file holds a PRIVATE key ({private}).", hint="Choose the file beside it that ends in .pub."
        )
    return text


def label(key: PublicKey) -> str:
    """Return a key in one line: type, fingerprint, comment."""
    return " ".join(part for part in (key.kind, key.fingerprint, key.comment) if part)


@lru_cache(64)
def label_of_line(line: str) -> str:
    """Return the same for an OpenSSH line; empty for none. Raises `InvalidValue` for one that is no public key."""
    return label(parse_public_key(line)) if line else ""


def describe_key(key: PublicKey) -> str:
    """Return a key in two lines: type, length and comment; fingerprint."""
    return f"{key.kind}, {key.bits} bits  {key.comment}\n{key.fingerprint}"
