#!/bin/sh
# Textual 8.2.8: of keys that arrive together, letters overtake the bound keys between them.
#
# A terminal without bracketed paste, or a person who types ahead, sends several keys in one read. Input takes a
# letter when its event arrives, but Backspace is a binding, and bindings run when the key has bubbled to the app and
# back. So "a", Backspace, "b" leaves "a" and not "b": Backspace takes the "b" that was typed after it.
#
# Prints what the field holds, for the three keys together and one at a time. Fails if that changes.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder/venv"
python3 -m pip --python "$folder/venv" install --quiet 'textual==8.2.8'

cat >"$folder/keys.py" <<'PROGRAM'
import asyncio
from importlib.metadata import version

from textual import events
from textual.app import App
from textual.widgets import Input

KEYS = (("a", "a"), ("backspace", "\x7f"), ("b", "b"))


class Field(App):
    def compose(self):
        yield Input()


async def typed(together):
    app = Field()
    async with app.run_test() as pilot:
        for key, character in KEYS:
            app.post_message(events.Key(key, character))
            if not together:
                await pilot.pause()
        await pilot.pause()
        return app.query_one(Input).value


print(f"textual {version('textual')}")
print(f"one at a time: {asyncio.run(typed(together=False))}")
print(f"together: {asyncio.run(typed(together=True))}")
PROGRAM

seen=$("$folder/venv/bin/python" "$folder/keys.py")
echo "$seen"
expected='textual 8.2.8
one at a time: b
together: a'
[ "$seen" = "$expected" ] || { echo "It is not as it was." >&2; exit 1; }
