"""What the program keeps is its owner's alone and never half written."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.files.locations import state_folder
from vps_tui.files.private import own_folder, private_folder, read_text, write_private
from vps_tui.files.safe_open import OTHERS, WRITERS


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """The process's own mask, from one that takes nothing away to one that takes everything."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusal(path: Path, text: str = "new") -> UsageError:
    with pytest.raises(UsageError) as caught:
        write_private(path, text)
    assert caught.value.hint
    return caught.value


class TestWriting:
    def test_a_file_is_its_owners_alone_under_any_mask(self, tmp_path: Path, umask: int) -> None:
        write_private(tmp_path / "a", "grüße\n")
        assert mode(tmp_path / "a") == 0o600
        assert (tmp_path / "a").read_bytes() == "grüße\n".encode()

    def test_it_is_so_before_the_first_byte(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Looked at between opening and anything else, with a mask that takes nothing away."""
        born: list[int] = []
        real = os.open

        def watched(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
            descriptor = real(path, flags, mode, dir_fd=dir_fd)
            if flags & os.O_CREAT:
                born.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
            return descriptor

        monkeypatch.setattr(os, "open", watched)
        before = os.umask(0)
        try:
            write_private(tmp_path / "a", "x")
        finally:
            os.umask(before)
        assert born == [0o600]

    def test_a_file_that_others_could_read_is_replaced_by_one_they_cannot(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("a long old text")
        (tmp_path / "a").chmod(0o666)
        write_private(tmp_path / "a", "new")
        assert mode(tmp_path / "a") == 0o600
        assert (tmp_path / "a").read_text() == "new"
        assert names(tmp_path) == ["a"]

    @pytest.mark.parametrize("target", ["there", "nowhere"])
    def test_a_symbolic_link_is_refused_and_not_followed(self, tmp_path: Path, target: str) -> None:
        (tmp_path / "there").write_text("old")
        (tmp_path / "link").symlink_to(tmp_path / target)
        assert "symbolic link" in refusal(tmp_path / "link").message
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "there").read_text() == "old"
        assert not (tmp_path / "nowhere").exists()

    @pytest.mark.parametrize("kind", ["folder", "pipe"])
    def test_what_is_no_file_stays(self, tmp_path: Path, kind: str) -> None:
        path = tmp_path / "a"
        path.mkdir() if kind == "folder" else os.mkfifo(path)
        assert "not a file stands there" in refusal(path).message
        assert names(tmp_path) == ["a"]

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("nowhere/a", "no such file"),
            ("file/a", "not a directory"),
            ("x" * 300, "too long"),
            ("nul\0", "embedded null"),
        ],
    )
    def test_a_path_that_leads_nowhere(self, tmp_path: Path, path: str, reason: str) -> None:
        (tmp_path / "file").touch()
        error = refusal(tmp_path / path)
        assert reason in error.message
        assert error.message.startswith(str(tmp_path))
        assert names(tmp_path) == ["file"]

    @pytest.mark.parametrize(
        ("number", "said"),
        [
            (errno.ENOSPC, "The disk is full."),
            (errno.EROFS, "can only be read"),
            (errno.EACCES, "permissions"),
        ],
    )
    @pytest.mark.parametrize("call", ["fsync", "replace"])
    def test_a_failure_leaves_the_old_text_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, call: str
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        (tmp_path / "a").write_text("old")
        with monkeypatch.context() as patch:
            patch.setattr(os, call, fail)
            error = refusal(tmp_path / "a")
        assert said in error.hint
        assert (tmp_path / "a").read_text() == "old"
        assert names(tmp_path) == ["a"]

    def test_a_disk_that_takes_no_more(self, tmp_path: Path) -> None:
        """A real failure in the middle of writing: the process may write no file larger than 4 KB."""
        (tmp_path / "a").write_text("old")
        script = (
            "import sys\nfrom pathlib import Path\nfrom vps_tui.core.errors import UsageError\n"
            "from vps_tui.files.private import write_private\n"
            "try:\n    write_private(Path(sys.argv[1]), 'x' * 10000)\n"
            "except UsageError as error:\n    sys.exit(error.message)\n"
        )

        def limited() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        command = [sys.executable, "-B", "-c", script, str(tmp_path / "a")]
        done = subprocess.run(command, preexec_fn=limited, capture_output=True, text=True, check=False)
        assert "cannot be written: file too large" in done.stderr
        assert (tmp_path / "a").read_text() == "old"
        assert names(tmp_path) == ["a"]

    def test_a_person_without_rights_is_told(self, tmp_path: Path) -> None:
        if os.geteuid() != 0:
            tmp_path.chmod(0o500)
            assert "permission denied" in refusal(tmp_path / "a").message
            tmp_path.chmod(0o700)
            return
        code = (
            "import os, sys\nfrom pathlib import Path\nfrom vps_tui.core.errors import UsageError\n"
            "from vps_tui.files.private import write_private\n"
            "folder = os.open(sys.argv[1], os.O_RDONLY)\nos.setuid(65534)\nos.fchdir(folder)\n"
            "try:\n    write_private(Path('a'), 'x')\n"
            "except UsageError as error:\n    sys.exit(error.message)\n"
        )
        tmp_path.chmod(0o755)
        command = [sys.executable, "-B", "-c", code, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr.strip() == "a cannot be written: permission denied."

    def test_file_and_folder_are_on_the_disk_before_it_returns(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls: list[str] = []
        fsync, replace = os.fsync, os.replace

        def watched_fsync(descriptor: int) -> None:
            kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
            calls.append(f"{kind} of {os.fstat(descriptor).st_size}" if kind == "file" else kind)
            fsync(descriptor)

        def watched_replace(old: str, new: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
            calls.append("replace")
            replace(old, new, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

        monkeypatch.setattr(os, "fsync", watched_fsync)
        monkeypatch.setattr(os, "replace", watched_replace)
        write_private(tmp_path / "a", "new")
        assert calls == ["file of 3", "replace", "folder"]

    def test_a_file_system_that_cannot_sync_a_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.fsync

        def fsync(descriptor: int) -> None:
            if stat.S_ISDIR(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "Invalid argument")
            real(descriptor)

        monkeypatch.setattr(os, "fsync", fsync)
        write_private(tmp_path / "a", "new")
        assert (tmp_path / "a").read_text() == "new"


class TestFolders:
    def test_all_that_is_made_is_its_owners_alone_under_any_mask(self, tmp_path: Path, umask: int) -> None:
        private_folder(tmp_path / "a" / "b" / "c")
        assert [mode(tmp_path / path) for path in ("a", "a/b", "a/b/c")] == [0o700] * 3

    def test_it_is_so_from_the_start(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Path, "chmod", lambda *_: None)
        before = os.umask(0)
        try:
            private_folder(tmp_path / "a")
        finally:
            os.umask(before)
        assert mode(tmp_path / "a") == 0o700

    def test_one_that_exists_is_left_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a").chmod(0o755)
        private_folder(tmp_path / "a")
        assert mode(tmp_path / "a") == 0o755

    @pytest.mark.parametrize("path", ["file", "file/a"])
    def test_a_file_in_the_way(self, tmp_path: Path, path: str) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(UsageError, match="cannot be made"):
            private_folder(tmp_path / path)


class TestOwnFolder:
    def test_it_is_made_for_its_owner_alone_under_any_mask(self, tmp_path: Path, umask: int) -> None:
        own_folder(tmp_path / "a" / "b")
        assert [mode(tmp_path / path) for path in ("a", "a/b")] == [0o700] * 2

    def test_the_state_folder_is_made_that_way(self, umask: int) -> None:
        assert mode(state_folder()) == 0o700

    @pytest.mark.parametrize("bits", [0o720, 0o702, 0o777])
    def test_one_that_others_may_write_to_is_refused(self, bits: int) -> None:
        state_folder().chmod(bits)
        with pytest.raises(UsageError, match="other users can change it") as caught:
            state_folder()
        assert caught.value.hint == f"Run: chmod 700 {state_folder_path()}"

    def test_one_that_others_may_only_look_into_is_used(self) -> None:
        state_folder().chmod(0o755)
        assert state_folder().is_dir()

    @pytest.mark.parametrize("target", ["there", "nowhere"])
    def test_a_symbolic_link_is_refused(self, tmp_path: Path, target: str) -> None:
        (tmp_path / "there").mkdir()
        (tmp_path / "link").symlink_to(tmp_path / target)
        with pytest.raises(UsageError) as caught:
            own_folder(tmp_path / "link")
        assert str(tmp_path / "link") in caught.value.message
        assert caught.value.hint
        assert not (tmp_path / "nowhere").exists()

    def test_another_users_is_refused(self, tmp_path: Path) -> None:
        if os.geteuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(tmp_path, 12345, -1)
        with pytest.raises(UsageError, match="belongs to another user"):
            own_folder(tmp_path)


def state_folder_path() -> Path:
    return Path(os.environ["XDG_STATE_HOME"]) / "vps-tui"


class TestReach:
    @pytest.mark.parametrize(
        ("bits", "closed_to", "said"),
        [
            (0o600, OTHERS, ""),
            (0o400, OTHERS, ""),
            (0o640, OTHERS, "other users can read it"),
            (0o604, OTHERS, "other users can read it"),
            (0o620, OTHERS, "other users can change it"),
            (0o644, WRITERS, ""),
            (0o664, WRITERS, "other users can change it"),
            (0o646, WRITERS, "other users can change it"),
            (0o666, 0, ""),
        ],
    )
    def test_a_file_is_refused_by_its_mode(self, tmp_path: Path, bits: int, closed_to: int, said: str) -> None:
        path = tmp_path / "a file"
        path.write_text("x")
        path.chmod(bits)
        if not said:
            assert read_text(path, limit=10, closed_to=closed_to) == "x"
            return
        with pytest.raises(UsageError, match=said) as caught:
            read_text(path, limit=10, closed_to=closed_to)
        subprocess.run(caught.value.hint.removeprefix("Run: "), shell=True, check=True)
        assert read_text(path, limit=10, closed_to=closed_to) == "x"

    def test_the_file_counts_and_not_the_link_to_it(self, tmp_path: Path) -> None:
        (tmp_path / "there").write_text("x")
        (tmp_path / "there").chmod(0o644)
        (tmp_path / "link").symlink_to(tmp_path / "there")
        with pytest.raises(UsageError):
            read_text(tmp_path / "link", limit=10, closed_to=OTHERS)


class TestReading:
    def test_text_comes_as_it_stands_but_for_a_byte_order_mark(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb\n")
        assert read_text(tmp_path / "a", limit=10) == "a\r\nb\n"

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("nowhere", "no such file"),
            (".", "is a directory"),
            ("pipe", "not a regular file"),
            ("large", "larger than 1 KB"),
            ("binary", "not text in UTF-8"),
            ("nul\0", "embedded null"),
        ],
    )
    def test_what_cannot_be_read(self, tmp_path: Path, name: str, reason: str) -> None:
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "large").write_bytes(b"x" * 1025)
        (tmp_path / "binary").write_bytes(b"\xff\xfe")
        with pytest.raises(UsageError, match=reason) as caught:
            read_text(tmp_path / name, limit=1024)
        assert caught.value.hint

    def test_a_symbolic_link_as_wanted(self, tmp_path: Path) -> None:
        (tmp_path / "there").write_text("x")
        (tmp_path / "link").symlink_to(tmp_path / "there")
        assert read_text(tmp_path / "link", limit=10) == "x"
        with pytest.raises(UsageError, match="symbolic link"):
            read_text(tmp_path / "link", limit=10, follow=False)

    def test_no_descriptor_stays_open(self, tmp_path: Path) -> None:
        before = len(names(Path("/dev/fd")))
        for _ in range(3):
            for path in (tmp_path, tmp_path / "nowhere"):
                with pytest.raises(UsageError):
                    read_text(path, limit=10)
                refusal(path / "x" / "y")
        assert len(names(Path("/dev/fd"))) == before
