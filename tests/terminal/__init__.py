"""What the terminal can show, and its streams."""
