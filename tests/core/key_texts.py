"""Keys to test with, good, damaged and private, made in this process."""

from __future__ import annotations

import base64
import os
import struct
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import parse_public_key

SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"


def packed(*fields: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def written(algorithm: str, *fields: bytes, comment: str = "") -> str:
    blob = packed(algorithm.encode(), *fields)
    return f"{algorithm} {base64.b64encode(blob).decode()} {comment}".rstrip()


@cache
def public_line(kind: str) -> str:
    """A good line without comment, made in this process, so that most tests need no ssh-keygen."""
    private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if kind == "ed25519":
        private = ed25519.Ed25519PrivateKey.generate()
    elif kind == "ecdsa":
        private = ec.generate_private_key(ec.SECP256R1())
    else:
        private = rsa.generate_private_key(65537, 2048)
    public = private.public_key()
    return public.public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH).decode()


def ec_point() -> bytes:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    return public.public_bytes(ser.Encoding.X962, ser.PublicFormat.UncompressedPoint)


def mpint(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


@cache
def good_lines() -> tuple[str, ...]:
    """Every type, comments short, long, absent and non-ASCII, base64 with and without padding."""
    return (
        public_line("ed25519"),
        f"{public_line('ed25519')} ops@box",
        f"{public_line('ecdsa')} two words",
        f"{public_line('rsa')} schl\u00fcssel f\u00fcr \u6771\u4eac",
        written(SK_ED25519, os.urandom(32), b"ssh:", comment="token"),
        written(SK_ECDSA, b"nistp256", ec_point(), b"ssh:web", comment="token"),
    )


def damaged_lines() -> list[str]:
    point = bytearray(ec_point())
    point[-1] ^= 1
    compressed = bytes([2]) + bytes(point[1:33])
    padded = next(line for line in (public_line("ecdsa"),) if line.endswith("="))
    edwards = public_line("ed25519")
    algorithm, encoded = edwards.split()
    raw = base64.b64decode(encoded)
    return [
        edwards[:-1],
        edwards[:-4],
        edwards[:-20],
        algorithm,
        f"{algorithm} AAAA",
        f"{algorithm} {encoded[:30]}.{encoded[31:]}",
        f"{algorithm} {encoded}AAAA",
        f"{algorithm} {base64.b64encode(raw[:-1]).decode()}",
        f"ssh-rsa {encoded}",
        padded[:-1],
        padded[:-2] + chr(ord(padded[-2]) + 1) + "=",
        written("ssh-ed25519", os.urandom(31)),
        written("ssh-ed25519", os.urandom(33)),
        written("ssh-ed25519", os.urandom(32), b"more"),
        written("ecdsa-sha2-nistp256", b"nistp256", bytes(point)),
        written("ecdsa-sha2-nistp256", b"nistp256", compressed),
        written("ecdsa-sha2-nistp384", b"nistp256", ec_point()),
        written(SK_ECDSA, b"nistp256", bytes(point), b"ssh:"),
        written(SK_ED25519, os.urandom(32)),
        written(SK_ED25519, os.urandom(32), b"ssh:\0web"),
        written("ssh-rsa", mpint(65537), mpint((1 << 2047) + 1)[1:]),
        written("ssh-rsa", mpint(65537)),
    ]


@cache
def private_texts() -> tuple[tuple[str, str], ...]:
    """One private key per format, with the name that it is refused by."""
    rsa_key = rsa.generate_private_key(65537, 2048)
    ec_key = ec.generate_private_key(ec.SECP256R1())
    ed_key = ed25519.Ed25519PrivateKey.generate()
    plain, locked = ser.NoEncryption(), ser.BestAvailableEncryption(b"secret")

    def pem(key: ser.PrivateFormat, private: object, lock: ser.KeySerializationEncryption = plain) -> str:
        assert isinstance(private, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey))
        return private.private_bytes(ser.Encoding.PEM, key, lock).decode()

    body = pem(ser.PrivateFormat.TraditionalOpenSSL, rsa_key).splitlines()[1:-1]
    ppk = "PuTTY-User-Key-File-{}: ssh-rsa\nEncryption: none\nComment: me\nPublic-Lines: 1\nAAAAB3NzaC1yc2E\n"
    ppk += f"Private-Lines: 1\n{body[0]}\nPrivate-MAC: {'0a' * 20}\n"
    dsa_text = "\n".join(["-----BEGIN DSA PRIVATE KEY-----", *body, "-----END DSA PRIVATE KEY-----"])
    ssh2 = "\n".join(
        ["---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", *body, "---- END SSH2 ENCRYPTED PRIVATE KEY ----"]
    )
    pgp = "\n".join(["-----BEGIN PGP PRIVATE KEY BLOCK-----", *body, "-----END PGP PRIVATE KEY BLOCK-----"])
    return (
        ("OpenSSH", pem(ser.PrivateFormat.OpenSSH, ed_key)),
        ("OpenSSH", pem(ser.PrivateFormat.OpenSSH, rsa_key)),
        ("PEM RSA", pem(ser.PrivateFormat.TraditionalOpenSSL, rsa_key)),
        ("PEM RSA", pem(ser.PrivateFormat.TraditionalOpenSSL, rsa_key, locked)),
        ("PEM EC", pem(ser.PrivateFormat.TraditionalOpenSSL, ec_key)),
        ("PEM DSA", dsa_text),
        ("PKCS#8", pem(ser.PrivateFormat.PKCS8, ec_key)),
        ("PKCS#8", pem(ser.PrivateFormat.PKCS8, ed_key)),
        ("encrypted PKCS#8", pem(ser.PrivateFormat.PKCS8, rsa_key, locked)),
        ("PuTTY .ppk v2", ppk.format(2)),
        ("PuTTY .ppk v3", ppk.format(3)),
        ("SSH2", ssh2),
        ("OpenPGP", pgp),
        *_further_private_texts(rsa_key, ec_key),
    )


