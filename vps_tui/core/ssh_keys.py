"""Public SSH keys: pasted text in, one OpenSSH line out, or the reason why it cannot be used.

A key that is accepted wrongly is a paid server that nobody can sign in to, so a text counts as a key only
when its base64 part is complete and canonical and names the same type as the text in front of it. What is
repaired is only what copying breaks: line ends, indents, invisible characters, authorized_keys options.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.core.text import without_invisible

MAX_BYTES: Final = 16 * 1024
"""Longest text taken as a public key, in UTF-8 bytes; OpenSSH's largest RSA key needs about 2,800."""

_MIN_RSA_BITS: Final = 1024
_GOOD_RSA_BITS: Final = 2048
_MAX_RSA_BITS: Final = 16384


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One public key in the form that providers take and `ssh-keygen -l` describes."""

    line: str
    """`type base64 [comment]`: single spaces between the fields, no options in front, no newline."""
    kind: str
    """The name `ssh-keygen -l` prints in parentheses: ED25519, RSA, ECDSA, ED25519-SK or ECDSA-SK."""
    bits: int
    fingerprint: str
    """`SHA256:` and unpadded base64, exactly as `ssh-keygen -l` prints it."""
    comment: str
    warning: str = ""
    """What to know before using the key, in whole sentences; empty where there is nothing."""
    file: str = field(default="", compare=False)
    """Absolute path of the file that it was read from; empty for one that came in another way."""


@dataclass(frozen=True, slots=True)
class _Algorithm:
    kind: str
    bits: int
    """0 where the length varies from key to key."""
    fields: int
    """How many length-prefixed fields the binary key has, its type included (RFC 4253 6.6, RFC 5656 3.1,
    RFC 8709 4; for the sk- types OpenSSH, PROTOCOL.u2f)."""


_ALGORITHMS: Final = {
    "ssh-rsa": _Algorithm("RSA", 0, 3),
    "ssh-ed25519": _Algorithm("ED25519", 256, 2),
    "ecdsa-sha2-nistp256": _Algorithm("ECDSA", 256, 3),
    "ecdsa-sha2-nistp384": _Algorithm("ECDSA", 384, 3),
    "ecdsa-sha2-nistp521": _Algorithm("ECDSA", 521, 3),
    "sk-ssh-ed25519@openssh.com": _Algorithm("ED25519-SK", 256, 3),
    "sk-ecdsa-sha2-nistp256@openssh.com": _Algorithm("ECDSA-SK", 256, 4),
}
_DSA: Final = "ssh-dss"
_CERTIFICATE: Final = "-cert-v01@openssh.com"
TYPES: Final = sorted(
    [f"{name.removesuffix('@openssh.com')}{_CERTIFICATE}" for name in (*_ALGORITHMS, _DSA)] + [*_ALGORITHMS, _DSA],
    key=len,
    reverse=True,
)
"""What a line may begin with: keys, certificates and the type that OpenSSH has given up; the longest first."""

_LINE_ENDS: Final = "\n\r\v\f\x85\u2028\u2029"
# Patterns stay text until they are used: compiling them all would delay the start of the program.
# In a tidied text a newline (with one space if there were more than line ends) is a place where copying may
# have cut a field in two; every other run of spaces separates fields.
_CUT: Final = r"(?:\n ?)?"
_TYPE: Final = f"(?:{'|'.join(_CUT.join(map(re.escape, name)) for name in TYPES)})" + r"(?=[ \n]|\Z)"
_SECOND_KEY: Final = rf"[ \n]{_TYPE}[ \n]+A{_CUT}A{_CUT}A{_CUT}A"
_QUOTED: Final = r'"(?:\\"|[^"])*+"'
_OPTIONS: Final = (
    "agent-forwarding|cert-authority|command|environment|expiry-time|from|no-agent-forwarding|"
    "no-port-forwarding|no-pty|no-touch-required|no-user-rc|no-x11-forwarding|permitlisten|permitopen|"
    "port-forwarding|principals|pty|restrict|tunnel|user-rc|verify-required|x11-forwarding"
)

_USE_PUB: Final = "Paste the one line of the .pub file; it begins with the type of the key."
_USE_PPK: Final = "Open it in PuTTYgen and copy the box at the top, meant for pasting."
_NEW_KEY: Final = "Make one with: ssh-keygen -t ed25519"
_NOT_KEYS: Final = (
    (r"-{4} ?BEGIN SSH2 PUB", "This key is in SSH2 form.", "Convert it with: ssh-keygen -i -f FILE"),
    (r"-{5}BEGIN RSA PUB", "This key is in PEM form.", "Convert it with: ssh-keygen -i -m PEM -f FILE"),
    (r"-{5}BEGIN PUB", "This key is in PEM form.", "Convert it with: ssh-keygen -i -m PKCS8 -f FILE"),
    (r"-{5}BEGIN CERT", "This is a TLS certificate, not an SSH key.", _USE_PUB),
    (
        r"(?:\d{3,5} )?(?:SHA\d{1,3}:|(?:MD5:)?(?:[0-9A-Fa-f]{2}:){15})|\+-+\[",
        "This is the fingerprint of a key, not the key.",
        _USE_PUB,
    ),
    (
        r"(?:~|/|\.{1,2}[/\\]|[A-Za-z]:[/\\]|file:|\$HOME|%)[^\n]*\Z|[^\s,]+\.pub\Z|id_[a-z0-9_]+\Z",
        "This is the name of a file, not the key inside it.",
        _USE_PUB,
    ),
    (r"AAAA[A-Za-z0-9+/]{8}", "The type in front of the key is missing.", _USE_PUB),
)


def parse_public_key(text: str) -> PublicKey:
    """Return the one public key in a pasted text, repaired where copying broke it.

    Raises InvalidValue, with what to do instead, for everything else; the verdict, the length and the
    fingerprint are those of `ssh-keygen -l`, except that a certificate, a DSA key, a known_hosts line and a
    second key are refused. Neither the message nor the hint quotes the text.
    """
    if private := is_private_key(text):
        raise InvalidValue(
            f"This is a PRIVATE key ({private}). It was not kept.",
            hint=_USE_PPK if private.startswith("PuTTY") else f"Use the .pub file beside it. {_USE_PUB}",
        )
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise InvalidValue("This is too long for a public key.", hint=_USE_PUB)
    algorithm, rest, options = _type_and_rest(_tidy(text))
    _refuse_unusable(algorithm, rest)
    blob, comment = _blob_and_comment(algorithm, rest)
    fields, bits = _check(algorithm, blob)
    return _describe(algorithm, _pack(fields), bits, comment, options=options)


def _describe(algorithm: str, blob: bytes, bits: int, comment: str, *, options: bool) -> PublicKey:
    warnings = []
    if options:
        warnings.append("The options in front of the key are left out; the new server will not know them.")
    if bits < _GOOD_RSA_BITS and algorithm == "ssh-rsa":
        warnings.append(f"RSA with {bits} bits is weak, and some systems refuse it; ED25519 is better.")
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode("ascii").rstrip("=")
    encoded = base64.b64encode(blob).decode("ascii")
    return PublicKey(
        line=f"{algorithm} {encoded} {comment}".rstrip(" "),
        kind=_ALGORITHMS[algorithm].kind,
        bits=bits,
        fingerprint=f"SHA256:{digest}",
        comment=comment,
        warning=" ".join(warnings),
    )


def _tidy(text: str) -> str:
    """Return the text without invisible characters and leading comment lines, its gaps as `_CUT` expects."""

    def gap(run: re.Match[str]) -> str:
        if not any(char in _LINE_ENDS for char in run.group()):
            return " " * len(run.group())
        return "\n" if all(char in _LINE_ENDS for char in run.group()) else "\n "

    tidy = re.sub(r"\s+", gap, without_invisible(text).strip())
    while tidy.startswith("#"):
        tidy = tidy.partition("\n")[2].strip()
    if not tidy:
        raise InvalidValue("There is no key here.", hint=_USE_PUB)
    return tidy


def _join(part: str) -> str:
    return part.replace("\n ", "").replace("\n", "")


def _type_and_rest(tidy: str) -> tuple[str, str, bool]:
    """Return the key's type, all that follows it, and whether authorized_keys options stood in front."""
    if named := re.match(_TYPE, tidy):
        return _join(named.group()), tidy[named.end() :], False
    for part in re.finditer(rf"{_QUOTED}| +|\n ?", tidy):
        behind = tidy[part.end() :]
        if part.group().startswith('"') or not (named := re.match(_TYPE, behind)):
            continue
        if _are_options(tidy[: part.start()]):
            return _join(named.group()), behind[named.end() :], True
        break
    raise _not_a_key(tidy)


