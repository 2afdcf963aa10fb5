"""Files that only their owner may read, written whole or not at all; and texts read within limits."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
from pathlib import Path
from typing import Final

from vps_tui.core.errors import UsageError
from vps_tui.core.text import clean

OTHERS: Final = 0o077
"""Mode bits that let anybody but the owner do anything with a file."""
WRITERS: Final = 0o022
"""Mode bits that let anybody but the owner change a file."""

_HINTS: Final = {
    errno.EACCES: "Choose a place that you may use, or change the permissions.",
    errno.EPERM: "Choose a place that you may use, or change the permissions.",
    errno.EROFS: "This file system can only be read. Choose another place.",
    errno.ENOSPC: "The disk is full. Make room, then try again.",
    errno.EDQUOT: "Your share of the disk is full. Make room, then try again.",
    errno.ENOENT: "Check the path.",
    errno.ENOTDIR: "Check the path: a part of it is a file and no folder.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.ELOOP: "A symbolic link is not followed here. Name the file itself.",
}


def write_private(path: Path, text: str) -> None:
    """Replace the file at `path` by `text` in UTF-8, readable for its owner alone from the first byte.

    After a crash or a power loss the old text or the new one stands there, never a part. The folder must
    exist. A symbolic link at `path` is refused, not followed. Raises `UsageError` in words.
    """
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _refuse_other_than_file(path, folder)
            _replace(folder, path.name, text.encode())
        finally:
            os.close(folder)
    except (OSError, ValueError) as error:
        raise failure(path, "cannot be written", error) from None


def private_folder(path: Path) -> None:
    """Make the folder at `path` and those above it that are missing, each open to its owner alone.

    A folder that exists is left as it is. Raises `UsageError` in words.
    """
    try:
        for folder in reversed((path, *path.parents)):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                # The process's own mask may have taken away even the owner's rights.
                folder.chmod(0o700)
    except (OSError, ValueError) as error:
        raise failure(path, "cannot be made", error) from None


def own_folder(path: Path) -> None:
    """Make the folder at `path` as `private_folder` does, and refuse one that somebody else could reach into.

    That is a symbolic link, another user's folder, or one that others may write to. Raises `UsageError` in words.
    """
    private_folder(path)
    try:
        found = path.lstat()
    except OSError as error:
        raise failure(path, "cannot be used", error) from None
    name = clean(str(path))
    if stat.S_ISLNK(found.st_mode):
        raise UsageError(
            f"{name} is not used: it is a symbolic link, and what is recorded there could be led elsewhere.",
            hint="Remove the link, and put the folder itself there.",
        )
    problem = reach_problem(path, found, WRITERS)
    if problem is not None:
        raise problem


def reach_problem(path: Path, found: os.stat_result, bits: int) -> UsageError | None:
    """Return the refusal of a file or folder that is another user's or has any of the mode `bits`, else None.

    It says the command that mends it. What belongs to root is as good as one's own.
    """
    name, quoted = clean(str(path)), clean(shlex.quote(str(path)))
    if found.st_uid not in (os.geteuid(), 0):
        return UsageError(
            f"{name} is not used: it belongs to another user.",
            hint=f"If you trust what is in it: sudo chown $(id -un) {quoted}",
        )
    if not found.st_mode & bits:
        return None
    is_folder = stat.S_ISDIR(found.st_mode)
    done = "change" if found.st_mode & WRITERS else "read"
    mend = "700" if is_folder else "600" if bits == OTHERS else "go-w"
    return UsageError(f"{name} is not used: other users can {done} it.", hint=f"Run: chmod {mend} {quoted}")


def read_text(path: Path, *, limit: int, follow: bool = True, closed_to: int = 0) -> str:
    """Return the text of the file at `path`, which must be UTF-8 of at most `limit` bytes.

    A pipe or a terminal is refused, because reading it could wait for ever; so is a symbolic link unless
    `follow`. With mode bits in `closed_to`, such as `OTHERS`, a file is refused that has any of them or is
    another user's. A byte order mark is left out, line ends are kept. Raises `UsageError` in words.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    try:
        descriptor = os.open(path, flags)
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            raise ValueError("it is not a regular file")
        problem = reach_problem(path, found, closed_to) if closed_to else None
        if problem is not None:
            os.close(descriptor)
            raise problem
        with open(descriptor, "rb") as file:  # noqa: PTH123 - the descriptor is open already
            content = file.read(limit + 1)
        if len(content) > limit:
            raise ValueError(f"it is larger than {limit // 1024} KB")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise failure(path, "cannot be read", ValueError("it is not text in UTF-8")) from None
    except (OSError, ValueError) as error:
        raise failure(path, "cannot be read", error) from None


def _refuse_other_than_file(path: Path, folder: int) -> None:
    try:
        mode = os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "it is a symbolic link")
    if not stat.S_ISREG(mode):
        raise ValueError("something that is not a file stands there")


def _replace(folder: int, name: str, content: bytes) -> None:
    """Write beside the file and put that in its place; both stay in the folder that is open, whatever moves."""
    temporary = f".vps-tui-{os.urandom(8).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(temporary, flags, 0o600, dir_fd=folder), "wb") as file:  # noqa: PTH123 - Path.open takes no flags
        try:
            os.fchmod(file.fileno(), 0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=folder)
            raise
    try:
        os.fsync(folder)
    except OSError as error:
        # Some network file systems cannot sync a folder; the file stands in its place all the same.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise


def failure(path: Path, what: str, error: OSError | ValueError) -> UsageError:
    """Return `error` in words; `what` goes on after the path: "cannot be read"."""
    number = error.errno if isinstance(error, OSError) else None
    said = error.strerror if isinstance(error, OSError) else str(error)
    reason = clean(said or "unknown reason")
    return UsageError(
        f"{clean(str(path))} {what}: {reason[:1].lower()}{reason[1:]}.",
        hint=_HINTS.get(number or 0, "Choose another file."),
    )
