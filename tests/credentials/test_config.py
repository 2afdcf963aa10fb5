"""The configuration is understood to the last key, holds no secret, and is missed by nobody when it is not there."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.money import SpendingLimit
from vps_tui.credentials.config import THEMES, Config, load_config
from vps_tui.files.locations import config_folder
from vps_tui.tui.terminal.diff_app import PALETTE

FULL = """
[defaults]
max_total = "50 EUR"
theme = "nord"

[network]
connect_timeout = 5
read_timeout = 2.5

[edis]
email = "you@example.com"

[layerstack]
account = "XX-12345678"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text)
    path.chmod(0o600)
    return path


def refusal(path: Path) -> UsageError:
    with pytest.raises(UsageError) as caught:
        load_config(path)
    assert caught.value.message.startswith(str(path))
    assert caught.value.hint
    return caught.value


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, FULL)) == Config(
        max_total=SpendingLimit(Decimal(50), "EUR"),
        theme="nord",
        connect_timeout=5.0,
        read_timeout=2.5,
        sign_in={"edis": {"email": "you@example.com"}, "layerstack": {"account": "XX-12345678"}},
    )


@pytest.mark.parametrize("text", ["", "[defaults]\n[network]\n"])
def test_nothing_is_set_by_an_empty_file(tmp_path: Path, text: str) -> None:
    assert load_config(written(tmp_path, text)) == Config()


def test_the_usual_file_is_read_if_there_is_one() -> None:
    assert load_config(None) == Config()
    config_folder().mkdir(parents=True)
    written(config_folder(), FULL)
    assert load_config(None).connect_timeout == 5.0


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "config.toml").message


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("[networks]", "networks: there is no such key", "Did you mean network?"),
        ("[network]\nread_timout = 1", "network.read_timout: there is no such key", "Did you mean read_timeout?"),
        ("[defaults]\nmax_totl = '1'", "defaults.max_totl: there is no such key", "Did you mean max_total?"),
        ("[edis]\nemial = 'x'", "edis.emial: there is no such key", "Did you mean email?"),
        ("[edis]\npasword = 'x'", "edis.pasword: there is no such key", "Did you mean password_command?"),
        ("[edis]\naccount = 'x'", "edis.account: there is no such key", ""),
        ("network = 1", "network: must be a section, as in [network], not a whole number", ""),
        ("[edis]\nemail = 1", "edis.email: must be text in quotes, not a whole number", ""),
        ("[edis]\nemail = 'a\tb'", "edis.email: must be one line", ""),
        ("[defaults]\ntheme = 'nordic'", "defaults.theme: must be one of: ansi-dark, ", "Did you mean nord?"),
        ("[defaults]\nmax_total = 50", "defaults.max_total: must be text in quotes", ""),
        ("[defaults]\nmax_total = ''", "defaults.max_total: is no amount", "50.00 EUR"),
        ("[defaults]\nmax_total = '50 euros'", "defaults.max_total: is no amount", "50.00 EUR"),
        ("[network]\nconnect_timeout = 0", "network.connect_timeout: must be a number of seconds above 0", ""),
        ("[network]\nconnect_timeout = -1.5", "network.connect_timeout: must be a number of seconds above 0", ""),
        ("[network]\nread_timeout = 600.1", "network.read_timeout: must be a number of seconds above 0", ""),
        ("[network]\nread_timeout = nan", "network.read_timeout: must be a number of seconds above 0", ""),
        ("[network]\nread_timeout = inf", "network.read_timeout: must be a number of seconds above 0", ""),
        ("[network]\nread_timeout = true", "network.read_timeout: must be a number of seconds, not true", ""),
        ("[network]\nread_timeout = '5'", "network.read_timeout: must be a number of seconds, not text", ""),
        ("[network]\n\nread_timeout == 5", "line 3: this is not valid TOML", ""),
        ("[edis]\npassword_command = 'pass show edis'", "edis.password_command: must be a list such as", ""),
        ("[edis]\npassword_command = []", "edis.password_command: must list a program and its arguments", ""),
        ("[edis]\npassword_command = ['pass', 1]", "edis.password_command: must list a program", ""),
        ("[edis]\ntoken_command = ['pass']", "edis.token_command: there is no such key", ""),
        ("[layerstack]\naccount_command = ['pass']", "layerstack.account_command: there is no such key", ""),
        ("[profile.work.edsi]\nemail = 'x'", "profile.work.edsi: there is no such key", "Did you mean edis?"),
        ("[profile.work.edis]\nemial = 'x'", "profile.work.edis.emial: there is no such key", "email"),
        ("[profile]\nwork = 1", "profile.work: must be a section", ""),
    ],
)
def test_what_is_not_understood_is_refused_by_name(tmp_path: Path, text: str, said: str, hint: str) -> None:
    error = refusal(written(tmp_path, text))
    assert error.message.startswith(f"{tmp_path}/config.toml, {said}")
    assert hint in error.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[edis]\npassword = 'hunter2'", "VPS_TUI_EDIS_PASSWORD"),
        ("[layerstack]\ntoken = 'hunter2'", "VPS_TUI_LAYERSTACK_TOKEN"),
        ("[edis]\ntoken = 'hunter2'", "environment"),
        ("[defaults]\nroot_password = 'hunter2'", "environment"),
        ("password = 'hunter2'", "environment"),
    ],
)
def test_a_secret_is_refused_with_the_place_where_it_belongs(tmp_path: Path, text: str, hint: str) -> None:
    error = refusal(written(tmp_path, text))
    assert "no secret may stand in this file" in error.message
    assert hint in error.hint
    assert "hunter2" not in f"{error.message}{error.hint}"


