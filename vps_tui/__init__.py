"""Order virtual servers from inside a terminal."""

__version__ = "0.1.0"
