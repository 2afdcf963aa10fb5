"""Pure rules of an order: no input, no output, no screens."""
