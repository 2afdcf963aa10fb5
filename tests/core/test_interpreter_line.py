"""The first line of a script: judged as the Linux kernel of this machine and its interpreters judge it."""

from __future__ import annotations

import os
import shutil
import signal
import string
import subprocess
import sys
from pathlib import Path

import pytest

from vps_tui.core.errors import InvalidValue
from vps_tui.core.interpreter_line import interpreter_warnings
from vps_tui.core.startup_script import parse_startup_script

from .script_texts import REFUSED, REPAIRED_FILES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other kernels read the line in another way")

RUNNING = [
    "#!/bin/bash",
    "#! /bin/bash",
    "#!\t/bin/bash\t-e\t",
    "#!/bin/bash -eu",
    "#!/bin/bash -eu  ",
    "#!/bin/bash -",
    "#!/bin/bash --",
    "#!/bin/bash +x",
    "#!/bin/bash +n",
    "#!/bin/bash --login",
    "#!/bin/bash --posix",
    "#!/bin/sh -",
    "#!/bin/sh -ex",
    "#!/usr/bin/env bash",
    "#!/usr/bin/env -S bash -e",
    "#!/usr/bin/env -Sbash -eu",
    "#!/usr/bin/env -vS bash -e",
    "#!/usr/bin/env -iS bash -e",
    "#!/usr/bin/env --split-string=bash -e",
    "#!/usr/bin/env -S -i bash",
    "#!/usr/bin/env -S FOO=1 bash -e -u",
    "#!/usr/bin/env -S bash -euo pipefail",
    "#!/usr/bin/env -S bash -o errexit",
    "#!/usr/bin/perl",
    "#!/usr/bin/perl -w -l",
    "#!/usr/bin/env perl",
    f"#!{'/' * 246}bin/sh",
    f"#!{'/' * 247}bin/sh",
]
ENDLESS = [
    "#!/usr/bin/env -S #bash",
    "#!/usr/bin/env",
    "#!/usr/bin/env -",
    "#!/usr/bin/env -i",
    "#!/usr/bin/env -S",
    "#!/usr/bin/env FOO=1",
    "#!/usr/bin/env FOO=1 bash",
    "#!/bin/bash -c",
    "#!/bin/bash -ec",
]
"""Lines with which the script starts itself again and again."""
NOT_RUNNING = [
    "#!bash",
    "#!./bash",
    "#!~/bin/bash",
    "#!\\bin\\bash",
    "#!/",
    "#!/bin",
    "#!/bin/",
    "#!/bin/bash;",
    "#!'/bin/bash'",
    "#!/bin/bash -e -u",
    "#!/bin/bash -e\t-u",
    "#!/bin/bash -euo pipefail",
    "#!/bin/bash -o",
    "#!/bin/bash -O",
    "#!/bin/bash -s",
    "#!/bin/bash -n",
    "#!/bin/bash -z",
    "#!/bin/bash --foo",
    "#!/bin/bash --version",
    "#!/bin/bash --rcfile",
    "#!/bin/bash # a comment",
    "#!/bin/bash #comment",
    "#!/bin/bash other",
    "#!/bin/sh -e -u",
    "#!/bin/sh -o pipefail",
    "#!/usr/bin/env bash -e",
    "#!/usr/bin/env -i bash",
    "#!/usr/bin/env -- bash",
    "#!/usr/bin/env -S bash -n",
    "#!/usr/bin/env -S bash -O -l",
    "#!/usr/bin/env -S -O bash",
    "#!/usr/bin/env -0S bash",
    "#!/usr/bin/env 'bash'",
    "#!/usr/bin/env +x",
    "#!/bin/dash --posix",
    f"#!{'/' * 248}bin/sh",
]


