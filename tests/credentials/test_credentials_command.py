"""A command gives its first line and nothing else; one that hangs, fails or floods is said and ended."""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path

import pytest

from vps_tui.credentials import command
from vps_tui.credentials.command import CommandFailed, first_line

SENTINEL = "s3ntinel-of-this-test"


@pytest.fixture(autouse=True)
def short_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what hangs no longer than the test needs."""
    monkeypatch.setattr(command, "LIMIT", 1.0)


def script(folder: Path, text: str) -> tuple[str, ...]:
    """Return a command that runs a shell script."""
    path = folder / "secret.sh"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o700)
    return (str(path),)


def given(words: tuple[str, ...], **environ: str) -> str:
    return first_line(words, {"PATH": os.environ["PATH"], **environ}, threading.Event()).reveal()


def refused(words: tuple[str, ...]) -> str:
    with pytest.raises(CommandFailed) as caught:
        given(words)
    assert SENTINEL not in str(caught.value)
    return str(caught.value)


def gone(pid: int) -> bool:
    """Tell whether a process has ended, or is only waiting for somebody to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"echo {SENTINEL}", SENTINEL),
        (f"printf {SENTINEL}", SENTINEL),
        (f"printf '{SENTINEL}\\r\\n'", SENTINEL),
        (f"echo {SENTINEL}; echo user: me; echo url: x", SENTINEL),
        ("echo '  spaces count  '", "  spaces count  "),
        ("echo grüße", "grüße"),
        (f"echo said {SENTINEL}x >&2; echo {SENTINEL}", SENTINEL),
        (f"sleep 0.2; printf {SENTINEL}; sleep 0.2; echo", SENTINEL),
        (f"echo {SENTINEL}; exec >&-; sleep 0.2", SENTINEL),
        ("head -c 60000 /dev/zero | tr '\\0' a", "a" * 60000),
    ],
)
def test_the_first_line_of_standard_output_is_the_secret(tmp_path: Path, text: str, secret: str) -> None:
    assert given(script(tmp_path, text)) == secret


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exit 3", "ended with status 3"),
        (f"echo {SENTINEL}; exit 1", "ended with status 1"),
        (f"echo {SENTINEL} >&2; exit 1", "ended with status 1"),
        ("kill -9 $$", "was ended by signal 9"),
        ("true", "printed nothing on its first line"),
        (f"echo; echo {SENTINEL}", "printed nothing on its first line"),
        (f"echo {SENTINEL} >&2", "printed nothing on its first line"),
        ("printf '\\377\\376'", "printed something that is not text in UTF-8"),
        ("yes", "printed more than 64 KB"),
        ("sleep 60", "took longer than 1 s"),
        (f"echo {SENTINEL}; exec sleep 60", "took longer than 1 s"),
        ("exec >&-; sleep 60", "took longer than 1 s"),
        ("while :; do printf x; sleep 0.1; done", "took longer than 1 s"),
    ],
)
def test_what_gives_no_secret_says_why(tmp_path: Path, text: str, said: str) -> None:
    begun = time.monotonic()
    assert refused(script(tmp_path, text)) == said
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-program-here",), "there is no such program"),
        (("/",), "permission denied"),
        (("nul\0",), "it is no command"),
    ],
)
def test_what_cannot_be_run(words: tuple[str, ...], said: str) -> None:
    assert refused(words) == f"cannot be run: {said}"


def test_there_is_no_shell() -> None:
    assert given(("echo", "$HOME", ";", "*")) == "$HOME ; *"


def test_nothing_can_be_read_from_us_and_nothing_is_said_aloud(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert given(script(tmp_path, f"echo noise >&2; cat; echo {SENTINEL}")) == SENTINEL
    assert capfd.readouterr() == ("", "")


def test_what_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    assert "took longer" in refused(script(tmp_path, f"sleep 60 & echo $! > {tmp_path}/child; wait"))
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while not gone(child):
        assert time.monotonic() < deadline, "the child still runs"
        time.sleep(0.01)


def test_what_a_command_leaves_running_is_not_waited_for(tmp_path: Path) -> None:
    """An agent that a password manager starts may keep the output open for ever."""
    text = f"sleep 60 & echo $! > {tmp_path}/child; echo {SENTINEL}"
    begun = time.monotonic()
    assert given(script(tmp_path, text)) == SENTINEL
    assert time.monotonic() - begun < 0.9
    os.kill(int((tmp_path / "child").read_text()), 9)


def test_what_cannot_be_killed_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As sudo cannot, which runs as another user."""

    def refuse(_group: int, _number: int) -> None:
        raise PermissionError

    def ask() -> None:
        assert "took longer" in refused(script(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 20"))
        gc.collect()

    begun = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(os, "killpg", refuse)
        with pytest.warns(ResourceWarning, match="still running"):
            ask()
    assert time.monotonic() - begun < 5
    os.kill(int((tmp_path / "pid").read_text()), 9)


def test_it_can_be_stopped_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "LIMIT", 30.0)
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(CommandFailed, match="was stopped"):
        first_line(script(tmp_path, "sleep 60"), {"PATH": os.environ["PATH"]}, stop)
    assert time.monotonic() - begun < 5


def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    def descriptors() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    before = descriptors()
    for text in ("echo x", "exit 1", "sleep 60"):
        words = script(tmp_path, text)
        given(words) if text == "echo x" else refused(words)
    assert descriptors() == before
