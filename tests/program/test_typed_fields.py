"""What comes as keys, in whatever pieces and with whatever pauses, is in the field in the order in which it was sent.

`TYPED_SPLITS=1000` sends so many texts to each field; they take minutes, most of it pauses.
"""

from __future__ import annotations

import json
import os
import pty
import random
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from core.key_texts import public_line

from vps_tui.sandbox.server import Sandbox

from .stops import EDIS
from .terminal import KEYS, LIMIT, Terminal
from .test_safety import go

pytestmark = pytest.mark.pty

SPLITS = int(os.environ.get("TYPED_SPLITS", "6"))
"""Texts that each field is sent."""
AT_ONCE = int(os.environ.get("TYPED_FIELDS", "1"))
"""Terminals for each kind of field."""
LONGEST_PAUSE = 0.4
PAUSES = (0.0, 0.001, 0.01, 0.028, 0.032, 0.07, 0.12, 0.148, 0.155, 0.3, LONGEST_PAUSE)
"""Pauses round the times that the fields tell keys of a paste by."""
F5 = "\x1b[15~"

KEY_LINES = [
    public_line("ed25519"),
    f"{public_line('ed25519')} ops@box",
    f"{public_line('ecdsa')} Anna's laptop, 2026",
    f"{public_line('rsa')} ops@box",
    f'from="192.0.2.7",no-pty {public_line("ed25519")} backup',
    f"{public_line('ed25519')} Müller 東京",
]
SCRIPT = """#!/bin/bash
set -e
for name in a b; do
\tprintf '%s\\n' "$name" >> /root/names
done

cat <<-END
\t"quoted" {brackets} [x]
\tEND
"""
TEXTS = {
    "key": KEY_LINES,
    "script": [SCRIPT, SCRIPT.replace("\t", "    "), "#!/bin/sh\necho hi"],
    "hostname": ["web1", "a.very-long.name.of-a.server.example.com"],
    "token": ["eyJhbGciOiJIUzI1NiJ9." + "0123456789abcdefABCDEF-_" * 20, "t0k-en"],
    "password": ["Corr3ct-Horse-Battery!", "p w"],
    "filter": ["debian 12 bookworm", "x"],
}


class Host:
    """A terminal with one field in it."""

    def __init__(self, kind: str) -> None:
        """Start it and wait until it takes keys."""
        self._master, slave = pty.openpty()
        self._answers, target = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("field_host.py")), kind, str(target)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            pass_fds=[target],
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": "80", "LINES": "24"},
            start_new_session=True,
        )
        os.close(slave)
        os.close(target)
        self._unread = b""
        threading.Thread(target=self._drain, daemon=True).start()
        assert self.answer() == "ready"

    def send(self, text: str) -> None:
        """Write `text` in one go."""
        os.write(self._master, text.encode())

    def answer(self) -> object:
        """Return the next thing that was written down."""
        end = time.monotonic() + LIMIT
        while b"\n" not in self._unread:
            ready = select.select([self._answers], [], [], max(0.0, end - time.monotonic()))[0]
            data = os.read(self._answers, 65536) if ready else b""
            assert data, "the field does not answer"
            self._unread += data
        line, _, self._unread = self._unread.partition(b"\n")
        found: object = json.loads(line)
        return found

    def holds(self) -> object:
        """Return what the field holds, and how often it was submitted."""
        self.send(F5)
        return self.answer()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        os.close(self._answers)
        os.close(self._master)

    def _drain(self) -> None:
        with suppress(OSError):
            while os.read(self._master, 65536):
                pass


@contextmanager
def host(kind: str) -> Iterator[Host]:
    running = Host(kind)
    try:
        yield running
    finally:
        running.close()


def pieces(text: str, chance: random.Random) -> list[tuple[str, float]]:
    """Cut `text` at random, with a pause after each piece."""
    cuts = sorted(chance.sample(range(1, len(text)), min(len(text) - 1, chance.randint(1, 6))))
    edges = [0, *cuts, len(text)]
    pauses = [chance.choice([*PAUSES, chance.uniform(0, LONGEST_PAUSE)]) for _ in edges[1:]]
    return [(text[start:end], pause) for start, end, pause in zip(edges, edges[1:], pauses, strict=False)]


