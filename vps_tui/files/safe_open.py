"""How every file is opened and made: no link is followed, no pipe is waited for, nobody else can write to it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

OTHERS: Final = 0o077
"""Mode bits that let anybody but the owner do anything with a file."""
WRITERS: Final = 0o022
"""Mode bits that let anybody but the owner change a file."""

_MAKE: Final = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def is_foreign(status: os.stat_result, *, trust_root: bool = False) -> bool:
    """Tell whether a file is another user's; `trust_root` counts root as the user."""
    return status.st_uid not in ((os.geteuid(), 0) if trust_root else (os.geteuid(),))


def open_regular(path: Path, flags: int = os.O_RDONLY, *, follow: bool = False) -> int:
    """Open a regular file; raises `OSError`, and `ValueError` for a pipe, a terminal or another device."""
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    raise ValueError("it is not a regular file")


def read_limited(descriptor: int, limit: int) -> bytes:
    """Return the first `limit` bytes of an open file and close it."""
    with open(descriptor, "rb") as file:
        return file.read(limit)


def make_file(path: Path | str, mode: int = 0o600, *, folder: int | None = None) -> int:
    """Make a file that nobody has yet, open for reading and writing; raises `OSError`, also where a link stands."""
    return os.open(path, os.O_RDWR | _MAKE, mode, dir_fd=folder)


def write_and_close(descriptor: int, chunks: Iterable[bytes]) -> None:
    """Write `chunks`, have them on disk for good, and close the file."""
    with open(descriptor, "wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


def write_new(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a new file, whatever the umask, whole or not at all; raises `OSError`, `FileExistsError` included."""
    descriptor = make_file(path, mode)
    try:
        os.fchmod(descriptor, mode)
        write_and_close(descriptor, [content])
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def replace_file(folder: int, name: str, chunks: Iterable[bytes]) -> None:
    """Replace `name` in the open `folder` by a private file, whole or not at all; raises `OSError`."""
    temporary = f".vps-tui-{os.urandom(8).hex()}.tmp"
    descriptor = make_file(temporary, folder=folder)
    try:
        os.fchmod(descriptor, 0o600)
        write_and_close(descriptor, chunks)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
        raise
    sync_folder(folder)


def open_folder(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)


def sync_folder(folder: int) -> None:
    """Have the names in an open folder on disk for good, where its file system can do that."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def sync_path(path: Path) -> None:
    """Do the same for the folder at `path`."""
    folder = open_folder(path)
    try:
        sync_folder(folder)
    finally:
        os.close(folder)


def make_folders(path: Path) -> None:
    """Make the folder at `path` and those above it that are missing, each open to its owner alone."""
    for folder in reversed((path, *path.parents)):
        if not folder.is_dir():
            if folder.exists():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            folder.mkdir(mode=0o700, exist_ok=True)
            # The process's own mask may have taken away even the owner's rights.
            folder.chmod(0o700)
