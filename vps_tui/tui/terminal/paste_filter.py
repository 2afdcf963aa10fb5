"""A paste as one piece, whatever it holds: Textual takes an Escape inside one for the start of a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual import events
from textual.message import Message

START, END = "\x1b[200~", "\x1b[201~"

ESCAPE, STAND_IN = "\x1b", "\ufdd0"
"""The second is a code point that is no character and is in no text."""


class Pastes:
    """Hides Escapes in pastes on the way to Textual's parser, and puts them back afterwards.

    A field must see them: it drops them or refuses the paste, and nothing of them is drawn.
    """

    def __init__(self) -> None:
        self._inside = False
        self._seen = ""
        """The last that was given outside a paste, where the start of one may have begun."""
        self._held = ""
        """The last that was given inside a paste, where it may be the beginning of its end."""

    def hide(self, text: str) -> str:
        """Return what the parser may have of `text`, which comes after what was given before.

        Keys are never kept back, only what may be the end of a paste.
        """
        parts = []
        while text:
            part, text = self._to_end(text) if self._inside else self._to_start(text)
            parts.append(part)
        return "".join(parts)

    def restore(self, messages: Iterable[Message]) -> Iterator[Message]:
        """Yield the parser's `messages`, pastes as they were."""
        for message in messages:
            if isinstance(message, events.Paste):
                message.text = message.text.replace(STAND_IN, ESCAPE)
            yield message

    def _to_start(self, text: str) -> tuple[str, str]:
        before, found, _ = (self._seen + text).partition(START)
        if not found:
            self._seen = before[1 - len(START) :]
            return text, ""
        length = len(before) + len(START) - len(self._seen)
        self._inside, self._seen = True, ""
        return text[:length], text[length:]

    def _to_end(self, text: str) -> tuple[str, str]:
        before, found, rest = (self._held + text).partition(END)
        self._inside, self._held = not found, ""
        if not found:
            self._held = next((END[:size] for size in range(len(END), 0, -1) if before.endswith(END[:size])), "")
            before = before.removesuffix(self._held)
        return before.replace(ESCAPE, STAND_IN) + found, rest
