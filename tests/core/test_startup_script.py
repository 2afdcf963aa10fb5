"""Start-up scripts: what a server would ignore is repaired or refused before it is paid for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.startup_script import MAX_BYTES, control_character, described, digest, parse_startup_script
from vps_tui.errors import InvalidValue

from .key_texts import assert_not_quoted, private_texts

SCRIPT = "#!/bin/bash\napt-get update\n\techo done\n"


def refusal_of(given: str | bytes) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        parse_startup_script(given)
    return caught.value


@pytest.mark.parametrize(
    "text", [SCRIPT, "#!/bin/sh", "#cloud-config\npackages: [nginx]\n", "#!/bin/sh\n# caf\u00e9 \U0001f600\n"]
)
def test_a_good_script_is_taken_as_it_is(text: str) -> None:
    for content in (text, text.encode()):
        script = parse_startup_script(content)
        assert (script.text, script.repaired, script.warning) == (text, "", "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("\ufeff" + SCRIPT, ["byte order mark"]),
        (SCRIPT.replace("\n", "\r\n"), ["Windows line ends"]),
        ("\ufeff" + SCRIPT.replace("\n", "\r\n"), ["byte order mark", "Windows line ends"]),
        (SCRIPT.replace("\n", "\r\r\n"), ["Windows line ends"]),
    ],
)
def test_what_windows_adds_is_taken_off_and_said(given: str, said: list[str]) -> None:
    for content in (given, given.encode()):
        script = parse_startup_script(content)
        assert script.text == SCRIPT
        assert all(words in script.repaired for words in said)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no script here"),
        (b"\xef\xbb\xbf \r\n", "no script here"),
        ("apt-get update\n", "what runs the script"),
        ("\n#!/bin/sh\n", "what runs the script"),
        (" #!/bin/sh\n", "what runs the script"),
        ("#cloud-configuration\n", "what runs the script"),
        ("#!\necho", "names no program"),
        ("#! \t\necho", "names no program"),
        ("#!/bin/sh\n\x1b[31m", "Line 2 holds a control character"),
        ("#!/bin/sh\r\n\r\n\x00", "Line 3 holds a control character"),
        ("#!/bin/sh\necho a\recho b", "Line 2 holds a control character"),
        ("#!/bin/sh\n\x85", "Line 2 holds"),
        ("#!/bin/sh\n# \u202eevil", "Line 2 holds"),
        ("#!/bin/sh\n\ud800", "not text in UTF-8"),
        (b"#!/bin/sh\n\xff", "not text in UTF-8"),
        (SCRIPT.encode("utf-16"), "UTF-16"),
        ("#!/bin/sh\n" + "x" * MAX_BYTES, "longer than 64 KB"),
        ("#!/bin/sh\n" + "\u00e9" * (MAX_BYTES // 2), "longer than 64 KB"),
    ],
)
def test_what_no_server_would_run_is_refused_with_the_reason(given: str | bytes, said: str) -> None:
    error = refusal_of(given)
    assert said in error.message
    assert error.hint


def test_the_longest_script_is_taken() -> None:
    text = "#!/bin/sh\n".ljust(MAX_BYTES, "#")
    assert parse_startup_script(text).text == text


def test_a_private_key_is_refused_by_name_and_one_inside_a_script_is_warned_of() -> None:
    for name, private in private_texts():
        error = refusal_of(private)
        assert f"PRIVATE key ({name})" in error.message
        assert_not_quoted(private, error)
        script = parse_startup_script(f"#!/bin/sh\ncat > key <<'X'\n{private}X\n")
        assert name in script.warning
        assert "provider" in script.warning


def test_a_description_has_name_size_and_first_line() -> None:
    assert described("") == "none"
    assert described(SCRIPT) == "38 bytes, #!/bin/bash"
    assert described(SCRIPT, "first-boot.sh") == "first-boot.sh, 38 bytes, #!/bin/bash"
    assert described("#!/bin/bash\n".ljust(1234, "#"), "first-boot.sh") == "first-boot.sh, 1.2 KB, #!/bin/bash"
    hostile = described("#!/bin/\x1b[31m\u202e" + "x" * 500, "n\x07ame" + "y" * 500)
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
    assert parse_startup_script(script.text).text == script.text
    assert control_character(script.text) is None
    assert "\r" not in script.text
