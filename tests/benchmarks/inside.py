"""Figures 4 and 14: what the program has loaded with the first screen, and what it leaves behind when it ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator

from .figures import Row
from .places import Home, live_home, new_home
from .program import Command, Program, WakeableEvent
from .stops import LOCATION, PROVIDER

HEAVY = ("httpx", "pydantic", "keyring", "cryptography", "markdown_it", "pygments", "tree_sitter")

_TELLING = """
import os, signal, sys, threading
def tell():
    signal.sigwait({signal.SIGUSR1})
    names = {name.partition(".")[0] for name in list(sys.modules)}
    with open(sys.argv[1] + ".new", "w") as file:
        file.write(" ".join(names))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
threading.Thread(target=tell, daemon=True).start()
from vps_tui.cli.main import main
sys.exit(main(["--sandbox"]))
"""
"""The program, which on SIGUSR1 writes the names of the packages that it has loaded into a file.

A thread waits for the signal: a handler would run in the main thread only once that has something to do.
"""

_FAILING = """
import sys
from textual.widget import Widget
def fail(self):
    raise RuntimeError("made for the measurement")
Widget.key_f9 = fail
from vps_tui.cli.main import main
sys.exit(main(["--sandbox"]))
"""
"""The program with a fault in it that F9 sets off."""


def modules(_runs: int) -> Iterator[Row]:
    """Figure 4: ask the running program as soon as its first screen can be used."""
    with new_home() as home:
        told = home.current / "loaded"
        with Program(home.python(_TELLING, str(told))) as program:
            program.usable(*PROVIDER.texts)
            program.tell(signal.SIGUSR1)
            while not told.exists() and not program.ended:
                program.pause(0.01)
            loaded = set(told.read_text().split()) & set(HEAVY)
            program.end_by("ctrl+q")
    measured = f"{len(loaded)}{': ' if loaded else ''}{', '.join(sorted(loaded))}"
    yield Row("4", f"loaded with the first screen, of {', '.join(HEAVY)}", "0", measured, not loaded)


def restored(_runs: int) -> Iterator[Row]:
    """Figure 14: end it in every way, and look at the terminal."""
    with new_home() as home:
        yield _verdict("ctrl+q", _ended(home, home.program("--sandbox"), "ctrl+q"))
        for number in (signal.SIGTERM, signal.SIGHUP):
            yield _verdict(f"{number.name} on the first screen", _signalled(home, number))
        yield _verdict("SIGTERM while it starts", _starting(home, signal.SIGTERM))
        yield _verdict("ctrl+c while it starts", _starting(home, None))
        yield _verdict("an exception", _ended(home, home.python(_FAILING), "f9"))
    with live_home("slow-60:get/locations") as home:
        for number in (signal.SIGTERM, signal.SIGHUP):
            yield _verdict(f"{number.name} in a request", _in_request(home, number))
        yield _verdict("ctrl+c in a request", _in_request(home, None))


def _ended(home: Home, command: Command, key: str) -> WakeableEvent:
    with Program(command) as program:
        program.usable(*PROVIDER.texts)
        program.settle()
        return program.end_by(key)


def _signalled(home: Home, number: signal.Signals) -> WakeableEvent:
    with Program(home.program("--sandbox")) as program:
        program.usable(*PROVIDER.texts)
        program.settle()
        return program.end_by(number=number)


def _starting(home: Home, number: signal.Signals | None) -> WakeableEvent:
    with Program(home.program("--sandbox")) as program:
        program.wait_until(lambda: program.first_text > 0, "anything")
        return program.end_by("ctrl+c") if number is None else program.end_by(number=number)


def _in_request(home: Home, number: signal.Signals | None) -> WakeableEvent:
    home.forget()
    with Program(home.program()) as program:
        program.usable(*PROVIDER.texts)
        program.settle()
        program.press("enter", LOCATION.texts[0])
        # Ctrl+C asks first; Ctrl+Q is the answer.
        return program.end_by("ctrl+c", "ctrl+q") if number is None else program.end_by(number=number)


def _verdict(way: str, ending: WakeableEvent) -> Row:
    measured = f"{', '.join(ending.left) or 'restored'}; exit code {ending.code}, {ending.milliseconds:.0f} ms"
    return Row("14", f"terminal restored after {way}", "always", measured, not ending.left)
