"""The debug log tells what was asked and answered, and holds nothing that may not be shared."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from vps_tui.core.errors import UsageError
from vps_tui.core.secret import Secret
from vps_tui.files.debug_log import DebugLog
from vps_tui.providers.http_log import HIDDEN, hidden, request_line
from vps_tui.providers.models import Connection
from vps_tui.providers.registry import provider_info
from vps_tui.sandbox.data import LAYERSTACK_CATALOG
from vps_tui.sandbox.server import Sandbox

from .orders import CREDENTIALS, DRAFTS, KEY, ROOT_PASSWORDS, place


@pytest.mark.parametrize("provider", ["edis", "layerstack"])
async def test_a_whole_order_leaves_no_secret_and_nothing_personal(
    provider: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Every request and answer of reads, cart and order is there, without what was sent to sign in or to name."""
    log = DebugLog(tmp_path / "debug.log")
    info = provider_info(provider)
    url, _, _ = sandbox.access(provider)
    credentials = {key: Secret(value) for key, value in CREDENTIALS[provider].items()}
    connection = Connection(dict.fromkeys(info.urls, url), credentials, LAYERSTACK_CATALOG)
    client = info.connect(replace(connection, log=log.write))
    await client.account()
    await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])
    await client.find(DRAFTS[provider])
    await client.aclose()
    log.close()
    text = (tmp_path / "debug.log").read_text()
    assert "ONCE POST" in text
    assert text.count(" answered 200") + text.count(" answered 201") >= 3
    sent = [*CREDENTIALS[provider].values(), *(one.reveal() for one in ROOT_PASSWORDS[provider])]
    for value in (*sent, KEY.split()[1], DRAFTS[provider].server.name):
        assert value not in text
    assert (tmp_path / "debug.log").stat().st_mode & 0o777 == 0o600


def test_a_form_and_json_inside_text_are_hidden_too() -> None:
    assert hidden('{"item": [{"hostname": "web1", "pid": 7}]}') == {"item": [{"hostname": HIDDEN, "pid": 7}]}
    assert hidden("email=a@b.example&pw=x&page=2") == {"email": HIDDEN, "pw": HIDDEN, "page": "..."}
    assert "web1" not in request_line("POST", "x", {"json": {"LABEL": "web1"}})


@pytest.mark.parametrize("kind", ["link", "folder", "missing folder"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "log"
    if kind == "link":
        (tmp_path / "target").touch()
        path.symlink_to(tmp_path / "target")
    elif kind == "folder":
        path.mkdir()
    else:
        path = tmp_path / "no" / "log"
    with pytest.raises(UsageError):
        DebugLog(path)


def test_a_line_is_cleaned_and_one(tmp_path: Path) -> None:
    log = DebugLog(tmp_path / "log")
    log.write("a\nb\x1b[2J\u202ec")
    log.close()
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert line.endswith("Z a b[2Jc")


def test_its_mode_is_mended_and_not_that_of_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        DebugLog(tmp_path / "log").close()
    finally:
        os.umask(old)
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600
