"""Sessions, orders, changes and what became of them, against the sandbox."""
