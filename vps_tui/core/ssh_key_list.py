"""Texts that hold several public keys: an authorized_keys file, a paste of two, a person's keys on a web site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import MAX_BYTES, TYPES, PublicKey, parse_public_key
from vps_tui.core.ssh_private_keys import is_private_key

MAX_TEXT: Final = 256 * 1024
"""Longest text looked at, in UTF-8 bytes; a site that lets a person keep a hundred large RSA keys sends 75,000."""

MAX_KEYS: Final = 200
"""Most keys that are offered; nobody tells more of them apart by their fingerprints."""

# Stays text until it is used: compiling it would delay the start of the program.
_BEGINS: Final = rf"(?:\A|[\s,\"])(?:{'|'.join(map(re.escape, TYPES))})[ \t]+AAAA"


@dataclass(frozen=True, slots=True)
class KeysInText:
    """The usable keys of one text, each once and in its order, and why others are left out."""

    keys: tuple[PublicKey, ...]
    left_out: tuple[str, ...] = ()
    """One reason, in a whole sentence, for every key that cannot be used."""

    @property
    def single(self) -> PublicKey | None:
        """The key, where the text holds nothing else."""
        return self.keys[0] if len(self.keys) == 1 and not self.left_out else None


def parse_public_keys(text: str) -> KeysInText:
    """Return the public keys in a text: one that copying may have broken anywhere, or several on lines of their own.

    Raises `InvalidValue` for a private key anywhere in it, and where no key can be used. As with
    `parse_public_key`, no message quotes the text.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size <= MAX_BYTES or is_private_key(text):
        try:
            return KeysInText((parse_public_key(text),))
        except InvalidValue as error:
            first = error
    else:
        first = InvalidValue("This is too long for a public key.", hint="Give the text of a .pub file.")
    if is_private_key(text) or size > MAX_TEXT:
        raise first
    keys: dict[str, PublicKey] = {}
    left_out: list[str] = []
    for piece in _pieces(text):
        try:
            key = parse_public_key(piece)
        except InvalidValue as error:
            left_out.append(error.message)
        else:
            keys.setdefault(key.fingerprint, key)
    if not keys:
        raise first
    kept = tuple(keys.values())
    if len(kept) > MAX_KEYS:
        left_out.append(f"Only the first {MAX_KEYS} keys are shown.")
    return KeysInText(kept[:MAX_KEYS], tuple(left_out))


def _pieces(text: str) -> Iterator[str]:
    """Yield each line that begins a key together with the lines after it that begin none."""
    piece: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip("\ufeff \t").startswith("#"):
            continue
        if re.search(_BEGINS, line.lstrip("\ufeff")) and piece:
            yield "\n".join(piece)
            piece = []
        piece.append(line)
    if piece:
        yield "\n".join(piece)
