"""Question: what the server runs at its first start."""

from __future__ import annotations

from dataclasses import dataclass

from vps_tui.core.startup_script import StartupScript, describe_script, parse_startup_script
from vps_tui.core.text import clean
from vps_tui.wizard.questions.choices import Choice, Column, ListQuestion
from vps_tui.wizard.state import WizardState
from vps_tui.wizard.summary import script_name, script_name_key

CHOSEN, FILE, TEXT, NONE = "chosen", "file", "text", "none"
FILE_TITLE = "Read a start-up script from a file"
TEXT_TITLE = "Type or paste the start-up script"
CLOUD_INIT_TITLE = "Send it for cloud-init?"
CLOUD_INIT_QUESTION = "Type yes to send it for cloud-init"
WORD = "yes"


@dataclass(frozen=True, slots=True)
class GivenScript:
    """A script, and the name of its file where it came from one."""

    script: StartupScript
    name: str = ""


def _rows(state: WizardState) -> list[Choice]:
    """Return the script that was given, none, and the ways to give one."""
    script = state.server.startup_script
    found = [
        Choice(NONE, ("No script", "the image as it is")),
        Choice(FILE, ("Read a file ...", "type the path of a script")),
        Choice(TEXT, ("Change it ..." if script else "Type or paste ...", "in a field of several lines")),
    ]
    if script:
        found.insert(0, Choice(CHOSEN, ("The script you gave", describe_script(script, script_name(state)))))
    return found


def details(state: WizardState) -> list[str]:
    """Return what keeps the script that was given from being ordered, and its beginning."""
    if not state.server.startup_script:
        return []
    beginning = [clean(line, 72) for line in state.server.startup_script.split("\n")[:3]]
    return [*filter(None, [state.script_problem]), *beginning]


def facts(given: GivenScript) -> list[str]:
    """Return a good script in words: what it is, then what was repaired; its warnings are said apart."""
    return [describe_script(given.script.text, given.name), *given.script.repairs]


def given_before(state: WizardState) -> GivenScript:
    """Return the script that was given before; raises `InvalidValue` for one that cannot be used."""
    return GivenScript(parse_startup_script(state.server.startup_script), script_name(state))


def answer(state: WizardState, given: GivenScript | None) -> WizardState:
    """Return the state with that script, None for no script at all.

    One for cloud-init is given here only after a person has said yes to that.
    """
    if given is None:
        return state.with_server(state.server.with_script())
    script = given.script
    server = state.server.with_script(script.text, is_cloud_init=script.for_cloud_init, repairs=script.repairs)
    return state.with_server(server).with_typed(script_name_key(script.text), given.name)


def _answer_row(state: WizardState, choice_id: str) -> WizardState | None:
    """Return the state without a script, or with the one that needs nothing; None where a script is asked for."""
    if choice_id == NONE:
        return answer(state, None)
    return state if choice_id == CHOSEN and not state.script_problem else None


QUESTION = ListQuestion(
    word="Script",
    heading=("Which script runs at the first start?", "It runs once, as root. Put no secret into it."),
    help="The server runs this script once, as root, at its first start. Begin it with #!/bin/bash. "
    "The provider can read it, and a saved order holds it as it is: put no secret into it.",
    columns=(Column("SCRIPT"), Column("", flexible=True)),
    rows=_rows,
    chosen=lambda state: CHOSEN if state.server.startup_script else NONE,
    answer=_answer_row,
    details=lambda state, _choice_id: details(state),
)
