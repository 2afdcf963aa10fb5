"""Every test has a home folder and an environment of its own, and no network but loopback."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from importlib.util import find_spec
from ipaddress import ip_address
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDERS = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
}
# With these a test could reach the keyring, the SSH agent or the proxy of whoever runs it.
REMOVED = {
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSH_AUTH_SOCK",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NO_COLOR",
}
PROXIES = {"http_proxy", "https_proxy", "all_proxy", "ftp_proxy", "no_proxy"}

# A shared machine may stall for longer than the default limit of an example.
settings.register_profile("local", deadline=None, max_examples=25)
settings.register_profile(
    "ci", parent=settings.get_profile("local"), max_examples=40, derandomize=True, print_blob=True
)
# The program is started hundreds of times: compiling all of it anew each time is most of what that takes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# However the suite is started, the programs that it starts are to heed signals as they do after a login: a shell
# starts background jobs deaf to Ctrl+C, and `nohup` deaf to a hang-up. A handler is not inherited, unlike deafness.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda _number, _frame: None)

if find_spec("sniffio") is None:
    # A library looks for this one with every request; that it is not there need not be found out each time.
    sys.modules["sniffio"] = None  # type: ignore[assignment]

settings.load_profile("ci" if os.environ.get("CI") else "local")


class NetworkRefused(AssertionError):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test's own folders are: pytest numbers its own, and looks through all of them for each new one."""
    path = tmp_path_factory.getbasetemp() / "f"
    path.mkdir()
    return path


_numbers = count()


def new_folder(folders: Path) -> Path:
    """Make one more there, with a name so short that a path of the program's still fits on its line."""
    path = folders / str(next(_numbers))
    path.mkdir(mode=0o700)
    return path


@pytest.fixture(autouse=True)
def own_environment(folders: Path) -> Iterator[Path]:
    """Give the test its own home and XDG folders, and nothing of the caller's settings; yields the home folder.

    The XDG folders do not exist yet, as on a new machine. The home is not inside `tmp_path`, which stays empty.
    """
    home = new_folder(folders)
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("VPS_TUI_") or name in REMOVED or name.lower() in PROXIES:
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        for variable, folder in FOLDERS.items():
            patch.setenv(variable, str(home / folder))
        # Some keyrings are not a matter of the environment; the package itself can be told to use none.
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        yield home


@pytest.fixture(autouse=True, scope="session")
def warm_program() -> Iterator[None]:
    """End the process that the program was forked from, where a test has started it (see `program.warm`)."""
    yield
    from program import warm

    warm.stop()


@pytest.fixture(autouse=True)
def refused_addresses() -> Iterator[list[str]]:
    """Refuse to connect anywhere but to loopback; yields what was refused.

    A refusal fails the test even where the program takes the error for a broken connection. A test of this
    guard itself clears the list.
    """
    refused: list[str] = []

    def guarded(call: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not is_loopback(address[0]):
                refused.append(str(address[0]))
                raise NetworkRefused(f"a test tried to connect to {address[0]}")
            return call(self, address)

        return connect

    def lookup(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or is_address(name) or is_loopback(name):
            return real_lookup(host, *args, **options)
        if name.endswith(".invalid"):
            # No such name can exist (RFC 6761, 6.4), so there is nothing to ask the network for.
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        refused.append(name)
        raise NetworkRefused(f"a test tried to look up {name}")

    real_lookup = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", lookup)
        yield refused
    if refused:
        pytest.fail(f"The test tried to reach {', '.join(refused)}.")


def is_address(host: str) -> bool:
    """Tell whether `host` is an IP address and no name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether `host` is this machine, without asking anybody."""
    if is_address(host):
        return ip_address(host.partition("%")[0]).is_loopback
    return host in ("", "localhost")


_left_out = pytest.StashKey[int]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take every third case of a wizard test with many: each walks through screens, and together they take minutes.

    `VPS_TUI_ALL_CASES=1` runs all of them; the last lines of a run say how many were left out.
    """
    if os.environ.get("VPS_TUI_ALL_CASES"):
        return
    folder = Path(__file__).parent / "tui"
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if folder in item.path.parents and "[" in item.name:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    many = (group for group in cases.values() if len(group) > 3)
    left_out = {item for group in many for number, item in enumerate(group) if number % 3}
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]
        config.stash[_left_out] = len(left_out)
        # A process of pytest-xdist hands it to the one that has the terminal.
        getattr(config, "workeroutput", {})["left_out"] = len(left_out)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through all that was collected again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over how many cases a process of pytest-xdist has left out; all of them collect the same."""
    node.config.stash[_left_out] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say aloud what was not run."""
    left_out = config.stash.get(_left_out, 0)
    if left_out:
        words = f"{left_out} cases of the wizard's tests were left out: VPS_TUI_ALL_CASES=1 runs them too"
        terminalreporter.section(words, yellow=True, bold=True)
