"""The ssh command that is shown is run as it stands, by the real ssh, and logs in with the key that was ordered."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from vps_tui.sandbox.server import Sandbox
from vps_tui.services import watch
from vps_tui.ssh import identities
from vps_tui.ssh.key_files import read_key
from vps_tui.ssh.key_pair import make_pair

from .conftest import KEY, Run, Write
from .remote import Shell, agent_with, generate

both = pytest.mark.parametrize("provider", ["edis", "layerstack"])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that delivers at once and whose servers answer at once."""
    with Sandbox(delivery_seconds=0, ssh_delay_seconds=0) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def shell(own_environment: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A shell whose ssh has the test's home folder for its own."""
    monkeypatch.setattr(watch, "ASK_PAUSES", (0.05,))
    monkeypatch.setenv("VPS_TUI_SSH_PORT", str(sandbox.ssh_port))
    shell = Shell(own_environment, sandbox.ssh_port)
    monkeypatch.setattr(identities, "ssh_folder", lambda: shell.keys)
    monkeypatch.setattr(identities, "SYSTEM_CONFIG", own_environment / "none")
    return shell


def ordered(run: Run, file: Path) -> tuple[str, list[str]]:
    """Order `file` and wait for its servers; returns the reference and the commands, the same everywhere."""
    name = str(run("order", file, "--yes", "--json").document["reference"])
    assert "ssh root@" not in run("orders", "show", name).out, "Nothing is known before a server has answered."
    waited = run("watch", name, "--json")
    assert waited.code == 0, waited.err
    commands = [server["ssh"]["command"] for server in waited.document["servers"]]
    assert [server["ssh_command"] for server in waited.document["servers"]] == commands
    told, shown = run("watch", name).out, run("orders", "show", name)
    documents = run("orders", "show", name, "--json").document["servers"]
    assert [server["ssh"] for server in documents] == [server["ssh"] for server in waited.document["servers"]]
    for server in waited.document["servers"]:
        assert f"is ready: {server['ssh']['command']}\n" in told
        assert f"{server['name']}: {server['ssh']['command']}\n" in shown.out
        assert f"ED25519 key {server['ssh']['host_key']}\n" in shown.out
    return name, commands


def only(run: Run, file: Path) -> str:
    """Order one server; returns the command that logs in to it."""
    (command,) = ordered(run, file)[1]
    return command


@both
def test_with_a_pair_that_was_made_here(run: Run, write: Write, shell: Shell, provider: str) -> None:
    pair = make_pair(shell.keys)
    command = only(run, write(provider, (KEY, pair.key.line)))
    assert f" -i {pair.path} " in command
    assert shell.run(command) == 0
    assert shell.run(command.replace(f"-i {pair.path} ", "")) != 0, "ssh does not try this file by itself."


@both
@pytest.mark.parametrize("name", ["my keys; $HOME isn't one", "100%h of 'mine'"])
def test_with_a_key_file_elsewhere_whose_path_has_to_be_quoted(
    run: Run, write: Write, shell: Shell, sandbox: Sandbox, tmp_path: Path, provider: str, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    generate(folder / "id work", "ed25519")
    file = write(provider, (f'ssh_key = "{KEY}"', f'ssh_key_file = "{folder.name}/id work.pub"'))
    command = only(run, file)
    assert shell.run(command) == 0
    assert not any(b"work" in request.body for request in sandbox.requests), "The path is nobody else's business."


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_default_file_needs_no_name(run: Run, write: Write, shell: Shell, kind: str) -> None:
    path = shell.keys / f"id_{kind}"
    generate(path, kind)
    command = only(run, write("edis", (KEY, read_key(path.with_suffix(".pub")).line)))
    assert "-i" not in command.split()
    assert shell.run(command) == 0


def test_a_default_file_is_named_where_ssh_is_told_to_try_others(run: Run, write: Write, shell: Shell) -> None:
    generate(shell.keys / "id_ed25519", "ed25519")
    generate(shell.keys / "other", "ed25519")
    shell.configure(f"Host *\n  identityfile={shell.keys / 'other'}\n")
    command = only(run, write("edis", (KEY, read_key(shell.keys / "id_ed25519.pub").line)))
    assert shell.run(command) == 0
    assert shell.run(f"ssh {command[command.index('-p') :]}") != 0, "By itself it tries the other one alone."


def test_with_a_key_that_the_agent_alone_has(
    run: Run, write: Write, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path / "held", "ed25519")
    line = read_key(tmp_path / "held.pub").line
    with agent_with(tmp_path, monkeypatch, "held"):
        command = only(run, write("edis", (KEY, line)))
        assert command.startswith("ssh -p ")
        assert shell.run(command) == 0


@pytest.mark.parametrize("where", ["default", "agent"])
def test_a_crowded_agent_shuts_nobody_out(
    run: Run, write: Write, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    others = [f"other{number}" for number in range(7)]
    for name in others:
        generate(tmp_path / name, "ed25519")
    path = shell.keys / ("id_ed25519" if where == "default" else "token")
    generate(path, "ed25519")
    if where == "agent":
        shutil.move(path, tmp_path / "held")
        others.append("held")
    with agent_with(tmp_path, monkeypatch, *others):
        command = only(run, write("edis", (KEY, read_key(path.with_name(f"{path.name}.pub")).line)))
        assert shell.run(command) == 0
        assert shell.run(f"ssh {command[command.index('-p') :]}") != 0, "The server hangs up before."


def test_two_servers_with_two_keys(run: Run, write: Write, shell: Shell, tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(tmp_path / name, "ed25519")
    file = write("edis", (f'ssh_key = "{KEY}"', 'ssh_key_file = "one.pub"'))
    text = file.read_text()
    server = text[text.index("[[server]]") :].replace("web1", "web2").replace("one.pub", "two.pub")
    file.write_text(f"{text}\n{server}")
    name, commands = ordered(run, file)
    assert [command.split()[2] for command in commands] == [str(tmp_path / "one"), str(tmp_path / "two")]
    assert [shell.run(command) for command in commands] == [0, 0]
    crossed = commands[0].replace(str(tmp_path / "one"), str(tmp_path / "two"))
    assert shell.run(crossed) != 0, "Each server takes its own key alone."
    shown = run("orders", "show", name, "--json").document["servers"]
    assert [server["ssh"]["key_file"] for server in shown] == [str(tmp_path / "one"), str(tmp_path / "two")]


def test_servers_of_one_name_with_two_keys_are_tried_with_both(
    run: Run, write: Write, shell: Shell, tmp_path: Path
) -> None:
    """LayerStack has one name for all servers of an order, so that nobody knows which of them has which key."""
    for name in ("one", "two"):
        generate(tmp_path / name, "ed25519")
    file = write(
        "layerstack", (f'ssh_key = "{KEY}"', 'ssh_key_file = "one.pub"'), ("os = 12", "os = 12\nquantity = 2")
    )
    text = file.read_text()
    server = text[text.index("[[server]]") :].replace("one.pub", "two.pub").replace("quantity = 2\n", "")
    file.write_text(f"{text}\n{server}")
    commands = ordered(run, file)[1]
    assert len(set(commands)) == 3
    assert [shell.run(command) for command in commands] == [0, 0, 0]


def test_a_key_that_is_not_here_is_named_by_its_fingerprint(run: Run, write: Write, shell: Shell) -> None:
    name, (command,) = ordered(run, write())
    assert command.startswith("ssh -p ")
    for words in (run("watch", name).out, run("orders", "show", name).out):
        assert "The key it needs was not found on this machine: ED25519 SHA256:8KGny1+" in words


def test_a_private_key_that_others_can_read_is_said_to_need_a_chmod(run: Run, write: Write, shell: Shell) -> None:
    pair = make_pair(shell.keys)
    pair.path.chmod(0o644)
    name, (command,) = ordered(run, write("edis", (KEY, pair.key.line)))
    assert shell.run(command) != 0
    (note,) = [line for line in run("orders", "show", name).out.splitlines() if "chmod" in line]
    subprocess.run(["sh", "-c", note.partition("First run: ")[2]], check=True)
    assert shell.run(command) == 0


def test_a_pair_whose_public_half_has_become_another_is_not_named(run: Run, write: Write, shell: Shell) -> None:
    pair = make_pair(shell.keys)
    name, (command,) = ordered(run, write("edis", (KEY, pair.key.line)))
    assert str(pair.path) in command
    pair.path.unlink()
    Path(f"{pair.path}.pub").unlink()
    generate(pair.path, "ed25519")
    shown = run("orders", "show", name)
    assert "-i" not in shown.out.split()
    assert f"was not found on this machine: ED25519 {pair.key.fingerprint}" in shown.out
