"""Public keys: the verdict and the fingerprint are ssh-keygen's, and what copying breaks is repaired."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.ssh_private_keys import is_private_key

from .key_texts import SK_ECDSA, SK_ED25519, damaged_lines, ec_point, good_lines, mpint, public_line, refusal, written

Made = Callable[..., Path]
"""Makes a key with ssh-keygen, of a kind and a length."""

MADE_BY_SSH_KEYGEN = [
    ("rsa", "1024"),
    ("rsa", ""),
    ("ecdsa", "256"),
    ("ecdsa", "384"),
    ("ecdsa", "521"),
    ("ed25519", ""),
]
"""With the length that is asked for; nothing for the usual one."""


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


class TestAgainstSshKeygen:
    @pytest.mark.parametrize(("kind", "bits"), MADE_BY_SSH_KEYGEN)
    def test_a_made_key_reads_the_same(
        self, ssh_keygen: str, made: Made, tmp_path: Path, kind: str, bits: str
    ) -> None:
        secret = made(kind, bits)
        line = secret.with_suffix(".pub").read_text()
        key = parse_public_key(line)
        assert described_by(ssh_keygen, tmp_path, line) == (key.bits, key.fingerprint, key.kind)
        assert key.kind == kind.upper()
        assert bits in ("", str(key.bits))
        assert (key.line, key.comment) == (line.strip(), "ops team@box")
        assert is_private_key(secret.read_text()) == "OpenSSH"
        assert is_private_key(line) is None

    @pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
    def test_a_made_certificate_is_named_and_refused(
        self, ssh_keygen: str, made: Made, tmp_path: Path, kind: str
    ) -> None:
        def run(*options: str | Path) -> None:
            subprocess.run([ssh_keygen, "-q", *options], check=True, capture_output=True)

        public = Path(shutil.copy(made(kind).with_suffix(".pub"), tmp_path))
        run("-s", made("ed25519"), "-I", "me", "-n", "ops", public)
        text = (tmp_path / "id-cert.pub").read_text()
        assert described_by(ssh_keygen, tmp_path, text) is not None, "ssh-keygen describes it all the same"
        error = refusal(text)
        assert "certificate" in error.message
        assert "without -cert" in error.hint
        assert parse_public_key(public.read_text()).kind == kind.upper()

    def test_a_made_dsa_key_is_named_and_refused(self, ssh_keygen: str, tmp_path: Path) -> None:
        command = [ssh_keygen, "-q", "-t", "dsa", "-N", "", "-f", str(tmp_path / "id")]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("this ssh-keygen no longer makes DSA keys")
        error = refusal((tmp_path / "id.pub").read_text())
        assert "DSA keys no longer work" in error.message
        assert "ed25519" in error.hint

    @pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
    @pytest.mark.parametrize("form", ["RFC4716", "PEM", "PKCS8"])
    @pytest.mark.parametrize("passphrase", ["", "secret"])
    def test_every_private_form_that_it_writes_is_named(
        self, ssh_keygen: str, made: Made, tmp_path: Path, kind: str, form: str, passphrase: str
    ) -> None:
        secret = Path(shutil.copy(made(kind), tmp_path))
        command = [ssh_keygen, "-q", "-p", "-P", "", "-m", form, "-N", passphrase, "-f", str(secret)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        plain = {"RFC4716": "OpenSSH", "PEM": f"PEM {kind.upper().removesuffix('DSA')}", "PKCS8": "PKCS#8"}[form]
        expected = "encrypted PKCS#8" if passphrase and form == "PKCS8" else plain
        assert is_private_key(secret.read_text()) == expected
        assert f"PRIVATE key ({expected})" in refusal(secret.read_text()).message

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


class TestRepair:
    @given(st.data())
    def test_a_line_cut_anywhere_is_the_same_key(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(good_lines()))
        places = sorted(data.draw(st.sets(st.integers(0, len(line)), max_size=12)))
        ends = data.draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028"]))
        pieces = [line[start:end] for start, end in pairwise([0, *places, len(line)])]
        assert parse_public_key(ends.join(pieces)) == parse_public_key(line)

    @given(st.data(), st.integers(1, 120), st.sampled_from(["    ", "\t", " ", "\u00a0"]))
    def test_a_line_folded_and_indented_is_the_same_key(self, data: st.DataObject, width: int, indent: str) -> None:
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
        assert parse_public_key(f"{algorithm}\t {encoded}   ops  box").line == f"{algorithm} {encoded} ops  box"

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
            kind="ED25519-SK",
            bits=256,
            fingerprint=parse_public_key(line).fingerprint,
            comment="token",
        )


@given(st.data())
def test_one_changed_character_never_gives_the_same_key(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(good_lines()))
    start, end = line.index(" ") + 1, (line + " ").index(" ", line.index(" ") + 1)
    place = data.draw(st.integers(start, end - 1))
    char = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    assume(char != line[place])
    changed = ours(line[:place] + char + line[place + 1 :])
    assert changed is None or changed[1] != parse_public_key(line).fingerprint
