"""New pairs: what ssh-keygen says of them, who may read them, and that nothing is ever overwritten."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vps_tui.core.errors import InvalidValue, UsageError
from vps_tui.core.ssh_private_keys import is_private_key
from vps_tui.ssh import key_pair
from vps_tui.ssh.key_files import read_key
from vps_tui.ssh.key_pair import MAX_PASSPHRASE, NAME, make_pair, next_path, passphrase_problem

PASSPHRASES = ["", "correct horse", "x" * MAX_PASSPHRASE, "sch\u00f6n \u6771\u4eac", "  spaces  ", "'\"$(x)\\"]


@pytest.fixture(scope="module")
def ssh_keygen() -> str:
    """The program whose verdicts count."""
    found = shutil.which("ssh-keygen")
    if found is None and os.environ.get("CI"):
        pytest.fail("ssh-keygen is missing: install openssh-client")
    if found is None:
        pytest.skip("ssh-keygen is not installed")
    return found


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """The mask that the process runs under."""
    mask: int = request.param
    before = os.umask(mask)
    yield mask
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


class TestThePair:
    @pytest.mark.parametrize("passphrase", PASSPHRASES)
    def test_ssh_keygen_reads_both_halves_and_says_the_same(
        self, ssh_keygen: str, tmp_path: Path, passphrase: str
    ) -> None:
        made = make_pair(tmp_path / ".ssh", passphrase)
        public = made.path.with_name(f"{made.path.name}.pub")
        for half in (made.path, public):
            bits, fingerprint, *_, kind = output(ssh_keygen, "-lf", half).split()
            assert (bits, fingerprint, kind) == (str(made.key.bits), made.key.fingerprint, "(ED25519)")
        opened = output(ssh_keygen, "-y", "-P", passphrase, "-f", made.path).split()
        assert opened[:2] == made.key.line.split()[:2]
        assert read_key(public) == made.key
        assert is_private_key(made.path.read_text()) == "OpenSSH"

    def test_a_passphrase_locks_it(self, ssh_keygen: str, tmp_path: Path) -> None:
        made = make_pair(tmp_path / ".ssh", "correct horse")
        for wrong in ("", "correct horsf"):
            command = [ssh_keygen, "-y", "-P", wrong, "-f", made.path]
            assert subprocess.run(command, capture_output=True, check=False).returncode != 0

    def test_the_modes_are_those_that_ssh_wants_under_any_mask(self, tmp_path: Path, umask: int) -> None:
        folder = tmp_path / ".ssh"
        made = make_pair(folder)
        locked = make_pair(folder, "correct horse") if shutil.which("ssh-keygen") else made
        assert mode(folder) == 0o700
        assert (mode(made.path), mode(locked.path)) == (0o600, 0o600)
        assert mode(folder / f"{NAME}.pub") == 0o644

    def test_the_private_half_is_closed_from_its_first_byte(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[tuple[str, int, int]] = []
        real = os.open

        def watched(path: str | Path, flags: int, mode: int = 0o777, **options: int) -> int:
            if flags & os.O_CREAT:
                asked.append((Path(path).name, flags, mode))
            return real(path, flags, mode, **options)

        monkeypatch.setattr(os, "open", watched)
        make_pair(tmp_path / ".ssh")
        assert [(name, mode) for name, _, mode in asked] == [(NAME, 0o600), (f"{NAME}.pub", 0o644)]
        assert all(flags & os.O_EXCL and flags & os.O_NOFOLLOW for _, flags, _ in asked)

    def test_two_pairs_are_two_keys(self, tmp_path: Path) -> None:
        assert make_pair(tmp_path).key.fingerprint != make_pair(tmp_path).key.fingerprint


class TestNothingIsOverwritten:
    @pytest.mark.parametrize("there", [NAME, f"{NAME}.pub"])
    @pytest.mark.parametrize("kind", ["file", "link to nothing", "folder"])
    def test_a_taken_name_gets_a_number(self, tmp_path: Path, there: str, kind: str) -> None:
        path = tmp_path / there
        if kind == "file":
            path.write_text("precious")
        elif kind == "folder":
            path.mkdir()
        else:
            path.symlink_to(tmp_path / "elsewhere")
        before = path.lstat()
        tmp_path.chmod(0o700)
        made = make_pair(tmp_path)
        assert made.path == tmp_path / f"{NAME}-2"
        assert path.lstat().st_mtime_ns == before.st_mtime_ns
        assert not (tmp_path / "elsewhere").exists()
        assert make_pair(tmp_path).path == tmp_path / f"{NAME}-3"

    def test_a_name_that_is_taken_in_the_last_moment_is_left_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another program makes the public half between the look and the writing."""
        tmp_path.chmod(0o700)
        answers = [tmp_path / NAME, tmp_path / f"{NAME}-2"]
        (tmp_path / f"{NAME}.pub").write_text("precious")
        monkeypatch.setattr(key_pair, "next_path", lambda _folder: answers.pop(0))
        assert make_pair(tmp_path).path == tmp_path / f"{NAME}-2"
        assert (tmp_path / f"{NAME}.pub").read_text() == "precious"
        assert not (tmp_path / NAME).exists(), "half a pair was left"

    def test_several_at_once_get_names_of_their_own(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: make_pair(tmp_path), range(16)))
        assert len({pair.path for pair in made}) == 16
        for pair in made:
            assert read_key(pair.path.with_name(f"{pair.path.name}.pub")) == pair.key
        assert next_path(tmp_path) == tmp_path / f"{NAME}-17"


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("first", "second", "said"),
        [
            ("correct horse", "correct hors", "not the same"),
            ("", "x", "not the same"),
            ("abcd", "abcd", "5 characters"),
            ("a\tbcdef", "a\tbcdef", "control character"),
            ("a\x03bcdef", "a\x03bcdef", "control character"),
            ("x" * (MAX_PASSPHRASE + 1), "x" * (MAX_PASSPHRASE + 1), "at most"),
        ],
    )
    def test_a_passphrase_that_is_refused(self, tmp_path: Path, first: str, second: str, said: str) -> None:
        assert said in passphrase_problem(first, second)
        if first == second:
            with pytest.raises(InvalidValue) as caught:
                make_pair(tmp_path / ".ssh", first)
            assert first not in f"{caught.value.message}{caught.value.hint}"
            assert not (tmp_path / ".ssh").exists()

    @pytest.mark.parametrize("passphrase", ["", *PASSPHRASES, "x" * MAX_PASSPHRASE])
    def test_one_that_is_good(self, passphrase: str) -> None:
        assert passphrase_problem(passphrase, passphrase) == ""

    @pytest.mark.parametrize("open_mode", [0o770, 0o707, 0o777])
    def test_a_folder_that_others_may_write_to(self, tmp_path: Path, open_mode: int) -> None:
        folder = tmp_path / ".ssh"
        folder.mkdir()
        folder.chmod(open_mode)
        with pytest.raises(UsageError) as caught:
            make_pair(folder)
        assert f"chmod 700 {folder}" in caught.value.hint
        assert list(folder.iterdir()) == []

    def test_a_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / ".ssh").touch()
        with pytest.raises(UsageError):
            make_pair(tmp_path / ".ssh")

    @pytest.mark.parametrize("failing", [1, 2])
    def test_a_full_disk_leaves_no_half_of_a_pair(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
    ) -> None:
        calls: list[int] = []

        def sync(_descriptor: int) -> None:
            calls.append(1)
            if len(calls) == failing:
                raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", sync)
        with pytest.raises(UsageError) as caught:
            make_pair(tmp_path / ".ssh")
        assert "no space left" in caught.value.message
        assert list((tmp_path / ".ssh").iterdir()) == []
