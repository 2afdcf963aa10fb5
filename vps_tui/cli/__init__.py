"""The command line: arguments in, words or JSON and an exit code out."""
