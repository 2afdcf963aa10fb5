"""The commands beside the wizard, run as a script or a person runs them."""
