"""Start-up scripts with the one verdict that every way to give one reaches."""

from __future__ import annotations

GOOD = "#!/bin/bash\necho RAN\n"
"""What every repairable script below becomes."""

REPAIRED: dict[str, tuple[bytes, str]] = {
    "windows line ends": (GOOD.replace("\n", "\r\n").encode(), "Windows line ends"),
    "doubled carriage returns": (GOOD.replace("\n", "\r\r\n").encode(), "Windows line ends"),
    "only carriage returns": (GOOD.replace("\n", "\r").encode(), "carriage returns"),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "byte order mark"),
    "blank first line": (b"\n" + GOOD.encode(), "Blank space"),
    "space before it": (b" " + GOOD.encode(), "Blank space"),
    "all of windows": (b"\xef\xbb\xbf\r\n" + GOOD.replace("\n", "\r\n").encode(), "Windows line ends"),
}
"""Scripts that mean GOOD for certain, with what is said of the repair."""

REPAIRED_FILES = REPAIRED | {
    "utf-16 le": (b"\xff\xfe" + GOOD.encode("utf-16-le"), "UTF-16"),
    "utf-16 be": (b"\xfe\xff" + GOOD.replace("\n", "\r\n").encode("utf-16-be"), "UTF-16"),
}
"""The same and those that only a file can hold."""

REFUSED: dict[str, tuple[str, str]] = {
    "nothing but space": (" \n\t\n", "no script here"),
    "no first line": ("apt-get update\n", "does not say what runs"),
    "batch": ("rem cmd\r\necho hi\r\n", "for Windows"),
    "batch, quiet": ("@echo off\n", "for Windows"),
    "powershell": ("#ps1_sysnative\nWrite-Host hi\n", "for Windows"),
    "relative interpreter": ("#!bash\necho hi\n", "without its full path"),
    "two options": ("#!/bin/bash -e -u\necho hi\n", "as one argument"),
    "pipefail": ("#!/bin/bash -euo pipefail\necho hi\n", "as one argument"),
    "env with an option": ("#!/usr/bin/env bash -e\necho hi\n", "to env as one word"),
    "env alone": ("#!/usr/bin/env\necho hi\n", "env no program"),
    "nul": ("#!/bin/sh\necho a\0b\n", "Line 2 holds a control character, U+0000"),
    "escape": ("#!/bin/sh\necho \x1b[2J\n", "Line 2 holds a control character, U+001B"),
    "carriage return within": ("#!/bin/sh\necho a\rb\n", "Line 2 holds a control character, U+000D"),
    "right to left": ("#!/bin/sh\n\n# \u202eevil\n", "Line 3 holds the character U+202E (RIGHT-TO-LEFT OVERRIDE)"),
    "zero width": ("#!/bin/sh\nec\u200bho\n", "Line 2 holds the character U+200B (ZERO WIDTH SPACE)"),
    "mark within": ("#!/bin/sh\n\ufeffecho\n", "Line 2 holds the character U+FEFF"),
    "no-break space": ("#!/bin/bash\u00a0\necho hi\n", "U+00A0 (NO-BREAK SPACE)"),
    "another alphabet": ("#!/bin/b\u0430sh\necho hi\n", "U+0430 (CYRILLIC SMALL LETTER A)"),
    "too long": ("#!/bin/sh\n".ljust(64 * 1024 + 1, "#"), "longer than 64 KB"),
    "almost cloud-config": ("# cloud-config\nruncmd: []\n", "not #cloud-config either"),
    "a C file": ("#include <stdio.h>\nint main() {}\n", "does not say what runs"),
    "boothook without a script": ("#cloud-boothook\necho hi\n", "does not say what runs it"),
    "MIME without its version": ("Content-Type: multipart/mixed; boundary=x\n\n--x--\n", "MIME-Version"),
}
"""Scripts that no server would run, with a part of the reason."""

REFUSED_FILES: dict[str, tuple[bytes, str]] = {
    **{name: (text.encode(), said) for name, (text, said) in REFUSED.items()},
    "empty": (b"", "no script here"),
    "latin-1": (b"#!/bin/sh\n# caf\xe9\n", "not text in UTF-8"),
    "half of UTF-16": (b"\xff\xfe#\0!", "not text in UTF-8"),
    "gzip": (b"\x1f\x8b\x08\0", "gzip"),
    "huge": (b"#!/bin/sh\n".ljust(1024 * 1024, b"#"), "longer than 64 KB"),
}
"""The same and those that only a file can hold."""

FOR_CLOUD_INIT: dict[str, tuple[str, str]] = {
    "config": ("#cloud-config\nruncmd: [ls]\n", ""),
    "config with words": ("#cloud-config # of the web servers\nruncmd: [ls]\n", ""),
    "config in capitals": ("#CLOUD-CONFIG\nruncmd: [ls]\n", "#cloud-config\nruncmd: [ls]\n"),
    "archive": ("#cloud-config-archive\n- content: x\n", ""),
    "patch": ("#cloud-config-jsonp\n[]\n", ""),
    "include": ("#include\nhttps://example.com/x\n", ""),
    "include in its line": ("#include-once https://example.com/x\n", ""),
    "boothook": ("#cloud-boothook\n#!/bin/sh\necho hi\n", ""),
    "part handler": ("#part-handler\nimport sys\n", ""),
    "template": ("## template: jinja\n#cloud-config\n", ""),
    "template of a script": ("## template: jinja\n#!/bin/sh\n", ""),
    "MIME": ("Content-Type: multipart/mixed; boundary=x\nMIME-Version: 1.0\n\n--x--\n", ""),
    "MIME, the other way round": ("MIME-Version: 1.0\nContent-Type: text/x-shellscript\n\n#!/bin/sh\n", ""),
}
"""What only cloud-init reads, and what it becomes where that is something else."""
