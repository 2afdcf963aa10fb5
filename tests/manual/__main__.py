"""Write `vps_tui/vps-tui.1` anew: `python -m tests.manual`."""

from pathlib import Path

from .page import page

Path(__file__).parents[2].joinpath("vps_tui", "vps-tui.1").write_text(page())
