"""How one logs in: the command quoted, keys that cannot be told apart, and what the journal keeps of servers."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tui.shortcut import EDIS, written

from vps_tui.core.catalog import OsFamily
from vps_tui.core.login import Login, LoginKey, Ports, ProbeResult, either_key, fold_command, ssh_command
from vps_tui.core.order_servers import add_server, duplicate_server
from vps_tui.core.ssh_keys import parse_public_key
from vps_tui.journal import FILE_NAME, Journal, JournalFailed, State
from vps_tui.providers.order_file import dump
from vps_tui.services.logins import WayIn, merge_logins, ssh_documents, ways_in
from vps_tui.services.order_files import load
from vps_tui.services.reconcile import draft_of
from vps_tui.services.watch import Watch
from vps_tui.ssh import probe
from vps_tui.ssh.key_files import read_key, read_keys
from vps_tui.ssh.key_pair import make_pair
from vps_tui.wizard.questions import ssh_key
from vps_tui.wizard.questions import watching as words
from vps_tui.wizard.state import WizardState

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ONE = Login("web1", "7", "203.0.113.9", 22, NOW, "ED25519", "SHA256:abc")
TWO = replace(ONE, name="web2", service_id="8", address="203.0.113.10")


class TestTheCommand:
    @given(st.text(st.characters(exclude_categories=["C"]), min_size=1).filter(lambda text: "%" not in text))
    def test_a_shell_reads_the_path_as_it_is(self, name: str) -> None:
        command = ssh_command("203.0.113.9", 22, LoginKey((f"/{name}",), named=True))
        assert shlex.split(command) == ["ssh", "-i", f"/{name}", "-o", "IdentitiesOnly=yes", "root@203.0.113.9"]

    @given(st.lists(st.text(st.characters(exclude_categories=["C"]), min_size=1), min_size=1), st.integers(1, 90))
    def test_folded_a_shell_reads_it_as_one(self, words: list[str], width: int) -> None:
        lines = fold_command(shlex.join(["ssh", *words]), width)
        assert shlex.split(lines.replace(" \\\n", " ")) == ["ssh", *words]
        assert all(
            len(line) <= width or len(shlex.split(line.removesuffix(" \\"))) == 1 for line in lines.split(" \\\n")
        )

    def test_plain_ones_stay_plain(self) -> None:
        assert ssh_command("2001:db8::1", 22, LoginKey(("/k",))) == "ssh root@2001:db8::1"
        assert ssh_command("203.0.113.9", 2222, LoginKey(password=True)) == (
            "ssh -o PubkeyAuthentication=no -p 2222 root@203.0.113.9"
        )

    def test_a_percent_sign_is_written_twice(self) -> None:
        command = ssh_command("203.0.113.9", 22, LoginKey(("/a b/50%",), named=True))
        assert shlex.split(command)[1:3] == ["-o", 'IdentityFile="/a b/50%%"']


class TestKeysThatCannotBeToldApart:
    def test_all_files_are_tried(self) -> None:
        one, two = LoginKey(("/a",), named=True), LoginKey(("/b",))
        assert either_key([one, two, one]) == LoginKey(("/a", "/b"), named=True)
        assert either_key([one, one]) == one
        assert either_key([]) == LoginKey()

    def test_with_one_that_has_no_file_ssh_tries_its_own_as_well(self) -> None:
        both = either_key([LoginKey(("/a",), named=True), LoginKey(note="It is elsewhere.")])
        assert both == LoginKey(("/a",), named=True, others=True, note="It is elsewhere.")
        assert ssh_command("203.0.113.9", 22, both) == "ssh -i /a root@203.0.113.9"


class TestWhatIsKnownOfServers:
    def test_the_same_keeps_its_time_and_what_did_not_answer_stays(self) -> None:
        later = replace(ONE, seen=NOW + timedelta(hours=1))
        assert merge_logins((ONE, TWO), (later,), ("web1", "web2")) == (ONE, TWO)
        rebuilt = replace(later, host_key_fingerprint="SHA256:new")
        assert merge_logins((ONE, TWO), (rebuilt,), ("web1", "web2")) == (rebuilt, TWO)

    def test_no_more_are_kept_than_were_ordered(self) -> None:
        typed = replace(ONE, service_id="", address="203.0.113.77")
        assert merge_logins((ONE,), (typed,), ("web1",)) == (typed,)
        other = replace(ONE, service_id="9", address="203.0.113.1")
        assert merge_logins((typed, ONE), (other,), ("web1",)) == (other,)
        assert merge_logins((typed, ONE), (other,), ("web1", "web1")) == (other, typed)
        assert merge_logins((ONE,), (), ("web1",)) == (ONE,)


class TestTheJournal:
    def test_it_keeps_where_servers_answer(self, tmp_path: Path) -> None:
        entry = written(tmp_path, State.PLACED)
        assert entry.logins == ()
        journal = Journal(tmp_path / FILE_NAME)
        windows = replace(TWO, port=3389, host_key_type="", host_key_fingerprint="", windows=True)
        assert journal.note_logins(entry.reference, (ONE, windows)).logins == (ONE, windows)
        assert journal.entry(entry.reference).logins == (ONE, windows)
        assert journal.note_logins(entry.reference, ()).logins == ()
        assert replace(journal.entry(entry.reference), logins=()) == entry

    @pytest.mark.parametrize("found", ["-oProxyCommand=x", "203.0.113.9 x", "$(x)", ""])
    def test_an_address_that_is_none_never_becomes_part_of_a_command(self, tmp_path: Path, found: str) -> None:
        entry = written(tmp_path, State.PLACED)
        journal = Journal(tmp_path / FILE_NAME)
        with pytest.raises(JournalFailed):
            journal.note_logins(entry.reference, (replace(ONE, address=found),))
        assert journal.entry(entry.reference).logins == ()

    def test_texts_of_a_file_that_somebody_changed_are_safe_to_draw(self, tmp_path: Path) -> None:
        entry = written(tmp_path, State.PLACED)
        noted = Journal(tmp_path / FILE_NAME).note_logins(
            entry.reference, (replace(ONE, name="web1\x1b[2J", host_key_type="\x07", host_key_fingerprint="\u202ex"),)
        )
        (way,) = ways_in(noted)
        assert all(line.isprintable() for line in words.recorded_login(way))

    def test_the_path_of_the_key_is_kept_and_changes_neither_order_file_nor_digest(self, tmp_path: Path) -> None:
        pair = make_pair(tmp_path / "keys")
        draft = replace(
            EDIS,
            servers=(replace(EDIS.server, ssh_key=pair.key.line, ssh_key_file=pair.key.file, without_key=False),),
        )
        plain = replace(draft, servers=(replace(draft.server, ssh_key_file=""),))
        assert draft == plain
        assert dump(draft) == dump(plain)
        assert pair.key.file == f"{pair.path}.pub"
        assert read_key(Path(pair.key.file)).file == pair.key.file


async def test_what_answers_is_recorded_and_shown_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def probe_login(_family: OsFamily, _address: str, _ports: Ports) -> ProbeResult:
        return ProbeResult(ready=True, banner="SSH-2.0-x", key_type="ED25519", fingerprint="SHA256:abc")

    monkeypatch.setattr(probe, "probe_login", probe_login)
    entry = written(tmp_path, State.PLACED)
    journal = Journal(tmp_path / FILE_NAME)
    watch = Watch(entry, (), None, Ports(2222), journal=journal)
    watch.use("203.0.113.9")
    await watch.follow(lambda: None)
    (way,) = ways_in(journal.entry(entry.reference))
    assert words.recorded_login(way) == ["web1: ssh -p 2222 root@203.0.113.9", "  ED25519 key SHA256:abc"]
    assert words.recorded_values((way,))[1] == ("Log in with", "ssh -p 2222 root@203.0.113.9")
    assert ssh_documents(watch.entry) == [
        {"command": "ssh -p 2222 root@203.0.113.9", "key_file": None, "host_key": "SHA256:abc"}
    ]


async def test_a_journal_that_takes_nothing_stops_no_watch_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def probe_login(_family: OsFamily, _address: str, _ports: Ports) -> ProbeResult:
        return ProbeResult(ready=True)

    monkeypatch.setattr(probe, "probe_login", probe_login)
    entry = written(tmp_path, State.PLACED)
    (tmp_path / FILE_NAME).chmod(0o666)
    watch = Watch(entry, (), None, Ports(), journal=Journal(tmp_path / FILE_NAME))
    watch.use("203.0.113.9")
    await watch.follow(lambda: None)
    assert watch.ready
    assert "other users may write to it" in words.not_recorded(watch)


def test_an_order_file_tells_where_its_keys_were_read_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = make_pair(tmp_path / "a b")
    file = tmp_path / "order.toml"
    file.write_text(
        'version = 1\nprovider = "edis"\nlocation = 122\nbilling_cycle = "monthly"\npayment_method = "cryptomus"\n\n'
        f'[[server]]\nname = "web1"\nplan = 1707\nos = 208\nssh_key_file = "a b/{pair.path.name}.pub"\n'
    )
    monkeypatch.chdir(tmp_path)
    assert load(Path("order.toml")).server.ssh_key_file == f"{pair.path}.pub"
    assert load(file).server.ssh_key == pair.key.line


def test_the_wizard_knows_where_a_key_was_read_from_until_another_is_chosen(tmp_path: Path) -> None:
    pair = make_pair(tmp_path)
    key = read_keys(Path(pair.key.file)).single
    assert key is not None
    chosen = ssh_key.answer(WizardState(), key)
    assert chosen.server.ssh_key_file == pair.key.file
    for draft in (add_server(chosen.draft), duplicate_server(chosen.draft, 0, 1), chosen.draft.with_provider("edis")):
        assert {server.ssh_key_file for server in draft.servers} == {pair.key.file}
    assert ssh_key.answer(chosen, parse_public_key(key.line)).server.ssh_key_file == ""
    assert ssh_key.answer_none(chosen).server.ssh_key_file == ""


def test_an_order_without_the_paths_of_keys_is_read(tmp_path: Path) -> None:
    """An order of a version that did not keep them."""
    entry = written(tmp_path, State.PLACED)
    assert entry.purchase.key_files == ()
    assert draft_of(entry).servers == EDIS.servers
    assert ways_in(entry) == ()


@pytest.mark.parametrize("windows", [False, True])
def test_a_windows_server_has_no_ssh_in_a_document(windows: bool) -> None:
    way = WayIn(Login("web1", "7", "203.0.113.9", 22, datetime.now(UTC), windows=windows), LoginKey(("/k/id",)))
    ssh = {"command": "ssh root@203.0.113.9", "key_file": "/k/id", "host_key": None}
    assert way.document == (None if windows else ssh)
