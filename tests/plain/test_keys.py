"""The SSH key, the root password and the start-up script in lines: given, checked, never echoed where secret."""

from __future__ import annotations

import re
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from core.key_texts import public_line
from core.script_texts import GOOD, REFUSED_FILES, REPAIRED
from tui.shortcut import EDIS, STACK

from vps_tui.core.draft import Draft
from vps_tui.core.ssh_keys import parse_public_key
from vps_tui.core.steps import Step

from .dialogue import After, Talk, sandbox, talk

TO_KEY = ("ssh key",)
"""From the cost of a saved order to its SSH key."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The private half of a key pair, as OpenSSH makes it."""
    path = tmp_path_factory.mktemp("pair") / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ops@box", "-f", path], check=True)
    return path


def at_key(*answers: str | After, draft: Draft = EDIS) -> Talk:
    return talk(sandbox(), *TO_KEY, *answers, saved=draft)


def given(spoken: Talk) -> str:
    return spoken.flow.state.server.ssh_key


def ways(word: str) -> str:
    return {"paste": "paste", "file": "read a file", "web": "from a site", "pair": "make a new", "none": "no ssh"}[
        word
    ]


def test_the_only_key_is_offered_with_its_fingerprint_and_taken_by_enter(own_environment: Path, pair: Path) -> None:
    folder = own_environment / ".ssh"
    folder.mkdir()
    (folder / "id.pub").write_text(pair.with_suffix(".pub").read_text())
    key = parse_public_key(pair.with_suffix(".pub").read_text())
    draft = EDIS.with_server(replace(EDIS.server, without_key=False))
    spoken = talk(sandbox(), "", saved=draft)
    before, _, after = spoken.words.partition("leave]: Chosen: ED25519")
    assert f"ED25519 256, ops@box, ~/.ssh/id.pub, {key.fingerprint}" in before
    assert after
    assert given(spoken) == key.line


@pytest.mark.parametrize("width", [20, 400])
def test_a_pasted_key_is_put_together_again(pair: Path, width: int) -> None:
    line = pair.with_suffix(".pub").read_text().strip()
    pieces = "\n".join(line[start : start + width] for start in range(0, len(line), width))
    spoken = at_key(ways("paste"), After("alone goes back.", f"\n{pieces}\n", amid=True), After("uses this key", ""))
    assert given(spoken) == parse_public_key(line).line
    assert parse_public_key(line).fingerprint in spoken.words
    assert "AAAA" not in spoken.text.partition("It is not shown here")[2], "It was shown."


@pytest.mark.parametrize(
    "part",
    [slice(None), slice(1, None), slice(None, -1)],
    ids=["whole", "without its first line", "without its last"],
)
def test_a_private_key_is_refused_and_shown_nowhere(pair: Path, part: slice) -> None:
    lines = pair.read_text().splitlines()[part]
    public = pair.with_suffix(".pub").read_text()
    spoken = at_key(
        ways("paste"),
        After("alone goes back.", "\n".join(lines), amid=True),
        After("was not kept", public, amid=True),
        After("uses this key", ""),
    )
    assert "That was a PRIVATE key (OpenSSH). It was not kept." in spoken.words
    assert not [line for line in lines if line in spoken.text]
    assert given(spoken) == parse_public_key(public).line


def test_an_empty_line_inside_a_paste_does_not_end_it(pair: Path) -> None:
    """What is behind it would be shown, and its line ends would answer the next question."""
    public = pair.with_suffix(".pub").read_text()
    spoken = at_key(
        ways("paste"),
        After("alone goes back.", f"{public}\n\n{pair.read_text()}", amid=True),
        After("was not kept", f"\n{public}\n\n", amid=True),
        After("uses this key", ""),
    )
    assert "That was a PRIVATE key (OpenSSH)" in spoken.words, "an empty line of the paste used the key before it"
    assert not [line for line in pair.read_text().splitlines() if line in spoken.text]
    assert given(spoken) == parse_public_key(public).line


@pytest.mark.parametrize("answers", [(":b",), ("ssh-nonsense AAAA\n", ":b")], ids=["at once", "after nonsense"])
def test_giving_no_key_after_all_asks_again(answers: Sequence[str]) -> None:
    told = [After("alone goes back.", answer, amid=True) for answer in answers]
    spoken = at_key(ways("paste"), *told, ways("none"))
    assert spoken.flow.state.server.without_key
    assert spoken.flow.state.step is Step.COST


def test_a_file_of_several_keys_lets_one_be_chosen_by_its_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "authorized_keys"
    keys = [parse_public_key(f"{public_line(kind)} {kind}") for kind in ("ed25519", "ecdsa")]
    file.write_text("".join(f"{key.line}\n" for key in keys))
    spoken = at_key(ways("file"), str(tmp_path / "nothing"), str(file), "", keys[1].fingerprint[-12:])
    assert "The file cannot be read: No such file or directory." in spoken.words
    assert "There is more than one key here: 2 keys." in spoken.words
    assert given(spoken) == keys[1].line


def test_names_that_no_site_has_are_said_before_anything_is_asked() -> None:
    spoken = at_key(ways("web"), "another", "https://x", "git.example.org", "no body", ":b", ways("none"))
    assert "Type the name of the site alone" in spoken.words
    assert "type it alone" in spoken.words
    assert spoken.flow.state.server.without_key


