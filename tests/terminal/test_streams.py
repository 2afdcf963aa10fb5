"""What stands in the place of the standard streams: it never raises, and knows what it could not write."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from vps_tui.terminal.streams import Sink, Source


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def run(code: str, state: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with redirections, its standard streams guarded."""
    guarded = f"from vps_tui.terminal import streams; streams.guard()\nimport os, sys\n{code}"
    return subprocess.run(
        ["bash", "-c", f'"$@" {state}', "bash", sys.executable, "-c", guarded],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


class TestSink:
    def test_a_reader_that_left_is_known_and_nothing_more_is_written(self, pipe: tuple[int, int]) -> None:
        sink = Sink(pipe[1])
        os.close(pipe[0])
        assert (sink.write(b"words"), sink.write(b"more")) == (5, 4)
        assert (sink.reader_left, sink.reason) == (True, "Broken pipe")

    def test_a_full_disk(self) -> None:
        with Path("/dev/full").open("wb", buffering=0) as full:
            sink = Sink(full.fileno())
            assert (sink.write(b"words"), sink.reader_left, sink.reason) == (5, False, "No space left on device")

    def test_a_terminal_that_is_gone_is_a_reader_that_left(self) -> None:
        ours, its = pty.openpty()
        os.close(ours)
        sink = Sink(its)
        assert (sink.write(b"words"), sink.reader_left) == (5, True)
        os.close(its)

    def test_one_that_was_closed_takes_nothing_though_its_descriptor_does(self, pipe: tuple[int, int]) -> None:
        sink = Sink(pipe[1], closed=True)
        assert (sink.write(b""), sink.reason) == (0, "")
        assert (sink.write(b"words"), sink.reason) == (5, "it is not open for writing")
        os.close(pipe[1])
        assert os.read(pipe[0], 99) == b""

    def test_a_pipe_that_does_not_block_is_waited_for(self, pipe: tuple[int, int]) -> None:
        """Another program that shares it may have set it so; a long document is written all the same."""
        os.set_blocking(pipe[1], False)
        text = "".join(f"{number}\n" for number in range(100_000))
        found: list[bytes] = []

        def read() -> None:
            while chunk := os.read(pipe[0], 65536):
                found.append(chunk)

        reading = threading.Thread(target=read)
        reading.start()
        sink = Sink(pipe[1])
        with io.TextIOWrapper(io.BufferedWriter(sink), "utf-8") as stream:
            stream.write(text)
        os.close(pipe[1])
        reading.join()
        assert (b"".join(found).decode() == text, sink.error) == (True, None)


class TestSource:
    def test_what_cannot_be_read_is_at_its_end(self) -> None:
        with Path("/dev/null").open("wb", buffering=0) as null:
            assert io.BufferedReader(Source(null.fileno())).read() == b""

    def test_a_line_is_read(self, pipe: tuple[int, int]) -> None:
        os.write(pipe[1], b"yes\nno\n")
        stream = io.TextIOWrapper(io.BufferedReader(Source(pipe[0])), "utf-8")
        assert (stream.readline(), stream.readline()) == ("yes\n", "no\n")


@pytest.mark.parametrize("state", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_no_file_becomes_a_standard_stream(state: str, tmp_path: Path) -> None:
    """The next file that is opened takes the lowest free descriptor, and words would be written into it."""
    path = tmp_path / "journal"
    code = f"""
number = os.open({str(path)!r}, os.O_RDWR | os.O_CREAT)
print("words", flush=True)
print("more", file=sys.stderr, flush=True)
assert sys.stdin.read() == ""
os._exit(number)
"""
    done = run(code, state)
    assert done.returncode > 2, done
    assert path.read_bytes() == b""


def test_letters_that_the_encoding_lacks_do_not_stop_it() -> None:
    done = run('print("Zürich")\nsys.stdout.flush()\nos._exit(streams.finish(0))', PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stdout) == (0, "Z?rich\n")


NO_SPACE = "vps-tui: Standard output cannot be written: No space left on device.\n"


@pytest.mark.parametrize(
    ("last", "state", "code", "said"),
    [
        ("print('words')", "", 0, ""),
        ("print('words')", ">/dev/full", 1, NO_SPACE),
        ("print('words'); streams.settle('it is ordered')", ">/dev/full", 0, f"{NO_SPACE}it is ordered\n"),
        ("print('words'); streams.settle('it is ordered')", ">&- 2>/dev/full", 0, ""),
        ("pass", ">/dev/full", 0, ""),
        ("pass", ">&-", 0, ""),
        ("print('words', file=sys.stderr)", "2>/dev/full", 0, ""),
    ],
)
def test_the_exit_code(last: str, state: str, code: int, said: str) -> None:
    """What is not printed cannot fail, and an outcome stays what it is."""
    done = run(f"{last}\nos._exit(streams.finish(0))", state)
    assert (done.returncode, done.stderr) == (code, said)
