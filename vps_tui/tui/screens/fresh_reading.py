"""A step of the second wizard: whatever it shows of a server is read when it is shown, once each time."""

from __future__ import annotations

from typing import ClassVar

from vps_tui.tui.screens.reading import Read, ReadingStep


class FreshReadingStep(ReadingStep[Read]):
    """Reads nothing ahead: what is listed, offered or charged is asked for when somebody wants to see it."""

    shows_price: ClassVar[bool] = False

    async def read_ahead(self) -> None:
        """Read nothing before the step is shown."""