def _further_private_texts(
    rsa_key: rsa.RSAPrivateKey, ec_key: ec.EllipticCurvePrivateKey
) -> tuple[tuple[str, str], ...]:
    def secret(size: int) -> str:
        return base64.b64encode(os.urandom(size)).decode()

    def armoured(kind: str, size: int = 300) -> str:
        text = secret(size)
        lines = [text[at : at + 64] for at in range(0, len(text), 64)]
        return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])

    traditional, plain = ser.PrivateFormat.TraditionalOpenSSL, ser.NoEncryption()
    locked = ser.BestAvailableEncryption(b"secret")
    ec_locked = ec_key.private_bytes(ser.Encoding.PEM, traditional, locked).decode()
    ec_plain = ec_key.private_bytes(ser.Encoding.PEM, traditional, plain).decode()
    small = base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
    age = "QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" + "QPZRY9X8GF2TVDW0S3JN54KHC"
    return (
        ("PEM EC", ec_locked),
        ("PEM EC", f"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n{ec_plain}"),
        ("PEM DSA", armoured("DSA PRIVATE KEY").replace("\n", "\nProc-Type: 4,ENCRYPTED\n\n", 1)),
        ("PKCS#8", rsa_key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.PKCS8, plain).decode()),
        ("PEM", armoured("ANY PRIVATE KEY")),
        ("TPM", armoured("TSS2 PRIVATE KEY")),
        ("cosign", armoured("ENCRYPTED COSIGN PRIVATE KEY")),
        ("sigstore", armoured("ENCRYPTED SIGSTORE PRIVATE KEY")),
        ("Nebula", armoured("NEBULA ED25519 PRIVATE KEY", 64)),
        ("OpenVPN", armoured("OpenVPN Static key V1")),
        ("SSH1", f"SSH PRIVATE KEY FILE FORMAT 1.1\n\n{secret(200)}\n"),
        ("PuTTY .ppk v1", f"PuTTY-User-Key-File-1: ssh-dss\nEncryption: none\nPrivate-Lines: 1\n{secret(60)}\n"),
        ("age", f"# created: 2026-01-01\nAGE-SECRET-KEY-1{age}\n"),
        ("age plugin", f"AGE-PLUGIN-YUBIKEY-1{age}\n"),
        ("WireGuard", f"[Interface]\nPrivateKey = {secret(32)}\nListenPort = 51820\n"),
        ("DNSSEC", f"Private-key-format: v1.3\nAlgorithm: 15 (ED25519)\nPrivateKey: {secret(33)}\n"),
        ("Tor", f"== ed25519v1-secret: type0 ==\n{secret(64)}\n"),
        ("minisign", f"untrusted comment: minisign encrypted secret key\nRWRTY0Iy{secret(150)}\n"),
        ("signify", f"untrusted comment: signify secret key\nRWRCSwAAAAB{secret(93)}\n"),
        ("JWK", f'{{"kty": "OKP", "crv": "Ed25519", "d": "{small}", "x": "{small[::-1]}"}}\n'),
        ("XML", f"<RSAKeyValue>\n<Modulus>{secret(256)}</Modulus>\n<D>{secret(256)}</D>\n</RSAKeyValue>\n"),
    )


def refusal(text: str) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        parse_public_key(text)
    return caught.value


def assert_not_quoted(text: str, error: InvalidValue) -> None:
    said = f"{error.title}\n{error.message}\n{error.hint}"
    assert not any(text[at : at + 12] in said for at in range(len(text) - 11))
    assert error.hint
    assert error.__context__ is None or error.__suppress_context__


def converted(fmt: ser.PublicFormat) -> str:
    public = rsa.generate_private_key(65537, 2048).public_key()
    return public.public_bytes(ser.Encoding.PEM, fmt).decode()
