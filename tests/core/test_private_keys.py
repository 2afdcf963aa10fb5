"""Private keys are recognised by format however they were copied, and public ones never taken for one."""

from __future__ import annotations

import base64
import os
from time import process_time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from vps_tui.core import ssh_private_keys
from vps_tui.core.ssh_keys import MAX_BYTES, parse_public_key
from vps_tui.core.ssh_private_keys import HEAD, TAIL, is_private_key

from .key_texts import packed, private_texts, public_line, refusal


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


FORMATS = 34
WITH_HEADER = 13
"""How many of them begin and end with a line that tells."""


def test_the_formats_are_that_many() -> None:
    assert len(private_texts()) == FORMATS
    assert len({name for name, _ in private_texts()}) == 27


class TestPrivateKeys:
    @pytest.mark.parametrize("index", range(FORMATS))
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

    @pytest.mark.parametrize("index", range(WITH_HEADER))
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

    def test_a_store_without_its_header(self) -> None:
        key = rsa.generate_private_key(65537, 2048)
        store = serialize_key_and_certificates(b"me", key, None, None, BestAvailableEncryption(b"secret"))
        assert is_private_key(base64.b64encode(store).decode()) == "PKCS#12"

    @pytest.mark.parametrize("kind", ["ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256"])
    def test_the_binary_file_of_dropbear(self, kind: str) -> None:
        binary = packed(kind.encode(), b"\x01\x00\x01", os.urandom(64)).decode("utf-8", "replace")
        assert is_private_key(binary) == "Dropbear"
        assert "PRIVATE key (Dropbear)" in refusal(binary).message

    @pytest.mark.parametrize("piece", ['"kty":"OKP"', "<RSAKeyValue>", '"d":"', "]PrivateKey=AAAA", "AGE-PLUGIN-A-1"])
    def test_a_text_made_to_be_slow_is_looked_through_at_once(self, piece: str) -> None:
        begun = process_time()
        assert is_private_key(piece * (HEAD // len(piece))) is None
        assert process_time() - begun < 2

    def test_a_private_key_longer_than_any_public_key_is_still_named(self) -> None:
        text = "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * (2 * MAX_BYTES)
        assert is_private_key(text) == "PEM RSA"
        assert "PRIVATE" in refusal(text).message


class TestHugeTexts:
    PADDING = "x" * (4 * HEAD)

    @pytest.mark.parametrize("index", range(FORMATS))
    def test_a_key_at_either_end_is_named(self, index: int) -> None:
        name, text = private_texts()[index]
        assert len(text) < TAIL
        assert is_private_key(f"{text}\n{self.PADDING}") == name
        assert is_private_key(f"{self.PADDING}\n{text}") == name

    def test_what_is_looked_at_does_not_grow_with_the_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        looked_at: list[int] = []

        def counting(text: str) -> str:
            looked_at.append(len(text))
            return text

        monkeypatch.setattr(ssh_private_keys, "without_invisible", counting)
        assert is_private_key(self.PADDING) is None
        assert looked_at == [HEAD, TAIL]
        looked_at.clear()
        assert is_private_key(self.PADDING[:HEAD]) is None
        assert looked_at == [HEAD]

    def test_the_two_ends_are_not_read_as_one_text(self) -> None:
        halves = "-----BEGIN OPENSSH PRI", "VATE KEY"
        text = f"{halves[0]:x>{HEAD}}{self.PADDING}{halves[1]:x<{TAIL}}"
        assert is_private_key(text) is None
        assert is_private_key("".join(halves)) == "OpenSSH"
