"""Provider clients: the wire of each provider translated to our words and back."""