def _are_options(prefix: str) -> bool:
    """Whether all names are ones that sshd(8), AUTHORIZED_KEYS FILE FORMAT lists.

    Any other word in front of a key is most likely the host name of a known_hosts line, and that key belongs
    to a server, not to the person ordering.
    """
    names = re.sub(_QUOTED, "", _join(prefix)).lower().split(",")
    return all(re.fullmatch(rf"(?:{_OPTIONS})=?", name) for name in names)


def _not_a_key(tidy: str) -> InvalidValue:
    for pattern, message, hint in _NOT_KEYS:
        if re.match(pattern, tidy):
            return InvalidValue(message, hint=hint)
    if re.search(_SECOND_KEY, tidy):
        return InvalidValue("There is other text in front of the key.", hint=_USE_PUB)
    return InvalidValue("This is not a public SSH key of a known type.", hint=_USE_PUB)


def _refuse_unusable(algorithm: str, rest: str) -> None:
    if re.search(_SECOND_KEY, rest):
        raise InvalidValue("There is more than one key here.", hint="Paste one key only, on one line.")
    if algorithm.endswith(_CERTIFICATE):
        raise InvalidValue(
            "This is an SSH certificate, not a key.", hint="Use the .pub file without -cert in its name."
        )
    if algorithm == _DSA:
        raise InvalidValue("DSA keys no longer work with OpenSSH.", hint=_NEW_KEY)


