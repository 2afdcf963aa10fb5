"""Textual's driver, painting and life cycle as this program needs them."""
