"""Start-up scripts: what a server would ignore is repaired or refused before it is paid for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.errors import InvalidValue
from vps_tui.core.startup_script import (
    MAX_BYTES,
    StartupScript,
    describe_script,
    digest,
    parse_startup_script,
    refused_character,
    script_problem,
    warnings_of,
)

from .key_texts import assert_not_quoted, private_texts
from .script_texts import FOR_CLOUD_INIT, GOOD, REFUSED_FILES, REPAIRED_FILES

SCRIPT = "#!/bin/bash\napt-get update\n\techo done\n"


def refusal_of(given: str | bytes) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        parse_startup_script(given)
    return caught.value


@pytest.mark.parametrize("text", [SCRIPT, "#!/bin/sh", "#!/bin/sh\n# caf\u00e9 \U0001f600\n"])
def test_a_good_script_is_taken_as_it_is(text: str) -> None:
    for content in (text, text.encode()):
        assert parse_startup_script(content) == StartupScript(text)


@pytest.mark.parametrize(("content", "said"), REPAIRED_FILES.values(), ids=REPAIRED_FILES)
def test_what_is_certain_is_repaired_and_said(content: bytes, said: str) -> None:
    script = parse_startup_script(content)
    assert (script.text, script.warnings) == (GOOD, ())
    assert any(said in repair for repair in script.repairs)


def test_every_repair_is_said() -> None:
    script = parse_startup_script("\ufeff \r\n#!/bin/sh\r\n".encode("utf-16"))
    assert (script.text, len(script.repairs)) == ("#!/bin/sh\n", 4)


@pytest.mark.parametrize(("content", "said"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_what_no_server_would_run_is_refused_with_the_reason(content: bytes, said: str) -> None:
    error = refusal_of(content)
    assert said in error.message
    assert error.hint


def test_half_a_character_is_no_text() -> None:
    assert "not text in UTF-8" in refusal_of("#!/bin/sh\n\ud800").message


@pytest.mark.parametrize(("text", "becomes"), FOR_CLOUD_INIT.values(), ids=FOR_CLOUD_INIT)
def test_what_only_cloud_init_reads_is_no_script(text: str, becomes: str) -> None:
    for given_text in (text, text.replace("\n", "\r\n"), f"\n{text}"):
        script = parse_startup_script(given_text)
        assert script.for_cloud_init
        assert script.text == (becomes or text)
        assert "cloud-init" in script.warnings[0]
        assert script_problem(script.text, is_cloud_init=False) == script.warnings[0]
        assert script_problem(script.text, is_cloud_init=True) == ""


def test_a_script_that_sends_mail_is_no_mime_message() -> None:
    script = parse_startup_script("#!/bin/sh\nsendmail ops <<X\nMIME-Version: 1.0\nContent-Type: text/plain\nX\n")
    assert not script.for_cloud_init


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#!/usr/bin/zsh\n", "Not every image has /usr/bin/zsh"),
        ("#!/usr/bin/env python3\n", "Not every image has python3"),
        ("#!/usr/bin/awk -v x=1 -f\n", "as one argument"),
        (f"#!/bin/bash -{'e' * 200}\n", "Linux before 5.1"),
        ("#!/bin/sh\necho\u00a0hi\n", "Line 2 holds a no-break space"),
        ("#cloud-boothook\n#!/opt/x\n", "Not every image has /opt/x"),
    ],
)
def test_what_may_not_run_is_warned_of(text: str, said: str) -> None:
    assert any(said in warning for warning in parse_startup_script(text).warnings)
    assert any(said in warning for warning in warnings_of(text))


def test_the_longest_script_is_taken() -> None:
    text = "#!/bin/sh\n".ljust(MAX_BYTES, "#")
    assert parse_startup_script(text).text == text


def test_a_private_key_is_refused_by_name_and_one_inside_a_script_is_warned_of() -> None:
    for name, private in private_texts():
        error = refusal_of(private)
        assert f"PRIVATE key ({name})" in error.message
        assert_not_quoted(private, error)
        script = parse_startup_script(f"#!/bin/sh\ncat > key <<'X'\n{private}X\n")
        (warning,) = script.warnings
        assert name in warning
        assert "provider" in warning


def test_a_description_has_name_size_and_first_line() -> None:
    assert describe_script("") == "none"
    assert describe_script(SCRIPT) == "38 bytes, #!/bin/bash"
    assert describe_script(SCRIPT, "first-boot.sh") == "first-boot.sh, 38 bytes, #!/bin/bash"
    assert describe_script("#!/bin/bash\n".ljust(1234, "#"), "first-boot.sh") == "first-boot.sh, 1.2 KB, #!/bin/bash"
    hostile = describe_script("#!/bin/\x1b[31m\u202e" + "x" * 500, "n\x07ame" + "y" * 500)
    assert hostile.isprintable()
    assert len(hostile) < 100


def test_a_digest_tells_scripts_apart() -> None:
    assert digest(SCRIPT) != digest(SCRIPT + "\n")
    assert digest(SCRIPT) == digest(str(SCRIPT))


@given(st.one_of(st.text(), st.text().map(lambda text: f"#!/bin/sh\n{text}"), st.binary()))
def test_what_is_taken_can_be_taken_again_and_drawn(given_text: str | bytes) -> None:
    try:
        script = parse_startup_script(given_text)
    except InvalidValue:
        return
    assert parse_startup_script(script.text) == replace(script, repairs=())
    assert refused_character(script.text) is None
    assert "\r" not in script.text
