"""Order files on disk: read with what they point to, written for their owner, and the draft kept between starts."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from core.script_texts import FOR_CLOUD_INIT, GOOD, REFUSED_FILES, REPAIRED_FILES

from vps_tui.core.draft import Draft, ServerDraft
from vps_tui.core.errors import UsageError
from vps_tui.core.order_keys import ANY_KEYS
from vps_tui.providers import registry
from vps_tui.providers.edis.client import order_json
from vps_tui.providers.edis.info import PROVIDER as EDIS_INFO
from vps_tui.services.order_files import forget_draft, keep_draft, kept_draft, load, save
from vps_tui.wizard.state import WizardState

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvciB0aGUgdGVzdHMgb2Yga2V5IGZpbGVzIG9ubHkh ops@box"
DRAFT = Draft(
    provider="edis",
    location="122",
    payment_method="cryptomus",
    servers=(
        ServerDraft("web1", "1707", os="208", ssh_key=KEY),
        ServerDraft("db1", "1710", os="300", without_key=True),
    ),
)
LAYERSTACK = """version = 1
provider = "layerstack"
billing_cycle = "monthly"
payment_method = "ccard"

[[server]]
name = "web1"
plan = 101
plan_type = "cloud_servers_standard"
os = 12
"""


def order(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "web.toml"
    path.write_text("\n".join((LAYERSTACK, *lines)))
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusal(path: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load(path)
    assert caught.value.message.startswith(str(path))
    assert caught.value.hint
    return caught.value


class TestLoading:
    def test_what_was_saved(self, tmp_path: Path) -> None:
        save(tmp_path / "web.toml", DRAFT)
        assert load(tmp_path / "web.toml") == DRAFT

    def test_the_same_file_gives_the_same_request(self, tmp_path: Path) -> None:
        save(tmp_path / "web.toml", DRAFT)
        assert order_json(load(tmp_path / "web.toml")) == order_json(DRAFT)

    def test_files_count_from_the_order_files_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir("/")
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "a.pub").write_text(f"{KEY}\n")
        (tmp_path / "boot.sh").write_bytes(b"#!/bin/sh\r\necho 1\n")
        server = load(order(tmp_path, 'ssh_key_file = "keys/a.pub"', 'startup_script_file = "boot.sh"')).server
        assert (server.ssh_key, server.without_key, server.startup_script) == (KEY, False, "#!/bin/sh\necho 1\n")

    def test_a_script_with_windows_line_ends_that_stands_in_the_file_is_repaired(self, tmp_path: Path) -> None:
        server = load(order(tmp_path, r'startup_script = "#!/bin/sh\r\necho 1\r\n"')).server
        assert server.startup_script == "#!/bin/sh\necho 1\n"

    def test_a_path_may_start_at_home(self, tmp_path: Path, own_environment: Path) -> None:
        (own_environment / "a.pub").write_text(KEY)
        order(own_environment, 'ssh_key_file = "~/a.pub"')
        assert load(Path("~/web.toml")).server.ssh_key == KEY
        assert load(order(tmp_path, f'ssh_key_file = "{own_environment}/a.pub"')).server.ssh_key == KEY

    def test_a_private_key_is_refused_with_the_place_that_names_it(self, tmp_path: Path) -> None:
        body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ"
        (tmp_path / "id").write_text(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n")
        error = refusal(order(tmp_path, 'ssh_key_file = "id"'))
        assert "server[1].ssh_key_file: The file holds a PRIVATE key (OpenSSH)" in error.message
        assert body not in f"{error.message}{error.hint}"

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ('ssh_key_file = "nowhere"', "server[1].ssh_key_file: The file cannot be read: No such file"),
            ('startup_script_file = "nowhere"', "startup_script_file: The file cannot be read: No such file"),
            ('startup_script_file = "."', "startup_script_file: The file cannot be read: Is a directory"),
            ('startup_script_file = "~no-such-person/x"', "there is no such home folder"),
        ],
    )
    def test_a_file_that_cannot_be_used(self, tmp_path: Path, line: str, said: str) -> None:
        message = refusal(order(tmp_path, line)).message
        assert said in message
        assert "server[1]." in message

    @pytest.mark.parametrize(("content", "said"), REFUSED_FILES.values(), ids=REFUSED_FILES)
    def test_a_script_file_that_cannot_run(self, tmp_path: Path, content: bytes, said: str) -> None:
        (tmp_path / "boot.sh").write_bytes(content)
        error = refusal(order(tmp_path, 'startup_script_file = "boot.sh"'))
        assert "server[1].startup_script_file: " in error.message
        assert said in error.message

    @pytest.mark.parametrize(("content", "said"), REPAIRED_FILES.values(), ids=REPAIRED_FILES)
    def test_a_repaired_script_is_sent_and_saved_as_it_is_repaired(
        self, tmp_path: Path, content: bytes, said: str
    ) -> None:
        (tmp_path / "boot.sh").write_bytes(content)
        draft = load(order(tmp_path, 'startup_script_file = "boot.sh"'))
        assert draft.server.startup_script == GOOD
        assert any(said in words for words in draft.server.script_repairs)
        save(tmp_path / "saved.toml", draft)
        saved = load(tmp_path / "saved.toml")
        assert (saved, saved.server.script_repairs) == (draft, ())

    @pytest.mark.parametrize(("text", "becomes"), FOR_CLOUD_INIT.values(), ids=FOR_CLOUD_INIT)
    def test_a_file_for_cloud_init_needs_a_yes(self, tmp_path: Path, text: str, becomes: str) -> None:
        (tmp_path / "boot.sh").write_text(text)
        path = order(tmp_path, 'startup_script_file = "boot.sh"')
        assert "startup_script_is_cloud_init = true" in refusal(path).hint
        path = order(tmp_path, 'startup_script_file = "boot.sh"', "startup_script_is_cloud_init = true")
        assert load(path).server.startup_script == (becomes or text)

    @pytest.mark.parametrize(("provider", "hint"), [("edi", "Did you mean edis?"), ("xyz", "Use one of: edis, ")])
    def test_an_unknown_provider(self, tmp_path: Path, provider: str, hint: str) -> None:
        path = order(tmp_path)
        path.write_text(path.read_text().replace("layerstack", provider))
        error = refusal(path)
        assert error.message == f"{path}, provider: there is no such provider."
        assert error.hint.startswith(hint)

    def test_a_further_provider_needs_no_more_than_its_entry(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = ModuleType("toy_servers")
        module.PROVIDER = replace(EDIS_INFO, id="toy", name_problem=lambda _: None, order_keys=ANY_KEYS)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "toy_servers.info", module)
        monkeypatch.setitem(registry.MODULES, "toy", "toy_servers")
        draft = replace(DRAFT, provider="toy", location="here", servers=(ServerDraft("-", "x", os="y", ssh_key=KEY),))
        save(tmp_path / "web.toml", draft)
        assert load(tmp_path / "web.toml") == draft

    def test_a_name_that_the_provider_does_not_take(self, tmp_path: Path) -> None:
        servers = (DRAFT.servers[0], replace(DRAFT.servers[1], name="my_db"))
        save(tmp_path / "web.toml", replace(DRAFT, servers=servers))
        message = refusal(tmp_path / "web.toml").message
        assert message.endswith("server[2].name: this name cannot be used. Replace the underscore with a hyphen.")

    def test_no_file_and_one_without_end(self, tmp_path: Path) -> None:
        assert "no such file" in refusal(tmp_path / "nowhere.toml").message
        with (tmp_path / "huge.toml").open("wb") as file:
            file.truncate(1 << 40)
        assert "larger than 1024 KB" in refusal(tmp_path / "huge.toml").message


class TestSaving:
    def test_only_its_owner_may_read_it(self, tmp_path: Path) -> None:
        save(tmp_path / "web.toml", DRAFT)
        assert stat.S_IMODE((tmp_path / "web.toml").stat().st_mode) == 0o600

    def test_an_existing_file_is_only_replaced_when_that_is_said(self, tmp_path: Path) -> None:
        path = tmp_path / "web.toml"
        path.write_text("mine")
        with pytest.raises(UsageError, match="exists already"):
            save(path, DRAFT)
        assert path.read_text() == "mine"
        save(path, DRAFT, replace=True)
        assert load(path) == DRAFT

    def test_a_link_to_nowhere_counts_as_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "web.toml").symlink_to(tmp_path / "nowhere")
        with pytest.raises(UsageError, match="exists already"):
            save(tmp_path / "web.toml", DRAFT)
        with pytest.raises(UsageError, match="symbolic link"):
            save(tmp_path / "web.toml", DRAFT, replace=True)
        assert not (tmp_path / "nowhere").exists()

    def test_at_home(self, own_environment: Path) -> None:
        save(Path("~/web.toml"), DRAFT)
        assert load(own_environment / "web.toml") == DRAFT


class TestKeptDraft:
    @pytest.mark.parametrize("draft", [DRAFT, Draft(), replace(DRAFT, servers=(ServerDraft("web1"),))])
    def test_it_is_there_at_the_next_start(self, tmp_path: Path, draft: Draft) -> None:
        folder = tmp_path / "state" / "vps-tui"
        assert kept_draft(folder) is None
        keep_draft(folder, DRAFT)
        keep_draft(folder, draft)
        assert kept_draft(folder) == draft
        assert names(folder) == ["draft.toml"]
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "draft.toml").stat().st_mode) == 0o600

    def test_until_it_is_forgotten(self, tmp_path: Path) -> None:
        keep_draft(tmp_path, DRAFT)
        forget_draft(tmp_path)
        assert kept_draft(tmp_path) is None
        assert names(tmp_path) == []
        forget_draft(tmp_path)

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff",
            b"version = 1\n= 2",
            b"version = 2",
            b"version = 1\nunknown = 1",
            b'version = 1\nprovider = "gone"',
            b'version = 1\n[[server]]\nssh_key_file = "nowhere"',
        ],
    )
    def test_a_damaged_one_is_put_aside(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "draft.toml").write_bytes(content)
        (tmp_path / "draft.toml.damaged").write_text("an older one")
        assert kept_draft(tmp_path) is None
        assert names(tmp_path) == ["draft.toml.damaged"]
        assert (tmp_path / "draft.toml.damaged").read_bytes() == content

    def test_a_script_in_it_is_repaired_or_left_for_the_wizard_to_ask(self, tmp_path: Path) -> None:
        for script, becomes in ((" #!/bin/sh\r\n", "#!/bin/sh\n"), ("echo hi", "echo hi"), ("#cloud-config", "")):
            keep_draft(tmp_path, Draft("layerstack", servers=(ServerDraft("web1", startup_script=script),)))
            draft = kept_draft(tmp_path)
            assert draft is not None
            assert draft.server.startup_script == (becomes or script)
            assert not draft.server.startup_script_is_cloud_init
            state = WizardState(draft)
            assert bool(state.script_problem) == (not becomes.startswith("#!"))
            assert state.facts.unusable_script == bool(state.script_problem)

    def test_so_is_a_link(self, tmp_path: Path) -> None:
        keep_draft(tmp_path / "other", DRAFT)
        (tmp_path / "draft.toml").symlink_to(tmp_path / "other" / "draft.toml")
        assert kept_draft(tmp_path) is None
        assert (tmp_path / "draft.toml.damaged").is_symlink()

    def test_one_that_cannot_be_put_aside_or_removed_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "draft.toml").write_text("damaged")
        (tmp_path / "draft.toml.damaged").mkdir()
        with pytest.raises(UsageError, match="cannot be put aside"):
            kept_draft(tmp_path)
        (tmp_path / "draft.toml").unlink()
        (tmp_path / "draft.toml").mkdir()
        with pytest.raises(UsageError, match="cannot be removed"):
            forget_draft(tmp_path)
