"""How far the servers of an order are, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vps_tui.services.logins import Machine, WayIn
    from vps_tui.services.watch import Watch

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
    """Return in one line what one server is waited for, or that it takes a login."""
    return f"{machine.display_name}: {READY if machine.ready else machine.waiting_for}"


def way_in(machine: Machine) -> list[str]:
    """Return how to log in to a server that is ready, by which host key one knows it, and who answered."""
    answer, way = machine.answer, machine.way_in
    lines = _login_lines(f"{machine.display_name} is ready", way) if way else []
    if answer.banner and not answer.fingerprint:
        lines.append("  It showed no host key: compare what ssh shows with the provider's panel.")
    return [*lines, *([f"  {answer.banner}"] if answer.banner else [])]


def recorded_login(way: WayIn) -> list[str]:
    """Return how to log in to a server that answered earlier."""
    return _login_lines(way.login.name, way)


def _login_lines(title: str, way: WayIn) -> list[str]:
    """Return the command, and below it what has to be done first, and the host key."""
    login = way.login
    host_key = f"{login.host_key_type} key {login.host_key_fingerprint}" if login.host_key_fingerprint else ""
    how = way.command or " at ".join(way.labelled)
    return [f"{title}: {how}", *(f"  {line}" for line in (way.key.note, host_key) if line)]


def progress(watch: Watch, name: str) -> list[tuple[str, bool]]:
    """Return how far the servers of a provider called `name` are, in lines, and which of these are good news."""
    elapsed = since(watch.elapsed())
    lines: list[tuple[str, bool]] = []
    for machine in watch.machines:
        if machine.ready:
            shown = [line for line in way_in(machine) if line.strip() != machine.answer.banner]
            lines += [(line, not number) for number, line in enumerate(shown)]
        else:
            lines.append((f"{how_far(machine)}  ({elapsed})", False))
    more = dict.fromkeys(machine.look_for for machine in watch.machines if machine.look_for)
    return [*lines, *((line, False) for line in (*more, trouble(watch, name), not_recorded(watch)) if line)]


def values(machines: Sequence[Machine]) -> list[tuple[str, str]]:
    """Return addresses, commands and host keys as labels and values, for copying; several under their names."""
    return _values((machine.display_name, machine.way_in) for machine in machines)


def recorded_values(ways: Sequence[WayIn]) -> list[tuple[str, str]]:
    """Return the same of servers that answered earlier."""
    return _values((way.login.name, way) for way in ways)


def _values(servers: Iterable[tuple[str, WayIn | None]]) -> list[tuple[str, str]]:
    known_ways = [(name, way) for name, way in servers if way is not None]
    found: list[tuple[str, str]] = []
    for name, way in known_ways:
        lead = f"{name}: " if len(known_ways) > 1 else ""
        host_key = ("Host key", way.login.host_key_fingerprint)
        known = [("Address", way.login.address), way.labelled, ("Key", way.key.note), host_key]
        found += [(f"{lead}{label}", value) for label, value in known if value]
    return found


def not_recorded(watch: Watch) -> str:
    """Return what to say where `orders show` will not know how to log in; empty where it will."""
    return f"This could not be recorded, so note it: {watch.not_recorded}" if watch.not_recorded else ""


def trouble(watch: Watch, name: str) -> str:
    """Return what to say of a provider called `name` that could not be asked; empty where it could."""
    return f"{name} could not be asked, and is asked again: {watch.trouble}" if watch.trouble else ""
