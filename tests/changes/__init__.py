"""Changes of servers that one has."""
