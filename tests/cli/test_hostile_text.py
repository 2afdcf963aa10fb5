"""Whatever a provider writes, no command writes a control byte, and JSON stays JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from vps_tui.sandbox.server import Sandbox

from .conftest import Ran, Run, Write

HOSTILE = "\x1b[2J\x1b]52;c;ZXZpbA==\x07\x9b31m\u202eevil\u2066\u200b\r\x00"


@pytest.fixture(autouse=True)
def _hostile(sandbox: Sandbox) -> None:
    sandbox.set_faults(["hostile-text"])


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield key
            yield from texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)


def check(ran: Ran, *, as_json: bool) -> None:
    """Check that nothing in the output is anything but printable lines."""
    assert ran.out or ran.err
    for line in (ran.out + ran.err).split("\n"):
        assert line.isprintable(), ascii(line)
    if as_json:
        assert ran.out.isascii()
        for text in texts(ran.document):
            assert text.isprintable(), ascii(text)


JSON = pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "JSON"])
BOTH = pytest.mark.parametrize("provider", ["edis", "layerstack"])


@JSON
@BOTH
@pytest.mark.parametrize("command", [("quote",), ("order", "--dry-run"), ("order", "--yes")])
def test_an_order_file(
    run: Run, write: Write, provider: str, command: tuple[str, ...], options: tuple[str, ...]
) -> None:
    ran = run(*command, write(provider), *options)
    assert ran.code == 0
    check(ran, as_json=bool(options))


@JSON
@BOTH
@pytest.mark.parametrize("fault", ["out-of-stock", "reply-lost"])
def test_what_became_of_an_order_now_and_later(
    run: Run, write: Write, sandbox: Sandbox, provider: str, fault: str, options: tuple[str, ...]
) -> None:
    sandbox.set_faults(["hostile-text", fault])
    check(run("order", write(provider), "--yes", *options), as_json=bool(options))
    sandbox.set_faults(["hostile-text"])
    reference = run("orders", "--json").document["orders"][0]["reference"]
    for command in (("orders",), ("orders", "show", reference), ("orders", "check", reference)):
        check(run(*command, *options), as_json=bool(options))


@JSON
@pytest.mark.parametrize("command", [("edis",), ("edis", "--location", "122"), ("layerstack",)])
def test_the_catalogue(run: Run, catalog_file: Path, command: tuple[str, ...], options: tuple[str, ...]) -> None:
    escaped = HOSTILE.encode("unicode_escape").decode().replace("\\x", "\\u00")
    catalog_file.write_text(catalog_file.read_text().replace('"S102-HK"', f'"S102-HK{escaped}"'))
    ran = run("catalog", *command, *options)
    assert ran.code == 0
    check(ran, as_json=bool(options))
    assert command[0] == "edis" or "evil" in ran.out


@JSON
@pytest.mark.parametrize("fault", ["wrong-password", "http-400:get/locations", "http-500:get/locations"])
def test_an_error(run: Run, sandbox: Sandbox, fault: str, options: tuple[str, ...]) -> None:
    sandbox.set_faults(["hostile-text", fault])
    ran = run("catalog", "edis", *options)
    assert ran.code == 1
    check(ran, as_json=bool(options))


@JSON
@pytest.mark.parametrize(
    "command",
    [
        ("quote", f"no{HOSTILE.replace(chr(0), '')}.toml"),
        ("order", f"no{HOSTILE.replace(chr(0), '')}.toml", "--yes"),
        ("orders", "show", HOSTILE),
        ("catalog", HOSTILE),
        ("catalog", "edis", "--location", HOSTILE),
    ],
)
def test_what_was_typed_is_not_echoed_raw_either(
    run: Run, command: tuple[str, ...], options: tuple[str, ...]
) -> None:
    ran = run(*command, *options)
    assert ran.code == 2
    check(ran, as_json=bool(options))


@JSON
@pytest.mark.parametrize(
    "text", ["not TOML", 'version = 1\nprovider = "\\u001b[2J"\n', 'version = 1\n"\\u001b[2J" = 1']
)
def test_a_hostile_order_file(run: Run, tmp_path: Path, text: str, options: tuple[str, ...]) -> None:
    file = tmp_path / "web\x1b[2J.toml"
    file.write_text(text)
    ran = run("quote", file, *options)
    assert ran.code == 2
    check(ran, as_json=bool(options))


@JSON
@pytest.mark.parametrize(
    "command",
    [
        ("servers",),
        ("change", "edis", "312845", "--plan", "6846", "--yes", "--allow-unknown-price"),
        ("change", "layerstack", "8101", "--add", "vm_backup=1", "--yes"),
        ("cancel", "edis", "312845", "--immediately", "--yes"),
    ],
    ids=" ".join,
)
def test_servers_one_has(run: Run, command: tuple[str, ...], options: tuple[str, ...]) -> None:
    ran = run(*command, *options)
    check(ran, as_json=bool(options) and ran.code != 2)
    for again in (("orders",), ("orders", "--json")):
        check(run(*again), as_json="--json" in again)