def test_a_new_pair_is_made_with_a_passphrase_that_is_not_shown(own_environment: Path) -> None:
    spoken = at_key(
        ways("pair"),
        After("Passphrase (not shown)", "corr3ct horse"),
        After("Once more (not shown)", "other"),
        After("not the same", "corr3ct horse"),
        After("Once more (not shown)", "corr3ct horse"),
        After("uses this key", ""),
    )
    assert "corr3ct" not in spoken.text
    made = own_environment / ".ssh" / "id_ed25519_vps-tui"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert given(spoken) == parse_public_key(made.with_suffix(".pub").read_text()).line


def test_the_generated_root_password_is_shown_and_stays_the_same() -> None:
    spoken = talk(sandbox(), "", "b", "", saved=STACK)
    shown = set(re.findall(r"The password: (\S+)", spoken.text))
    assert len(shown) == 1
    password = spoken.flow.state.root_password
    assert password is not None
    assert password.reveal() == shown.pop()


def test_ones_own_root_password_is_typed_twice_and_shown_nowhere() -> None:
    own = "Sent1nel-of-this-test"
    spoken = talk(
        sandbox(),
        "t",
        After("Password (not shown)", "short"),
        After("Password (not shown)", own),
        After("Once more (not shown)", f"{own}x"),
        After("not the same", own),
        After("Once more (not shown)", own),
        saved=STACK,
    )
    assert "Sent1nel" not in spoken.text
    assert spoken.flow.state.root_password is not None
    assert spoken.flow.state.root_password.reveal() == own
    assert spoken.flow.state.step is Step.COST


def test_a_start_up_script_is_read_typed_and_taken_back(tmp_path: Path) -> None:
    file = tmp_path / "first.sh"
    file.write_text("#!/bin/bash\r\ntrue\r\n")
    spoken = talk(sandbox(), "", "start-up", "read a file", str(file), "", saved=STACK)
    assert spoken.flow.state.server.startup_script == "#!/bin/bash\ntrue\n"
    assert "Windows line ends were changed to Linux ones." in spoken.words
    assert "Start-up script: first.sh" in spoken.words
    typed = talk(
        sandbox(),
        "",
        "start-up",
        "type or paste",
        After("goes back.", "true\n.", amid=True),
        After("goes back.", "#!/bin/sh\ntrue\n.", amid=True),
        After("uses it", ""),
        "start-up",
        "no script",
        saved=STACK,
    )
    assert "The first line does not say what runs the script." in typed.words
    assert "Start-up script: 15 bytes, #!/bin/sh" in typed.words
    assert typed.flow.state.server.startup_script == ""


def test_in_lines_every_script_has_the_verdict_of_an_order_file(tmp_path: Path) -> None:
    answers: list[str | After] = ["", "start-up", "read a file"]
    for number, (content, said) in enumerate(REFUSED_FILES.values()):
        (tmp_path / f"{number}").write_bytes(content)
        answers += [str(tmp_path / f"{number}"), After(said, ":b"), "read a file"]
    (tmp_path / "good").write_bytes(REPAIRED["all of windows"][0])
    spoken = talk(sandbox(), *answers, str(tmp_path / "good"), After("Windows line ends", ""), saved=STACK)
    assert spoken.flow.state.server.startup_script == GOOD
    assert "Start-up script: A byte order mark was taken off its start." in spoken.words, "the cost says it too"


def test_in_lines_a_file_for_cloud_init_is_used_only_with_a_typed_yes(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("#cloud-config\nruncmd: [ls]\n")
    answers = ("", "start-up", "read a file", str(tmp_path / "x"))
    no = (After("Type yes", ""), After("That is not yes", "y"), After("That is not yes", ":b"))
    spoken = talk(sandbox(), *answers, *no, saved=STACK)
    assert spoken.flow.state.server.startup_script == ""
    assert "The provider documents that a script is run" in spoken.words
    server = talk(sandbox(), *answers, After("Type yes", "yes"), saved=STACK).flow.state.server
    assert (server.startup_script[:13], server.startup_script_is_cloud_init) == ("#cloud-config", True)


@pytest.mark.parametrize(("script", "said"), [("echo hi", "what runs the script"), ("#cloud-config", "cloud-init")])
def test_in_lines_a_kept_script_that_cannot_be_used_is_asked_for(script: str, said: str) -> None:
    draft = STACK.with_server(STACK.server.with_script(script))
    spoken = talk(sandbox(), "", After(said, ""), saved=draft)
    assert spoken.flow.state.step is Step.START_UP_SCRIPT
    assert spoken.flow.state.server.startup_script == script
    gone = talk(sandbox(), "", After(said, "no script"), saved=draft)
    assert (gone.flow.state.step, gone.flow.state.server.startup_script) == (Step.COST, "")


def test_ids_are_typed_where_a_catalogue_lacks_them() -> None:
    spoken = talk(sandbox(), "2", "type the ids", "x1", "4711", "12", "", "EUROS", "usd", "1", "web1")
    server = spoken.flow.state.server
    assert (server.plan, server.os, spoken.flow.state.draft.currency) == ("4711", "12", "usd")
    assert spoken.words.count("That is none of them.") == 2
