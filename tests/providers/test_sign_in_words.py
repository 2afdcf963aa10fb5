"""A refused sign-in says which credential it is about where the provider tells, and where to get another."""

from __future__ import annotations

import pytest

from vps_tui.core.errors import SignInRefused
from vps_tui.providers.sign_in_errors import blame_credential

from .conftest import Connect, Serve
from .loopback import answering

BOTH = "e-mail address and password"


@pytest.mark.parametrize(
    ("status", "body", "about"),
    [
        (401, {"error": "Invalid WHMCS credentials.", "status": "error"}, BOTH),
        (401, {"status": "error", "message": "Invalid", "suggestion": "verify your username and password"}, BOTH),
        (400, {"status": "error", "errormsg": "Invalid email or password."}, BOTH),
        (400, {"status": "error", "message": "Missing.", "errors": ["email is required"]}, "e-mail address"),
        (400, {"status": "error", "message": "Missing.", "errors": ["password is required"]}, "password"),
        (
            400,
            {"status": "error", "message": "Missing.", "errors": ["email is required", "password is required"]},
            BOTH,
        ),
    ],
)
async def test_edis(serve: Serve, connect: Connect, status: int, body: dict[str, object], about: str) -> None:
    client = connect("edis", serve(lambda _: answering(status, body)).url)
    with pytest.raises(SignInRefused) as caught:
        await client.account()
    assert f"does not accept this {about}:" in caught.value.message
    assert "client account" in caught.value.hint


@pytest.mark.parametrize(
    ("status", "message", "about"),
    [
        (401, "Authentication failed.", "account id and access token"),
        (401, "Invalid access token.", "access token"),
        (403, "This account does not exist.", "account id"),
        (403, "The token does not belong to the account.", "account id and access token"),
    ],
)
async def test_layerstack(serve: Serve, connect: Connect, status: int, message: str, about: str) -> None:
    body = {"data": {"message": message, "code": status}}
    client = connect("layerstack", serve(lambda _: answering(status, body)).url)
    with pytest.raises(SignInRefused) as caught:
        await client.account()
    assert f"does not accept this {about}:" in caught.value.message
    assert "LayerPanel" in caught.value.hint


def test_none_is_blamed_where_none_or_several_are_named() -> None:
    words = {"a": "alpha", "b": "beta"}
    assert [blame_credential(text, words) for text in ("", "Alpha", "beta alpha")] == ["", "a", ""]
