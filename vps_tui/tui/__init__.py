"""The screens of the wizard; the only place that knows Textual."""