def _blob_and_comment(algorithm: str, rest: str) -> tuple[list[bytes], str]:
    """Return the fields of the binary key and the cleaned comment behind it.

    The key's own lengths say where its base64 ends; that is what tells a cut inside the base64 from a
    comment on the next line.
    """
    rest = rest.lstrip(" \n")
    body = re.match(r"(?:[^ \n]|\n ?)*+", rest)
    encoded = _join(body.group()) if body else ""
    fields = _leading_fields(algorithm, encoded)
    whole = base64.b64encode(_pack(fields)).decode("ascii")
    if not encoded.startswith(whole):
        raise _damage()
    end = re.match(rf"(?:[^ \n]{_CUT}){{{len(whole)}}}", rest)
    if end is None or not (rest[end.end() - 1] in " \n" or rest[end.end() : end.end() + 1] in ("", " ")):
        raise InvalidValue("Something is stuck to the end of the key.", hint=f"Copy it again. {_USE_PUB}")
    return fields, rest[end.end() :].replace("\n ", " ").replace("\n", "").strip()


def _leading_fields(algorithm: str, encoded: str) -> list[bytes]:
    """Read as many fields as the algorithm has; what follows them is for the caller to judge."""
    found = re.match("[A-Za-z0-9+/]*", encoded)
    digits = found.group() if found else ""
    data = base64.b64decode(digits + "A" * (-len(digits) % 4))
    fields: list[bytes] = []
    for _ in range(_ALGORITHMS[algorithm].fields):
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            raise _damage()
        fields.append(data[4 : 4 + size])
        data = data[4 + size :]
        if fields[0] != algorithm.encode("ascii"):
            raise InvalidValue("The type in front is not that of the key.", hint=f"Copy it again. {_USE_PUB}")
    return fields


def _check(algorithm: str, fields: list[bytes]) -> tuple[list[bytes], int]:
    """Return the fields in OpenSSH's own form and the key's length in bits, or refuse the key."""
    _, *values = fields
    bits = _ALGORITHMS[algorithm].bits
    if algorithm == "ssh-rsa":
        values = [_positive(value) for value in values]
        bits = int.from_bytes(values[1], "big").bit_length()
        if bits < _MIN_RSA_BITS:
            raise InvalidValue(f"RSA with {bits} bits is too weak; OpenSSH refuses it.", hint=_NEW_KEY)
        if bits > _MAX_RSA_BITS:
            raise InvalidValue(f"RSA with {bits} bits is longer than OpenSSH accepts.", hint=_NEW_KEY)
        fields = [fields[0], *values]
    if algorithm.startswith("sk-"):
        # The key on the token is an ordinary one; the last field names what it was made for ("ssh:").
        *values, application = values
        if b"\0" in application:
            raise _damage()
        algorithm = algorithm.removeprefix("sk-").partition("@")[0]
    _load(algorithm, values)
    return fields, bits


def _load(algorithm: str, values: list[bytes]) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    name = algorithm.encode("ascii")
    try:
        load_ssh_public_key(name + b" " + base64.b64encode(_pack([name, *values])))
    except (ValueError, UnsupportedAlgorithm, NotImplementedError):
        # The last is the library's word for a compressed point, which OpenSSH does not take either.
        raise _damage() from None


def _positive(value: bytes) -> bytes:
    """Return an mpint (RFC 4251, 5) without needless zeros, as OpenSSH rewrites it before fingerprinting."""
    if value[:1] >= b"\x80":
        raise _damage()
    digits = value.lstrip(b"\0")
    return b"\0" + digits if digits[:1] >= b"\x80" else digits


def _pack(fields: list[bytes]) -> bytes:
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def _damage() -> InvalidValue:
    return InvalidValue("The key is cut short or damaged.", hint=f"Copy it again in full. {_USE_PUB}")
