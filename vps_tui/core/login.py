"""How to log in to a new server: ports, addresses and commands."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from vps_tui.core.catalog import OsFamily
from vps_tui.core.errors import InvalidValue, UsageError


@dataclass(frozen=True, slots=True)
class Ports:
    """Where new servers answer."""

    ssh: int = 22
    rdp: int = 3389
    """Windows' Remote Desktop."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Whether a server takes a login, and what it showed of itself."""

    ready: bool = False
    problem: str = ""
    """Why it is not, in a few words."""
    banner: str = ""
    """What the SSH server calls itself, such as "SSH-2.0-OpenSSH_9.2p1"; empty for a Windows server."""
    key_type: str = ""
    """The host key's type as `ssh-keygen -l` prints it, such as "ED25519"."""
    fingerprint: str = ""
    """"SHA256:..." of the host key, as `ssh-keygen -l` prints it; empty where the server showed no key."""


@dataclass(frozen=True, slots=True)
class LoginKey:
    """How ssh finds the private half of the key that a server was ordered with."""

    files: tuple[str, ...] = ()
    """Absolute paths for `ssh -i`, the likeliest first; empty where no file on this machine is known."""
    named: bool = False
    """Whether the command has to name the files, because ssh does not try them by itself."""
    others: bool = False
    """Whether ssh has to try other keys too, because the right one may be none of the files."""
    password: bool = False
    """Whether ssh must offer no key at all: the server has none, and its owner's are too many for it."""
    note: str = ""
    """What to know or do before the command works, in whole sentences; empty for nothing."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where a server answered, and which host key it showed."""

    name: str
    service_id: str
    address: str
    port: int
    seen: datetime
    host_key_type: str = ""
    host_key_fingerprint: str = ""
    windows: bool = False
    """Whether it answered as Remote Desktop, and not as an SSH server."""


PORT_VARIABLE = "VPS_TUI_SSH_PORT"
"""Names another port, for servers of the sandbox that is served alone."""


def usual_ports(environ: Mapping[str, str]) -> Ports:
    """Return the ports of live servers, or the one that `PORT_VARIABLE` names; raises `UsageError`."""
    text = environ.get(PORT_VARIABLE, "")
    if not text:
        return Ports()
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65536):
        raise UsageError(f"{PORT_VARIABLE} is not a port.", hint="Set it to a number from 1 to 65535, or unset it.")
    return Ports(int(text), int(text))


def typed_address(text: str) -> str:
    """Return an IPv4 or IPv6 address that was typed; raises `InvalidValue`."""
    try:
        # A zone behind an IPv6 address may be any text, and would be part of the ssh command.
        return str(ip_address(text.strip().removeprefix("[").removesuffix("]").replace("%", "?")))
    except ValueError:
        raise InvalidValue(
            "That is not an IP address.", hint="Type it as the provider writes it, such as 203.0.113.9."
        ) from None


def place(address: str, port: int, usual: int) -> str:
    """Return the address, with the port where it is not the usual one."""
    if port == usual:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def ssh_command(address: str, port: int, key: LoginKey = LoginKey()) -> str:
    """Return the command that logs in to a Linux server, quoted for a shell; both providers name its user root.

    A file that is named comes with IdentitiesOnly: ssh tries an agent's keys before it, and a server hangs up
    after a few wrong ones.
    """
    words = ["ssh"]
    if key.named:
        words += [word for file in key.files for word in _identity(file)]
        words += [] if key.others else ["-o", "IdentitiesOnly=yes"]
    if key.password:
        words += ["-o", "PubkeyAuthentication=no"]
    if port != 22:
        words += ["-p", str(port)]
    return shlex.join([*words, f"root@{address}"])


def fold_command(command: str, width: int) -> str:
    """Return `command` in lines of at most `width` characters that a shell reads as one."""
    lines = [""]
    for word in shlex.split(command):
        longer = f"{lines[-1]} {shlex.quote(word)}".lstrip()
        if lines[-1] and len(longer) + len(" \\") > width:
            lines.append(shlex.quote(word))
        else:
            lines[-1] = longer
    return " \\\n".join(lines)


def _identity(file: str) -> tuple[str, str]:
    # ssh expands a percent sign in the name of an identity file, but looks for that of -i as it is written.
    return ("-o", f'IdentityFile="{file.replace("%", "%%")}"') if "%" in file else ("-i", file)


def either_key(keys: Sequence[LoginKey]) -> LoginKey:
    """Return how to log in to a server that has one of `keys`, and nobody says which."""
    distinct = tuple(dict.fromkeys(keys))
    if len(distinct) < 2:
        return distinct[0] if distinct else LoginKey()
    return LoginKey(
        files=tuple(dict.fromkeys(file for key in distinct for file in key.files)),
        named=any(key.named for key in distinct),
        others=not all(key.files for key in distinct),
        note=" ".join(dict.fromkeys(filter(None, (key.note for key in distinct)))),
    )


def login(family: OsFamily, address: str, ports: Ports, key: LoginKey = LoginKey()) -> tuple[str, str]:
    """Return a label and what is to be typed behind it for getting into a server at `address`."""
    if family is OsFamily.WINDOWS:
        return "Remote Desktop", place(address, ports.rdp, 3389)
    return "Log in with", ssh_command(address, ports.ssh, key)
