"""Public keys that an ssh-agent holds, of this machine or forwarded from another.

The agent is only asked which keys it has (PROTOCOL.agent, 3.1 and draft-ietf-sshm-ssh-agent, 3.5); nothing is
signed, and no private key can be asked for.
"""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from time import monotonic
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.text import clean

VARIABLE: Final = "SSH_AUTH_SOCK"
TIMEOUT_SECONDS: Final = 2.0
"""How long the whole exchange may take."""
MAX_ANSWER_BYTES: Final = 256 * 1024
"""Bytes; OpenSSH's own limit for a message of an agent."""

_ASK: Final = b"\0\0\0\1\x0b"  # SSH2_AGENTC_REQUEST_IDENTITIES
_FAILURE: Final = 5
_ANSWER: Final = 12  # SSH2_AGENT_IDENTITIES_ANSWER


@dataclass(frozen=True, slots=True)
class AgentKeys:
    """What an agent offers; `problem` says in a whole sentence what is missing and why."""

    keys: tuple[PublicKey, ...] = ()
    problem: str = ""


class _Unusable(Exception):
    """What came from the socket is no list of keys."""


def agent_keys(address: str) -> AgentKeys:
    """Return the keys of the agent at the socket `address`; never raises, blocks for `TIMEOUT_SECONDS` at most."""
    try:
        answer = _exchange(address)
        found = list(_identities(answer))
    except TimeoutError:
        return AgentKeys(problem=f"The SSH agent did not answer within {TIMEOUT_SECONDS:.0f} seconds.")
    except OSError as error:
        reason = clean(error.strerror or str(error))
        return AgentKeys(problem=f"The SSH agent cannot be asked: {reason[:1].lower()}{reason[1:]}.")
    except _Unusable as error:
        return AgentKeys(problem=f"The SSH agent cannot be used: {error}.")
    keys: dict[str, PublicKey] = {}
    left_out: list[str] = []
    for blob, comment in found:
        try:
            key = _key(blob, comment)
        except InvalidValue as error:
            left_out.append(error.message)
        else:
            keys.setdefault(key.fingerprint, key)
    problem = f"{len(left_out)} of the SSH agent's keys left out: {left_out[0]}" if left_out else ""
    return AgentKeys(tuple(keys.values()), problem)


def _exchange(address: str) -> bytes:
    """Return the body of the agent's answer."""
    end = monotonic() + TIMEOUT_SECONDS
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as agent:
        agent.settimeout(TIMEOUT_SECONDS)
        agent.connect(address)
        agent.sendall(_ASK)
        size = int.from_bytes(_receive(agent, 4, end), "big")
        if not 0 < size <= MAX_ANSWER_BYTES:
            raise _Unusable("its answer has an impossible length")
        return _receive(agent, size, end)


def _receive(agent: socket.socket, size: int, end: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = end - monotonic()
        if left <= 0:
            raise TimeoutError
        agent.settimeout(left)
        part = agent.recv(size - len(data))
        if not part:
            raise _Unusable("it hung up before its answer was complete")
        data += part
    return bytes(data)


def _identities(answer: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield the binary form and the comment of every key in the answer."""
    if answer[0] == _FAILURE:
        raise _Unusable("it declines to list its keys")
    if answer[0] != _ANSWER or len(answer) < 5:
        raise _Unusable("its answer is no list of keys")
    count, rest = int.from_bytes(answer[1:5], "big"), answer[5:]
    for _ in range(count):
        blob, rest = _field(rest)
        comment, rest = _field(rest)
        yield blob, comment.decode("utf-8", "replace")


def _field(data: bytes) -> tuple[bytes, bytes]:
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 + size:
        raise _Unusable("its list of keys is cut short")
    return data[4 : 4 + size], data[4 + size :]


def _key(blob: bytes, comment: str) -> PublicKey:
    """Return one key; a comment that reads like another key is left out."""
    try:
        algorithm = _field(blob)[0].decode("ascii")
    except (_Unusable, UnicodeDecodeError):
        raise InvalidValue("one of them is damaged.") from None
    line = f"{clean(algorithm)} {base64.b64encode(blob).decode('ascii')}"
    try:
        return parse_public_key(f"{line} {clean(comment)}")
    except InvalidValue:
        return parse_public_key(line)
