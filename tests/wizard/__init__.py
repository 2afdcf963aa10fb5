"""The state of the wizard and what it asks, without any screen."""
