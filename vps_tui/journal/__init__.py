"""The local record of every order that was about to be sent and its outcome."""

from vps_tui.journal.entry import ORDER, Entry, Purchase, State
from vps_tui.journal.errors import JournalDamaged, JournalFailed, Repeated
from vps_tui.journal.store import FILE_NAME, Journal

__all__ = [
    "FILE_NAME",
    "ORDER",
    "Entry",
    "Journal",
    "JournalDamaged",
    "JournalFailed",
    "Purchase",
    "Repeated",
    "State",
]