def wrong_ones(kind: str, seed: int, count: int) -> list[object]:
    """Send `count` texts to a field; return those that it did not hold in the end."""
    chance, wrong = random.Random(f"{kind} {seed}"), list[object]()
    with host(kind) as running:
        for _ in range(count):
            text = chance.choice(TEXTS[kind])
            sent = pieces(text, chance)
            for piece, pause in sent:
                running.send(piece.replace("\n", "\r"))
                time.sleep(pause)
            found = running.holds()
            if found != [text, 0]:
                wrong.append((sent, found))
    return wrong


def test_every_field_holds_what_was_sent_in_pieces() -> None:
    with ThreadPoolExecutor(AT_ONCE * len(TEXTS)) as pool:
        jobs = [
            pool.submit(wrong_ones, kind, seed, SPLITS // AT_ONCE + (seed < SPLITS % AT_ONCE))
            for kind in TEXTS
            for seed in range(AT_ONCE)
        ]
        assert [wrong for job in jobs for wrong in job.result()] == []


IN_ONE_WRITE = {
    "key": {
        "abc" + KEYS["backspace"] + "d": "abd",
        "abc" + KEYS["left"] + "X" + KEYS["home"] + "Y": "YabXc",
        "ab\rcd": "ab\ncd",
        "ab\r\ncd": "ab\ncd",
        "\rab": "\nab",
        "ab\tcd": "ab\tcd",
        "ab\x1b[200~cd\x1b[201~ef": "abcdef",
        "abc\x1b[<0;1;1M\x1b[<0;1;1mX": "Xabc",
    },
    "script": {
        "a\tb\r\tc" + KEYS["backspace"] * 2 + "d": "a\tb\nd",
        "abc\x1b[<0;1;1M\x1b[<0;1;1mX": "Xabc",
        "#!/bin/sh\r\nls\r\n": "#!/bin/sh\nls\n",
    },
    "hostname": {
        "abc" + KEYS["backspace"] + "d" + KEYS["left"] * 2 + "X": "aXbd",
        "abc" + KEYS["home"] + "X" + KEYS["end"] + "Y": "XabcY",
    },
    "token": {"\x1b[200~abc\r\ndef\x1b[201~": "abc"},
    "password": {"\x1b[200~mine\x1b[201~": "mine", "mine": "mine"},
    "filter": {"de" + KEYS["backspace"] + "b": "db"},
}


@pytest.mark.parametrize("kind", IN_ONE_WRITE)
def test_keys_in_one_write_act_one_after_the_other(kind: str) -> None:
    with host(kind) as running:
        for sent, held in IN_ONE_WRITE[kind].items():
            running.send(sent)
            assert running.holds() == [held, 0], repr(sent)


def test_several_lines_submit_no_line_of_one_and_leave_the_first() -> None:
    with host("hostname") as running:
        running.send("web1\rrm -rf\rmore\r")
        assert running.holds() == ["web1", 0]


def test_a_key_that_comes_with_pauses_is_the_one_that_is_ordered(
    live: Terminal, sandbox: Sandbox, own_key: Path
) -> None:
    line = public_line("ed25519") + " anna@laptop"
    go(live, EDIS[:7])
    live.click("Paste a key", times=2)
    live.wait_for("Paste the public key")
    live.settle()
    for piece, pause in ((line[:40], 0.3), (line[40:60], 0.07), (line[60:] + "\r", 0.0)):
        live.send(piece)
        time.sleep(pause)
    live.wait_for("ED25519, 256 bits", "anna@laptop")
    live.settle()
    live.press("enter")
    live.wait_for("What it costs at")
    live.press("enter")
    live.wait_for("Type yes to order")
    live.type("yes")
    live.press("enter")
    live.wait_for("Ordered", "Order 240001")
    ordered = [request.body for request in sandbox.requests if request.route.rstrip("/").endswith("add/order")]
    assert len(ordered) == 1
    assert line in unquote_plus(ordered[0].decode())
