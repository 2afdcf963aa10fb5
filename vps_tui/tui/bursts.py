"""Keys that come as fast as a paste, as against keys that fingers press; the order of keys never changes."""

from __future__ import annotations

BURST_SECONDS = 0.03
"""Between two keys below which they come from a paste and not from fingers."""

QUIET_SECONDS = 0.15
"""Without a key after which a burst is over."""

REST_SECONDS = 1.0
"""Without a key after which the unwanted rest of a paste is over: a slow line pauses within one."""

HELD_KEY_SECONDS = 0.015
"""Between two keys below which no fingers pressed them: a paste that the terminal does not mark, or a held key."""

CALM_SECONDS = 0.25
"""After such keys, while more of them may still be coming in."""

NEVER = float("-inf")


class Burst:
    """Collects the text of a paste that the terminal does not mark.

    Enter and Tab are part of a paste, or are pressed by hand to go on. They are by hand only without a
    burst within `QUIET_SECONDS` before them and without text within as long after them. Until then they are held.
    """

    def __init__(self) -> None:
        self._waiting = ""
        self._held = ""
        self._last_key = self._last_fast = NEVER

    @property
    def is_open(self) -> bool:
        """True while something waits for what comes next."""
        return bool(self._waiting or self._held)

    def text(self, text: str, time: float) -> str:
        """Take `text` that was typed at `time`; return what goes into the field now, in the order of arrival."""
        if self._held or self._is_fast(time):
            self._add(text, time)
            return ""
        self._last_key = time
        before, self._waiting = self._waiting, ""
        return before + text

    def line_end(self, text: str, time: float) -> None:
        """Take Enter or Tab, which stand for `text` where they are part of a paste."""
        if self._is_fast(time) or time - self._last_fast < QUIET_SECONDS:
            self._add(text, time)
        else:
            self._last_key, self._held = time, text

    def end(self) -> tuple[str, str]:
        """Return the text that waits, and the Enter or Tab that was pressed by hand; at most one is not empty."""
        waiting, held = self._waiting, self._held
        self._waiting = self._held = ""
        return waiting, held

    def _is_fast(self, time: float) -> bool:
        return time - self._last_key < BURST_SECONDS

    def _add(self, text: str, time: float) -> None:
        self._waiting += self._held + text
        self._held = ""
        self._last_key = self._last_fast = time


class Rest:
    """The rest of a paste that is not wanted, dropped until nothing has come for `REST_SECONDS` seconds."""

    def __init__(self) -> None:
        self._last_key = NEVER

    def begin(self, time: float) -> None:
        """Drop what comes after `time`."""
        self._last_key = time

    def end(self) -> None:
        """Take what comes from now on."""
        self._last_key = NEVER

    def holds(self, time: float, *, goes_on: bool = True) -> bool:
        """Tell whether a key of that `time` belongs to it; one that `goes_on` makes it longer."""
        if time - self._last_key >= REST_SECONDS:
            return False
        if goes_on:
            self._last_key = time
        return True


class OneLine:
    """Finds the first line with text in keys that may be a paste of several lines."""

    def __init__(self) -> None:
        self._rest = Rest()
        self._last_key = NEVER
        self._has_text = False
        self.may_be_over = False
        """True after a line end as fast as a paste: it ends the line, with more to come or not."""

    def takes(self, time: float) -> bool:
        """Tell whether a letter typed at `time` belongs to the line."""
        if self._is_rest(time):
            return False
        if self.may_be_over:
            self.may_be_over = False
            self._rest.begin(time)
            return False
        self._has_text = True
        return True

    def ends_by_hand(self, time: float) -> bool:
        """Tell whether a line end at `time` was pressed by hand; one in a burst may turn out to end the line."""
        fast = time - self._last_key < BURST_SECONDS
        if self._is_rest(time):
            return False
        self.may_be_over = fast and (self._has_text or self.may_be_over)
        self._has_text = False
        return not fast

    def end_rest(self) -> None:
        """Take letters again: a key was pressed that is in no paste."""
        self._rest.end()

    def over(self) -> bool:
        """Tell whether a line end was the last key of a burst; the next key begins another line."""
        over, self.may_be_over = self.may_be_over, False
        return over

    def _is_rest(self, time: float) -> bool:
        # Letters that fingers type must not make it longer: they would never be taken.
        fast = time - self._last_key < BURST_SECONDS
        self._last_key = time
        return self._rest.holds(time, goes_on=fast)


class Pace:
    """Tells whether the last keys came as fast as only a paste or a held key does."""

    def __init__(self) -> None:
        self._last_key = self._last_fast = NEVER

    def add_key(self, time: float) -> None:
        """Take a key that was pressed at `time`."""
        if time - self._last_key < HELD_KEY_SECONDS:
            self._last_fast = time
        self._last_key = time

    @property
    def is_hurried(self) -> bool:
        """True from two such keys on until `CALM_SECONDS` after them."""
        return self._last_key - self._last_fast < CALM_SECONDS
