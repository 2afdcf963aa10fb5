"""Where passwords and tokens come from, and the configuration file."""