def runs(content: bytes, folder: Path, patience_seconds: float = 30) -> bool:
    """Tell whether the kernel runs the script that says RAN, and its interpreter runs it."""
    path = folder / "script"
    path.write_bytes(content)
    path.chmod(0o700)
    try:
        started = subprocess.Popen(
            [path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            start_new_session=True,
        )
    except OSError:
        return False
    try:
        return b"RAN" in started.communicate(timeout=patience_seconds)[0].splitlines()
    except subprocess.TimeoutExpired:
        return False
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.communicate()


def script(line: str) -> bytes:
    body = "print qq(RAN\\n);" if "perl" in line else "echo RAN"
    return f"{line}\n{body}\n".encode()


def accepted(line: str) -> bool:
    try:
        interpreter_warnings(line)
    except InvalidValue:
        return False
    return True


@pytest.mark.parametrize("line", RUNNING)
def test_what_is_accepted_runs(tmp_path: Path, line: str) -> None:
    program = "perl" if "perl" in line else "bash"
    if shutil.which(program) is None:
        pytest.skip(f"there is no {program}")
    assert accepted(line)
    assert runs(script(line), tmp_path)


@pytest.mark.parametrize("line", NOT_RUNNING)
def test_what_is_refused_does_not_run(tmp_path: Path, line: str) -> None:
    assert not accepted(line)
    assert not runs(script(line), tmp_path)


@pytest.mark.parametrize("line", ENDLESS)
def test_what_starts_itself_without_end_is_refused(tmp_path: Path, line: str) -> None:
    assert not accepted(line)
    assert not runs(script(line), tmp_path, patience_seconds=0.2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("#!/bin/bash -c", "starts itself without end"),
        ("#!/usr/bin/zsh -ec", "starts itself without end"),
        ("#!/bin/sh -s", "reads commands from its input"),
        ("#!/usr/bin/ksh -n", "without running it"),
    ],
)
def test_the_reason_of_an_option_is_its_own(line: str, reason: str) -> None:
    with pytest.raises(InvalidValue, match=reason):
        interpreter_warnings(line)


@pytest.mark.parametrize("line", ["#!/usr/bin/python3 -u -B", "#!/usr/bin/python3 -c", "#!/usr/bin/python3 x"])
def test_python_takes_one_argument_as_well(tmp_path: Path, line: str) -> None:
    assert not accepted(line)
    shown = line.replace("/usr/bin/python3", sys.executable)
    assert not runs(f"{shown}\nprint('RAN')\n".encode(), tmp_path)
    for good in ("", " -u", " -uB", " -W ignore"):
        assert accepted(f"#!/usr/bin/python3{good}")
        assert runs(f"#!{sys.executable}{good}\nprint('RAN')\n".encode(), tmp_path)


@pytest.mark.parametrize(("line", "warned"), [("#!/bin/sh -ex", 0), ("#!/bin/sh -h", 1), ("#!/bin/sh --posix", 1)])
def test_an_option_that_only_some_sh_take_is_warned_of(line: str, warned: int) -> None:
    assert len(interpreter_warnings(line)) == warned


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_every_option_of_a_shell(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    for letter in string.ascii_letters:
        # With -t the first command of a script is the only one, so the word comes second.
        content = f"#!/bin/{shell} -{letter}\n:\necho RAN\n".encode()
        patience_seconds = 0.2 if letter == "c" else 30
        assert accepted(f"#!/bin/{shell} -{letter}") == runs(content, tmp_path, patience_seconds), letter


@pytest.mark.parametrize(("content", "said"), REPAIRED_FILES.values(), ids=REPAIRED_FILES)
def test_what_is_repaired_runs_then(tmp_path: Path, content: bytes, said: str) -> None:
    assert runs(parse_startup_script(content).text.encode(), tmp_path), said


BY_THE_KERNEL = ("no first line", "batch", "batch, quiet", "relative interpreter", "two options", "pipefail")


@pytest.mark.parametrize("name", [*BY_THE_KERNEL, "env with an option", "no-break space", "another alphabet"])
def test_what_the_rule_refuses_the_kernel_refuses(tmp_path: Path, name: str) -> None:
    text = REFUSED[name][0].replace("echo hi", "echo RAN")
    assert not runs(text.encode(), tmp_path)


@pytest.mark.parametrize("name", ["windows line ends", "byte order mark", "blank first line", "space before it"])
def test_without_its_repair_it_would_not_run(tmp_path: Path, name: str) -> None:
    assert not runs(REPAIRED_FILES[name][0], tmp_path)


@pytest.mark.parametrize(
    ("line", "warned"),
    [
        ("#!/bin/sh", False),
        ("#!/usr/bin/bash", False),
        ("#!/usr/bin/env bash", False),
        ("#!/usr/bin/env zsh", True),
        ("#!/bin/env bash", True),
        ("#!/usr/bin/python3", True),
        ("#!/usr/local/bin/bash", True),
    ],
)
def test_an_interpreter_that_some_images_lack_is_warned_of(line: str, warned: bool) -> None:
    assert any("Not every image has" in words for words in interpreter_warnings(line)) == warned
