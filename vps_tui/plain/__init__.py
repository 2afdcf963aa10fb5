"""The wizard as line prompts: for screen readers, dumb terminals, pipes and `expect`. Loads no Textual."""
