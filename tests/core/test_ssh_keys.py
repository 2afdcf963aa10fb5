"""Public keys: the verdict and the fingerprint are ssh-keygen's, copying is repaired, secrets are refused."""

from __future__ import annotations

import base64
import os
import re
import shutil
import struct
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from vps_tui.core.ssh_keys import MAX_BYTES, PublicKey, is_private_key, parse_public_key
from vps_tui.errors import InvalidValue

MADE_BY_SSH_KEYGEN = [
    ("rsa", "1024"),
    ("rsa", "2048"),
    ("rsa", "3072"),
    ("rsa", "4096"),
    ("ecdsa", "256"),
    ("ecdsa", "384"),
    ("ecdsa", "521"),
    ("ed25519", "256"),
]
# A shared machine may stall for longer than the default limit of an example.
PATIENT = settings(deadline=None)
SK_ED25519 = "sk-ssh-ed25519@openssh.com"
SK_ECDSA = "sk-ecdsa-sha2-nistp256@openssh.com"


@pytest.fixture(scope="module")
def ssh_keygen() -> str:
    """The program whose verdicts count."""
    found = shutil.which("ssh-keygen")
    if found is None and os.environ.get("CI"):
        pytest.fail("ssh-keygen is missing: install openssh-client")
    if found is None:
        pytest.skip("ssh-keygen is not installed")
    return found


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


def described_by(program: str, folder: Path, text: str) -> tuple[int, str, str] | None:
    """Bits, fingerprint and kind as `ssh-keygen -lf` prints them, or None where it refuses."""
    file = folder / "key.pub"
    file.write_text(text + "\n", encoding="utf-8")
    done = subprocess.run([program, "-lf", file], capture_output=True, check=False)
    if done.returncode:
        return None
    words = done.stdout.decode("utf-8", "replace").split()
    return int(words[0]), words[1], words[-1].strip("()")


def ours(text: str) -> tuple[int, str, str] | None:
    try:
        key = parse_public_key(text)
    except InvalidValue:
        return None
    return key.bits, key.fingerprint, key.kind


def refusal(text: str) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        parse_public_key(text)
    return caught.value


class TestAgainstSshKeygen:
    @pytest.mark.parametrize(("kind", "bits"), MADE_BY_SSH_KEYGEN)
    def test_a_made_key_reads_the_same(self, ssh_keygen: str, tmp_path: Path, kind: str, bits: str) -> None:
        secret = tmp_path / "id"
        command: list[str | Path] = [
            ssh_keygen,
            "-q",
            "-t",
            kind,
            "-b",
            bits,
            "-N",
            "",
            "-C",
            "ops team@box",
            "-f",
            secret,
        ]
        subprocess.run(command, check=True)
        line = (tmp_path / "id.pub").read_text()
        key = parse_public_key(line)
        assert described_by(ssh_keygen, tmp_path, line) == (int(bits), key.fingerprint, kind.upper())
        assert (key.bits, key.kind) == (int(bits), kind.upper())
        assert (key.line, key.comment) == (line.strip(), "ops team@box")
        assert is_private_key(secret.read_text()) == "OpenSSH"
        assert is_private_key(line) is None

    def test_keys_built_here_read_the_same(self, ssh_keygen: str, tmp_path: Path) -> None:
        theirs = [described_by(ssh_keygen, tmp_path, line) for line in good_lines()]
        assert None not in theirs
        assert [ours(line) for line in good_lines()] == theirs

    @pytest.mark.parametrize("application", [b"ssh:", b"ssh:web", b"", b"anything"])
    def test_token_keys_read_the_same(self, ssh_keygen: str, tmp_path: Path, application: bytes) -> None:
        for line in (
            written(SK_ED25519, os.urandom(32), application),
            written(SK_ECDSA, b"nistp256", ec_point(), application),
        ):
            theirs = described_by(ssh_keygen, tmp_path, line)
            assert theirs is not None
            assert ours(line) == theirs

    @pytest.mark.parametrize("bits", [768, 1023, 1024, 1025, 2047, 16384, 16385])
    def test_rsa_length_limits_are_the_same(self, ssh_keygen: str, tmp_path: Path, bits: int) -> None:
        line = written("ssh-rsa", mpint(65537), mpint((1 << (bits - 1)) + 1))
        assert ours(line) == described_by(ssh_keygen, tmp_path, line)
        assert (ours(line) is None) == (not 1024 <= bits <= 16384)

    def test_needless_zeros_in_rsa_numbers_do_not_change_the_fingerprint(
        self, ssh_keygen: str, tmp_path: Path
    ) -> None:
        modulus = (1 << 2047) + 1
        padded = written("ssh-rsa", b"\0\0" + mpint(65537), b"\0" + mpint(modulus))
        assert ours(padded) == described_by(ssh_keygen, tmp_path, padded)
        assert parse_public_key(padded).line == written("ssh-rsa", mpint(65537), mpint(modulus))

    @pytest.mark.parametrize(
        "options",
        [
            "no-pty",
            'command="echo hi"',
            'from="10.0.0.*,!10.0.0.1",no-X11-forwarding',
            r'command="say \"ssh-rsa AAAAB3NzaC1yc2E\" twice",restrict',
            'restrict,pty,permitopen="127.0.0.1:80"',
        ],
    )
    def test_options_are_passed_over(self, ssh_keygen: str, tmp_path: Path, options: str) -> None:
        line = f"{public_line('ed25519')} ops@box"
        assert ours(f"{options} {line}") == described_by(ssh_keygen, tmp_path, f"{options} {line}")
        key = parse_public_key(f"{options} {line}")
        assert key.line == line
        assert "options" in key.warning

    def test_damage_is_refused_by_both(self, ssh_keygen: str, tmp_path: Path) -> None:
        for text in damaged_lines():
            assert described_by(ssh_keygen, tmp_path, text) is None, text
            assert ours(text) is None, text


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


