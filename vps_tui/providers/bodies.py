"""Bodies of answers as JSON: of reads quickly, of paid calls so that nothing is dropped without a word.

`json.loads` keeps the last of two values with one key, and refuses a good document with a line of text before it.
Both can hide the number of an order that was taken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vps_tui.core.text import clean
from vps_tui.providers.redaction import DEEPEST, Redaction

MAX_SEARCHED = 64 * 1024
"""Characters of a body that is not JSON in which whole objects are looked for."""

MAX_TRIES = 200
"""Places in it at which one may begin."""


class Unreadable:
    """Stands for a body that is not JSON."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body as JSON; of a paid call's answer also what is wrong with it, and what it holds besides."""

    value: Any
    """The parsed JSON, or `Unreadable`."""
    flaws: tuple[str, ...] = ()
    """Why it cannot be taken at its word; each goes on after "its answer"."""
    extra: tuple[Any, ...] = ()
    """Values that a later one with the same key replaced, and objects within a body that is not JSON."""


def of_read(raw: bytes, redaction: Redaction) -> Body:
    """Return what the answer to a read says, without our secrets; numbers with a point are text."""
    try:
        return Body(redaction.of_json(json.loads(raw, parse_float=str)))
    except (ValueError, RecursionError):
        return Body(Unreadable)


def of_paid_call(raw: bytes, redaction: Redaction) -> Body:
    """Return what the answer to a paid call says, without our secrets; numbers with a point are text."""
    replaced: list[dict[str, Any]] = []
    try:
        value = json.loads(raw, parse_float=str, object_pairs_hook=lambda pairs: _object(pairs, replaced))
        flaws = [f'gives "{clean(key, 40)}" twice, with different values' for one in replaced for key in one]
    except (ValueError, RecursionError):
        text = raw[: 4 * MAX_SEARCHED].decode("utf-8", "replace")[:MAX_SEARCHED]
        found = tuple(redaction.of_json(one) for one in (*_objects(text, replaced), *replaced))
        return Body(Unreadable, ("is not one JSON document",), found)
    if _is_deep(value):
        flaws.append("is nested too deeply to be read")
    return Body(redaction.of_json(value), tuple(dict.fromkeys(flaws)), tuple(map(redaction.of_json, replaced)))


def _object(pairs: list[tuple[str, Any]], replaced: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the object of `pairs`, and add to `replaced` what a later value with the same key leaves out."""
    value = dict(pairs)
    if len(value) != len(pairs):
        # By their text, for 1 equals true and is another answer.
        replaced.extend({key: one} for key, one in pairs if repr(one) != repr(value[key]))
    return value


def _objects(text: str, replaced: list[dict[str, Any]]) -> list[Any]:
    """Return the JSON objects in `text`, whatever stands around and between them."""
    decoder = json.JSONDecoder(parse_float=str, object_pairs_hook=lambda pairs: _object(pairs, replaced))
    found: list[Any] = []
    at = text.find("{")
    for _ in range(MAX_TRIES):
        if at < 0:
            break
        try:
            value, at = decoder.raw_decode(text, at)
            found.append(value)
        except (ValueError, RecursionError):
            at += 1
        at = text.find("{", at)
    return found


def _is_deep(value: Any) -> bool:
    """Tell whether `value` has more levels than `Redaction.of_json` keeps."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return any(isinstance(one, dict | list) for one in level)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
