"""How far the servers of an order are, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vps_tui.watching import Machine, Watch

READY = "ready: one can log in"
STANDS = "The order stands as it is."
ADDRESS_TITLE = "Where is the server?"
ADDRESS_HINT = "The IP address from the provider's e-mail or panel, such as 203.0.113.9."
WAITING = "Waiting until you can log in. Enter stops the waiting; the order stands."
STOPPED = "Stopped waiting."


def since(elapsed: timedelta) -> str:
    """Return a time such as "1 min 05 s"."""
    seconds = int(elapsed.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"


def how_far(machine: Machine) -> str:
    """Return in one line what one server is waited for, or that one can log in."""
    return f"{machine.called}: {READY if machine.ready else machine.waiting_for}"


def way_in(machine: Machine) -> list[str]:
    """Return how to log in to a server that is ready, by which host key one knows it, and who answered."""
    label, text = machine.login
    lines = [f"{machine.called} is ready: {text if text.startswith('ssh ') else f'{label} at {text}'}"]
    answer = machine.answer
    if answer.fingerprint:
        lines.append(f"  {answer.key_type} key {answer.fingerprint}")
    elif answer.banner:
        lines.append("  It showed no host key: compare what ssh shows with the provider's panel.")
    return [*lines, *([f"  {answer.banner}"] if answer.banner else [])]


def told(watch: Watch, name: str) -> list[tuple[str, bool]]:
    """Return how far the servers of a provider called `name` are, in lines, and which of these are good news."""
    elapsed = since(watch.elapsed())
    lines: list[tuple[str, bool]] = []
    for machine in watch.machines:
        if machine.ready:
            lines += [(line, not number) for number, line in enumerate(way_in(machine)[:2])]
        else:
            lines.append((f"{how_far(machine)}  ({elapsed})", False))
    more = dict.fromkeys(machine.look_for for machine in watch.machines if machine.look_for)
    return [*lines, *((line, False) for line in (*more, trouble(watch, name)) if line)]


def values(machines: Sequence[Machine]) -> list[tuple[str, str]]:
    """Return addresses, commands and host keys as labels and values, for copying; several under their names."""
    found: list[tuple[str, str]] = []
    for machine in machines:
        known = [("Address", machine.address), machine.login, ("Host key", machine.answer.fingerprint)]
        lead = f"{machine.called}: " if len(machines) > 1 else ""
        found += [(f"{lead}{label}", value) for label, value in known if value]
    return found


def trouble(watch: Watch, name: str) -> str:
    """Return what to say of a provider called `name` that could not be asked; empty where it could."""
    return f"{name} could not be asked, and is asked again: {watch.trouble}" if watch.trouble else ""