class TestRepair:
    @PATIENT
    @given(st.data())
    def test_a_line_cut_anywhere_is_the_same_key(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(good_lines()))
        places = sorted(data.draw(st.sets(st.integers(0, len(line)), max_size=12)))
        ends = data.draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028"]))
        pieces = [line[start:end] for start, end in pairwise([0, *places, len(line)])]
        assert parse_public_key(ends.join(pieces)) == parse_public_key(line)

    @PATIENT
    @given(st.data(), st.integers(1, 120), st.sampled_from(["    ", "\t", " ", "\u00a0"]))
    def test_a_line_folded_and_indented_is_the_same_key(
        self, data: st.DataObject, width: int, indent: str
    ) -> None:
        line = data.draw(st.sampled_from(good_lines()))
        folded = f"\n{indent}".join(line[at : at + width] for at in range(0, len(line), width))
        assert parse_public_key(folded).fingerprint == parse_public_key(line).fingerprint

    @pytest.mark.parametrize(
        "frame",
        [
            "\n\n  {}  \n\n",
            "\ufeff{}\r\n",
            "\t{}",
            "# my laptop\n\n#second\n{}\n",
            "\x1b[200~{}\x1b[201~",
            "\u200b{}\u200b",
            "{}\x00",
        ],
    )
    def test_what_copying_leaves_around_a_line_is_removed(self, frame: str) -> None:
        line = f"{public_line('ed25519')} ops@box"
        assert parse_public_key(frame.format(line)) == parse_public_key(line)

    def test_wrapped_options_are_passed_over(self) -> None:
        line = public_line("ed25519")
        wrapped = f'no-pty,no-X11-\n  forwarding,command="a\nb"\n{line[:40]}\n{line[40:]}'
        assert parse_public_key(wrapped).line == line

    def test_tabs_and_many_spaces_between_fields_become_one_space(self) -> None:
        algorithm, encoded = public_line("rsa").split()
        assert (
            parse_public_key(f"{algorithm}\t {encoded}   ops  box").line == f"{algorithm} {encoded} ops  box"
        )

    def test_a_space_inside_the_base64_is_not_guessed_away(self) -> None:
        """What follows a space may be a comment, and joining a comment would make a different key."""
        line = public_line("ed25519")
        assert "cut short" in refusal(f"{line[:-4]} root").message
        assert "cut short" in refusal(f"{line[:-4]} {line[-4:]}").message

    def test_a_comment_on_the_next_line_is_a_comment(self) -> None:
        assert parse_public_key(f"{public_line('ed25519')}\nroot").comment == "root"

    @pytest.mark.parametrize(
        ("comment", "kept"),
        [
            ("a\x07b\x00c", "abc"),
            ("a\ud800b", "ab"),
            ("\x1b[31mred\x1b[0m", "red"),
            ("a\u202eb\u200fc", "abc"),
            ("\u00e9\u6771 \u2603", "\u00e9\u6771 \u2603"),
        ],
    )
    def test_comments_lose_what_cannot_be_shown(self, comment: str, kept: str) -> None:
        key = parse_public_key(f"{public_line('ed25519')} {comment}")
        assert key.comment == kept
        assert key.line == f"{public_line('ed25519')} {kept}"
        assert base64.b64decode(key.base64_line(), validate=True).decode("utf-8") == key.line

    @PATIENT
    @given(st.text())
    @example("ssh-\x00rsa AAAA")
    @example("x\nssh-rsa A\nAAA")
    def test_an_accepted_line_is_accepted_unchanged(self, comment: str) -> None:
        try:
            key = parse_public_key(f"{public_line('ed25519')} {comment}")
        except InvalidValue:
            assume(False)
        assert parse_public_key(key.line) == key
        assert "\n" not in key.line
        assert key.line.encode("utf-8").startswith(b"ssh-ed25519 AAAA")

    def test_a_short_rsa_key_is_accepted_with_a_warning(self) -> None:
        weak = parse_public_key(written("ssh-rsa", mpint(65537), mpint((1 << 2046) + 1)))
        assert "2047 bits" in weak.warning
        assert [parse_public_key(line).warning for line in good_lines()] == [""] * len(good_lines())

    def test_keys_are_compared_by_value(self) -> None:
        line = written(SK_ED25519, b"\7" * 32, b"ssh:", comment="token")
        assert parse_public_key(line) == PublicKey(
            line=line,
            algorithm=SK_ED25519,
            kind="ED25519-SK",
            bits=256,
            fingerprint=parse_public_key(line).fingerprint,
            comment="token",
        )


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
    )


