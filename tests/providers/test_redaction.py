"""Our own secrets are taken out of whatever comes back, in every form in which a server may write them."""

from __future__ import annotations

import base64
import html
import json
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest

from vps_tui.core.outcome import OutcomeKind
from vps_tui.core.secret import Secret
from vps_tui.providers.redaction import DEEPEST, REDACTED, SHORTEST, Redaction

from .conftest import Connect, Serve
from .loopback import answering, in_turn
from .orders import DRAFTS, PAID_PATHS, ROOT_PASSWORDS, place

SECRET = "Pä/ss~w\"ö'rd+<1>&\\x?\u202e"
FORMS = {
    "as it is": SECRET,
    "JSON": json.dumps(SECRET),
    "JSON, letters kept": json.dumps(SECRET, ensure_ascii=False),
    "JSON as PHP writes it": json.dumps(SECRET).replace("/", "\\/"),
    "JSON, letters kept, as PHP writes it": json.dumps(SECRET, ensure_ascii=False).replace("/", "\\/"),
    "form": urlencode({"pw": SECRET}),
    "URL": quote(SECRET, safe=""),
    "URL, slash kept": quote(SECRET),
    "HTML": html.escape(SECRET),
    "HTML, quotes kept": html.escape(SECRET, quote=False),
    "HTML as PHP writes it": html.escape(SECRET).replace("&#x27;", "&#039;"),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(SECRET.encode()).decode(),
}


def lowered(text: str) -> str:
    """Return percent-encoding with small digits, as some servers write it."""
    for byte in range(256):
        text = text.replace(f"%{byte:02X}", f"%{byte:02x}")
    return text


def raised(text: str) -> str:
    """Return JSON's escapes with capital digits, as some servers write them."""
    for letter in SECRET:
        text = text.replace(f"\\u{ord(letter):04x}", f"\\u{ord(letter):04X}")
    return text


FORMS["JSON with capital digits"] = raised(json.dumps(SECRET))
FORMS["URL with small digits"] = lowered(quote(SECRET, safe=""))
FORMS["form with small digits"] = lowered(quote_plus(SECRET))


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_secret(form: str) -> None:
    text = Redaction([Secret(SECRET)]).of_text(f"You said {FORMS[form]}, which is wrong.")
    assert REDACTED in text
    assert not any(part in text for part in ("ss~w", "ss%7Ew", "rd+", "rd%2B", "rd%2b", FORMS["base64"][:12]))
    assert text.startswith("You said ")
    assert text.endswith(", which is wrong.")


def test_the_longer_of_two_secrets_goes_first() -> None:
    redaction = Redaction([Secret("hunter22"), Secret("hunter22-and-more")])
    assert redaction.of_text("hunter22-and-more hunter22") == f"{REDACTED} {REDACTED}"


def test_every_occurrence_goes() -> None:
    assert Redaction([Secret("hunter22")]).of_text("hunter22hunter22 xhunter22x") == (
        f"{REDACTED}{REDACTED} x{REDACTED}x"
    )


@pytest.mark.parametrize("secret", ["", "a", "122"])
def test_what_is_too_short_for_a_secret_stays(secret: str) -> None:
    assert len(secret) < SHORTEST
    text = "a location 122 and a server"
    assert Redaction([Secret(secret)]).of_text(text) == text


def test_four_characters_are_a_secret() -> None:
    assert Redaction([Secret("1x2y")]).of_text("a 1x2y b") == f"a {REDACTED} b"


def test_a_secret_that_is_no_text_breaks_nothing() -> None:
    assert Redaction([Secret("half\ud800")]).of_text("half\ud800 x") == f"{REDACTED} x"


def test_json_is_redacted_in_every_text_and_key_and_nowhere_else() -> None:
    body: dict[str, Any] = {
        "message": "hunter22 is wrong",
        "sent": {"pw": "hunter22", "list": [["hunter22", 5, None, True, "fine"]]},
        "hunter22": {"hunter22!": 1},
        "orderid": 2222,
    }
    assert Redaction([Secret("hunter22")]).of_json(body) == {
        "message": f"{REDACTED} is wrong",
        "sent": {"pw": REDACTED, "list": [[REDACTED, 5, None, True, "fine"]]},
        REDACTED: {f"{REDACTED}!": 1},
        "orderid": 2222,
    }


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"in": inner}], ids=["lists", "objects"])
def test_deep_json_ends_instead_of_being_read(wrap: Any) -> None:
    value: Any = "hunter22"
    for _ in range(DEEPEST):
        value = wrap(value)
    redaction = Redaction([Secret("hunter22")])
    read = json.dumps(redaction.of_json(value))
    assert REDACTED in read
    assert "hunter22" not in read
    deeper = json.dumps(redaction.of_json(wrap(value)))
    assert '"..."' in deeper
    assert "hunter22" not in deeper


def test_secrets_that_come_later_count_too_and_the_first_stay() -> None:
    redaction = Redaction([Secret("hunter22")])
    assert redaction.of_text("Sesame-1") == "Sesame-1"
    redaction.add([Secret("Sesame-1")])
    assert redaction.of_text("Sesame-1 hunter22") == f"{REDACTED} {REDACTED}"


@pytest.mark.parametrize("provider", DRAFTS)
@pytest.mark.parametrize("status", [200, 422, 500])
async def test_a_provider_that_quotes_everything_it_was_sent(
    serve: Serve, connect: Connect, provider: str, status: int
) -> None:
    """What is kept of the answer holds no credential and no root password, however it was written."""
    (root_password,) = ROOT_PASSWORDS[provider] or (Secret(""),)
    secrets = [
        {"edis": "Pa/ss & wörd-1", "layerstack": "to/ken+secret-1"}[provider],
        *([root_password.reveal()] if root_password.reveal() else []),
    ]
    quoted = json.dumps({"sent": secrets, "message": " ".join(secrets)}).replace("/", "\\/").encode()
    key = {"edis": "password", "layerstack": "token"}[provider]
    cart = [answering(201, {"0": 995})] if provider == "layerstack" else []
    with_cart = in_turn(*cart, answering(status, quoted), answering(200, {}))
    server = serve(with_cart)
    client = connect(provider, server.url, credentials={key: secrets[0]})
    outcome = await place(client, DRAFTS[provider], ROOT_PASSWORDS[provider])
    assert PAID_PATHS[provider] in server.lines[len(cart)]
    kept = repr(outcome)
    assert REDACTED in outcome.reply
    for secret in secrets:
        for form in (secret, json.dumps(secret)[1:-1], json.dumps(secret)[1:-1].replace("/", "\\/"), quote(secret)):
            assert form not in kept
    assert outcome.kind in (OutcomeKind.UNKNOWN, OutcomeKind.REFUSED, OutcomeKind.PLACED)
