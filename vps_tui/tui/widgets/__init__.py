"""Widgets of the wizard that Textual does not have, or not as lean."""
