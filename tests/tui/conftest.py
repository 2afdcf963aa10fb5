"""SSH keys made for the tests, a folder that holds one, and a current folder that may be written to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ed25519
from rich.console import RenderableType
from textual._compositor import Compositor
from textual._context import active_app
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

from vps_tui.core.ssh_keys import PublicKey, parse_public_key


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key pair of this test run, known nowhere else."""

    public: PublicKey
    private: str
    """In OpenSSH's own format, with its line ends."""


@pytest.fixture(scope="session")
def made_key() -> MadeKey:
    """An ed25519 pair with the comment ops@box."""
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(ser.Encoding.OpenSSH, ser.PublicFormat.OpenSSH).decode()
    private = key.private_bytes(ser.Encoding.PEM, ser.PrivateFormat.OpenSSH, ser.NoEncryption()).decode()
    return MadeKey(parse_public_key(f"{public} ops@box"), private)


@pytest.fixture(autouse=True, scope="session")
def rules_parsed_once() -> Iterator[None]:
    """Parse the style sheets once for all the apps of a run: each would parse the same text again."""
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, *text: Any, **kind: Any) -> list[RuleSet]:
        key = (*text, *sorted(kind.items()), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *text, **kind)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(autouse=True, scope="session")
def frames_drawn_where_seen() -> Iterator[None]:
    """Draw no frame where there is no terminal: Textual would throw it away. A picture is one in full."""
    draw = Compositor.render_update

    def draw_seen(compositor: Compositor, full: bool = False, **how: Any) -> RenderableType | None:
        if full or not active_app.get().is_headless:
            return draw(compositor, full, **how)
        compositor._dirty_regions.clear()
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", draw_seen)
        yield


@pytest.fixture(autouse=True)
def current_folder(folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder: orders are saved there unless another is named."""
    folder = Path(mkdtemp(prefix="current", dir=folders))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def ssh_folder(tmp_path: Path, made_key: MadeKey) -> Path:
    """A folder with the public half of `made_key` in it."""
    folder = tmp_path / "ssh"
    folder.mkdir()
    (folder / "id_ed25519.pub").write_text(f"{made_key.public.line}\n")
    return folder
