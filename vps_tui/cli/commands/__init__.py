"""What the command line does besides the wizard: one module per command, words or JSON on standard output."""
