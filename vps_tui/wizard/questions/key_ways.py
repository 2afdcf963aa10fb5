"""The ways to give an SSH key that is not on this machine's list: pasted, read, fetched, made."""

from __future__ import annotations

from pathlib import Path

from vps_tui.core.ssh_key_list import KeysInText
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.core.text import clean
from vps_tui.ssh.key_files import described
from vps_tui.ssh.key_pair import NewPair
from vps_tui.wizard.questions.choices import Choice, Column

PASTE_TITLE = "Paste the public key"
PASTE_HINT = "One line of a .pub file; wrapped lines are joined."
FILE_TITLE = "Read a public key from a file"
FILE_START = "~/.ssh/"
WEB_TITLE = "Public keys from GitHub, GitLab or a site like them"
WEB_HINT = "Anybody can read them there; nobody signs in."
OTHER_SITE = "another site"
SITE_EXAMPLE = "Such as git.example.org."
PAIR_TITLE = "Make a new key pair (ED25519)"
PASSPHRASE_HELP = "Asked for at every login; leave it empty for none."  # noqa: S105 - a sentence
MAKING = "Making the pair ..."
PICK_COLUMNS = (Column("KEY"), Column("FINGERPRINT", flexible=True))


def refused_private(kind: str) -> str:
    """Return what is said about a private key of `kind` that was given; nothing of it is kept."""
    return f"That was a PRIVATE key ({kind}). It was not kept. Paste the line of the .pub file instead."


def pick_title(title: str, found: KeysInText) -> str:
    """Return the question which of several keys is meant."""
    count = len(found.keys)
    return f"{title}: {count} {'key' if count == 1 else 'keys'}. The server takes one."


def pick_choices(found: KeysInText) -> list[Choice]:
    """Return the keys by their fingerprints."""
    return [Choice(key.fingerprint, (f"{key.kind} {key.bits}", key.fingerprint)) for key in found.keys]


def picked(found: KeysInText, fingerprint: str) -> PublicKey | None:
    """Return the key with that fingerprint, None where there is none."""
    return next((key for key in found.keys if key.fingerprint == fingerprint), None)


def several(found: KeysInText) -> str:
    """Return that a text holds more than one key."""
    count = len(found.keys)
    return f"There is more than one key here: {'one usable key' if count == 1 else f'{count} keys'}."


def left_out(found: KeysInText) -> str:
    """Return in words what of a text cannot be used; empty for nothing."""
    if not found.left_out:
        return ""
    return f"{len(found.left_out)} left out: {found.left_out[0]}"


def fetching(address: str) -> str:
    """Return that `address` is being asked."""
    return f"Asking {address} ..."


def where_made(path: Path) -> str:
    """Return where the private half of a pair goes."""
    return f"The private half stays on this machine: {shown(path)}"


def made(pair: NewPair) -> tuple[str, str]:
    """Return the new key in words, and where it was written."""
    return described(pair.key), f"Written: {shown(pair.path)}, and .pub beside it."


def shown(path: Path) -> str:
    """Return a path as people write it, with ~ for their home."""
    try:
        return f"~/{clean(str(path.relative_to(Path.home())))}"
    except (ValueError, RuntimeError):
        return clean(str(path))
