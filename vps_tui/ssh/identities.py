"""Which private key on this machine belongs to a public one, and whether ssh tries it by itself.

A private key is known by the `.pub` file beside it and is never opened.
"""

from __future__ import annotations

import glob
import os
import pwd
import shlex
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from vps_tui.core.errors import InvalidValue
from vps_tui.core.login import LoginKey
from vps_tui.core.ssh_keys import PublicKey, parse_public_key
from vps_tui.core.text import clean
from vps_tui.ssh.agent import VARIABLE, AgentKeys, agent_keys
from vps_tui.ssh.key_files import FoundKey, find_keys, label, read_key

DEFAULT_NAMES: Final = ("id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk")
"""Files in ~/.ssh that ssh tries by itself, in its order (ssh_config(5), IdentityFile)."""

SYSTEM_CONFIG: Final = Path("/etc/ssh/ssh_config")

FIRST_TRIES: Final = 3
"""How many keys may safely be tried: sshd's MaxAuthTries is 6, and 3 on images that are hardened."""

_DECIDING: Final = frozenset({"identityfile", "identitiesonly", "identityagent", "pubkeyauthentication"})
"""Settings that change which keys ssh tries (ssh_config(5))."""

_MAX_DEPTH: Final = 8
"""Of files that include others; ssh allows 16."""


class OwnKeys:
    """The keys of this user on the disk and in the agent, read when first needed: use it off the event loop."""

    def __init__(self, folder: Path, ssh_folder: Path, agent: str, system_config: Path) -> None:
        """Take where the person's keys are, where ssh looks for its own files, and the agent's socket."""
        self._folder = folder
        self._ssh_folder = ssh_folder
        self._agent_address = agent
        self._system_config = system_config

    @classmethod
    def here(cls) -> OwnKeys:
        return cls(Path.home() / ".ssh", ssh_folder(), os.environ.get(VARIABLE, ""), SYSTEM_CONFIG)

    def login_key(self, line: str, file: str = "") -> LoginKey:
        """Return how ssh gets at the private half of `line`, which was read from `file` where that is known."""
        if not line:
            return LoginKey(password=len(self._agent.keys) >= FIRST_TRIES)
        key = parse_public_key(line)
        public = list(dict.fromkeys(self._public_files(key, file)))
        private = [path for path in map(_private_path, public) if _usable(path)]
        default = next((path for path in private if self._is_default(path)), None)
        if default is not None and self._tried(self._tries_before(key, default)):
            return LoginKey((str(default),), note=_permissions(default))
        if private:
            return _name(default or private[0])
        return self._of_agent(key, public)

    def _of_agent(self, key: PublicKey, public: list[Path]) -> LoginKey:
        """Return the same for a key of which no private file is known."""
        if key.fingerprint not in {held.fingerprint for held in self._agent.keys}:
            return LoginKey(note=f"The key it needs was not found on this machine: {clean(label(key))}")
        if self._tried(len(self._agent.keys) - 1):
            return LoginKey()
        if public:
            # With a public file ssh asks the agent for that key alone (ssh_config(5), IdentityFile).
            return _name(public[0])
        return LoginKey(
            note=f"It needs the SSH agent's key {clean(label(key))}. If ssh does not come to try it, save that key's "
            "line of ssh-add -L as key.pub, and add: -o IdentitiesOnly=yes -i key.pub"
        )

    def _public_files(self, key: PublicKey, file: str) -> Iterator[Path]:
        """Yield the .pub files that hold `key`."""
        if file.endswith(".pub"):
            try:
                recorded = read_key(Path(file))
            except InvalidValue:
                pass
            else:
                if recorded.fingerprint == key.fingerprint:
                    yield Path(file)
        yield from (found.path for found in self._found if found.key.fingerprint == key.fingerprint)

    def _is_default(self, path: Path) -> bool:
        return path.name in DEFAULT_NAMES and path.parent == self._ssh_folder

    def _tries_before(self, key: PublicKey, default: Path) -> int:
        """Return how many keys ssh offers first: files that the agent holds, its other keys, the other files."""
        files = [name for name in DEFAULT_NAMES if (self._ssh_folder / name).exists()]
        held = {one.fingerprint for one in self._agent.keys}
        return files.index(default.name) + (0 if key.fingerprint in held else len(held))

    def _tried(self, before: int) -> bool:
        """Tell whether ssh certainly comes to a key that it would offer after `before` others."""
        return before < FIRST_TRIES and not self._configured

    @cached_property
    def _found(self) -> tuple[FoundKey, ...]:
        return find_keys(self._folder).keys

    @cached_property
    def _agent(self) -> AgentKeys:
        return agent_keys(self._agent_address) if self._agent_address else AgentKeys()

    @cached_property
    def _configured(self) -> bool:
        """Whether ssh's configuration says which keys are tried, for any host."""
        return _decides(self._ssh_folder / "config", self._ssh_folder) or _decides(
            self._system_config, self._system_config.parent
        )


def ssh_folder() -> Path:
    """Return where ssh looks for its own files: it goes by the password file, whatever HOME says."""
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir) / ".ssh"
    except KeyError:
        return Path.home() / ".ssh"


def _name(path: Path) -> LoginKey:
    text = str(path)
    if not text.isprintable() or "${" in text or ("%" in text and ('"' in text or "\\" in text)):
        # ssh puts the environment's values in place of ${NAME}, and nothing keeps it from that.
        return LoginKey(note=f"Its key is {clean(text)}; ssh cannot take that name, so rename the file.")
    return LoginKey((text,), named=True, note=_permissions(path))


def _private_path(public: Path) -> Path:
    return public.with_name(public.name.removesuffix(".pub") or public.name)


def _usable(path: Path) -> bool:
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except OSError:
        return False


def _permissions(path: Path) -> str:
    """Return what to do where ssh would ignore the private key at `path`, because others may read it."""
    found = path.stat()
    if path.suffix == ".pub" or found.st_uid != os.getuid() or not found.st_mode & 0o077:
        return ""
    return f"ssh uses no private key that others can read. First run: chmod 600 {shlex.quote(str(path))}"


def _decides(config: Path, folder: Path, depth: int = 0) -> bool:
    """Tell whether the ssh configuration in `config` may change which keys are tried; in doubt it does."""
    try:
        lines = config.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return False
    except OSError:
        return True
    for line in lines:
        name, *values = line.replace("=", " ", 1).split() or [""]
        if name.lower() in _DECIDING or (name.lower() == "include" and depth == _MAX_DEPTH):
            return True
        if name.lower() == "include" and any(
            _decides(file, folder, depth + 1) for value in values for file in _include(value.strip('"'), folder)
        ):
            return True
    return False


def _include(pattern: str, folder: Path) -> list[Path]:
    path = folder / os.path.expanduser(pattern)  # noqa: PTH111 - the other one raises for an unknown user
    return [Path(file) for file in glob.glob(str(path))]  # noqa: PTH207 - the other one takes no absolute pattern
