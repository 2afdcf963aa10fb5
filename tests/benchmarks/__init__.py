"""What using the program feels like, measured against the least that a Textual program can be."""
