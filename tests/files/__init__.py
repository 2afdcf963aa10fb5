"""Private files, and what a crash leaves."""
