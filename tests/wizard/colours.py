"""A question that the wizard does not have, for the tests of the front ends."""

from __future__ import annotations

from dataclasses import replace

from vps_tui.wizard.questions.choices import Choice, Column, ListQuestion

ROWS = (Choice("red", ("Red",), "Red is sold out."), Choice("green", ("Green",)), Choice("blue", ("Blue",)))
COLOUR = ListQuestion(
    word="Colour",
    heading=("Which colour?", "One of three."),
    help="The colour of the case.",
    columns=(Column("COLOUR", flexible=True),),
    rows=lambda _state: ROWS,
    chosen=lambda state: state.typed_text("colour") or "green",
    # The step is that of the OS image, which the way back depends on.
    answer=lambda state, colour: state.with_server(replace(state.server, os="700")).with_typed("colour", colour),
    noun="colours",
)
