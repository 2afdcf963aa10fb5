"""The sandbox against what the providers document."""
