#!/bin/sh
# pyte 0.8.2: valid control sequences that a program sends to ask for better keys and colours change what is drawn.
#
# XTMODKEYS ("CSI > 4 ; 2 m", and "CSI > 4 m" to end it) is read as SGR 4: everything after it is underlined. The kitty
# keyboard protocol's "CSI < u" and "CSI = 1 ; 1 u", and SGR with colons ("CSI 4 : 3 m", "CSI 38 : 2 : : 255 : 0 : 0 m",
# ISO 8613-6), end at the character that pyte does not expect, and the rest of each is drawn as text. So a screen read
# with pyte shows letters and lines that no terminal shows; "CSI > 1 u" alone is dropped as it should be.
#
# Prints, for each sequence followed by "ab", the line that pyte shows and whether it is underlined. Fails if that changes.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder/venv"
python3 -m pip --python "$folder/venv" install --quiet 'pyte==0.8.2'

cat >"$folder/draw.py" <<'PROGRAM'
from importlib.metadata import version

import pyte

SEQUENCES = (">4;2m", ">4m", ">1u", "<u", "=1;1u", "4:3m", "38:2::255:0:0m")

print(f"pyte {version('pyte')}")
for sequence in SEQUENCES:
    screen = pyte.Screen(20, 1)
    pyte.Stream(screen).feed(f"\x1b[{sequence}ab")
    underlined = " underlined" if screen.buffer[0][0].underscore else ""
    print(f"CSI {sequence} ab: {screen.display[0].rstrip()}{underlined}")
PROGRAM

seen=$("$folder/venv/bin/python" "$folder/draw.py")
echo "$seen"
expected='pyte 0.8.2
CSI >4;2m ab: ab underlined
CSI >4m ab: ab underlined
CSI >1u ab: ab
CSI <u ab: uab
CSI =1;1u ab: 1;1uab
CSI 4:3m ab: 3mab
CSI 38:2::255:0:0m ab: 2::255:0:0mab'
[ "$seen" = "$expected" ] || { echo "It is not as it was." >&2; exit 1; }
