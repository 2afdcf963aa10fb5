"""One order of precedence for every credential: environment, command or configuration, keyring."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from vps_tui.core.errors import UsageError
from vps_tui.core.secret import Secret
from vps_tui.credentials.config import Config
from vps_tui.providers.info import ProviderInfo, SignInField
from vps_tui.providers.registry import all_providers

if TYPE_CHECKING:
    from vps_tui.credentials.keyring import Keyring

SERVER_PASSWORD: Final = "VPS_TUI_SERVER_PASSWORD"  # noqa: S105 - the name of a variable

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Credential:
    """One value that signs a person in, or why there is none."""

    field: SignInField
    value: Secret | None = None
    source: str = ""
    """Where the value is from, such as "environment VPS_TUI_EDIS_PASSWORD"; empty where there is none."""
    problems: tuple[str, ...] = ()
    """Sentences on the sources that were set up and gave nothing."""


class CredentialsMissing(UsageError):
    """What signs in is not complete; the message says which source gave nothing."""

    title = "Not signed in"

    def __init__(self, info: ProviderInfo, missing: Mapping[str, Credential]) -> None:
        variables = " and ".join(one.field.variable for one in missing.values())
        problems = [problem for one in missing.values() for problem in one.problems]
        super().__init__(
            " ".join((f"Something is missing to sign in to {info.name}.", *dict.fromkeys(problems))),
            hint=f"Set {variables}, or type it in the wizard.",
        )


class Sources:
    """Looks credentials up once, from any thread; call `find` and `keep`, which block, off the event loop."""

    def __init__(self, environ: Mapping[str, str], config: Config, keyring: Keyring | None = None) -> None:
        self._environ = environ
        self._config = config
        self._keyring = keyring
        self._found: dict[str, Mapping[str, Credential]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @property
    def keyring(self) -> Keyring:
        """The platform's keyring; loaded when the sources before it do not suffice."""
        if self._keyring is None:
            from vps_tui.credentials.keyring import Keyring

            self._keyring = Keyring()
        return self._keyring

    def configured(self, info: ProviderInfo) -> bool:
        """Tell whether every credential has a source that is set up; none is asked for that."""
        found = self._found.get(info.id)
        if found is not None:
            return all(one.value is not None for one in found.values())
        commands = self._config.commands.get(info.id, {})
        return all(self._plain(info, field)[0] or field.key in commands for field in info.sign_in)

    def public(self, info: ProviderInfo) -> dict[str, str]:
        """Return the values that are no secrets, as far as they are known without asking."""
        found = self._found.get(info.id, {})
        known = {}
        for field in info.sign_in:
            if not field.secret:
                looked_up = found[field.key].value if field.key in found else None
                known[field.key] = self._plain(info, field)[0] or reveal_text(looked_up)
        return {key: value for key, value in known.items() if value}

    def find(self, info: ProviderInfo) -> Mapping[str, Credential]:
        """Return every credential of `info` by `SignInField.key`, with its source; blocks."""
        with self._lock:
            if info.id not in self._found:
                found = {field.key: self._one(info, field) for field in info.sign_in}
                if any(one.value is None for one in found.values()):
                    found = self._with_keyring(info, found)
                self._found[info.id] = found
            return self._found[info.id]

    def keep(self, info: ProviderInfo, values: Mapping[str, Secret]) -> str:
        """Keep `values` in the keyring; returns one sentence on what went wrong, empty where nothing did. Blocks."""
        self.keyring.write({self._entry(info, key): value for key, value in values.items()})
        return self.keyring.problem

    def keyring_problem(self) -> str:
        """Return why the keyring could keep nothing, empty where it could; blocks."""
        self.keyring.read(())
        return self.keyring.problem

    def close(self) -> None:
        self._stop.set()
        if self._lock.acquire(timeout=1):
            self._lock.release()

    def _plain(self, info: ProviderInfo, field: SignInField) -> tuple[str, str]:
        """Return a value that needs nobody to be asked, and its source; both empty where there is none."""
        value = self._environ.get(field.variable, "")
        if value:
            return value, f"environment {field.variable}"
        value = "" if field.secret else self._config.sign_in.get(info.id, {}).get(field.key, "")
        return value, self._config.source if value else ""

    def _one(self, info: ProviderInfo, field: SignInField) -> Credential:
        """Return one credential from the environment, a command or the configuration."""
        value, source = self._plain(info, field)
        if value:
            return Credential(field, Secret(value), source)
        command = self._config.commands.get(info.id, {}).get(field.key)
        if command is None:
            return Credential(field)
        from vps_tui.credentials.command import CommandFailed, first_line, words

        try:
            secret = first_line(command, self._environment(), self._stop)
        except CommandFailed as failure:
            # Its program alone: an argument could be a secret that is not known as one by now.
            return Credential(field, problems=(f"The {field.key}_command {words(command[:1])} {failure}.",))
        hidden = [part.replace(secret.reveal(), "***") for part in command]
        return Credential(field, secret, f"command {words(hidden)}")

    def _with_keyring(self, info: ProviderInfo, found: Mapping[str, Credential]) -> dict[str, Credential]:
        """Return `found` with what is missing taken from the keyring, as far as it belongs to the same account."""
        keyring = self.keyring
        entries = keyring.read([self._entry(info, key) for key in found])
        kept = {key: entries[self._entry(info, key)] for key in found if self._entry(info, key) in entries}
        other = next(
            (
                one.field.label
                for key, one in found.items()
                if not one.field.secret and one.value is not None and key in kept and kept[key] != one.value
            ),
            "",
        )
        if other:
            problem = f"The keyring holds what belongs to another {other.lower()}."
        else:
            problem = keyring.problem if keyring.installed else ""
        filled = {}
        for key, one in found.items():
            if one.value is not None:
                filled[key] = one
            elif key in kept and not other:
                filled[key] = Credential(one.field, kept[key], "keyring")
            else:
                filled[key] = Credential(one.field, problems=(*one.problems, *([problem] if problem else [])))
        return filled

    def _entry(self, info: ProviderInfo, key: str) -> str:
        """Return the name of an entry in the keyring: as the value would be called in the configuration."""
        return ".".join(filter(None, (self._config.profile, info.id, key)))

    def _environment(self) -> dict[str, str]:
        """Return the environment without our secrets: a command needs none of them."""
        ours = {field.variable for info in all_providers() for field in info.sign_in if field.secret}
        ours.add(SERVER_PASSWORD)
        return {name: value for name, value in self._environ.items() if name not in ours}


def reveal_text(value: str | Secret | None) -> str:
    """Return what is in a value that may be wrapped, at the edge where it is needed in the clear."""
    if value is None or isinstance(value, str):
        return value or ""
    return value.reveal()


async def off_loop(call: Callable[[], Result]) -> Result:
    """Return what a blocking `call` returns, from a thread that the end of the program does not wait for."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def work() -> None:
        result, error = None, None
        try:
            result = call()
        except Exception as raised:  # noqa: BLE001 - handed on to the caller that waits
            error = raised
        # Whoever waited may be gone, and the loop with it.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="credentials", daemon=True).start()
    return await future
