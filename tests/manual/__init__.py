"""The manual page's source: made from the parser when the command line changes, and shipped as it is."""
