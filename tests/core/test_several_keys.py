"""Texts with several keys: each usable one is offered once, nothing private gets through, nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vps_tui.core.errors import InvalidValue
from vps_tui.core.ssh_key_list import MAX_KEYS, MAX_TEXT, parse_public_keys
from vps_tui.core.ssh_keys import parse_public_key

from .key_texts import SK_ED25519, assert_not_quoted, good_lines, private_texts, public_line, written


def fingerprints(*lines: str) -> list[str]:
    return [parse_public_key(line).fingerprint for line in lines]


def refusal_of(text: str) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        parse_public_keys(text)
    return caught.value


@pytest.mark.parametrize("frame", ["{}", "\ufeff{}\r\n", "# mine\n{}\n", 'command="x y" {}'])
def test_a_single_key_is_what_it_is_alone(frame: str) -> None:
    line = f"{public_line('ed25519')} ops@box"
    found = parse_public_keys(frame.format(line))
    assert found.single == parse_public_key(frame.format(line))


def test_a_single_key_that_was_wrapped_is_one_key() -> None:
    line = f"{public_line('rsa')} ops@box"
    wrapped = "\n".join(line[at : at + 40] for at in range(0, len(line), 40))
    assert parse_public_keys(wrapped).single == parse_public_key(line)


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n# another\n"])
def test_every_kind_on_a_line_of_its_own_is_offered_in_order(between: str) -> None:
    found = parse_public_keys(between.join(good_lines()))
    assert [key.fingerprint for key in found.keys] == list(dict.fromkeys(fingerprints(*good_lines())))
    assert len(found.keys) == len(good_lines()) - 1, "one key stands there twice"
    assert found.left_out == ()
    assert found.single is None


def test_options_and_wrapped_lines_do_not_join_two_keys() -> None:
    first, second = f"{public_line('ed25519')} a@a", f"{public_line('rsa')} b@b"
    text = f'{first}\nno-pty,from="10.0.0.1" {second[:70]}\n{second[70:200]}\n{second[200:]}'
    found = parse_public_keys(text)
    assert [key.line for key in found.keys] == [first, second]
    assert "options" in found.keys[1].warning


def test_the_same_key_twice_is_one() -> None:
    line = public_line("ed25519")
    found = parse_public_keys(f"{line} a@a\n{line} b@b\n")
    assert [key.comment for key in found.keys] == ["a@a"]


def test_what_cannot_be_used_is_left_out_with_its_reason() -> None:
    certificate = written("ssh-ed25519-cert-v01@openssh.com", b"nonce", b"key")
    dsa = written("ssh-dss", b"p", b"q", b"g", b"y")
    good = public_line("ed25519")
    found = parse_public_keys(f"{certificate}\n{good}\n{dsa}\n{good[:60]}\n")
    assert [key.line for key in found.keys] == [good]
    assert [reason.split()[0] for reason in found.left_out] == ["This", "DSA", "The"]
    assert found.single is None, "something else was there, so a person has to look"


def test_a_private_key_among_public_ones_refuses_them_all() -> None:
    for name, private in private_texts():
        text = f"{public_line('ed25519')}\n{private}\n{public_line('rsa')}\n"
        error = refusal_of(text)
        assert f"PRIVATE key ({name})" in error.message
        assert_not_quoted(private, error)


@pytest.mark.parametrize("text", ["", "hello\nworld", "# nothing\n", "<!DOCTYPE html>\n<html>"])
def test_a_text_without_a_key_says_what_it_is(text: str) -> None:
    with pytest.raises(InvalidValue) as alone:
        parse_public_key(text)
    assert refusal_of(text).message == alone.value.message


def test_length_and_number_are_bounded() -> None:
    numbers = range(MAX_KEYS + 1)
    lines = [written(SK_ED25519, bytes([number % 256, number // 256] * 16), b"ssh:") for number in numbers]
    found = parse_public_keys("\n".join(lines))
    assert len(found.keys) == MAX_KEYS
    assert str(MAX_KEYS) in found.left_out[0]
    assert "too long" in refusal_of("\n".join(lines) + "\n" + "x" * MAX_TEXT).message


@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(good_lines())), max_size=6))
def test_whatever_is_found_is_a_key_of_the_text(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    try:
        found = parse_public_keys(text)
    except InvalidValue as error:
        assert_not_quoted(text, error)
    else:
        assert found.keys
        assert {key.fingerprint for key in found.keys} <= set(fingerprints(*good_lines()))
