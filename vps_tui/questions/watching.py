"""How far the servers of an order are, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vps_tui.watching import Machine, Watch

READY = "ready: one can log in"
LEAVE = "You may leave: the order stands, and the waiting can be taken up again at any time."


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
    return f"{machine.name}: {READY if machine.ready else machine.waiting_for}"


def way_in(machine: Machine) -> list[str]:
    """Return how to log in to a server that is ready, and by which host key one knows it."""
    label, text = machine.login
    lines = [f"{machine.name}: {text}" if text.startswith("ssh ") else f"{machine.name}: {label} at {text}"]
    answer = machine.answer
    if answer.fingerprint:
        lines.append(f"  {answer.key_type} host key {answer.fingerprint} ({answer.banner})")
    elif answer.banner:
        lines.append(f"  {answer.banner}; it showed no host key: compare the one that ssh shows with the provider's")
    return lines


def values(machines: Iterable[Machine]) -> list[tuple[str, str]]:
    """Return addresses, commands and host keys as labels and values, for copying."""
    found: list[tuple[str, str]] = []
    for machine in machines:
        found += [("Address", machine.address), machine.login, ("Host key", machine.answer.fingerprint)]
    return [(label, value) for label, value in found if value]


def trouble(watch: Watch, name: str) -> str:
    """Return what to say of a provider called `name` that could not be asked; empty where it could."""
    return f"{name} could not be asked, and is asked again: {watch.trouble}" if watch.trouble else ""
