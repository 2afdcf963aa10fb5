"""Systems without security updates, known by the names of their images: no provider says it."""

from __future__ import annotations

import re
from datetime import date

_LAST_MONTHS = {
    "debian": {
        "7": (2018, 5),
        "8": (2020, 6),
        "9": (2022, 6),
        "10": (2024, 6),
        "11": (2026, 8),
        "12": (2028, 6),
        "13": (2030, 6),
    },
    "ubuntu": {
        "14.04": (2019, 4),
        "16.04": (2021, 4),
        "18.04": (2023, 5),
        "20.04": (2025, 5),
        "22.04": (2027, 5),
        "24.04": (2029, 5),
    },
    "centos": {"5": (2017, 3), "6": (2020, 11), "7": (2024, 6), "8": (2021, 12)},
    "centos stream": {"8": (2024, 5), "9": (2027, 5)},
    "rocky": {"8": (2029, 5), "9": (2032, 5)},
    "almalinux": {"8": (2029, 5), "9": (2032, 5)},
    "windows": {"2008": (2020, 1), "2012": (2023, 10), "2016": (2027, 1), "2019": (2029, 1), "2022": (2031, 10)},
}
"""The last month with security updates for everybody, as each project or vendor has announced it.

Debian: long-term support. Ubuntu: standard security maintenance, without a subscription.
"""

_SYSTEM = re.compile(r"(?i)\b(debian|ubuntu|centos(?:\s+stream)?|rocky|alma\s?linux|windows)\b(.*)")
_VERSION = re.compile(r"\b(\d+(?:\.\d+)?)(?:\.\d+)*\b(?!\s*-?bit)", re.IGNORECASE)


def support_ended(name: str, today: date) -> date | None:
    """Return the first day without security updates of the system that an image's `name` names.

    None while it gets them, and for a system that is not known here.
    """
    found = _SYSTEM.search(name)
    version = _VERSION.search(found[2]) if found else None
    if found is None or version is None:
        return None
    system = re.sub(r"\s+", " ", found[1].casefold()).replace("alma linux", "almalinux")
    months = _LAST_MONTHS[system]
    last = months.get(version[1]) or months.get(version[1].partition(".")[0])
    if last is None:
        return None
    year, month = last
    ended = date(year + month // 12, month % 12 + 1, 1)
    return ended if today >= ended else None
