"""Which images hold a system that gets no security updates any more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from vps_tui.core.image_support import support_ended

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "ended"),
    [
        ("Debian 9 (Stretch) 64Bit", date(2022, 7, 1)),
        ("Debian 10 (Buster) 64Bit", date(2024, 7, 1)),
        ("Debian 11 (Bullseye) 64Bit", date(2026, 9, 1)),
        ("Ubuntu LTS 18.04 64Bit", date(2023, 6, 1)),
        ("Ubuntu 20.04.6 LTS", date(2025, 6, 1)),
        ("Centos Stream 8 64bit", date(2024, 6, 1)),
        ("CentOS 8", date(2022, 1, 1)),
        ("CentOS 7.9 x64", date(2024, 7, 1)),
        ("Windows Server 2012 R2", date(2023, 11, 1)),
    ],
)
def test_a_system_without_security_updates_is_known_by_its_name(name: str, ended: date) -> None:
    assert support_ended(name, DAY) == ended
    assert support_ended(name, ended - timedelta(days=1)) is None


@pytest.mark.parametrize(
    "name",
    [
        "Debian 12 (Bookworm) 64Bit",
        "Debian 13 (Trixie) 64Bit",
        "Ubuntu LTS 22.04 64Bit",
        "Centos Stream 9 64bit",
        "Rocky 9 64Bit",
        "Alma Linux 8",
        "Windows 2016 Server (180 days trial)",
        "Arch Linux 20250815",
        "alternative / manual installation via VNC",
        "Debian 64bit",
        "Debian",
        "",
        "Ubuntu 23.10",
        "Notdebian 9",
    ],
)
def test_a_system_that_gets_them_or_is_not_known_is_not_spoken_of(name: str) -> None:
    assert support_ended(name, DAY) is None
