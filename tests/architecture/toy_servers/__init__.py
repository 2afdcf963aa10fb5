"""A whole further provider: its description, its help's words, its client, and its stand-in in the sandbox."""
