"""The wizard in lines."""
