"""The options of the command line, and what is made of them: completion and the manual page."""