def disguises(text: str) -> list[str]:
    """The ways in which copying changes a file of several lines."""
    lines = text.splitlines()
    return [
        text,
        "".join(lines),
        " ".join(lines),
        "\r\n".join(lines),
        "\n".join(f"      {line}" for line in lines),
        "\n".join(f"> {line}" for line in lines),
        "\\n".join(lines),
        "\n".join(text[at : at + 17] for at in range(0, len(text), 17)),
        "\ufeff\n\n" + text,
        f'key = """{text}"""',
        text.replace("-----", "\u2014\u2014-"),
        f"{public_line('ed25519')} ops@box\n{text}",
        f"{text}{public_line('ed25519')} ops@box\n",
    ]


class TestPrivateKeys:
    @pytest.mark.parametrize("index", range(13))
    def test_every_format_is_refused_by_name_however_it_was_copied(self, index: int) -> None:
        name, text = private_texts()[index]
        secret = max(text.splitlines(), key=len)
        for copied in disguises(text):
            assert is_private_key(copied) == name, copied
            error = refusal(copied)
            assert f"PRIVATE key ({name})" in error.message
            assert "not kept" in error.message
            assert ("PuTTYgen" if "PuTTY" in name else ".pub") in error.hint
            assert secret not in f"{error.message} {error.hint}"

    @pytest.mark.parametrize("index", [0, 1, 2, 4, 6, 7, 8])
    def test_a_paste_without_the_header_line_is_still_private(self, index: int) -> None:
        body = "\n".join(private_texts()[index][1].splitlines()[1:-1])
        assert is_private_key(body) is not None
        assert "PRIVATE" in refusal(body).message

    @pytest.mark.parametrize("index", range(13))
    def test_the_first_or_the_last_line_alone_tells(self, index: int) -> None:
        _, *rest = private_texts()[index][1].splitlines()
        assert is_private_key(private_texts()[index][1].splitlines()[0]) is not None
        assert is_private_key("\n".join(rest[-3:])) is not None

    @pytest.mark.parametrize(
        ("piece", "name"),
        [
            ("RSA PRIVATE KEY-----", "PEM RSA"),
            ("BEGIN OPENSSH PRIVATE KEY-----", "OpenSSH"),
            ("-----BEGIN EC PRIVATE KEY", "PEM EC"),
            ("-----END PRIVATE KEY", "PKCS#8"),
            ("PRIVATE KEY-----", "PKCS#8"),
        ],
    )
    def test_a_header_cut_on_one_side_still_tells(self, piece: str, name: str) -> None:
        assert is_private_key(piece) == name

    @pytest.mark.parametrize(
        "comment",
        ["backend private key", "not-a-private key", "my private key -- laptop", "weekend PRIVATE KEY"],
    )
    def test_a_comment_with_these_words_is_not_a_private_key(self, comment: str) -> None:
        line = f"{public_line('ed25519')} {comment}"
        assert is_private_key(line) is None
        assert parse_public_key(line).comment == comment

    def test_a_private_key_longer_than_any_public_key_is_still_named(self) -> None:
        text = "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * (2 * MAX_BYTES)
        assert is_private_key(text) == "PEM RSA"
        assert "PRIVATE" in refusal(text).message


