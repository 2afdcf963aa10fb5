"""Where credentials come from when nobody has to be asked: environment, commands, keyring."""
