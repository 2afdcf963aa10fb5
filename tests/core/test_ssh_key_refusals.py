"""What is no usable public key is refused with what to do instead, and never quoted."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as ser
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import MAX_BYTES, parse_public_key
from vps_tui.core.ssh_private_keys import is_private_key

from .key_texts import (
    SK_ED25519,
    assert_not_quoted,
    converted,
    damaged_lines,
    mpint,
    private_texts,
    public_line,
    refusal,
    written,
)


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
            command = refusal(source.read_text()).hint.partition("ssh-keygen ")[2].replace("FILE", str(source))
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

    @pytest.mark.parametrize("text", ["hello", "ssh-rsa. ...", "ssh-ed448 AAAAC3Nz", "ssh-", "\x00", "\ud800x"])
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
    st.sampled_from(["\n", " ", "\n  ", '"', ",", "ssh-rsa", "ssh-ed25519", "AAAA", "no-pty", "-----BEGIN ", "="]),
    st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode()),
    st.sampled_from(["PRIVATE KEY-----", SK_ED25519, "command=", "SHA256:", "#", "~/.ssh/", "M"]),
)


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=12).map("".join)))
def test_any_text_is_a_key_or_a_refusal_that_does_not_quote_it(text: str) -> None:
    try:
        key = parse_public_key(text)
    except InvalidValue as error:
        assert_not_quoted(text, error)
    else:
        assert re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", key.fingerprint)
        assert is_private_key(text) is None


def test_no_refusal_quotes_a_broken_key() -> None:
    for text in (*damaged_lines(), *(text for _, text in private_texts())):
        assert_not_quoted(text, refusal(text))