def converted(fmt: ser.PublicFormat) -> str:
    public = rsa.generate_private_key(65537, 2048).public_key()
    return public.public_bytes(ser.Encoding.PEM, fmt).decode()


class TestRefusals:
    @pytest.mark.parametrize("text", ["", "   \n\t", "\ufeff", "# only a remark\n"])
    def test_nothing(self, text: str) -> None:
        assert "no key here" in refusal(text).message

    def test_other_public_forms_name_the_command_that_converts(self) -> None:
        encoded = public_line("rsa").split()[1]
        ssh2 = f'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "me"\n{encoded}\n---- END SSH2 PUBLIC KEY ----\n'
        assert "ssh-keygen -i -f" in refusal(ssh2).hint
        assert "ssh-keygen -i -m PKCS8 -f" in refusal(converted(ser.PublicFormat.SubjectPublicKeyInfo)).hint
        assert "ssh-keygen -i -m PEM -f" in refusal(converted(ser.PublicFormat.PKCS1)).hint

    def test_the_named_commands_do_convert(self, ssh_keygen: str, tmp_path: Path) -> None:
        source = tmp_path / "other.pub"
        for fmt in (ser.PublicFormat.SubjectPublicKeyInfo, ser.PublicFormat.PKCS1):
            source.write_text(converted(fmt))
            command = (
                refusal(source.read_text()).hint.partition("ssh-keygen ")[2].replace("FILE", str(source))
            )
            done = subprocess.run([ssh_keygen, *command.split()], capture_output=True, check=True, text=True)
            assert parse_public_key(done.stdout).kind == "RSA"

    @pytest.mark.parametrize(
        "algorithm",
        [
            "ssh-ed25519-cert-v01@openssh.com",
            "ssh-rsa-cert-v01@openssh.com",
            "ecdsa-sha2-nistp256-cert-v01@openssh.com",
            "sk-ssh-ed25519-cert-v01@openssh.com",
        ],
    )
    def test_a_certificate(self, algorithm: str) -> None:
        assert "certificate" in refusal(written(algorithm, b"nonce", b"key")).message

    def test_dsa(self) -> None:
        assert "DSA" in refusal(written("ssh-dss", b"p", b"q", b"g", b"y", comment="me")).message

    def test_weak_rsa(self) -> None:
        error = refusal(written("ssh-rsa", mpint(65537), mpint((1 << 1022) + 1)))
        assert "1023 bits" in error.message
        assert "ed25519" in error.hint

    @pytest.mark.parametrize("between", ["\n", " me@a\n", " me@a\r\n\r\n", " ", " me\nno-pty "])
    def test_two_keys(self, between: str) -> None:
        text = f"{public_line('ed25519')}{between}{public_line('rsa')} me@b"
        assert "more than one" in refusal(text).message
        assert "more than one" in refusal(text[:60] + text[64:]).message

    def test_a_fingerprint(self, ssh_keygen: str, tmp_path: Path) -> None:
        file = tmp_path / "key.pub"
        file.write_text(public_line("ed25519") + "\n")
        for options in (["-l"], ["-l", "-E", "md5"], ["-l", "-v"]):
            command: list[str | Path] = [ssh_keygen, *options, "-f", file]
            shown = subprocess.run(command, capture_output=True, check=True, text=True).stdout
            assert "fingerprint" in refusal(shown).message
            assert "fingerprint" in refusal(shown.split()[1]).message or "-v" in options

    @pytest.mark.parametrize(
        "text",
        [
            "~/.ssh/id_ed25519.pub",
            "/home/me/My Keys/key.pub",
            "./key",
            "id_rsa.pub",
            "id_ed25519",
            r"C:\Users\me\.ssh\id_rsa.pub",
            "file:///home/me/.ssh/id_rsa.pub",
        ],
    )
    def test_a_path(self, text: str) -> None:
        assert "name of a file" in refusal(text).message

    def test_a_key_without_its_type(self) -> None:
        assert "type in front" in refusal(public_line("rsa").split()[1]).message

    def test_a_type_that_is_not_the_keys(self) -> None:
        swapped = public_line("ed25519").replace("ssh-ed25519", "ssh-rsa", 1)
        assert "type in front" in refusal(swapped).message

    def test_something_stuck_to_the_end(self) -> None:
        assert "stuck to the end" in refusal(public_line("ed25519") + "AAAA me").message

    @pytest.mark.parametrize(
        "prefix",
        [
            "box.example.com",
            "ssh_key =",
            "[10.0.0.1]:22",
            "no-such-option",
            '"',
            "no-pty restrict",
            'command="x',
        ],
    )
    def test_words_in_front_that_are_no_options(self, prefix: str) -> None:
        assert "in front of the key" in refusal(f"{prefix} {public_line('ed25519')}").message

    @pytest.mark.parametrize(
        "text", ["hello", "ssh-rsa. ...", "ssh-ed448 AAAAC3Nz", "ssh-", "\x00", "\ud800x"]
    )
    def test_anything_else(self, text: str) -> None:
        assert refusal(text).hint

    def test_length_is_bounded_in_bytes(self) -> None:
        line = public_line("ed25519")
        room = MAX_BYTES - len(line) - 1
        assert parse_public_key(f"{line} {'x' * room}").comment == "x" * room
        assert "too long" in refusal(f"{line} {'x' * (room + 1)}").message
        assert "too long" in refusal(f"{line} {chr(0xE9) * room}").message


FRAGMENTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["\n", " ", "\n  ", '"', ",", "ssh-rsa", "ssh-ed25519", "AAAA", "no-pty", "-----BEGIN ", "="]
    ),
    st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode()),
    st.sampled_from(["PRIVATE KEY-----", SK_ED25519, "command=", "SHA256:", "#", "~/.ssh/", "M"]),
)


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=12).map("".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_key_or_a_refusal_that_does_not_quote_it(text: str) -> None:
    try:
        key = parse_public_key(text)
    except InvalidValue as error:
        assert_not_quoted(text, error)
    else:
        assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", key.fingerprint)
    assert is_private_key(text) is None or ours(text) is None


def assert_not_quoted(text: str, error: InvalidValue) -> None:
    said = f"{error.title}\n{error.message}\n{error.hint}"
    assert not any(text[at : at + 12] in said for at in range(len(text) - 11))
    assert error.hint
    assert error.__context__ is None or error.__suppress_context__


def test_no_refusal_quotes_a_broken_key() -> None:
    for text in (*damaged_lines(), *(text for _, text in private_texts())):
        assert_not_quoted(text, refusal(text))


@PATIENT
@given(st.data())
def test_one_changed_character_never_gives_the_same_key(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(good_lines()))
    start, end = line.index(" ") + 1, (line + " ").index(" ", line.index(" ") + 1)
    place = data.draw(st.integers(start, end - 1))
    char = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    assume(char != line[place])
    changed = ours(line[:place] + char + line[place + 1 :])
    assert changed is None or changed[1] != parse_public_key(line).fingerprint
