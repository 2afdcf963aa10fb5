"""Files that only their owner may read, written whole or not at all; and texts read within limits."""

from __future__ import annotations

import errno
import os
import shlex
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vps_tui.core.errors import InvalidValue, UsageError
from vps_tui.core.text import clean
from vps_tui.files.safe_open import (
    OTHERS,
    WRITERS,
    is_foreign,
    make_folders,
    open_folder,
    open_regular,
    read_limited,
    replace_file,
)

if TYPE_CHECKING:
    from vps_tui.core.startup_script import StartupScript

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
    """Replace the file at `path` by `text`, whole or not at all, readable for its owner alone from the first byte.

    The folder must exist. A symbolic link at `path` is refused. Raises `UsageError` in words.
    """
    try:
        folder = open_folder(path.parent)
        try:
            _refuse_other_than_file(path, folder)
            replace_file(folder, path.name, [text.encode()])
        finally:
            os.close(folder)
    except (OSError, ValueError) as error:
        raise failure(path, "cannot be written", error) from None


def private_folder(path: Path) -> None:
    """Make the missing folders down to `path`, open to their owner alone; raises `UsageError` in words."""
    try:
        make_folders(path)
    except (OSError, ValueError) as error:
        raise failure(path, "cannot be made", error) from None


def own_folder(path: Path) -> None:
    """Make the folder; raises `UsageError` for a link, another user's, and one that others may write to."""
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
    """Return the refusal of a file that is neither ours nor root's, or has any of the mode `bits`, else None."""
    name, quoted = clean(str(path)), clean(shlex.quote(str(path)))
    if is_foreign(found, trust_root=True):
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
    try:
        descriptor = open_regular(path, follow=follow)
        problem = reach_problem(path, os.fstat(descriptor), closed_to) if closed_to else None
        if problem is not None:
            os.close(descriptor)
            raise problem
        content = read_limited(descriptor, limit + 1)
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


def read_given(path: Path, limit: int) -> bytes:
    """Return the first `limit` bytes of a file that a person names, `~` included; raises `InvalidValue`."""
    try:
        return read_limited(open_regular(path.expanduser(), follow=True), limit)
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "not a usable path"
        raise InvalidValue(f"The file cannot be read: {reason}.", hint="Check the path.") from None


def read_script(path: Path) -> StartupScript:
    """Return the script in the file at `path`; raises `InvalidValue`. It waits, so call it off the event loop."""
    from vps_tui.core.startup_script import MAX_GIVEN_BYTES, parse_startup_script

    return parse_startup_script(read_given(path, MAX_GIVEN_BYTES + 1))


def failure(path: Path, what: str, error: OSError | ValueError) -> UsageError:
    """Return `error` in words; `what` goes on after the path: "cannot be read"."""
    number = error.errno if isinstance(error, OSError) else None
    said = error.strerror if isinstance(error, OSError) else str(error)
    reason = clean(said or "unknown reason")
    return UsageError(
        f"{clean(str(path))} {what}: {reason[:1].lower()}{reason[1:]}.",
        hint=_HINTS.get(number or 0, "Choose another file."),
    )
