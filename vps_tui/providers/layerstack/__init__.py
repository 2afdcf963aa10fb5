"""LayerStack: `info` says what is known without asking, `words` what the help says, `client` asks."""