PROFILES = """
[edis]
email = "me@example.com"
password_command = ["pass", "show", "edis"]

[layerstack]
account = "XX-1"

[profile.work.edis]
email = "work@example.com"

[profile.home.layerstack]
token_command = ["secret-tool", "lookup", "vps", "layerstack"]
"""


def test_commands_stand_beside_what_is_no_secret(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, PROFILES))
    assert config.sign_in["edis"] == {"email": "me@example.com"}
    assert config.commands == {"edis": {"password": ("pass", "show", "edis")}}
    assert config.source == "config.toml"


def test_a_profile_stands_in_for_whole_sections(tmp_path: Path) -> None:
    """Never the work account with the private account's password."""
    work = load_config(written(tmp_path, PROFILES), "work")
    assert work.sign_in == {"edis": {"email": "work@example.com"}, "layerstack": {"account": "XX-1"}}
    assert work.commands == {}
    assert work.source == "config.toml, profile work"
    home = load_config(written(tmp_path, PROFILES), "home")
    assert home.sign_in["edis"] == {"email": "me@example.com"}
    assert home.commands["layerstack"] == {"token": ("secret-tool", "lookup", "vps", "layerstack")}


def test_an_unknown_profile_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    path = written(tmp_path, PROFILES)
    for name, hint in (("wrok", "Did you mean work?"), ("zzz", "There are: work, home.")):
        with pytest.raises(UsageError, match="has no profile") as caught:
            load_config(path, name)
        assert caught.value.hint == hint
    with pytest.raises(UsageError, match="has no profile 'work'"):
        load_config(None, "work")
    with pytest.raises(UsageError, match="has no profile 'work'"):
        load_config(written(tmp_path, ""), "work")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])
def test_a_file_that_others_can_reach_is_refused_with_the_command_that_mends_it(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, FULL)
    path.chmod(mode)
    error = refusal(path)
    assert error.hint == f"Run: chmod 600 {path}"
    path.chmod(0o600)
    load_config(path)


def test_another_users_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, FULL)
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(path, 12345, -1)
    error = refusal(path)
    assert "belongs to another user" in error.message
    assert f"chown $(id -un) {path}" in error.hint


def test_the_longest_timeout(tmp_path: Path) -> None:
    assert load_config(written(tmp_path, "[network]\nread_timeout = 600")).read_timeout == 600.0


def test_reading_it_loads_no_heavy_library(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom vps_tui.credentials.config import load_config\n"
        "load_config(Path(sys.argv[1]))\nprint(*sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(written(tmp_path, FULL))]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert {"vps_tui.credentials.config", "tomllib"} <= loaded
    assert not loaded & {"httpx", "pydantic", "cryptography", "tomli_w", "sqlite3", "platformdirs", "textual"}


def test_the_themes_are_those_that_textual_has() -> None:
    from textual.theme import BUILTIN_THEMES

    assert set(THEMES) == set(BUILTIN_THEMES)
    assert Config().theme == PALETTE
