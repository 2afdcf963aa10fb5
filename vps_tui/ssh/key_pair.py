"""New key pairs: made on this machine, the private half written for its owner alone and shown nowhere."""

from __future__ import annotations

import getpass
import os
import platform
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.text import clean
from vps_tui.files.private import failure, private_folder, reach_problem
from vps_tui.files.safe_open import WRITERS, write_new

NAME: Final = "id_ed25519_vps-tui"
"""Name of the first pair's private half; further ones have a number behind it."""

MAX_PASSPHRASE: Final = 200
"""Characters; `ssh-keygen` and `ssh` read far longer ones."""

_KDF_ROUNDS: Final = 24
"""As ssh-keygen has it since OpenSSH 9.4: half a second for each guess at a passphrase."""


@dataclass(frozen=True, slots=True)
class NewPair:
    """A pair that now stands on the disk."""

    path: Path
    """Of the private half; the public one stands beside it with `.pub` at its end."""
    key: PublicKey


def passphrase_problem(passphrase: str, again: str) -> str:
    """Say what keeps a passphrase that was typed twice from being used; empty for nothing."""
    if passphrase != again:
        return "The two are not the same."
    if not passphrase.isprintable() or len(passphrase) > MAX_PASSPHRASE:
        return f"Use at most {MAX_PASSPHRASE} characters, none of them a control character."
    if passphrase and len(passphrase) < 5:
        # ssh-keygen's own limit.
        return "Use 5 characters or more, or none at all."
    return ""


def next_path(folder: Path) -> Path:
    """Return where a new pair in `folder` would go: the first name of which neither half exists."""
    names = (NAME if number == 1 else f"{NAME}-{number}" for number in count(1))
    return next(path for name in names if not _is_taken(path := folder / name))


def make_pair(folder: Path, passphrase: str = "") -> NewPair:
    """Make an ed25519 pair in `folder`, and return its public half; nothing that exists is overwritten.

    Raises `InvalidValue` for the passphrase, `UsageError` for the files. It blocks for a moment.
    """
    if problem := passphrase_problem(passphrase, passphrase):
        raise InvalidValue(problem)
    _check_folder(folder)
    comment = _comment()
    private, public = _pair(passphrase)
    key = parse_public_key(f"{public} {comment}")
    while True:
        path = next_path(folder)
        try:
            _write_both(path, private, f"{key.line}\n".encode())
        except FileExistsError:
            continue
        except OSError as error:
            raise failure(path, "cannot be written", error) from None
        return NewPair(path, replace(key, file=str(public_path(path).absolute())))


def _is_taken(path: Path) -> bool:
    return os.path.lexists(path) or os.path.lexists(public_path(path))


def public_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.pub")


def _check_folder(folder: Path) -> None:
    private_folder(folder)
    try:
        problem = reach_problem(folder, folder.stat(), WRITERS)
    except OSError as error:
        raise failure(folder, "cannot be used", error) from None
    if problem is not None:
        raise problem


def _comment() -> str:
    """Return what `ssh-keygen` would write: who made the key, and on which machine."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "vps-tui"
    words = clean(f"{user}@{platform.node() or 'localhost'}", 80).split()
    return "-".join(words)


def _pair(passphrase: str) -> tuple[bytes, str]:
    """Return the private half as its file holds it, and the public one as type and base64."""
    from cryptography.hazmat.primitives import serialization as ser
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    made = Ed25519PrivateKey.generate()
    encryption: ser.KeySerializationEncryption = ser.NoEncryption()
    if passphrase:
        # The derivation of the key is made by the package bcrypt, which cryptography loads itself.
        encryption = ser.PrivateFormat.OpenSSH.encryption_builder().kdf_rounds(_KDF_ROUNDS).build(passphrase.encode())
    private = made.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.OpenSSH, encryption)
    public = made.public_key().public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH)
    return private, public.decode()


def _write_both(path: Path, private: bytes, public: bytes) -> None:
    """Write the two halves, or neither; raises `FileExistsError` rather than touch a file that exists."""
    write_new(path, private)
    try:
        write_new(public_path(path), public, 0o644)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
