"""What lines and screens know of a terminal: what it can show, signals, prompts, tables."""
