"""The same file gives the same request to the byte; a quote, a dry run and every look send nothing but reads."""

from __future__ import annotations

from typing import Any

import pytest

from vps_tui.sandbox.messages import form_fields
from vps_tui.sandbox.server import EDIS_ACCOUNT, LAYERSTACK_ACCOUNT, Sandbox
from vps_tui.services.live_backend import LiveBackend
from vps_tui.services.order_files import load, save
from vps_tui.services.session import Session

from .conftest import Run, Write, bodies, journal, not_reads, parsed

PASSWORD = "VPS_TUI_SERVER_PASSWORD"
both = pytest.mark.parametrize("provider", ["edis", "layerstack"])


class TestSameFileSameRequest:
    def test_edis_to_the_byte(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        first = run("order", write(), "--yes", "--json").document
        assert run("order", write(), "--yes", "--again", first["reference"]).code == 0
        one, other = bodies(sandbox, "/kvm/v2/add/order")
        assert one == other
        assert len({entry.purchase.digest for entry in journal().entries()}) == 1

    def test_layerstack_but_for_the_cart_and_a_password_that_nobody_keeps(
        self, run: Run, write: Write, sandbox: Sandbox
    ) -> None:
        first = run("order", write("layerstack"), "--yes", "--json").document
        assert run("order", write("layerstack"), "--yes", "--again", first["reference"]).code == 0
        one, other = parsed(sandbox, "/api/order/add-to-cart")
        assert one.pop("password") != other.pop("password")
        assert one == other
        one, other = parsed(sandbox, "/api/order")
        assert one.pop("cartItems") != other.pop("cartItems")
        assert one == other
        assert len({entry.purchase.digest for entry in journal().entries()}) == 1

    def test_layerstack_to_the_byte_with_a_given_password(
        self, run: Run, write: Write, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(PASSWORD, "Sesame-open-1")
        first = run("order", write("layerstack"), "--yes", "--json").document
        run("order", write("layerstack"), "--yes", "--again", first["reference"])
        one, other = bodies(sandbox, "/api/order/add-to-cart")
        assert one == other

    @both
    def test_saved_and_read_again(
        self, run: Run, write: Write, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, provider: str
    ) -> None:
        monkeypatch.setenv(PASSWORD, "Sesame-open-1")
        file, copy = write(provider), write(provider).with_name("copy.toml")
        save(copy, load(file))
        assert load(copy) == load(file)
        first = run("order", file, "--yes", "--json").document
        run("order", copy, "--yes", "--again", first["reference"])
        one, other = bodies(sandbox, "/kvm/v2/add/order", "/api/order/add-to-cart")
        assert one == other

    def test_one_other_value_is_another_request(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        """Without this the tests above could compare nothing."""
        run("order", write(), "--yes")
        run("order", write("edis", ("web1", "web2")), "--yes")
        one, other = bodies(sandbox, "/kvm/v2/add/order")
        assert one != other
        assert len({entry.purchase.digest for entry in journal().entries()}) == 2

    def test_the_dry_run_shows_what_would_be_sent(self, run: Run, write: Write, sandbox: Sandbox) -> None:
        shown = run("order", write(), "--dry-run").out
        run("order", write(), "--yes")
        (request,) = [one for one in sandbox.requests if one.route == "/kvm/v2/add/order"]
        assert (form_fields(request) or {})["order"] == shown.splitlines()[-1]


class TestNothingIsSent:
    @both
    @pytest.mark.parametrize(
        "command",
        [
            ("quote",),
            ("quote", "--json"),
            ("order", "--dry-run"),
            ("order", "--dry-run", "--yes", "--json"),
        ],
    )
    def test_by_quotes_and_dry_runs(
        self, run: Run, write: Write, sandbox: Sandbox, provider: str, command: tuple[str, ...]
    ) -> None:
        assert run(*command, write(provider)).code == 0
        assert sandbox.requests
        assert not_reads(sandbox) == []
        assert journal().entries() == ()

    @pytest.mark.parametrize("command", [("edis",), ("edis", "--location", "122"), ("layerstack",)])
    def test_by_the_catalogue(self, run: Run, sandbox: Sandbox, command: tuple[str, ...]) -> None:
        assert run("catalog", *command).code == 0
        assert sandbox.requests
        assert not_reads(sandbox) == []

    @both
    def test_by_looking_for_an_order(self, run: Run, write: Write, sandbox: Sandbox, provider: str) -> None:
        sandbox.set_faults(["reply-lost"])
        lost = run("order", write(provider), "--yes", "--json").document
        sandbox.set_faults([])
        before = not_reads(sandbox)
        asked = len(sandbox.requests)
        assert run("orders", "check", lost["reference"]).code == 0
        assert len(sandbox.requests) > asked
        assert not_reads(sandbox) == before

    @pytest.mark.parametrize(
        ("command", "opened"),
        [
            (("quote", "FILE"), [True]),
            (("order", "FILE", "--dry-run"), [True]),
            (("order", "FILE", "--yes"), [True, False]),
            (("catalog", "edis"), [True]),
            (("orders", "check", "REF"), [True]),
        ],
    )
    def test_because_the_connection_refuses_it(
        self, run: Run, write: Write, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], opened: list[bool]
    ) -> None:
        """Only the order itself has a connection that can send one."""
        earlier = run("order", write("edis", ("web1", "web2")), "--yes", "--json").document["reference"]
        seen: list[bool] = []
        real = LiveBackend.open

        async def noting(self: LiveBackend, *args: Any, read_only: bool = False) -> Session:
            seen.append(read_only)
            return await real(self, *args, read_only=read_only)

        monkeypatch.setattr(LiveBackend, "open", noting)
        words = {"FILE": str(write()), "REF": earlier}
        assert run(*(words.get(word, word) for word in command)).code == 0
        assert seen == opened

    @both
    def test_the_credentials_are_in_no_dry_run(self, run: Run, write: Write, provider: str) -> None:
        ran = run("order", write(provider), "--dry-run")
        for secret in (EDIS_ACCOUNT[1], LAYERSTACK_ACCOUNT[1]):
            assert secret not in ran.out + ran.err
