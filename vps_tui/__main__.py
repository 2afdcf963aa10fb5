"""Run the program as `python -m vps_tui`."""

from vps_tui.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
