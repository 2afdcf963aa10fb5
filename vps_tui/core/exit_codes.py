"""What the program's exit code says, the same everywhere."""

DONE = 0
FAILED = 1
"""Nothing was ordered."""
USAGE = 2
"""Usage, configuration or order file wrong."""
CANCELLED = 3
UNKNOWN = 4
"""It may have been ordered."""
