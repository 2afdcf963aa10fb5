"""Which file belongs to a key, and whether ssh tries it by itself; the real ssh runs in commands/test_logging_in."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from vps_tui.core.login import LoginKey
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.ssh.agent import AgentKeys
from vps_tui.ssh.identities import DEFAULT_NAMES, OwnKeys


def key(number: int) -> PublicKey:
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0 " + bytes([number]) * 32
    return parse_public_key(f"ssh-ed25519 {b64encode(blob).decode()} key-{number}")


KEY = key(1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / ".ssh"
    found.mkdir()
    return found


def pair(folder: Path, name: str, made: PublicKey = KEY) -> Path:
    path = folder / name
    path.write_text("never opened")
    path.chmod(0o600)
    path.with_name(f"{name}.pub").write_text(f"{made.line}\n")
    return path


def own(folder: Path, *held: PublicKey, system: str = "") -> OwnKeys:
    config = folder.parent / "ssh_config"
    config.write_text(system)
    keys = OwnKeys(folder, folder, "", config)
    keys.__dict__["_agent"] = AgentKeys(held)
    return keys


def named(path: Path, note: str = "") -> LoginKey:
    return LoginKey((str(path),), named=True, note=note)


def test_a_default_file_is_tried_by_ssh_itself_and_any_other_is_named(folder: Path) -> None:
    other = pair(folder, "id_ed25519_vps-tui")
    assert own(folder).login_key(KEY.line) == named(other)
    default = pair(folder, "id_ed25519")
    assert own(folder).login_key(KEY.line) == LoginKey((str(default),))


def test_the_default_names_are_those_of_the_ssh_that_is_here() -> None:
    program = shutil.which("ssh")
    if program is None:
        pytest.skip("ssh is not installed")
    listed = subprocess.run([program, "-G", "-F", "none", "h"], capture_output=True, text=True, check=True).stdout
    files = [line.split()[1].rpartition("/")[2] for line in listed.splitlines() if line.startswith("identityfile ")]
    assert [name for name in files if name in DEFAULT_NAMES] == list(DEFAULT_NAMES)


def test_a_default_file_in_a_home_that_ssh_does_not_know_is_named(folder: Path, tmp_path: Path) -> None:
    path = pair(folder, "id_ed25519")
    assert OwnKeys(folder, tmp_path / "other", "", tmp_path / "none").login_key(KEY.line) == named(path)


def test_the_recorded_file_counts_while_it_holds_the_key(folder: Path, tmp_path: Path) -> None:
    path = pair(tmp_path, "elsewhere")
    file = f"{path}.pub"
    assert own(folder).login_key(KEY.line, file) == named(path)
    Path(file).write_text(key(2).line)
    assert own(folder).login_key(KEY.line, file).note.startswith("The key it needs was not found on this machine")
    found = pair(folder, "found")
    for gone in (file, str(tmp_path / "gone.pub"), str(path), "/dev/null/x.pub"):
        assert own(folder).login_key(KEY.line, gone) == named(found)


@pytest.mark.parametrize("missing", ["gone", "folder", "link"])
def test_a_public_file_without_its_private_half_names_nothing(folder: Path, missing: str) -> None:
    path = pair(folder, "id_ed25519")
    path.unlink()
    if missing == "folder":
        path.mkdir()
    elif missing == "link":
        path.symlink_to("nowhere")
    assert own(folder).login_key(KEY.line).files == ()
    assert KEY.fingerprint in own(folder).login_key(KEY.line).note


@pytest.mark.parametrize(
    ("user", "system", "plain"),
    [
        ("", "", True),
        ("Host *\n  ForwardAgent yes\n", "#   IdentityFile ~/.ssh/id_rsa\nHost *\n  SendEnv LANG\n", True),
        ("Host web\n\tIdentityFile ~/.ssh/work\n", "", False),
        ("identitiesonly=yes\n", "", False),
        ("IDENTITYAGENT = none\n", "", False),
        ("Include more\n", "", False),
        ("Include none-such\n", "", True),
        ("Include \"mor*\"\n", "", False),
        ("Include loop\n", "", False),
        ("", "PubkeyAuthentication no\n", False),
        ("", "Include conf.d/*\n", False),
    ],
)  # fmt: skip
def test_a_configuration_that_may_change_what_is_tried_has_the_file_named(
    folder: Path, user: str, system: str, plain: bool
) -> None:
    path = pair(folder, "id_ed25519")
    (folder / "config").write_text(user)
    (folder / "more").write_text("IdentityFile x\n")
    (folder / "loop").write_text("Include loop\n")
    (folder.parent / "conf.d").mkdir()
    (folder.parent / "conf.d" / "one").write_text("IdentityFile x\n")
    assert own(folder, system=system).login_key(KEY.line).named is not plain
    assert own(folder, system=system).login_key(KEY.line).files == (str(path),)


def test_an_agent_with_many_keys_has_the_file_named_unless_it_holds_the_key(folder: Path) -> None:
    pair(folder, "id_ed25519")
    few, many = (key(2), key(3)), (key(2), key(3), key(4))
    assert not own(folder, *few).login_key(KEY.line).named
    assert own(folder, *many).login_key(KEY.line).named
    assert not own(folder, *many, KEY).login_key(KEY.line).named
    for name in ("id_rsa", "id_ecdsa", "id_ecdsa_sk"):
        pair(folder, name, key(9))
    assert own(folder).login_key(KEY.line).named, "Three files are tried before it."


def test_a_key_of_the_agent_alone(folder: Path) -> None:
    many = (key(2), key(3), key(4), KEY)
    assert own(folder, KEY).login_key(KEY.line) == LoginKey()
    crowded = own(folder, *many).login_key(KEY.line)
    assert not crowded.named
    assert "ssh-add -L" in crowded.note
    public = folder / "token.pub"
    public.write_text(KEY.line)
    assert own(folder, KEY).login_key(KEY.line) == LoginKey()
    assert own(folder, *many).login_key(KEY.line) == named(public)
    (folder / "config").write_text("IdentitiesOnly yes\n")
    assert own(folder, KEY).login_key(KEY.line) == named(public)


def test_a_server_without_a_key_is_offered_none_of_many(folder: Path) -> None:
    assert own(folder).login_key("") == LoginKey()
    assert own(folder, key(2), key(3), key(4)).login_key("") == LoginKey(password=True)


def test_a_private_key_that_others_can_read_is_not_used_by_ssh(folder: Path) -> None:
    path = pair(folder, "my key")
    path.chmod(0o640)
    note = f"ssh uses no private key that others can read. First run: chmod 600 '{path}'"
    assert own(folder).login_key(KEY.line) == named(path, note)


@pytest.mark.parametrize("name", ["${HOME}", "a\nb", "\x1b[31m", "%\"", "%\\"])  # fmt: skip
def test_a_name_that_no_command_can_hold_is_said_and_not_used(folder: Path, name: str) -> None:
    pair(folder, name)
    found = own(folder).login_key(KEY.line)
    assert (found.files, found.named) == ((), False)
    assert "rename the file" in found.note
    assert found.note.isprintable()
