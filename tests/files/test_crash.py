"""A crash report can be shared: it says where, and nothing that was typed, read or received."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.worker import WorkerFailed

from vps_tui.cli import main
from vps_tui.cli.commands import orders
from vps_tui.files.crash_report import report_text, tell

SENTINEL = "sentinel-9f3c"


def fault() -> BaseException:
    """Return a fault with a secret in its words, its cause and a local variable."""
    secret = SENTINEL
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise RuntimeError(f"bad {secret}") from error
    except RuntimeError as error:
        return error


def test_a_report_names_kinds_and_places_and_no_words() -> None:
    text = report_text(fault())
    assert "builtins.RuntimeError" in text
    assert "builtins.KeyError" in text
    assert "in fault" in text
    assert SENTINEL not in text
    assert str(Path(__file__).parent) not in text


def test_what_a_worker_failed_of_is_told() -> None:
    text = report_text(WorkerFailed(fault()))
    assert "WorkerFailed" in text
    assert "in fault" in text


def test_it_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    lines = tell(fault(), lambda: tmp_path / "state", "Nothing was ordered.")
    (report,) = (tmp_path / "state").iterdir()
    assert (report.stat().st_mode & 0o777, report.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert lines[1] == "Nothing was ordered."
    assert str(report) in lines[2]
    assert SENTINEL not in "".join(lines) + report.read_text()


def test_without_a_disk_the_words_come_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    lines = tell(fault(), lambda: tmp_path / "state", "Nothing was ordered.")
    assert "RuntimeError" in lines[-1]
    assert SENTINEL not in "".join(lines)


def test_a_fault_of_a_command_ends_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, no traceback, and the report where the state is."""

    def broken(*_: object, **__: object) -> int:
        raise RuntimeError(SENTINEL)

    monkeypatch.setattr(orders, "list_orders", broken)
    assert main.main(["--sandbox", "orders"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "fault of its own" in said.err
    assert "Nothing was ordered." in said.err
    assert "Traceback" not in said.err
    assert SENTINEL not in said.err
    (report,) = Path.home().rglob("crash-*.txt")
    assert SENTINEL not in report.read_text()
