"""Private keys: recognised however they were copied, so that none is kept or sent by mistake."""

from __future__ import annotations

import base64
import re
from typing import Final

from vps_tui.core.text import without_invisible

HEAD: Final = 256 * 1024
TAIL: Final = 16 * 1024
"""Characters looked at, from the start and from the end of a longer text; no private key is larger than either."""

# Patterns stay text until they are used: compiling them all would delay the start of the program.
_DASH: Final = "[-\u2010-\u2015\u2212]"
# Spaces removed; one side with its dashes is enough, for a selection that missed the other.
_PRIVATE_HEADER: Final = (
    rf"(?i){_DASH}(?:BEGIN|END)([A-Z0-9]{{0,24}})PRIVATEKEY"
    rf"|([A-Z0-9]{{0,24}})PRIVATEKEY(?:BLOCK)?{_DASH}{{4}}"
)
_PRIVATE_HEADERS: Final = {
    "OPENSSH": "OpenSSH",
    "RSA": "PEM RSA",
    "EC": "PEM EC",
    "DSA": "PEM DSA",
    "": "PKCS#8",
    "ENCRYPTED": "encrypted PKCS#8",
    "SSH2ENCRYPTED": "SSH2",
    "PGP": "OpenPGP",
    "TSS2": "TPM",
    "ENCRYPTEDCOSIGN": "cosign",
    "ENCRYPTEDSIGSTORE": "sigstore",
    "NEBULAED25519": "Nebula",
    "NEBULAX25519": "Nebula",
}
_PRIVATE_MARKS: Final = (
    (r"(?i)PuTTY-User-Key-File-([0-9])", "PuTTY .ppk v{}"),
    (r"(?i)Private-(?:Lines|MAC|Hash):", "PuTTY .ppk"),
    # The first bytes of the format, for a paste that starts below the header line.
    (r"b3BlbnNzaC1rZXktdjE", "OpenSSH"),
    (r"(?i)Proc-Type:4,ENCRYPTED|DEK-Info:", "encrypted PEM"),
    (r"SSHPRIVATEKEYFILEFORMAT", "SSH1"),
    (r"(?i)AGE-SECRET-KEY-", "age"),
    (r"AGE-PLUGIN-[A-Z0-9-]{1,32}1[AC-HJ-NP-Z02-9]{20}", "age plugin"),
    (r"(?i)BEGINOpenVPNStatickeyV", "OpenVPN"),
    (r"(?i)Private-key-format:v1", "DNSSEC"),
    (r"==ed25519v1-secret:", "Tor"),
    (r"(?i)untrustedcomment:(?:rsign|minisign)encryptedsecretkey", "minisign"),
    (r"(?i)untrustedcomment:[^\n]{0,80}?secretkey.{0,4}?RW[A-Za-z0-9+/]{40}", "signify"),
    (r"PrivateKey=[A-Za-z0-9+/]{43}=", "WireGuard"),
)
_PAIRED_MARKS: Final = (
    ('"kty":"', r'"d":"[A-Za-z0-9_-]{16}', "JWK"),
    ("KeyValue>", r"<(?:D|X)>[A-Za-z0-9+/=]{16}", "XML"),
)
"""A word that has to be there, a pattern and a name: what either means alone is open."""

# The binary file of Dropbear, as far as reading it as text leaves of it: a length, the type, a length.
_DROPBEAR: Final = r"\A\x00\x00\x00[\x07-\x20](?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3})\x00\x00"
_SEQUENCE: Final = rb"(?s)\x30(?:[\x00-\x7f]|\x81.|\x82..)"
_DER_PRIVATE: Final = _SEQUENCE + rb"\x02\x01[\x00\x01][\x02\x04\x30]"
_DER_STORE: Final = _SEQUENCE + rb"\x02\x01\x03\x30"
_DER_ENCRYPTED: Final = _SEQUENCE + rb"\x30[\x00-\x7f]\x06.\x2a\x86\x48\x86\xf7\x0d\x01\x05"


def is_private_key(text: str) -> str | None:
    """Return the name of the private-key format that the text holds, or holds a telling part of, else None.

    Spaces and line ends are ignored, so that a wrapped, indented or flattened key is recognised too. Of a text
    longer than `HEAD` characters only those and the last `TAIL` are looked at: this runs on every key press.
    """
    if re.match(_DROPBEAR, text):
        return "Dropbear"
    start = _flat(text[:HEAD])
    named = _name_inside(start) or _headerless_private_der(start)
    if named or len(text) <= HEAD:
        return named
    return _name_inside(_flat(text[-TAIL:]))


def _flat(text: str) -> str:
    return "".join(without_invisible(text).split())


def _name_inside(flat: str) -> str | None:
    if "PRIVATEKEY" in flat.upper() and (header := re.search(_PRIVATE_HEADER, flat)):
        family = (header[1] or header[2] or "").upper().removeprefix("BEGIN")
        return _PRIVATE_HEADERS.get(family, "PEM")
    for mark, name in _PRIVATE_MARKS:
        if found := re.search(mark, flat):
            return name.format(*found.groups())
    for word, mark, name in _PAIRED_MARKS:
        if word in flat and re.search(mark, flat):
            return name
    return None


def _headerless_private_der(flat: str) -> str | None:
    """Recognise PEM whose header line was not copied, by the first bytes that its base64 stands for."""
    if not re.match("M[A-Za-z0-9+/]{47}", flat):
        return None
    start = base64.b64decode(flat[:48])
    if re.match(_DER_ENCRYPTED, start):
        return "encrypted PKCS#8"
    if re.match(_DER_STORE, start):
        return "PKCS#12"
    return "PEM" if re.match(_DER_PRIVATE, start) else None
