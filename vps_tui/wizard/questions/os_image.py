"""Question: which system the server starts with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from vps_tui.core.catalog import OsFamily, OsImage
from vps_tui.core.image_support import support_ended
from vps_tui.wizard.questions.choices import Choice, Column
from vps_tui.wizard.state import WizardState

HELP = (
    "The system that is installed on the new server. When in doubt, take the newest Debian or Ubuntu. "
    "An SSH key can be put on Linux images only. Take none that gets no security updates any more."
)
NOUN = "images"
COLUMNS = (Column("OS IMAGE", flexible=True), Column("NOTE"))

_NOTES = {
    OsFamily.LINUX: "",
    OsFamily.WINDOWS: "no SSH key",
    OsFamily.OTHER: "you install it yourself",
}


def heading() -> tuple[str, str]:
    """Return the question and a line that helps to answer it."""
    return "Which OS image?", "The system that the server starts with. It can be installed anew later."


def choices(state: WizardState) -> list[Choice]:
    """Return the images of the chosen plan: Linux first, newer versions of one system before older ones."""
    images = state.plan.os_images if state.plan else ()
    today = datetime.now(UTC).date()
    return [Choice(image.id, (image.name, _note(image, today)), search=image.id) for image in _ordered(images)]


def chosen(state: WizardState) -> str:
    """Return the id of the image that was chosen before, or of the newest Debian."""
    usual = (choice.id for choice in choices(state) if choice.cells[0].startswith("Debian"))
    return state.server.os or next(usual, "")


def answer(state: WizardState, choice_id: str) -> WizardState:
    """Return the state with that image."""
    return state.with_server(replace(state.server, os=choice_id))


def _note(image: OsImage, today: date) -> str:
    ended = support_ended(image.name, today)
    old = f"no updates since {ended:%b %Y}" if ended else ""
    return ", ".join(words for words in (_NOTES[image.family], old) if words)


def _ordered(images: Iterable[OsImage]) -> list[OsImage]:
    families = list(OsFamily)
    newest_first = sorted(images, key=_version, reverse=True)
    return sorted(newest_first, key=lambda image: (families.index(image.family), _system(image)))


def _system(image: OsImage) -> str:
    return image.name.split(" ")[0].casefold()


def _version(image: OsImage) -> tuple[int, ...]:
    words = image.name.replace("(", " ").split()
    return tuple(int(part) for word in words for part in word.split(".") if part.isdigit())
