"""Step: choose an OS image."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.widget import Widget

from vps_tui.core.catalog import OsFamily, OsImage
from vps_tui.tui.screens.step import StepScreen
from vps_tui.tui.widgets.choice_list import ChoiceList
from vps_tui.tui.widgets.rows import Choice, Column

_NOTES = {
    OsFamily.LINUX: "",
    OsFamily.WINDOWS: "no SSH key",
    OsFamily.OTHER: "you install it yourself",
}


class OsImageScreen(StepScreen):
    """Asks which system the server starts with; the images are those of the chosen plan."""

    AUTO_FOCUS = "ChoiceList"
    keys: ClassVar[str] = "Up/Down choose  Enter continue  Esc back"
    help_text: ClassVar[str] = (
        "The system that is installed on the new server. When in doubt, take the newest Debian or Ubuntu. "
        "An SSH key can be put on Linux images only."
    )

    def heading(self) -> tuple[str, str]:
        """Return the question."""
        return "Which OS image?", "The system that the server starts with. It can be installed anew later."

    def compose_body(self) -> Iterable[Widget]:
        """List the images that the plan offers."""
        images = self.state.plan.os_images if self.state.plan else ()
        choices = [
            Choice(image.id, (image.name, _NOTES[image.family]), search=image.id) for image in _ordered(images)
        ]
        columns = (Column("OS IMAGE", flexible=True), Column("NOTE"))
        yield ChoiceList(columns, choices, chosen=self.state.server.os or _usual(choices), noun="images")

    def submit(self) -> None:
        """Choose the highlighted image."""
        self.query_one(ChoiceList).action_choose()

    @on(ChoiceList.Chosen)
    def _chosen(self, message: ChoiceList.Chosen) -> None:
        self.answer(self.state.with_server(replace(self.state.server, os=message.choice_id)))

    @on(ChoiceList.Refused)
    def _refused(self, message: ChoiceList.Refused) -> None:
        self.complain(message.reason)

    @on(ChoiceList.Highlighted)
    def _highlighted(self) -> None:
        self.complain("")


def _usual(choices: Iterable[Choice]) -> str:
    """Return the newest Debian, on which the highlight starts when nothing is chosen yet."""
    return next((choice.id for choice in choices if choice.cells[0].startswith("Debian")), "")


def _ordered(images: Iterable[OsImage]) -> list[OsImage]:
    """Return Linux first, then by name, newer versions of one system before older ones."""
    families = list(OsFamily)
    newest_first = sorted(images, key=_version, reverse=True)
    return sorted(newest_first, key=lambda image: (families.index(image.family), _system(image)))


def _system(image: OsImage) -> str:
    return image.name.split(" ")[0].casefold()


def _version(image: OsImage) -> tuple[int, ...]:
    words = image.name.replace("(", " ").split()
    return tuple(int(part) for word in words for part in word.split(".") if part.isdigit())
