"""Servers that one has already: what is changed about them, for how much, and what became of it."""
