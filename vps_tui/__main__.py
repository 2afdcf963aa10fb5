"""Run the program as `python -m vps_tui`."""

from vps_tui.cli.main import entry

if __name__ == "__main__":
    entry()
