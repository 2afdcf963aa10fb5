"""The sentence about what a living process is working on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest

from vps_tui.journal import State
from vps_tui.journal.under_way import words

SENT = datetime(2026, 11, 30, 19, 57, 3, tzinfo=UTC)
OWNER = "ops@box, process 123"


@pytest.mark.parametrize(
    ("state", "now", "said"),
    [
        (State.SENDING, SENT, "being sent since 19:57:03 UTC by ops@box, process 123; ask again later."),
        (
            State.SENDING,
            SENT + timedelta(hours=5),
            "being sent since 30 Nov 2026, 19:57:03 UTC by ops@box, process 123; ask again later.",
        ),
        (
            State.PREPARED,
            SENT.astimezone(timezone(timedelta(hours=9))),
            "being prepared since 19:57:03 UTC by ops@box, process 123; nothing has been sent yet; ask again later.",
        ),
    ],
)
def test_what_since_when_and_by_whom(state: State, now: datetime, said: str) -> None:
    assert words(state, SENT, OWNER, now) == said


@pytest.mark.parametrize("owner", ["", "\x1b]0;x\x07 evil", "ops@box, process x", "ops@box, process 99999999999999"])
def test_whatever_stands_in_the_file_is_safe_to_show(owner: str) -> None:
    assert words(State.SENDING, SENT, owner).isprintable()


def test_a_stopped_process_of_this_machine_is_called_so() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        own, other = (f"ops@{host}, process {process.pid}" for host in (os.uname().nodename, "elsewhere"))
        assert "stopped" not in words(State.SENDING, SENT, own)
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        assert f"which is stopped (kill -CONT {process.pid} lets it go on)" in words(State.SENDING, SENT, own)
        assert "stopped" not in words(State.SENDING, SENT, other)
        process.kill()
    assert "stopped" not in words(State.SENDING, SENT, own)
