"""Key files: what can be used is found, what cannot is named with its reason, and nothing is read without end."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import PublicKey
from vps_tui.ssh.key_files import MAX_BYTES, FoundKeys, find_keys, label, read_key

LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with keys as ssh-keygen makes them."""
    program = shutil.which("ssh-keygen")
    if program is None and os.environ.get("CI"):
        pytest.fail("ssh-keygen is missing: install openssh-client")
    if program is None:
        pytest.skip("ssh-keygen is not installed")
    for kind, name in (("ecdsa", "a_ecdsa"), ("ed25519", "id_ed25519"), ("ed25519", "b_ed25519")):
        command = [program, "-q", "-t", kind, "-N", "", "-C", f"ops@{name}", "-f", str(tmp_path / name)]
        subprocess.run(command, check=True)
    return tmp_path


def refusal(path: Path) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        read_key(path)
    return caught.value


class TestFinding:
    def test_made_keys_are_found_ed25519_first(self, made: Path) -> None:
        found = find_keys(made)
        assert [entry.path.name for entry in found.keys] == ["b_ed25519.pub", "id_ed25519.pub", "a_ecdsa.pub"]
        assert [entry.key.comment for entry in found.keys] == ["ops@b_ed25519", "ops@id_ed25519", "ops@a_ecdsa"]
        assert [entry.key.line for entry in found.keys] == [
            (made / entry.path.name).read_text().strip() for entry in found.keys
        ]
        assert found.left_out == ()

    def test_a_file_that_only_looks_like_a_key_is_left_out_with_the_reason(self, made: Path) -> None:
        (made / "wrong.pub").write_text((made / "id_ed25519").read_text())
        (made / "empty.pub").touch()
        (made / "huge.pub").write_bytes(b"x" * (MAX_BYTES * 2))
        found = find_keys(made)
        assert len(found.keys) == 3
        reasons = {path.name: reason for path, reason in found.left_out}
        assert sorted(reasons) == ["empty.pub", "huge.pub", "wrong.pub"]
        assert "PRIVATE key (OpenSSH)" in reasons["wrong.pub"]
        assert "no key here" in reasons["empty.pub"]
        assert "too long" in reasons["huge.pub"]

    def test_what_is_no_file_is_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "folder.pub").mkdir()
        (tmp_path / "loop.pub").symlink_to(tmp_path / "loop.pub")
        (tmp_path / "gone.pub").symlink_to(tmp_path / "nowhere")
        (tmp_path / "good.pub").write_text(LINE)
        (tmp_path / "linked.pub").symlink_to(tmp_path / "good.pub")
        found = find_keys(tmp_path)
        assert [entry.path.name for entry in found.keys] == ["good.pub", "linked.pub"]
        assert found.left_out == ()

    def test_nobody_waits_for_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.pub")
        assert find_keys(tmp_path) == FoundKeys()

    @pytest.mark.parametrize("name", ["nowhere", "file", "loop"])
    def test_a_folder_that_is_none_holds_nothing(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        assert find_keys(tmp_path / name) == FoundKeys()


class TestReading:
    def test_a_made_key(self, made: Path) -> None:
        key = read_key(made / "id_ed25519.pub")
        assert (key.kind, key.comment) == ("ED25519", "ops@id_ed25519")

    def test_a_private_key_is_refused_by_name(self, made: Path) -> None:
        error = refusal(made / "id_ed25519")
        assert error.message == "The file holds a PRIVATE key (OpenSSH)."
        assert ".pub" in error.hint
        secret = (made / "id_ed25519").read_text().splitlines()[2]
        assert secret not in f"{error.message} {error.hint}"

    def test_a_path_may_start_at_home(self, own_environment: Path) -> None:
        (own_environment / "key.pub").write_text(LINE)
        assert read_key(Path("~/key.pub")).line == LINE

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("nowhere", "No such file"),
            (".", "Is a directory"),
            ("loop", "symbolic links"),
            ("x" * 5000, "too long"),
            ("nul\0", "not a usable path"),
        ],
    )
    def test_a_path_that_leads_to_no_file(self, tmp_path: Path, name: str, reason: str) -> None:
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        error = refusal(tmp_path / name)
        assert error.message.startswith("The file cannot be read: ")
        assert reason in error.message
        assert error.hint == "Check the path."

    def test_the_home_of_nobody(self) -> None:
        assert "not a usable path" in refusal(Path("~no-such-person/key.pub")).message

    def test_a_file_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Refused by a stand-in, because whoever runs the tests as root may read every file."""

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
        assert "Permission denied" in refusal(tmp_path / "key.pub").message

    def test_no_more_is_read_than_a_key_can_have(self, tmp_path: Path) -> None:
        file = tmp_path / "huge"
        with file.open("wb") as opened:
            opened.truncate(1 << 40)
        assert "too long" in refusal(file).message

    @pytest.mark.parametrize("content", [b"\xff\xfe\x00s", b"\x00" * 100, b"\x89PNG\r\n", LINE.encode("utf-16")])
    def test_a_binary_file_is_no_key(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "binary").write_bytes(content)
        assert refusal(tmp_path / "binary").hint


def test_a_label_names_type_fingerprint_and_comment() -> None:
    key = PublicKey("line", "ED25519", 256, "SHA256:abc", "ops@box")
    assert label(key) == "ED25519 SHA256:abc ops@box"
    assert label(replace(key, comment="")) == "ED25519 SHA256:abc"
