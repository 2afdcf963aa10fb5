"""The wizard's screens, driven by a pilot against the sandbox."""
