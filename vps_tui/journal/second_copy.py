"""The second copy: a text file beside the journal to which every write adds the rows as they are then, and the seal.

It is on disk before the journal's own transaction ends. So it tells how many rows the journal must have and
what they come to, and it holds every order even if the journal is lost. Each line is a checksum and a JSON
document: {"row": {...}} or {"seal": {...}}. A line that was cut off by a crash counts as not written.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Final

from vps_tui.files.safe_open import WRITERS, is_foreign, open_folder, open_regular, replace_file
from vps_tui.journal.errors import BUSY_SECONDS, COPY, Damage
from vps_tui.journal.seals import WRITTEN, Seal
from vps_tui.journal.sql import Row

_BLOCK: Final = 1 << 14
_PAUSE_SECONDS: Final = 0.01
_SPARE: Final = 1 << 20
_TIMES: Final = 4
"""The copy is replaced once it is larger than this many times its rows, and `_SPARE` bytes."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of the copy."""

    seal: Seal
    end: int
    """Where the line of the seal ends; what follows was never finished."""


@dataclass(slots=True)
class Contents:
    """Everything in the copy that can still be read."""

    seal: Seal | None = None
    """The last one."""
    rows: dict[str, Row] = field(default_factory=dict)
    """The newest of each row by its reference."""
    damaged_after: int | None = None
    """The number of the last write before the last line that cannot be read; None where all can be read."""


def path_of(journal: Path) -> Path:
    return journal.with_suffix(".copy")


def last(path: Path) -> Tail | None:
    """Return the end of the copy, None without a file; raises `Damage` where no seal can be read, `OSError`."""
    try:
        with _open_copy(path) as descriptor:
            return _tail(descriptor)
    except FileNotFoundError:
        return None


def contents(path: Path) -> Contents:
    """Return all that can still be read; raises `OSError`, or `Damage` for something that is not a file."""
    found, writes = Contents(), 0
    with suppress(FileNotFoundError), _open_copy(path) as descriptor, open(descriptor, "rb", closefd=False) as file:
        for line in file:
            document = _parse(line)
            if document is None:
                found.damaged_after = writes
            elif "row" in document:
                row = document["row"]
                found.rows[row["reference"]] = row
            else:
                found.seal = Seal.of(document["seal"])
                writes = found.seal.writes
    return found


@contextmanager
def locked(path: Path) -> Iterator[SecondCopy]:
    """Give the copy for writing, to this process alone; raises `Damage` where it is missing or cannot be read."""
    while True:
        with ExitStack() as stack:
            try:
                descriptor = stack.enter_context(_open_copy(path, os.O_RDWR))
            except FileNotFoundError:
                raise Damage(COPY) from None
            _lock(descriptor)
            # Another process may have put a new file in its place while this one waited.
            if os.path.samestat(os.fstat(descriptor), path.lstat()):
                yield SecondCopy(descriptor, _tail(descriptor))
                return


def in_use(path: Path) -> bool:
    """Tell whether a living process is writing; raises `Damage`, `OSError`."""
    with _open_copy(path) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class SecondCopy:
    """The copy while it is locked."""

    def __init__(self, descriptor: int, tail: Tail) -> None:
        self._descriptor, self._tail = descriptor, tail
        self._added = tail

    @property
    def seal(self) -> Seal:
        return self._tail.seal

    def last_rows(self) -> list[Row]:
        rows: list[Row] = []
        seals = 0
        for line in _lines_back(self._descriptor, self._tail.end):
            document = _parse(line)
            if document is None:
                raise Damage(COPY)
            seals += "seal" in document
            if seals > 1:
                break
            if "row" in document and document["row"][WRITTEN] == self.seal.writes:
                rows.append(document["row"])
        return rows

    def append(self, rows: Iterable[Row], seal: Seal) -> None:
        """Add rows and their seal; on disk for good when this returns, and undone where that fails."""
        content = b"".join((*(_line({"row": row}) for row in rows), _line({"seal": seal.document()})))
        # What a killed process has begun to add is overwritten.
        os.ftruncate(self._descriptor, self._tail.end)
        try:
            _write(self._descriptor, content, self._tail.end)
            os.fsync(self._descriptor)
        except BaseException:
            self.undo()
            raise
        self._added = Tail(seal, self._tail.end + len(content))

    def keep(self) -> None:
        """Let what was added stay when more is added after it."""
        self._tail = self._added

    def undo(self) -> None:
        """Take away what was added; where that fails, it counts as written, which is the safe side."""
        with suppress(OSError):
            os.ftruncate(self._descriptor, self._tail.end)

    def too_long(self, size: int) -> bool:
        """Tell whether the file is long for a journal of `size` bytes."""
        return self._tail.end > _TIMES * size + _SPARE


def replace(path: Path, rows: Iterable[Row], seal: Seal) -> None:
    """Replace the copy, whole or not at all, for its owner alone; raises `OSError`."""
    lines = chain((_line({"row": row}) for row in rows), [_line({"seal": seal.document()})])
    folder = open_folder(path.parent)
    try:
        replace_file(folder, path.name, lines)
    finally:
        os.close(folder)


@contextmanager
def _open_copy(path: Path, access: int = os.O_RDONLY) -> Iterator[int]:
    """Open the copy, and close it; raises `Damage` for anything but a file that its owner alone writes."""
    try:
        descriptor = open_regular(path, access)
    except ValueError:
        raise Damage(COPY) from None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise Damage(COPY) from None
        raise
    try:
        status = os.fstat(descriptor)
        if is_foreign(status) or status.st_mode & WRITERS:
            raise Damage(COPY)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock the copy; raises `BlockingIOError` where another process keeps it: one that was stopped in between."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _tail(descriptor: int) -> Tail:
    end = os.fstat(descriptor).st_size
    for line in _lines_back(descriptor, end):
        document = _parse(line)
        if document is not None and "seal" in document:
            return Tail(Seal.of(document["seal"]), end)
        end -= len(line)
    raise Damage(COPY)


def _lines_back(descriptor: int, end: int) -> Iterator[bytes]:
    """Yield the lines before `end` with their ends, the last one first."""
    rest = b""
    block = _BLOCK
    while end > 0:
        start = max(0, end - block)
        lines = (os.pread(descriptor, end - start, start) + rest).splitlines(keepends=True)
        rest = lines.pop(0) if start > 0 and lines else b""
        yield from reversed(lines)
        end, block = start, block * 2
    if rest:
        yield rest


def _line(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, separators=(",", ":")).encode()
    return _check(text) + b" " + text + b"\n"


def _parse(line: bytes) -> dict[str, Any] | None:
    """Return the document in `line`, None where it is not what was written."""
    check, space, text = line.partition(b" ")
    if not space or not text.endswith(b"\n") or check != _check(text[:-1]):
        return None
    document: dict[str, Any] = json.loads(text)
    return document


def _check(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).hexdigest().encode()


def _write(descriptor: int, content: bytes, at: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, at)
        content, at = content[written:], at + written
