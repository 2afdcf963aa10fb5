"""The three standard streams, made safe before anything else is opened, and what is said when one fails.

Writing to them never raises: what became of an order must reach the exit code, whatever becomes of the words. The
rule for the exit code: where it tells an outcome (`settle` was called) it stays; a command whose only product is its
output ends with `FAILED` when that could not be written, without a word when its reader has left, as `head` does.
"""

from __future__ import annotations

import errno
import io
import os
import sys

from vps_tui.core import exit_codes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer, WriteableBuffer

IN, OUT, ERR = 0, 1, 2
_NAMES = {OUT: "Standard output", ERR: "Standard error"}


class Sink(io.RawIOBase):
    """Writes to a file descriptor for as long as that works, and drops everything after the first failure."""

    def __init__(self, descriptor: int, *, closed: bool = False) -> None:
        """Write to `descriptor`, which is not closed here; `closed` is what its owner says it was at the start."""
        self._descriptor = descriptor
        self._was_closed = closed
        self.error: OSError | None = None
        """Why it cannot be written; None while nothing has failed."""

    def write(self, data: ReadableBuffer) -> int:
        """Write some of `data`; returns how many bytes need not be written again."""
        size = memoryview(data).nbytes
        if self._was_closed and size and self.error is None:
            self.error = OSError(errno.EBADF, os.strerror(errno.EBADF))
        while self.error is None:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:
                _wait(self._descriptor, writing=True)
            except OSError as error:
                self.error = error
        return size

    @property
    def reader_left(self) -> bool:
        """Tell whether nobody reads any more: the end of a pipe is closed, or the terminal is gone."""
        number = self.error.errno if self.error is not None else 0
        return number == errno.EPIPE or (number == errno.EIO and _is_device(self._descriptor))

    @property
    def reason(self) -> str:
        """Say why it cannot be written; empty while nothing has failed."""
        if self.error is None:
            return ""
        if self.error.errno == errno.EBADF:
            return "it is not open for writing"
        from vps_tui.core.text import clean

        return clean(self.error.strerror or str(self.error))

    def writable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return os.isatty(self._descriptor)


class Source(io.RawIOBase):
    """Reads from a file descriptor; what cannot be read is at its end."""

    def __init__(self, descriptor: int) -> None:
        """Read from `descriptor`, which is not closed here."""
        self._descriptor = descriptor

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read into `buffer`; returns the number of bytes, 0 at the end."""
        view = memoryview(buffer)
        while True:
            try:
                data = os.read(self._descriptor, view.nbytes)
            except BlockingIOError:
                _wait(self._descriptor, writing=False)
            except OSError:
                return 0
            else:
                view[: len(data)] = data
                return len(data)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return os.isatty(self._descriptor)


_guarded: dict[int, Sink] = {}
_settled = False


def guard() -> None:
    """Replace the standard streams by ones that never raise; a closed one is opened on /dev/null.

    Otherwise the next file that is opened - the journal, or a connection - becomes standard output, and text is
    written into it. Call it before anything else is opened.
    """
    closed = [_fill(number, stream) for number, stream in enumerate((sys.stdin, sys.stdout, sys.stderr))]
    for number in (OUT, ERR):
        _guarded[number] = Sink(number, closed=closed[number])
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(  # type: ignore[misc]
        io.BufferedReader(Source(IN)), encoding=_encoding(sys.stdin), errors="replace"
    )
    sys.stdout = sys.__stdout__ = _text(_guarded[OUT], sys.stdout, "replace")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _text(_guarded[ERR], sys.stderr, "backslashreplace")  # type: ignore[misc]


def sink(descriptor: int) -> Sink:
    """Return what writes to `descriptor` and never raises; a standard stream has one, which knows of its failure."""
    return _guarded.get(descriptor) or Sink(descriptor)


def failure(descriptor: int) -> str:
    """Return in a sentence why a standard stream cannot be written; empty as long as nothing has failed."""
    stream = sys.stdout if descriptor == OUT else sys.stderr
    stream.flush()
    found = _guarded.get(descriptor)
    return f"{_NAMES[descriptor]} cannot be written: {found.reason}." if found is not None and found.reason else ""


def reader_left() -> bool:
    """Tell whether nobody reads standard output any more."""
    sys.stdout.flush()
    return OUT in _guarded and _guarded[OUT].reader_left


def settle(*lines: str) -> None:
    """Have the exit code tell the outcome from here on; `lines` go to standard error if standard output failed."""
    global _settled  # noqa: PLW0603 - as there is one standard output, there is one such fact
    reason = failure(OUT)
    _settled = True
    if reason and (lines or not reader_left()):
        sys.stderr.write("\n".join((f"vps-tui: {reason}", *lines, "")))


def finish(code: int) -> int:
    """Write what is still buffered; returns the exit code of the program, whose command ended with `code`."""
    try:
        reason = failure(OUT)
        if reason and not _settled:
            if not reader_left():
                sys.stderr.write(f"vps-tui: {reason}\n")
            code = code or exit_codes.FAILED
        sys.stderr.flush()
    except KeyboardInterrupt:
        # A reader that does not read has been waited for.
        return code if _settled else code or exit_codes.CANCELLED
    return code


def _fill(number: int, stream: TextIO | None) -> bool:
    """Tell whether the stream of this number was closed at the start; its descriptor is open afterwards."""
    if stream is not None:
        return False
    try:
        os.fstat(number)
    except OSError:
        # The lowest free number is taken, and that is this one: those below it are open.
        os.open(os.devnull, os.O_RDONLY if number == IN else os.O_WRONLY)
    return True


def _text(sink: Sink, stream: TextIO | None, errors: str) -> io.TextIOWrapper:
    """Return `sink` as a text stream with the habits of `stream`; `errors` is for letters that its encoding lacks."""
    # PYTHONUNBUFFERED makes a stream write through; whole lines are good enough, and are never written in part.
    lines = any(getattr(stream, habit, False) for habit in ("line_buffering", "write_through"))
    return io.TextIOWrapper(io.BufferedWriter(sink), _encoding(stream), errors, line_buffering=lines)


def _encoding(stream: TextIO | None) -> str | None:
    return stream.encoding if stream is not None else None


def _wait(descriptor: int, *, writing: bool) -> None:
    """Wait until a descriptor that does not block can be written or read: another program may have set it so."""
    import select

    select.select([] if writing else [descriptor], [descriptor] if writing else [], [])


def _is_device(descriptor: int) -> bool:
    import stat

    return stat.S_ISCHR(os.fstat(descriptor).st_mode)
