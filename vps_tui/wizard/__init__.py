"""What the wizard asks, in which order, and what it keeps: no screens and no lines."""
